"""Levels: pay, income and how they are shared (measures.md, "Levels"). Money is real GBP per month."""

from __future__ import annotations

import numpy as np

from careersim.measures.inequality import gini, percentile_ratio, rank_slope
from careersim.measures.registry import Snapshot, measure, median, ratio

ASHE = "ONS ASHE, definition"
ACCOUNTS = "national accounts, definition"
GBP = "GBP per month"


@measure(GBP, 0, 1e6, ASHE, monthly=True)
def median_pay(s: Snapshot) -> float:
    """Median pay of residents in work."""
    return median(s.pay)


@measure(GBP, 0, 1e6, ASHE, monthly=True)
def mean_pay(s: Snapshot) -> float:
    """Mean pay of residents in work."""
    return ratio(s.pay.sum(), s.pay.size)


@measure("share", 0, 10, ACCOUNTS, monthly=True, by_group=False)
def labour_share(s: Snapshot) -> float:
    """Pay bill over output of local employers, in-commuters included."""
    return ratio(s.town.employers.pay_bill.compress(s.local_employers).sum(), s.output)


@measure(GBP, 0, 1e13, ACCOUNTS, monthly=True, by_group=False)
def output(s: Snapshot) -> float:
    """Output of local employers, in-commuters' included."""
    return s.output


@measure(GBP, 0, 1e6, ACCOUNTS, monthly=True, by_group=False)
def output_per_job(s: Snapshot) -> float:
    """Output of local employers over filled jobs (compare: GVA per filled job)."""
    held, commuters, _ = s.local_heads
    return ratio(s.output, held + commuters)


@measure("ratio", 0, 1, "Gini 1912")
def gini_pay(s: Snapshot) -> float:
    """Gini coefficient of residents' pay."""
    return gini(s.pay)


@measure("nats", 0, 20, "Theil 1967")
def theil_pay(s: Snapshot) -> float:
    """Theil index of residents' pay."""
    return s.theil[0]


@measure("share", 0, 1, "Theil 1967")
def theil_between_occupations(s: Snapshot) -> float:
    """Share of the Theil index of pay that lies between occupations; the rest lies within them."""
    return s.theil[1]


@measure("nats", 0, 20, "Theil 1967")
def theil_within_occupations(s: Snapshot) -> float:
    """The part of the Theil index of pay that lies within occupations."""
    return s.theil[0] * (1.0 - s.theil[1])


@measure("ratio", 1, 1000, ASHE)
def p90_p10(s: Snapshot) -> float:
    """Ninetieth over tenth percentile of residents' pay."""
    return percentile_ratio(s.pay)


def _median_gap(s: Snapshot, low: np.ndarray, high: np.ndarray) -> float:
    """One less the median pay of those of ``low`` (a mask over those in work) over that of those of ``high``."""
    below, above = s.pay.compress(low), s.pay.compress(high)
    return 1.0 - median(below) / median(above) if below.size and above.size else float("nan")


@measure("share", -100, 1, "ONS gender pay gap, definition")
def gender_pay_gap(s: Snapshot) -> float:
    """One less women's median pay over men's."""
    return _median_gap(s, s.women, ~s.women)


@measure("share", -100, 1, "ONS ethnicity pay gaps, definition")
def ethnic_pay_gap(s: Snapshot) -> float:
    """One less minority residents' median pay over the majority's."""
    minority = s.town.people.ethnicity.take(s.employed) == 1
    return _median_gap(s, minority, ~minority)


@measure("share", -100, 1, "class pay gap after Friedman and Laurison 2019")
def origin_pay_gap(s: Snapshot) -> float:
    """One less the median pay of workers from the lowest origin third over that of those from the highest."""
    origin = s.town.people.origin.take(s.employed)
    return _median_gap(s, origin < 1 / 3, origin >= 2 / 3)


@measure("slope", -2, 2, "Chetty et al. 2014")
def rank_rank_slope(s: Snapshot) -> float:
    """Slope of residents' income rank (ages 25-64) on the national rank of their parents' income."""
    adults = s.working_age.compress(~s.under_25)
    return rank_slope(s.town.people.origin.take(adults), s.income(adults))


@measure(GBP, 0, 1e6, "measures.md", monthly=True)
def income_per_resident(s: Snapshot) -> float:
    """Mean net income (pay less travel, or benefit) of residents 16-64."""
    return ratio(s.counts["income"], s.counts["working_age"])


@measure(GBP, 0, 1e6, "measures.md", monthly=True)
def income_low_origin_third(s: Snapshot) -> float:
    """Mean net income of residents 16-64 in the lowest national third of parents' income."""
    return ratio(s.counts["income_low_origin"], s.counts["low_origin"])


@measure("ratio", 0, 100, "model.md 6.2", monthly=True, by_group=False)
def demand_index(s: Snapshot) -> float:
    """Local demand X relative to burn-in."""
    return s.town.aggregates.demand_index
