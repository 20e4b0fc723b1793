"""Choices: what a decision maker sets. Each combination of a strategy's choices is an arm of its own.

A choice is an option of a strategy, named ``label.option``, or ``all.option`` for every strategy::

    choices:
      one_to_one.budget: [0.5, 1, 2]
      all.take_up: [own_initiative, targeted]
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from careersim.scenario.errors import Problem, nearest, shown
from careersim.scenario.loading import Document
from careersim.scenario.strategies import Named, strategy_label, strategy_parts

ALL = "all"
"""Stands for every strategy in the name of a choice."""
NOT_CHOSEN = ("none", "placebo")
"""Arms to which no choice applies."""
MOST_ARMS = 1000


@dataclass(frozen=True)
class Variant:
    """A strategy with one combination of its choices: an arm."""

    label: str
    strategy: dict[str, Any]
    """Mapping with ``name``, ``label`` and options, as a config states it."""
    chosen: dict[str, Any] = field(default_factory=dict)
    """Values by the name of the choice."""


def variants(strategies: Iterable[Named], choices: Mapping[str, Sequence[Any]]) -> list[Variant]:
    """Return every strategy in every combination of its choices, in the order given.

    Examples
    --------
    >>> [v.label for v in variants(["brokering", "one_to_one"], {"one_to_one.budget": [0.5, 1]})]
    ['brokering', 'one_to_one budget=0.5', 'one_to_one budget=1']
    """
    out = []
    for strategy in strategies:
        label, (name, options) = strategy_label(strategy), strategy_parts(strategy)
        own = {n: choices[n] for n in choices if label not in NOT_CHOSEN and _parts(n)[0] in (label, ALL)}
        for values in itertools.product(*own.values()):
            chosen = dict(zip(own, values, strict=True))
            set_to = {_parts(n)[1]: value for n, value in chosen.items()}
            said = [label, *(f"{option}={_word(value)}" for option, value in set_to.items())]
            stated = {"name": name, **options, **set_to, "label": " ".join(said)}
            out.append(Variant(stated["label"], stated, chosen))
    return out


def _parts(name: str) -> tuple[str, str]:
    """Label of the strategy and option of a choice."""
    label, _, option = name.rpartition(".")
    return label, option


def _word(value: Any) -> str:
    """A value as it stands in an arm's name."""
    return f"{value:g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)


def choice_problems(strategies: Sequence[Named], choices: Mapping[str, Any], document: Document) -> list[Problem]:
    """Return what is wrong with choices, as far as it can be told without knowing the strategies' options."""
    labels = [label for label in map(strategy_label, strategies) if label not in NOT_CHOSEN]
    problems, n_arms = [], 1
    for name, values in choices.items():
        at, label = ("choices", name), _parts(name)[0]
        if label not in (*labels, ALL):
            near = nearest(label, [*labels, ALL])
            found = f"{near}.{_parts(name)[1]}" if near else ""
            allowed = f"STRATEGY.OPTION, with STRATEGY one of {', '.join([*labels, ALL])}"
            message = "is no option of a strategy of this experiment"
            problems.append(document.problem(at, message, key=True, allowed=allowed, suggestion=found))
        if len({shown(v) for v in values}) < len(values):
            problems.append(document.problem(at, "names a value twice", found=shown(list(values))))
        n_arms *= max(len(values), 1)
    clash = {_parts(n)[1] for n in choices if _parts(n)[0] == ALL}
    for name in choices:
        if _parts(name)[0] != ALL and _parts(name)[1] in clash:
            problems.append(document.problem(("choices", name), f"is set for all strategies too ({ALL}.…)", key=True))
    if not problems and n_arms > MOST_ARMS:
        allowed = f"up to {MOST_ARMS} combinations"
        problems.append(document.problem(("choices",), "make too many arms", allowed=allowed, found=str(n_arms)))
    return problems
