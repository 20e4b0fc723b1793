"""Runs the study in OUT with two workers, in a process of its own that can be killed: python script.py OUT."""

from __future__ import annotations

import sys

from careersim.study.study import run_study
from faults.stand_in import plan

if __name__ == "__main__":
    run_study(plan(slow=True), sys.argv[1], workers=2)
