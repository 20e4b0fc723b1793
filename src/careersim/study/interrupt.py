"""Ctrl-C while other threads or processes work: noted when it comes, raised where it can do no harm."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Self


class CtrlC:
    """Within it, a Ctrl-C that would raise KeyboardInterrupt is only noted; it is raised by `heed`, or on leaving.

    Python raises it between any two steps of the main thread. Between those of a pool of the standard library (a second Ctrl-C, above all) that
    can leave one of the pool's locks taken for good, and whoever waits for the pool then waits for ever. Where Ctrl-C is ignored (a job in the
    background) or somebody else's business, that stays so.

    Examples
    --------
    >>> with CtrlC() as ctrl_c:
    ...     ctrl_c.heed()
    """

    def __init__(self) -> None:
        self.pressed = False
        self._takes_over = False

    def __enter__(self) -> Self:
        in_main_thread = threading.current_thread() is threading.main_thread()
        self._takes_over = in_main_thread and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if self._takes_over:
            signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *error: object) -> None:
        if self._takes_over:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        self.heed()

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.pressed = True

    def heed(self) -> None:
        """Raise KeyboardInterrupt if Ctrl-C was pressed."""
        if self.pressed:
            raise KeyboardInterrupt
