"""The page docs/why-believe.md, written from a run of the checks so that it says what the code does."""

from __future__ import annotations

from collections.abc import Sequence

from careersim.checks.lines import STANDARD_ERRORS, Check, Line
from careersim.checks.verify import Verdict

HEAD = """# Why believe a simulated town?

<!-- Written by `careersim verify --write-docs docs/why-believe.md`; do not edit. -->

Because, with other parts switched off, the same code gives the exact results of models whose answers are known. Every line below
is the town's own search, hiring, separations, pay, ties, organising or migration phase under a special configuration, beside an
exact result that shares no code with it. A line passes if it is within {tolerance:g} standard errors (two-sided), and only if the standard
error is small enough to tell: below 1% of the expected value in this full run; `--quick` allows 3%, and 10% for correlations. Standard
errors come from independent replicates, or from means of consecutive batches of months where a series is autocorrelated. Numbers in
which luck has no part must agree to six digits. The tests break each kernel on purpose and see the check fail
(`tests/theory/test_mutations.py`).

```sh
careersim verify               # everything; the signs (C) take longest
careersim verify --quick       # the same lines with less precision, for a first look
careersim verify --only A1,B5  # some
```

The functions behind the lines take any parameters in range: `careersim.checks.job_information_network(graph, arrival, breakup, months,
replicates, rng)` beside `exact_job_information_network(graph, arrival, breakup)`, and such a pair for each row.

{summary} Seed {seed}.
"""

SIGNS = """## C. Signs that must be reachable

Small experiments in one settled town (Inverclyde, 6,000 people, three years and 6 paired replicates unless the file says otherwise), with the
condition set when policy begins; also those that cut against the collective hope. A line passes if the 95% interval of the paired difference
lies where the claim says. The experiments are in `experiments/signs/`; `docs/signs.md` has a figure of each, and says of those that were
first missed which assumption stood in the way. That a sign can be reached under its condition says nothing about whether the condition holds in a
real place.
"""

LIMITS = """## What this does not show

That the special cases are right does not make the defaults true: those stand or fall with the published figures of `careersim describe`
and the assumption of every parameter in `careersim list parameters`. With {n} sampled lines and a tolerance of {tolerance:g} standard errors, one
run in about {runs:.0f} has a line outside it by chance; another `--seed` tells chance from error.
"""


def why_believe(checks: Sequence[Check], verdict: Verdict) -> str:
    """Return the page for the checks and what was found."""
    sampled = sum(1 for line in verdict.lines if line.standard_error > 0 and line.check[0] == "A")
    parts = [HEAD.format(tolerance=STANDARD_ERRORS, summary=verdict.summary(), seed=verdict.seed)]
    for kind, title in (("A", "## A. Exact theory"), ("B", "## B. What holds in every world"), ("C", SIGNS)):
        parts.append(title + "\n")
        parts += [section(check, verdict.lines) for check in checks if check.id[0] == kind]
    parts.append(LIMITS.format(tolerance=STANDARD_ERRORS, n=sampled, runs=1 / max(0.0027 * sampled, 1e-9)))
    return "\n".join(parts)


def section(check: Check, lines: Sequence[Line]) -> str:
    """Return one check with its table."""
    source = "" if check.source.startswith("by ") else f" *{check.source}.*"
    out = [f"### {check.id} {check.title}\n", f"{check.claim}{source}\n"]
    out += ["| what | condition | expected | found | z | |", "|---|---|---|---|---|---|"]
    out += [row(line) for line in lines if line.check == check.id]
    return "\n".join(out) + "\n"


def row(line: Line) -> str:
    """Return a line as a row of a table."""
    z = f"{line.z:+.1f}" if line.z == line.z and abs(line.z) < 1e6 else ""
    return f"| {line.what} | {line.condition} | {line.expected} | {line.found} | {z} | {line.verdict} |"


def rows_of(page: str) -> set[tuple[str, str, str]]:
    """Check, what and condition of every row of a page, for comparison with the list of checks."""
    found, check = set(), ""
    for text in page.splitlines():
        if text.startswith("### "):
            check = text.split()[1]
        elif text.startswith("| ") and not text.startswith("| what "):
            cells = [cell.strip() for cell in text.strip("|").split("|")]
            found.add((check, cells[0], cells[1]))
    return found
