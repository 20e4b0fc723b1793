"""The seven supports: what career services do for people, as switches on every strategy.

After the activities of guidance (SCAGES 1986: informing, advising, counselling, assessing, enabling, advocating; with career
learning and brokering as Hooley has them). Which lever a support uses is this model's reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from careersim import chance
from careersim.services import levers
from careersim.services.partners import find_brokers, find_contacts_of, find_mentors
from careersim.services.session import Session

SOURCE = "Hooley's seven supports; reading of model.md 7"
_EMPLOYER_DRAW = 4096


@dataclass(frozen=True)
class Support:
    """One support: what it does, and the levers it uses."""

    give: Callable[[Session], None]
    levers: frozenset[str]


def inform(s: Session) -> None:
    """Typical odds of jobs here, and something of what lies elsewhere."""
    levers.correct_beliefs(s)
    levers.show_elsewhere(s)


def broker(s: Session) -> None:
    """First a mentor beyond one's own network; later, people whom the mentor knows. Without a mentor, another is sought."""
    mentors = find_mentors(s)
    without = mentors < 0
    partners = find_contacts_of(s, mentors)
    if without.any():
        partners[without] = find_brokers(s.only(without))
    s.given_by(np.where(without, partners, mentors))
    levers.introduce(s, partners)


def advocate(s: Session) -> None:
    """Speak for the client to one employer drawn among those with a vacancy (up to eight are tried)."""
    levers.challenge_taste(s, employers_hiring(s))


def employers_hiring(s: Session, tries: int = 8) -> np.ndarray:
    """Draw an employer with a vacancy for each person served; those for whom none is found are left out."""
    posts, n = s.town.posts, len(s.town.posts)
    found = np.full(len(s.rows), -1, np.int64)
    for k in range(tries if n else 0):
        u = chance.uniforms(s.town.key, chance.CONTENT, s.month, s.ids, _EMPLOYER_DRAW + s.slot * 64 + k)
        drawn = (u * n).astype(np.int64)
        hit = (found < 0) & (posts.vacancies[drawn] > 0)
        found[hit] = posts.employer[drawn[hit]]
    return found[found >= 0]


SUPPORTS: dict[str, Support] = {
    "information": Support(inform, frozenset({"correct_beliefs", "show_elsewhere"})),
    "advice": Support(levers.widen_considered, frozenset({"widen_considered"})),
    "counselling": Support(levers.lift_morale, frozenset({"lift_morale"})),
    "assessment": Support(levers.raise_self_awareness, frozenset({"raise_self_awareness"})),
    "learning": Support(levers.raise_career_skill, frozenset({"raise_career_skill"})),
    "brokering": Support(broker, frozenset({"introduce"})),
    "advocacy": Support(advocate, frozenset({"challenge_taste"})),
}
"""Each support by the name of its switch, in the order in which they are given."""


def give(names: Iterable[str], session: Session) -> None:
    """Give the named supports in one session; all that they do is done by levers."""
    if session.shadow:
        return
    for name in names:
        SUPPORTS[name].give(session)
