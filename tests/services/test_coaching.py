"""Coaching: what is faithful to its source, what is inferred and from what, and where a group differs from one client."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from tests.towns import lively_town, parameters

from careersim.scenario.parameters import Parameters
from careersim.services import diary as d
from careersim.services.base import Service
from careersim.services.coaching_steps import STEP_NAMES, STEPS
from careersim.services.collective_coaching import CollectiveCoaching
from careersim.services.goals import GOAL_NAMES, appeals
from careersim.services.groups import Groups, seat
from careersim.services.levers import LEVERS
from careersim.services.participants import ServiceState
from careersim.services.session import Session
from careersim.services.stories import BARRIER_NAMES, heard, own_view, stories, topic_of
from careersim.testing import run_services
from careersim.town import state
from careersim.town.columns import HERE
from careersim.town.town import Town

MONTHS = 7


def coach(
    town: Town, params: Parameters | None = None, months: int = MONTHS, **options: object
) -> tuple[Service, np.ndarray]:
    """Run coaching alone for some months; return the service and its diary."""
    plan = CollectiveCoaching(**{"budget": 20.0, "take_up_rate": 1.0, "again_after": 600, **options})
    service = Service(plan, 1, ServiceState.fresh())
    run_services(town, params or parameters(), [service], months)
    return service, d.read(service.state.memory)


def of(diary: np.ndarray, what: int) -> np.ndarray:
    return diary[diary[:, 3] == what]


def test_the_four_stages_come_in_order_and_the_goal_is_revisited_at_the_end() -> None:
    town = lively_town()
    start = town.month
    _, diary = coach(town)
    first = {what: of(diary, what)[:, 1].min() - start for what in (d.AGREED, d.HEARD, d.OPTION, d.PLANNED, d.AFTER)}
    assert list(first.values()) == [0, 1, 2, 3, 5]


def test_small_groups_have_a_facilitator_each_who_is_counted_and_priced() -> None:
    town = lively_town()
    service, diary = coach(town, months=1)
    members, size = of(diary, d.MEMBER), parameters().services.group_size
    small, n = np.unique(members[:, 2], return_counts=True)
    assert n.max() <= size
    assert of(diary, d.FACILITATORS)[:, 5].sum() == len(small)
    assert service.state.spent == pytest.approx(len(small) * size * parameters().services.price_group)


@pytest.mark.parametrize(("who", "unpaid"), [("staff", False), ("teacher", False), ("peer", True)])
def test_trained_peers_cost_the_public_less_and_their_hours_are_priced_apart(who: str, unpaid: bool) -> None:
    town = lively_town()
    plan = CollectiveCoaching(budget=20.0, take_up_rate=1.0, facilitator=who)
    flows = run_services(town, parameters(), [Service(plan, 1, ServiceState.fresh())], 1)
    assert (flows[0]["unpaid_value"] > 0) == unpaid
    assert flows[0]["public_cost"] > 0


def test_a_group_may_choose_another_goal_than_the_one_planned() -> None:
    """With no anchor and no luck every member votes for what appeals most; a heavy anchor leaves the planned aim."""
    town = lively_town()
    free = coach(state.fork(town), parameters(coaching={"aim_anchor": 0.0, "vote_luck": 0.0}), 1, aim="better_pay")[1]
    bound = coach(state.fork(town), parameters(coaching={"aim_anchor": 2.0, "vote_luck": 0.0}), 1, aim="better_pay")[1]
    assert GOAL_NAMES.index("better_pay") not in of(free, d.AGREED)[:, 4]
    assert set(of(bound, d.AGREED)[:, 4]) == {GOAL_NAMES.index("better_pay")}


def test_votes_of_a_group_are_as_many_as_its_members() -> None:
    _, diary = coach(lively_town(), months=1)
    for whole in np.unique(diary[:, 0]):
        assert d.lines_of(diary, whole, d.VOTED)[:, 5].sum() == len(d.lines_of(diary, whole, d.MEMBER))


def meeting(town: Town, params: Parameters) -> Session:
    rows = np.flatnonzero((town.people.residence == HERE) & (town.people.post < 0))
    n = len(rows)
    return Session(town, params, town.month, 1, rows, np.ones(n), np.ones(n, np.int64), np.zeros(n, np.int32), {})


def test_barriers_are_inferred_from_members_stories_only() -> None:
    """Nothing changes if employers' tastes, true odds, posts and everything about those who are no members or contacts do."""
    town, params = lively_town(), parameters()
    s = meeting(town, params)
    topic = topic_of("stem", town)
    before = heard(
        s, own_view(town, s.rows, s.month, topic), stories(own_view(town, s.rows, s.month, topic), params.coaching)
    )
    rng = np.random.default_rng(3)
    known = np.unique(np.concatenate([s.rows, town.ties.contact[s.rows].ravel()]))
    strangers = np.setdiff1d(np.arange(len(town.people)), known)
    town.employers.taste_gender[:] = rng.normal(0, 1, len(town.employers))
    town.employers.taste_ethnicity[:] = 1.0
    town.aggregates.odds[:] = rng.random(len(town.aggregates.odds))
    town.aggregates.tightness = 9.0
    town.posts.vacancies[:] = 0
    for name in ("career_skill", "morale", "interests", "skill", "threshold", "e0"):
        column = getattr(town.people, name)
        column[strangers] = rng.random(column[strangers].shape)
    town.people.e0[:] = 5.0
    after = heard(
        s, own_view(town, s.rows, s.month, topic), stories(own_view(town, s.rows, s.month, topic), params.coaching)
    )
    assert np.array_equal(before, after)


