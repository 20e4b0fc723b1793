"""The diary of coaching: what each group agreed, heard, found and planned, as plain numbers kept with the service.

One line an entry: whole group, month, small group, what is noted, its code and a value. People are named by identity. The
service's memory holds it, so it is copied with a fork and saved with the town; `careersim.report.coaching` puts it into words.
"""

from __future__ import annotations

import numpy as np

COLUMNS = ("whole", "month", "small", "what", "code", "value")
"""Columns of the diary."""
MEMBER, FACILITATORS, VOTED, AGREED, BEFORE, AFTER, HEARD, TOLD, OPTION, PLANNED, LEFT = range(1, 12)
"""What is noted; code and value are: identity, 1 · 0, number · goal, votes · goal, votes · goal, sign at Vision · goal, sign at the
end · barrier, members heard to tell of it · barrier, members who have the story · step, worth · step, votes · 0, members not there."""
_PAGE = "diary/{:06d}"
"""Name of a month's page in the service's memory: a month's lines are added to its page, so that earlier ones are never copied."""


def note(memory: dict[str, np.ndarray], month: int, what: int, whole, small, code, value) -> None:
    """Add lines to the diary: ``whole``, ``small``, ``code`` and ``value`` are arrays or numbers."""
    parts = (whole, month, small, what, code, value)
    lines = np.empty((*np.broadcast(*parts).shape, len(COLUMNS)))
    for k, part in enumerate(parts):
        lines[..., k] = part
    lines = lines.reshape(-1, len(COLUMNS))
    page = _PAGE.format(month)
    memory[page] = np.concatenate([memory[page], lines]) if page in memory else lines


def read(memory: dict[str, np.ndarray]) -> np.ndarray:
    """Return the whole diary: lines by `COLUMNS`, in the order in which they were written."""
    pages = [memory[name] for name in sorted(memory) if name.startswith("diary/")]
    return np.concatenate(pages) if pages else np.empty((0, len(COLUMNS)))


def lines_of(diary: np.ndarray, whole: int, what: int) -> np.ndarray:
    """Return the lines of one whole group that note ``what``."""
    return diary[(diary[:, 0] == whole) & (diary[:, 3] == what)]
