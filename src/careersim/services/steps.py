"""What a person or a group does about a barrier: an individual step for each, and the joint actions that answer some.

Which step answers which barrier is this model's assumption; how much a step helps is not: that is the lever's one strength.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from careersim.services import levers
from careersim.services.problems import BARRIERS
from careersim.services.session import Session

INDIVIDUAL_STEPS: dict[str, tuple[str, Callable[[Session], None]]] = {
    "skills": ("raise_career_skill", levers.raise_career_skill),
    "interest": ("raise_self_awareness", levers.raise_self_awareness),
    "horizon": ("widen_considered", levers.widen_considered),
    "morale": ("lift_morale", levers.lift_morale),
    "contacts": ("strengthen_ties", levers.strengthen_ties),
    "few_posts": ("show_elsewhere", levers.show_elsewhere),
    "discrimination": ("correct_beliefs", levers.correct_beliefs),
    "low_pay": ("correct_beliefs", levers.correct_beliefs),
    "commuters": ("correct_beliefs", levers.correct_beliefs),
}
"""For each barrier the lever by which a person answers it alone: its name and the lever."""

INDIVIDUAL_LEVERS = frozenset(name for name, _ in INDIVIDUAL_STEPS.values())
"""Levers that individual steps use."""


def most_pressing(barriers: np.ndarray, open_to_choice: list[str]) -> np.ndarray:
    """Return for each party (row of ``barriers``) the name of its most pressing barrier among those that may be chosen."""
    names = [name for name in BARRIERS if name in open_to_choice]
    columns = [list(BARRIERS).index(name) for name in names]
    return np.array(names)[np.argmax(barriers[:, columns], axis=1)] if len(barriers) else np.empty(0, "U1")


def take_individual_steps(session: Session, barrier: np.ndarray) -> None:
    """Let each person served take the step that answers ``barrier`` (a name for each; "" none)."""
    for name, (_, step) in INDIVIDUAL_STEPS.items():
        chosen = barrier == name
        if chosen.any():
            step(session.only(chosen))
