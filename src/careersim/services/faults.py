"""Finding the person at whom a strategy's code fails, so that its author need not search a town for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from careersim.services.session import Session, Touch
from careersim.town import state

_OTHERS_TRIED = 3


class FailedAt(RuntimeError):
    """What a session does raised an error; ``person`` is the identity of the person it failed at, None if it cannot be told."""

    def __init__(self, person: int | None, error: Exception) -> None:
        self.person = person
        super().__init__(f"{type(error).__name__}: {error}")


def person_at_fault(deliver: Callable[[Session], None], session: Session) -> int | None:
    """Return the identity of a person for whom ``deliver`` fails, or None.

    The session is repeated on copies of the town with ever smaller halves of the people served. None if the failure does not
    repeat, needs several people, or happens with anybody (then it is not about a person).
    """
    left = session
    if not _fails(deliver, left):
        return None
    while len(left.rows) > 1:
        first = np.arange(len(left.rows)) < len(left.rows) // 2
        halves = [left.only(first), left.only(~first)]
        left = next((half for half in halves if _fails(deliver, half)), left.only(np.zeros(len(left.rows), bool)))
    others = np.flatnonzero(~np.isin(session.rows, left.rows))[:_OTHERS_TRIED]
    alone = [session.only(np.arange(len(session.rows)) == k) for k in others]
    if len(left.rows) == 0 or (alone and all(_fails(deliver, one) for one in alone)):
        return None
    return int(left.ids[0])


def _fails(deliver: Callable[[Session], None], session: Session) -> bool:
    """Whether ``deliver`` raises an error on a copy of the town."""
    memory = {name: a.copy() for name, a in session.memory.items()}
    copy = replace(session, town=state.fork(session.town), memory=memory, touch=Touch(), costs={})
    try:
        deliver(copy)
    except Exception:
        return True
    return False
