"""Asset stripping: an account before it is a number.

A strategy may help people by helping them leave. The account has three parts, each by comparing twin worlds identity by
identity (``measures.ledger``):

(a) the net gain of those whose place of residence the policy changed (left because of it, stayed or came because of it);
(b) what happened to each of those who are here in both worlds, participants and others apart;
(c) the skill, ties, support and income that left with them, net of what stayed because of the policy.

``G_a`` is the sum of dW over (a), ``G_b`` over (b). Their signs name the quadrant: shared (+ +), stripping (+ -),
retaining (- +), harm (- -). *Stripping* is said only when (a) > 0 and (b) for others < 0 or (c) < 0, intervals excluding zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from careersim.measures.ledger import AT_HOME, AWAY, LEFT_LIFE, UNBORN, Lives, gains, took_part
from careersim.town.sums import PENCE

QUADRANTS = {
    (True, True): "shared",
    (True, False): "stripping",
    (False, True): "retaining",
    (False, False): "harm",
}
"""Name of the quadrant by (G_a >= 0, G_b >= 0)."""


class Bounds(NamedTuple):
    """An estimate with its 95% interval; the ends are NaN where there is none."""

    value: float
    low: float
    high: float

    @property
    def above_zero(self) -> bool:
        """True if the whole interval lies above zero."""
        return self.low > 0

    @property
    def below_zero(self) -> bool:
        """True if the whole interval lies below zero."""
        return self.high < 0


class Index(NamedTuple):
    """The asset-stripping index, or what is reported in its place."""

    name: str
    """'ASI', 'lost per pound gained', or '' if blank."""
    value: float
    reason: str
    """Why it is blank; '' if it is not."""


def asset_account(policy: Lives, none: Lives) -> dict[str, float]:
    """The asset-stripping account of one replicate.

    Returns
    -------
    dict
        Sums of dW in GBP (discounted): ``g_a`` and its parts ``g_left``, ``g_stayed``; ``g_b`` and its parts
        ``g_remain_participants``, ``g_remain_others``; ``g_elsewhere`` (elsewhere in both), ``g_neither`` (the rest: past
        pension age with no last place, or never entered in either world). Heads ``n_...`` for each. What left net of what
        stayed: ``c_skill`` (sum of skill), ``c_ties`` (ties), ``c_support`` (sum of support), ``c_income`` (GBP of pay per
        month); negative: the town is poorer by it. ``residents``: identities here at the end without the policy. Sums of
        income and own terms for those whose residence changed: ``own_a``, and for those who remain: ``own_b``. The g
        parts add up to the sum over all identities exactly to the penny.
    """
    dw, own, took = gains(policy, none), gains(policy, none, "own"), took_part(policy, none)
    here_p, here_n = policy.place == AT_HOME, none.place == AT_HOME
    changed, remain = policy.place != none.place, here_p & here_n
    away = (policy.place == AWAY) & (none.place == AWAY)
    parts = {
        "a": changed,
        "left": changed & here_n,
        "stayed": changed & ~here_n,
        "b": remain,
        "remain_participants": remain & took,
        "remain_others": remain & ~took,
        "elsewhere": away,
        "neither": ~changed & ((policy.place == LEFT_LIFE) | (policy.place == UNBORN)),
    }
    account = {f"g_{name}": int(dw[part].sum()) / PENCE for name, part in parts.items()}
    account |= {f"n_{name}": float(part.sum()) for name, part in parts.items()}
    account |= {"own_a": int(own[changed].sum()) / PENCE, "own_b": int(own[remain].sum()) / PENCE}
    account |= _what_left(policy, none, here_n & ~here_p, here_p & ~here_n)
    return account | {"residents": float(here_n.sum())}


def _what_left(policy: Lives, none: Lives, left: np.ndarray, stayed: np.ndarray) -> dict[str, float]:
    """What stayed because of the policy (as it is under the policy) less what left because of it (as it is without)."""
    columns = {"c_skill": "skill", "c_ties": "n_ties", "c_support": "support", "c_income": "pay"}
    out = {}
    for name, column in columns.items():
        gained = getattr(policy, column)[stayed].sum(dtype=np.float64)
        lost = getattr(none, column)[left].sum(dtype=np.float64)
        out[name] = float(gained - lost)
    return out


def quadrant(g_a: float, g_b: float) -> str:
    """Name the quadrant of the two sums: shared, stripping, retaining or harm; 'no change' if both are zero.

    Examples
    --------
    >>> quadrant(1, 1), quadrant(1, -1), quadrant(-1, 1), quadrant(-1, -1)
    ('shared', 'stripping', 'retaining', 'harm')
    """
    if g_a == 0 and g_b == 0:
        return "no change"
    return QUADRANTS[g_a >= 0, g_b >= 0]


def stripping_is_said(a: Bounds, b_others: Bounds, c_income: Bounds) -> bool:
    """The rule for saying *stripping*: (a) > 0 and (b) for others < 0 or (c) < 0, intervals excluding zero."""
    return a.above_zero and (b_others.below_zero or c_income.below_zero)


def stripping_index(g_a: float, g_b: float, standard_error: float) -> Index:
    """The index of the account, from sums pooled over replicates.

    ``ASI = (G_a - G_b) / (|G_a| + |G_b|)`` where the signs are alike. Where they are opposite ASI is +-1 by construction, so
    ``-G_b / G_a`` is reported: pounds lost by those who remain per pound gained by those whose residence changed (or gained
    per pound lost). Blank if both are negative, or if their size ``|G_a| + |G_b|`` is under 3 of its standard errors.
    """
    size = abs(g_a) + abs(g_b)
    if g_a < 0 and g_b < 0:
        return Index("", math.nan, "both groups lose: no gain to divide")
    if not math.isfinite(standard_error):
        return Index("", math.nan, "needs at least 2 replicates")
    if size == 0 or size < 3.0 * standard_error:
        return Index("", math.nan, "too small to tell from nothing (under 3 standard errors)")
    if g_a * g_b < 0:
        return Index("lost per pound gained", -g_b / g_a, "")
    return Index("ASI", (g_a - g_b) / size, "")


def verdict(account: Mapping[str, float], a: Bounds, b_others: Bounds, c_income: Bounds) -> str:
    """The account in a word or a few: the quadrant, and whether it can be told apart from nothing.

    ``account`` holds the pooled ``g_a`` and ``g_b``. The quadrant 'stripping' becomes a statement only by
    :func:`stripping_is_said`; otherwise signs are given as signs.
    """
    if stripping_is_said(a, b_others, c_income):
        return "stripping"
    name = quadrant(account["g_a"], account["g_b"])
    if name == "no change":
        return name
    if name == "stripping" or not (a.above_zero or a.below_zero):
        return f"not established (signs alone would say {name})"
    return name
