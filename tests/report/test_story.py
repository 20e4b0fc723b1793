from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from careersim.report.story import Life, first_difference, most_changed, row_of, tell, when
from careersim.town import town as t
from careersim.town.columns import ELSEWHERE, HERE, IN_MIGRANT, WORKING, People, Posts

OCCUPATIONS = ["managers", "sales"]


def world(w_income, residence=HERE):
    people = People.empty(3)
    people.id[:] = [10, 11, 12]
    people.residence[:] = HERE
    people.residence[0] = residence
    people.stage[:] = WORKING
    people.birth_month[:] = -12 * 30
    people.w_income[0] = w_income
    people.gender[0] = 1
    people.qualification[:] = 1
    posts = Posts.empty(2)
    posts.occupation[:] = [0, 1]
    return SimpleNamespace(people=people, posts=posts, events=t.Events(), month=24)


def life(town, arm, pays, first_post=1):
    watched = [dict.fromkeys(("residence", "post", "reason", "sessions", "member", "career_skill", "considered", "morale", "support",
                              "skill", "ties_here"), 0) | {"pay": pay} for pay in pays]  # fmt: skip
    return Life(arm, 0, 0, town, first_post, watched)


@pytest.fixture
def two_lives():
    none, policy = world(1000.0), world(5000.0, ELSEWHERE)
    me = np.array([0])
    for m in range(3, 7):
        none.events.add(m, me, t.REJECTED, 1, other=0)
    none.events.add(9, me, t.LOST_POST, t.LAID_OFF, other=1, value=1800.0)
    none.events.add(10, me, t.STAGE, 3)
    policy.events.add(2, me, t.SERVED, 1, other=1)
    policy.events.add(4, me, t.LOST_POST, t.CHANGED_JOB, other=1, value=1800.0)
    policy.events.add(4, me, t.HIRED, 1, other=2, value=2100.0)
    policy.events.add(5, me, t.JOINED_UNION, 2, other=0)
    policy.events.add(12, me, t.LOST_POST, t.LEFT_WITH_MOVE, other=0, value=2200.0)
    policy.events.add(12, me, t.LEFT_TOWN, 1, value=3000.0)
    policy.events.add(6, np.array([1]), t.LOST_POST, t.QUIT, other=0)
    pays = [1.0, 1.0, 2.0, 2.0, 2.0, 2.0]
    return life(none, "none", [1.0] * 6), life(policy, "one_to_one", pays)


def test_story_gives_causes_in_sentences(two_lives):
    text = tell(*two_lives, OCCUPATIONS)
    for words in (
        "Person 10: a woman aged 30 when policy begins",
        "working as sales (tradable)",
        "The two lives part in year 1, month 3: their pay differs with one to one.",
        "That month without any strategy: nothing that the log tells of.",
        "That month with one to one: took part in session 1 of the service.",
        "applied in vain in 4 months; 4 times a better applicant got the post",
        "was laid off as sales",
        "took part in session 1",
        "hired as a manager (tradable), heard of from a contact (person 12), at £2,100 a month, leaving sales (tradable) at £1,800",
        "joined the union on starting the job",
        "gave up the job as a manager (tradable), at £2,200 a month, to move away",
        "moved away for work",
        "£4,000 more",
    ):
        assert words in text, words
    assert "person 11" not in text


def test_lives_that_never_differ(two_lives):
    none, _ = two_lives
    assert first_difference(none, none) is None
    assert "never differ" in tell(none, none, OCCUPATIONS)


def test_the_most_changed_resident_is_picked_and_people_are_found_by_identity():
    none, policy = world(0.0), world(100.0)
    policy.people.w_income[1] = -500
    policy.people.w_income[2] = 9000
    start = world(0.0)
    start.people.residence[2] = ELSEWHERE
    start.people.origin_kind[2] = IN_MIGRANT
    assert most_changed(policy, none, start) == 1
    assert row_of(none, 12) == 2
    with pytest.raises(KeyError):
        row_of(none, 99)


def test_months_in_words():
    assert (when(1), when(12), when(13)) == ("year 1, month 1", "year 1, month 12", "year 2, month 1")


def test_a_union_rise_is_told_with_the_pay_before_and_after():
    town, me = world(0.0), np.array([0])
    town.events.add(2, me, t.PAY_CHANGED, 1, other=0, value=1800.0)
    town.events.add(3, me, t.PAY_CHANGED, 1, other=0, value=1950.0)
    town.events.add(8, me, t.PAY_CHANGED, 2, other=0, value=1900.0)
    told = life(town, "bargaining", [1800.0] * 3 + [1950.0] * 9)
    text = " ".join(told.telling(OCCUPATIONS).lines(events_of(town)))
    assert "year 1, month 3: the union was recognised at work and bargains over pay." in text
    assert "year 1, month 4: pay rose from £1,800 to £1,950 a month, bargained for by the union." in text
    assert "year 1, month 9: pay fell from £1,950 to £1,900 a month, no longer bargained for by a union." in text


def test_giving_up_and_looking_again_are_told_though_not_logged():
    told = life(world(0.0), "none", [0.0] * 6, first_post=-1)
    for k, row in enumerate(told.watched):
        row |= {"post": -1, "residence": HERE, "reason": 5 if 2 <= k < 4 else 0}
    lines = told.telling(OCCUPATIONS).lines([])
    assert lines == [
        "  year 1, month 3: gave up looking for work, discouraged.",
        "  year 1, month 5: began to look for work again.",
    ]


def test_why_somebody_left_the_labour_force_is_told():
    town, me = world(0.0), np.array([0])
    town.events.add(2, me, t.LOST_POST, t.BECAME_INACTIVE, other=1, value=1500.0)
    told = life(town, "none", [0.0] * 4)
    told.watched[2]["reason"] = 2
    assert (
        "left the job as sales (tradable), at £1,500 a month, and the labour force: sick."
        in told.telling(OCCUPATIONS).lines(events_of(town))[0]
    )


def events_of(town):
    log = town.events.columns()
    return [{name: log[name][k].item() for name in log} for k in range(len(log["month"]))]
