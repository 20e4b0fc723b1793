"""Ctrl-C is noted while others work, raised where it harms nothing, and everybody has ended by then."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from careersim.study.interrupt import CtrlC
from careersim.study.tasks import _run_side_by_side


@pytest.fixture(autouse=True)
def as_at_a_terminal():
    """Ctrl-C raises KeyboardInterrupt, also where the tests themselves run in the background and would ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press(times: int = 1) -> None:
    """Press Ctrl-C."""
    for _ in range(times):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.001)


def test_it_is_raised_when_asked_for_and_not_before():
    before, said = signal.getsignal(signal.SIGINT), []

    def work() -> None:
        with CtrlC() as ctrl_c:
            ctrl_c.heed()
            press(3)
            said.append("went on")
            ctrl_c.heed()
            said.append("too far")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert said == ["went on"]
    assert signal.getsignal(signal.SIGINT) is before


def test_nobody_who_presses_it_is_overheard():
    """Whoever does not ask is told on leaving."""
    with pytest.raises(KeyboardInterrupt), CtrlC():
        press()


def test_where_it_is_ignored_it_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with CtrlC() as ctrl_c:
            press(3)
        assert not ctrl_c.pressed
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_in_another_thread_nothing_is_taken_over():
    before = signal.getsignal(signal.SIGINT)

    def use() -> None:
        with CtrlC() as ctrl_c:
            ctrl_c.heed()
            seen.append(signal.getsignal(signal.SIGINT))

    seen: list[object] = []
    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert seen == [before]


def test_however_often_it_is_pressed_the_arms_have_ended():
    ended = []

    def endless(tick) -> None:
        try:
            while True:
                time.sleep(0.05)  # a month, in which the other arm is stopped already
                tick(1)
        finally:
            ended.append(True)

    def pressed(tick) -> None:
        try:
            tick(1)
            press(40)
            while True:
                tick(1)
        finally:
            ended.append(True)

    with pytest.raises(KeyboardInterrupt):
        _run_side_by_side([endless, pressed], lambda months: None, 2)
    assert len(ended) == 2, "an arm was still running when the interrupt was raised"
