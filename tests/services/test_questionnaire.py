"""`careers_software` and `psychometric_test`: what a system makes of likes and dislikes, when it helps and when it does not."""

from __future__ import annotations

import numpy as np
import pytest
from tests.services.test_levers import session
from tests.towns import lively_town, parameters

from careersim.scenario.national import load_national
from careersim.services import delivery
from careersim.services.questionnaire import Questionnaire, contrasts, suggest, typical_of
from careersim.testing import run_services
from careersim.town.columns import HERE, N_OCCUPATIONS, RQF4, WORKING
from careersim.town.town import Town


def town_of_seekers(self_awareness: float, n: int = 600) -> Town:
    """A town whose people out of work may enter any occupation and know themselves to the same degree."""
    town = lively_town(n)
    w = town.people
    w.self_awareness[:] = self_awareness
    w.qualification[:], w.subject[:], w.stage[:] = RQF4, 1, WORKING
    give_character(town)
    return town


def give_character(town: Town) -> None:
    """Give occupations the women's shares and social classes of the United Kingdom."""
    for o, known in enumerate(load_national().occupations):
        town.occupations.riasec[o] = np.array(known.riasec) / np.linalg.norm(known.riasec)
        town.occupations.women_share[o], town.occupations.social_class[o] = known.women_share, known.social_class


def likeness(town: Town, rows: np.ndarray, lists: np.ndarray) -> np.ndarray:
    """Mean likeness of each person's interests to the occupations listed."""
    all_of_them = town.people.interests[rows] @ town.occupations.riasec.T
    listed = (lists[:, None] >> np.arange(N_OCCUPATIONS, dtype=np.uint32)) & 1
    return (all_of_them * listed).sum(axis=1) / listed.sum(axis=1)


def test_all_who_answer_alike_are_given_the_same_list() -> None:
    """The root of congestion: no luck in matching. With full self-awareness answers are interests."""
    town = town_of_seekers(1.0)
    s = session(town)
    town.people.interests[s.rows] = town.people.interests[s.rows[0]]
    lists, rounds = suggest(s, Questionnaire(3, 1, 1.0))
    assert len(set(lists)) == 1
    assert (rounds == 1).all()
    town.people.self_awareness[s.rows] = 0.2
    assert len(set(suggest(s, Questionnaire(3, 1, 1.0))[0])) > 5, "who does not know themselves answers otherwise"


def test_suggestions_suit_those_who_know_themselves_and_refining_helps_the_others() -> None:
    found = {}
    for aware, rounds in ((1.0, 1), (0.0, 1), (0.0, 8)):
        town = town_of_seekers(aware)
        s = session(town)
        found[aware, rounds] = likeness(town, s.rows, suggest(s, Questionnaire(3, rounds, 1.0))[0])
    anything = likeness(town, s.rows, np.full(len(s.rows), 2**N_OCCUPATIONS - 1, np.uint32))
    gain = {key: (x - anything).mean() / (x - anything).std(ddof=1) * np.sqrt(len(x)) for key, x in found.items()}
    assert gain[1.0, 1] > 10
    paired = found[0.0, 8] - found[0.0, 1]
    assert paired.mean() > 3 * paired.std(ddof=1) / np.sqrt(len(paired)), "refinement averages errors out"
    assert found[1.0, 1].mean() > found[0.0, 8].mean()


def test_users_go_on_until_satisfied() -> None:
    town = town_of_seekers(0.3)
    s = session(town)
    easy, hard = (suggest(s, Questionnaire(3, 6, level))[1] for level in (0.5, 0.97))
    assert (easy == 1).all()
    assert hard.max() == 6
    assert hard.mean() > easy.mean()


def test_biased_items_send_women_and_men_of_the_same_interests_different_ways() -> None:
    """Helps nobody it sorts: with bias women are shown occupations held by more women; without, sex makes no difference."""
    shown = {}
    for bias in (0.0, 1.0):
        town = town_of_seekers(1.0)
        s = session(town)
        half = np.arange(len(s.rows)) % 2
        town.people.gender[s.rows] = half
        town.people.interests[s.rows[1::2]] = town.people.interests[s.rows[0 : len(half) - len(half) % 2 : 2]][
            : half.sum()
        ]
        lists, _ = suggest(s, Questionnaire(1, 1, 1.0, gender_bias=bias))
        share = town.occupations.women_share[np.log2(lists).astype(int)]
        n = half.sum()
        shown[bias] = share[1::2][:n] - share[0::2][:n]
    assert (shown[0.0] == 0).all()
    assert shown[1.0].mean() > 3 * shown[1.0].std(ddof=1) / np.sqrt(len(shown[1.0]))


def test_bias_by_origin_points_to_the_social_class_of_ones_origin() -> None:
    town = town_of_seekers(1.0)
    s, o = session(town), town.occupations
    classes = {}
    for origin in (0.05, 0.95):
        town.people.origin[s.rows] = origin
        lists, _ = suggest(s, Questionnaire(1, 1, 1.0, origin_bias=1.5))
        classes[origin] = o.social_class[np.log2(lists).astype(int)].mean()
    assert classes[0.95] > classes[0.05]


def test_profiles_are_compared_by_shape() -> None:
    o = town_of_seekers(1.0, 60).occupations
    c = contrasts(o.riasec)
    assert np.allclose(c.sum(axis=1), 0)
    assert np.allclose((c * c).sum(axis=1), 1)
    assert np.isclose(typical_of(o, o.women_share).std(), 1)


def test_software_helps_whoever_it_reaches_and_does_nothing_for_who_is_offline() -> None:
    town = lively_town()
    w = town.people
    w.considered[:] = 1
    w.digital_access[::2] = 0
    services = delivery.make_services(
        {"careers_software": {"budget": 20.0, "take_up": "random", "take_up_rate": 1.0}}, parameters()
    )
    before = w.considered.copy(), w.self_awareness.copy()
    run_services(town, parameters(), services, 3)
    received = services[0].state.participants.received > 0
    assert received.any()
    assert not received[w.digital_access == 0].any()
    assert (w.self_awareness > before[1])[received].all()
    assert (w.considered != before[0])[received].mean() > 0.1
    assert (w.considered == before[0])[~received].all()


def test_software_does_nothing_new_for_those_to_whom_everything_is_open() -> None:
    town = lively_town()
    town.people.considered[:] = 2**N_OCCUPATIONS - 1
    run_services(town, parameters(), delivery.make_services({"psychometric_test": {"budget": 20.0}}, parameters()), 3)
    assert (town.people.considered == 2**N_OCCUPATIONS - 1).all()


@pytest.mark.parametrize(("form", "price"), [("online", 2.0), ("one_to_one", 42.0)])
def test_an_adviser_beside_the_user_is_paid_for(form: str, price: float) -> None:
    town = lively_town()
    services = delivery.make_services({"careers_software": {"format": form, "budget": 5.0}}, parameters())
    flows = run_services(town, parameters(), services, 1)
    heads = services[0].state.participants.received.sum()
    assert flows[0]["public_cost"] == pytest.approx(price * heads)
    assert (town.people.residence[services[0].state.participants.received > 0] == HERE).all()
