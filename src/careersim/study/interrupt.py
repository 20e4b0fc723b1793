"""Ctrl-C while other threads or processes work: noted when it comes, raised where it can do no harm."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any, Self


class CtrlC:
    """Within it, Ctrl-C is noted only, and raised by `heed`.

    Python raises it between any two steps of the main thread. Between those of a pool of the standard library (a second Ctrl-C, above all) that
    can leave one of the pool's locks taken for good, and whoever waits for the pool then waits for ever.

    Examples
    --------
    >>> with CtrlC() as ctrl_c:
    ...     ctrl_c.heed()
    """

    def __init__(self) -> None:
        self.pressed = False
        self._before: Any = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *error: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.pressed = True

    def heed(self) -> None:
        """Raise KeyboardInterrupt if Ctrl-C was pressed."""
        if self.pressed:
            raise KeyboardInterrupt
