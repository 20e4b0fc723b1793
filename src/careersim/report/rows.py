"""The lines of the final table: what each is about, in words and units that a policy maker knows, and how it is written."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from careersim.report.kinds import COUNT, HEADS, PENCE, PERCENT, POINTS, POUNDS, RATIO, SHARE, SKILL, Kind
from careersim.study.comparison import ArmResult
from careersim.study.lines import LEVEL_WINDOW
from careersim.study.statistics import Estimate


@dataclass(frozen=True)
class Row:
    """One line of the table: what it is about, where its numbers come from, how they are written."""

    name: str
    """Name in the CSV."""
    label: str
    unit: str
    kind: Kind
    get: Callable[[ArmResult], Estimate]
    level: Kind | None = None
    """How the level without a strategy is written; None if there is none."""
    if_any: bool = False
    """Whether the line is left out of the printed table where no strategy has a value."""


@dataclass(frozen=True)
class Section:
    """Lines that belong together."""

    title: str
    rows: tuple[Row, ...]


def _place(name: str, label: str, unit: str, kind: Kind, level: Kind) -> Row:
    missing = Estimate(math.nan, reason="not measured")
    return Row(f"place.{name}", label, unit, kind, lambda a: a.place.get(name, missing), level)


def _people(name: str, label: str) -> Row:
    return Row(f"people.{name}", label, "GBP a year per person", POUNDS, lambda a: a.people[name])


def _group(group: str, label: str) -> Row:
    missing = Estimate(math.nan, reason="groups were not collected")
    get: Callable[[ArmResult], Estimate] = lambda a: a.groups.get(group, missing)  # noqa: E731
    return Row(f"group.{group}", label, "GBP a year per person", POUNDS, get, if_any=True)


def _account(name: str, label: str, unit: str, kind: Kind) -> Row:
    return Row(f"account.{name}", label, unit, kind, lambda a: a.account.parts[name])


def _cost(name: str, label: str, unit: str = "GBP a year per resident", kind: Kind | None = None) -> Row:
    return Row(f"cost.{name}", label, unit, kind or PENCE, lambda a: a.cost[name])


def _further(name: str, label: str) -> Row:
    return Row(f"further.{name}", label, "GBP a year per resident", PENCE, lambda a: a.further[name])


def _reach(name: str, label: str, unit: str, kind: Kind) -> Row:
    return Row(f"reach.{name}", label, unit, kind, lambda a: a.reach[name])


NOT_RUN = Estimate(math.nan, reason="it shows nothing of elsewhere, or was not run again without")


def _index_if(a: ArmResult, name: str) -> Estimate:
    """The index, if it is of this name, else a blank with its reason."""
    if a.account.index_name == name or not a.account.index_name:
        return a.account.index
    opposite = (
        "the two groups' gains have opposite signs" if name == "ASI" else "the two groups' gains have the same sign"
    )
    return Estimate(math.nan, n=a.account.index.n, reason=opposite)


PER_YEAR = "per 1,000 residents and year"
STEPS = "steps per 1,000 people"
SECTIONS = (
    Section(
        "The place, against no strategy",
        (
            _place("employment_rate", "Employment (share of residents 16-64)", "share", POINTS, SHARE),
            _place("unemployment_rate", "Unemployment (share of the active)", "share", POINTS, SHARE),
            _place("median_pay", "Median pay of residents, a month", "GBP per month", POUNDS, POUNDS),
            _place("income_low_origin_third", "Income, lowest origin third, a month", "GBP per month", POUNDS, POUNDS),
            _place("labour_share", "Labour share of local output", "share", POINTS, SHARE),
            _place("resident_skill", "Resident skill (national median 100)", "ratio to national median", SKILL, Kind(100, 1)),
            _place("out_moves", "Leavers a year per 1,000 residents", PER_YEAR, COUNT, COUNT),
            Row("shut.out_moves", "Leavers if it showed nothing of elsewhere", PER_YEAR, COUNT, lambda a: a.shut or NOT_RUN, if_any=True),
            Row("shut.share", "Share of induced leaving that then remains", "share", PERCENT, lambda a: a.shut_share or NOT_RUN, if_any=True),
            _place("climbing_up", "Steps up in social class per 1,000 people", STEPS, COUNT, COUNT),
            _place("climbing_structural", "  of which net (up less down)", STEPS, COUNT, COUNT),
            _place("climbing_by_leaving", "  of which by people who left", STEPS, COUNT, COUNT),
        ),
    ),
    Section(
        "People, £ a year each: income, and income plus worth of ties and community in their own terms",
        (
            Row("heads.participants", "Took part, per 1,000 residents", "per 1,000 residents", HEADS, lambda a: a.heads["n_participants"]),
            _people("direct.income", "Those who took part: income"),
            _people("direct.own", "Those who took part: own terms"),
            _people("spill.income", "Other residents: income"),
            _people("spill.own", "Other residents: own terms"),
            _people("spill_tied.income", "  of them tied to somebody who took part"),
            _people("spill_untied.income", "  of them not tied to anybody who did"),
            Row("heads.changed", "Residence changed by it, per 1,000", "per 1,000 residents", HEADS, lambda a: a.heads["n_changed"]),
            _people("changed.income", "Those whose residence changed: income"),
            _people("changed.own", "Those whose residence changed: own terms"),
        ),
    ),
    Section(
        "Who gains: income, £ a year for each who lived here when policy began",
        (
            _group("origin_third=lowest third", "From the lowest third of origins"),
            _group("origin_third=middle third", "From the middle third of origins"),
            _group("origin_third=highest third", "From the highest third of origins"),
            _group("gender=women", "Women"),
            _group("gender=men", "Men"),
            _group("months_out=over 12", "Out of work for over 12 months"),
            _reach("low_third_share", "Share of residents' gain to the lowest third", "share", PERCENT),
        ),
    ),
    Section(
        "Asset-stripping account: what those who moved gained, and what became of those who remain",
        (
            _account("a", "(a) Gain of those whose residence changed, £ a year per 1,000 residents", "GBP a year per 1,000 residents", POUNDS),
            _account("b_participants", "(b) Remaining participants, £ a year each", "GBP a year per person", POUNDS),
            _account("b_others", "(b) Remaining others, £ a year each", "GBP a year per person", POUNDS),
            _account("c_income", "(c) Pay kept in town (minus: gone with leavers), £ a month per 1,000", "GBP per month per 1,000 residents", POUNDS),
            _account("c_skill", "(c) Skill kept, in people of median skill per 1,000", "people of median skill per 1,000 residents", RATIO),
            _account("c_ties", "(c) Ties kept per 1,000", "ties per 1,000 residents", COUNT),
            _account("c_support", "(c) Support for joint action kept per 1,000", "support per 1,000 residents", RATIO),
            Row("account.asi", "Index: +1 all gain to movers, -1 all to those who remain", "ratio", RATIO, lambda a: _index_if(a, "ASI")),
            Row("account.lost_per_pound", "Lost by those who remain per £ gained by movers", "ratio", RATIO, lambda a: _index_if(a, "lost per pound gained")),
        ),
    ),
    Section(
        "Displacement, cost and the other accounts",
        (
            Row("displacement", "Lost by others per £ gained by participants", "ratio", RATIO, lambda a: a.displacement),
            _cost("public_cost", "Public cost, £ a year per resident"),
            _cost("spent_share", "Share of its budget that could be spent", "share", PERCENT),
            _cost("unpaid_value", "Unpaid hours, priced, £ a year per resident"),
            _cost("dues", "Members' dues, £ a year per resident"),
            _cost("employer_cost", "Employers' own cost, £ a year per resident"),
            _cost("users_cost", "Users' fees, £ a year per resident"),
            _cost("total", "All these costs together, £ a year per resident"),
            _cost("income_per_pound", "Income of those who remain, £ per public £", "GBP per GBP", RATIO),
            _cost("income_per_pound_total", "Income of those who remain, £ per £ of all cost", "GBP per GBP", RATIO),
            _cost("per_job_month", "Public £ per extra job-month of residents", "GBP per job-month", POUNDS),
            _cost("per_job_month_total", "£ of all cost per extra job-month", "GBP per job-month", POUNDS),
            _further("employers", "Employers' profit, £ a year per resident"),
            _further("in-commuters", "Pay of people who commute in, £ a year per resident"),
            _further("exchequer", "Exchequer (benefits saved less public cost), £ a year per resident"),
            _further("others elsewhere, displacement 1", "People elsewhere, if each leaver takes a job there from one of them"),
        ),
    ),
)  # fmt: skip
"""The final table, section by section."""

ONLY_IN_THE_FILE = (
    _reach("gini", "Gini of the gains (compare the placebo's)", "ratio", RATIO),
    _reach("gini_change", "Change in the Gini of residents' income", "ratio", RATIO),
    _people("direct.log_income", "Those who took part: log income"),
    _people("spill.log_income", "Other residents: log income"),
    _people("changed.log_income", "Those whose residence changed: log income"),
)
"""Lines that stand in tables/summary.parquet but not in the printed table."""

ASSUMED = (
    "Each world is the same town with the same people and the same luck; differences are means over paired replicates, with 95% "
    "intervals (Student t; BCa bootstrap for ratios). * marks an interval that excludes zero. Not telling from zero is not zero: more "
    "people or replicates make intervals narrower.",
    f"Levels of the place are means of the last {LEVEL_WINDOW} months; leavers are counted over the whole period. Steps in social class (NS-SEC, three "
    "groups) are of people who had a class here when policy began, from then to the end; what is not net is exchange: somebody else moved down. "
    "Careers tend upward with age in any world, so look at the differences; those out of work keep the class of their last post (to take a lower one is a step down), and the class of "
    "those who left is inferred from their pay there.",
    "Income is real and net of travel, housing difference and moving cost; gains are discounted (Green Book, 3.5% a year) and spread "
    "over the years of the period. Own terms add the worth to that person of ties and community here: an assumed valuation.",
    "Those who took part are all who came in the world with the strategy or would have come without it: who comes depends on luck, and "
    "either world's clients alone would be a biased choice. Other residents are all others who live here at the end in either world.",
    "By default elsewhere has room for everybody, which flatters leaving; the last row prices it if each extra leaver took a job "
    "from somebody there. Unspent budget stays with the exchequer. Everything beyond pay (care, health, self-employment) is left out, and "
    "strength of services is partly assumed.",
)
