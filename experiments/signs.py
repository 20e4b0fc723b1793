"""Signs that must be reachable (section C of the checks), as a page: each config of ``experiments/signs/`` is a claim, a condition and an experiment.

``python experiments/signs.py [NAME ...]`` runs them, prints a verdict a line, and writes ``docs/signs.md`` with a figure each to ``docs/signs/``.
``careersim verify --only C`` runs the same experiments.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from careersim.checks.signs import ABOUT, TOPICS, Found, find, signs

ROOT = Path(__file__).parents[1]
PAGE, FIGURES = ROOT / "docs" / "signs.md", ROOT / "docs" / "signs"
UNITS = {
    "people.": "GBP a year per person",
    "gap.": "GBP over the period per person",
    "per_pound": "GBP of income per GBP of cost",
    "out_moves": "leavers a year per 1,000 residents",
    "rate": "share",
    "median_pay": "GBP a month",
    "employers_alive": "employers",
    "resident_skill": "ratio to the national median",
    "segregation": "share of either gender that would have to change occupation",
    "output": "GBP over the period",
    "income": "GBP a month",
    "effects.sum": "GBP, summed",
    "job_months": "months in work, summed",
}
WORDS = {
    "people.direct.income": "income of participants",
    "people.spill.income": "income of everybody else",
    "gap.origin": "gain of the lowest origin third, less that of the highest",
    "per_pound.participants": "income gained by participants",
    "effects.n_participants": "people served",
    "place.total.output": "output of local employers",
    "place.out_moves": "leaving",
}
"""What a number is, where its name does not say it."""
HEAD = """# Signs that can be reached

<!-- Written by `python experiments/signs.py`; do not edit. -->

What a strategy does depends on where it is done. Each section is a small experiment (`experiments/signs/NAME.yaml`) in which a claim
of the theory, also of its critics, is reached in the simulated town under a stated condition: the mean paired difference from no strategy
over replicates, with its 95% interval. Reaching a sign shows that the model does not rule it out; whether the condition holds in a real
place is another question. `careersim verify --only C` runs them again.
"""


def found(name: str) -> Found:
    """Run one sign in this process."""
    return find(signs()[name])


def unit_of(look_at: str) -> str:
    """Unit of the number a sign is about."""
    return next((unit for word, unit in UNITS.items() if word in look_at), "ratio")


def words_of(f: Found) -> str:
    """Say what a sign's number is: of which arm, less which."""
    s = f.sign
    number = WORDS.get(s.look_at, s.look_at.rpartition(".")[2].replace("_", " "))
    return f"{number}: {s.arm} less {s.against or 'none'}".replace("_", " ")


def draw(f: Found) -> None:
    """Draw the number with its interval against zero."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    e, sign = f.estimate, f.sign
    figure, axes = plt.subplots(figsize=(6, 1.9), layout="constrained")
    axes.axvline(0, color="0.5", linewidth=1)
    if sign.expected == ABOUT:
        axes.axvspan(-sign.within, sign.within, color="0.92")
    axes.errorbar([e.value], [0], xerr=[[e.value - e.low], [e.high - e.value]], fmt="o", color="#0b5394", capsize=4)
    axes.set(yticks=[], ylim=(-1, 1), xlabel=f"{words_of(f)}\n{unit_of(sign.look_at)} (95% interval)")
    axes.margins(x=0.15)
    axes.set_title(f"{sign.claim}\n{f.verdict}", fontsize=9, loc="left", wrap=True)
    FIGURES.mkdir(parents=True, exist_ok=True)
    figure.savefig(FIGURES / f"{sign.name}.png", dpi=120, metadata={"Software": None})
    plt.close(figure)


def section(f: Found) -> str:
    """Return the page's section on a sign."""
    s, e = f.sign, f.estimate
    against = f", less that of {s.against}" if s.against else ""
    within = f" (within {s.within:g})" if s.expected == ABOUT else ""
    tried = f"\n*Where it did not come out.* {s.tried}\n" if s.tried else ""
    number = f"{e.value:.4g} [{e.low:.4g}, {e.high:.4g}] {unit_of(s.look_at)}, {e.n} replicates"
    return (
        f"### {s.claim}\n\n*Condition.* {s.condition}\n\n*Looked at.* `{s.look_at}` of {s.arm}{against}; expected {s.expected}{within}.\n\n"
        f"*Found.* {number}. **{f.verdict}**\n\n![{s.name}](signs/{s.name}.png)\n{tried}"
    )


def page(all_found: list[Found]) -> str:
    """Return docs/signs.md."""
    parts = [HEAD]
    for topic, (title, claim) in TOPICS.items():
        mine = [f for f in all_found if f.sign.topic == topic]
        if mine:
            parts += [f"## {title}\n\n{claim}\n", *map(section, mine)]
    return "\n".join(parts)


def main(names: list[str]) -> None:
    """Run the signs named (all without names), print verdicts, draw, and write the page when all were run."""
    chosen = names or list(signs())
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        all_found = []
        for f in pool.map(found, chosen):
            all_found.append(f)
            e, s = f.estimate, f.sign
            z = e.value / e.standard_error if e.standard_error else float("nan")
            print(
                f"{s.name:<32} {e.value:>10.4g} [{e.low:.4g}, {e.high:.4g}] z {z:+.1f}  expected {s.expected:<8}  {f.verdict}",
                flush=True,
            )
            draw(f)
    if not names:
        PAGE.write_text(page(all_found), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