@pytest.mark.parametrize("error", [0.0, 0.2, 0.5])
def test_stories_are_misheard_as_often_as_the_parameter_says(error: float) -> None:
    town, params = lively_town(2000), parameters(coaching={"story_error": error})
    s = meeting(town, params)
    own = own_view(town, s.rows, s.month, topic_of("stem", town))
    told = stories(own, params.coaching)
    asked = np.column_stack(
        [np.ones(len(s.rows), bool)] * 10
    )  # all but low pay, which does not concern those out of work
    wrong = (heard(s, own, told) ^ told)[:, :10][asked]
    assert abs(wrong.mean() - error) < 4 * max(np.sqrt(error * (1 - error) / wrong.size), 1e-9)


def test_themes_of_groups_are_truer_than_what_is_heard_of_one_client() -> None:
    """The share told of a barrier is estimated with an error that falls with the number of stories."""
    town, params = lively_town(2000), parameters()
    s = meeting(town, params)
    own = own_view(town, s.rows, s.month, topic_of("work", town))
    told = stories(own, params.coaching)
    listened = heard(s, own, told)
    n = len(s.rows) // 8 * 8
    pooled = (listened[:n].reshape(-1, 8, told.shape[1]).mean(1) - told[:n].reshape(-1, 8, told.shape[1]).mean(1))[
        :, :4
    ]
    alone = (listened[:n].astype(float) - told[:n])[:, :4]
    assert pooled.std() < 0.5 * alone.std()


def test_plans_hold_individual_and_joint_steps_and_only_options_that_were_explored() -> None:
    town = lively_town()
    service, diary = coach(town)
    groups = Groups(service.state.memory)
    for whole in np.unique(groups.column("whole")):
        of_whole = groups.column("whole") == whole
        table = np.bitwise_or.reduce(groups.column("options")[of_whole])
        assert not (groups.column("plan")[of_whole] & ~table).any()
    planned = of(diary, d.PLANNED)[:, 4].astype(int)
    assert {STEPS[k].joint for k in planned} == {True, False}


def test_alone_with_an_adviser_the_stages_are_the_same_and_no_step_is_joint() -> None:
    service, diary = coach(lively_town(), format="one_to_one")
    assert {len(d.lines_of(diary, w, d.MEMBER)) for w in np.unique(diary[:, 0])} == {1}
    for what in (d.AGREED, d.HEARD, d.OPTION, d.PLANNED, d.AFTER):
        assert len(of(diary, what))
    assert not any(STEPS[int(k)].joint for k in of(diary, d.OPTION)[:, 4])
    assert service.state.spent > 0


def test_only_steps_of_the_repertoire_are_explored() -> None:
    _, diary = coach(lively_town(), repertoire=("practise_applying", "discuss_causes"))
    assert {STEP_NAMES[int(k)] for k in of(diary, d.OPTION)[:, 4]} == {"practise_applying", "discuss_causes"}


def answered(diary: np.ndarray) -> float:
    """How common the barriers that explored options answer truly are: the mean largest share, option by option."""
    told = of(diary, d.TOLD)
    size = {k: np.count_nonzero(of(diary, d.MEMBER)[:, 2] == k) for k in np.unique(told[:, 2])}
    share = {(line[2], int(line[4])): line[5] / size[line[2]] for line in told}
    worth = []
    for line in of(diary, d.OPTION):
        barriers = [BARRIER_NAMES.index(name) for name in STEPS[int(line[4])].answers]
        worth.append(max(share.get((line[2], b), 0.0) for b in barriers))
    return float(np.mean(worth))


def test_who_mishears_explores_options_that_answer_fewer_barriers() -> None:
    """Bad inference is possible: with every second story misheard, options have little to do with what members told."""
    town = lively_town(1200)
    clear, deaf = (
        answered(coach(state.fork(town), parameters(coaching={"story_error": error}))[1]) for error in (0.0, 0.5)
    )
    assert deaf < clear - 0.05


def test_steps_answer_known_barriers_serve_known_goals_and_use_known_levers() -> None:
    for step in STEPS:
        assert step.answers <= set(BARRIER_NAMES)
        assert step.serves <= set(GOAL_NAMES)
        assert step.levers <= set(LEVERS)
    assert set(BARRIER_NAMES) <= set().union(*(s.answers for s in STEPS))
    assert set(GOAL_NAMES) <= set().union(*(s.serves for s in STEPS))


def test_appeals_of_goals_lie_between_0_and_1() -> None:
    town = lively_town()
    rows = np.flatnonzero(town.people.residence == HERE)
    for topic in ("work", "stem"):
        values = appeals(own_view(town, rows, town.month, topic_of(topic, town)))
        assert values.min() >= 0.0
        assert values.max() <= 1.0


@pytest.mark.parametrize(("n", "size", "n_small"), [(0, 8, 4), (5, 8, 4), (33, 8, 4), (70, 6, 2)])
def test_seats_are_even_and_never_more_than_there_are(n: int, size: int, n_small: int) -> None:
    small, whole = seat(np.arange(n), size, n_small)
    assert len(small) == len(whole) == n
    if n:
        _, sizes = np.unique(small, return_counts=True)
        assert sizes.max() <= size
        assert len(sizes) <= -(-n // size)
        assert all(len(np.unique(small[whole == w])) <= n_small for w in np.unique(whole))


def test_an_unknown_step_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ValidationError, match="did you mean meet_examples"):
        CollectiveCoaching(repertoire=("meet_example",))
