"""Goals that a group may agree on: how much each appeals to a member, and how a group sees afterwards how far it got.

Appeal (0 to 1) comes from the member's own interests, horizon, contacts and heart. Which goals there are, and what makes one
appeal, is this model's assumption; that the group re-negotiates what was planned for it is the source's (Meldrum 2017).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from careersim.services.stories import Own
from careersim.town.columns import N_OCCUPATIONS
from careersim.town.sums import FRACTION, counts_by, fixed_sums_by


@dataclass(frozen=True)
class Goal:
    """A joint goal."""

    name: str
    says: str
    """In words; ``{topic}`` stands for what the programme is about."""
    appeal: Callable[[Own], np.ndarray]
    sign: str
    """What the group looks at to see how far it got."""
    look: Callable[[Own], np.ndarray]
    """That sign, member by member."""
    about_topic: bool = True
    """Whether the steps toward it keep to the topic's occupations."""


def _enter_appeal(own: Own) -> np.ndarray:
    """People without work want work; where there is a topic, those whose interests lie near it and who consider it."""
    if own.topic.is_open:
        return np.where(own.town.people.post[own.rows] < 0, 0.6, 0.2)
    return _drawn(own) * np.where(own.n_topic > 0, 1.0, 0.7)


def _drawn(own: Own) -> np.ndarray:
    """How far own interests draw to the topic: 0 at likeness .55 or less (hardly anybody), 1 at .95 (hardly anybody)."""
    return np.clip((own.likeness - 0.55) / 0.4, 0.0, 1.0)


def _enter_look(own: Own) -> np.ndarray:
    if own.topic.is_open:
        return own.town.people.post[own.rows] >= 0
    return own.n_topic > 0


def _widen_appeal(own: Own) -> np.ndarray:
    return 1.0 - own.n_considered / N_OCCUPATIONS


def _know_appeal(own: Own) -> np.ndarray:
    if own.topic.is_open:
        return 1.0 - np.minimum(own.in_work, 6) / 6.0
    return 0.8 * _drawn(own) * (1.0 - np.minimum(own.in_topic, 3) / 3.0)


def _fair_appeal(own: Own) -> np.ndarray:
    w = own.town.people
    return w.attribution[own.rows] * (1.0 - np.minimum(own.believed_odds, 0.2) / 0.2)


def _pay_appeal(own: Own) -> np.ndarray:
    w = own.town.people
    behind = 1.0 - w.pay[own.rows] / np.maximum(own.contacts_pay, 1.0)
    return np.where(w.post[own.rows] >= 0, np.clip(0.5 + behind, 0.0, 1.0), 0.0)


GOALS: tuple[Goal, ...] = (
    Goal(
        "enter",
        "for more of us to go into {topic}",
        _enter_appeal,
        "share of us in work, or considering it",
        _enter_look,
    ),
    Goal(
        "widen",
        "to see more of what is open to us",
        _widen_appeal,
        "occupations each of us considers",
        lambda own: own.n_considered,
        about_topic=False,
    ),
    Goal(
        "know_people",
        "to know people who do this work",
        _know_appeal,
        "people in this work whom each of us knows",
        lambda own: own.in_topic,
    ),
    Goal(
        "be_chosen",
        "to be chosen fairly by employers",
        _fair_appeal,
        "chance of an offer that each of us expects of an application",
        lambda own: own.believed_odds,
    ),
    Goal(
        "better_pay",
        "for better pay where we work",
        _pay_appeal,
        "pay of each of us, GBP a month",
        lambda own: own.town.people.pay[own.rows],
        about_topic=False,
    ),
    Goal(
        "keep_going",
        "to keep each other going",
        lambda own: 1.0 - own.town.people.morale[own.rows],
        "heart of each of us, 0 to 1",
        lambda own: own.town.people.morale[own.rows],
        about_topic=False,
    ),
)
"""Every goal; the position is its code in the record."""
GOAL_NAMES = tuple(g.name for g in GOALS)


def appeals(own: Own) -> np.ndarray:
    """Return the appeal of each goal to each member, people by goals."""
    return np.column_stack([np.asarray(g.appeal(own), np.float64) for g in GOALS])


def sign_of(goal: int, own: Own, group: np.ndarray, n: int) -> np.ndarray:
    """Return, for each of ``n`` groups, the mean over members of the sign by which it judges how far it got (order-free)."""
    look = np.asarray(GOALS[goal].look(own), np.float64)
    return fixed_sums_by(group, look, n, FRACTION) / np.maximum(counts_by(group, n), 1)
