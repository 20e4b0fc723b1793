"""The town: all state of one simulated place in one world, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from careersim.kernels import kernel
from careersim.town.columns import N_OCCUPATIONS, NOT_YET, Employers, Occupations, People, Posts, Ties


@dataclass(slots=True)
class Aggregates:
    """Place-wide quantities; what is used in month t is the value recorded in month t - 1."""

    unemployment: float = 0.05
    """Unemployed over active residents 16-64."""
    vacancies: float = 0.0
    """Vacant heads in local posts."""
    tightness: float = 0.8
    """Vacancies over unemployed residents."""
    odds: np.ndarray = field(default_factory=lambda: np.full(N_OCCUPATIONS, 0.1))
    """Typical odds: hires over applications by occupation (slow mean)."""
    mean_pay: np.ndarray = field(default_factory=lambda: np.full(N_OCCUPATIONS, 2000.0))
    """Mean post pay by occupation in GBP per month, weighted by filled heads."""
    concentration: np.ndarray = field(default_factory=lambda: np.full(N_OCCUPATIONS, 0.1))
    """Herfindahl index (0..1) of heads over employers, by occupation, in the run."""
    demand_index: float = 1.0
    """X: local demand relative to its burn-in mean."""
    income: float = 0.0
    """Inc: residents' pay + benefits + locally kept profit, GBP per month."""
    separation_rate: float = 0.01
    """Separations to joblessness over employed residents, slow mean, per month."""
    civic_capital: float = 1.0
    """K: civic capital relative to burn-in."""
    civic_activity: float = 1.0
    """This month's residents' ties and group and joint-action activity, relative to burn-in."""


@dataclass(slots=True)
class Solved:
    """Constants solved once per place and parameters, so that the burn-in is stationary at the published figures."""

    migrant_rate: float = 0.0015
    """Potential in-migrants per resident and month."""
    migrant_rqf4_share: float = float("nan")
    """Share of potential in-migrants with RQF 4 or above that keeps the residents' share; NaN: by the parameters."""
    age_share: np.ndarray = field(default_factory=lambda: np.zeros(0))
    """Settled shares of residents by year of age from 13; empty: all ages equally frequent."""
    vacancy_share: float = 0.05
    """Share of local posts vacant in the stationary town; sets the sum of L0."""
    pay_level: float = 1.0
    """Factor on typical pay, so that the settled town's median pay is the published one."""
    inactivity_rate_factor: float = 1.0
    """Factor on the entry rates into care, sickness, early retirement and other inactivity."""
    income_ref: float = 0.0
    """Inc in burn-in, GBP per month per resident; 0 holds X at 1."""
    unemployment_ref: float = 0.0
    """u in burn-in; 0 holds the wage curve flat."""
    concentration_ref: np.ndarray = field(default_factory=lambda: np.zeros(N_OCCUPATIONS))
    """Burn-in mean of the run's own concentration by occupation; 0 holds eps at eps_ref."""
    civic_ref: float = 0.0
    """Burn-in mean of civic activity per resident (ties + membership); 0 holds K at 1."""
    join_rate: np.ndarray = field(default_factory=lambda: np.full(4, 0.75))
    """Chance that a new hire at a covered employer joins the union, by sector."""
    inactivity_entry: np.ndarray = field(default_factory=lambda: np.zeros(4))
    """Entry rates a month at full age weight into care, sickness, early retirement and other inactivity."""
    schooling: np.ndarray = field(default_factory=lambda: np.array([-0.6, 0.1, 1.0]))
    """Latent attainment above which one studies at 16, and at 18; share of those who study full time (STUDENT)."""
    log_pay_elsewhere: np.ndarray = field(default_factory=lambda: np.zeros(3))
    """mu1: log of mean pay elsewhere in GBP per month by qualification, at skill 1; 0 where there is no elsewhere."""
    finding_elsewhere: float = 0.079
    """Job finding per month elsewhere."""
    loss_elsewhere: float = 0.0047
    """Job loss per month elsewhere."""
    origin_homophily: float = float("nan")
    """Homophily of origin that gives the start network the place's connectedness; NaN: as in the parameters."""


@dataclass(slots=True)
class Events:
    """The log of causes: why somebody was hired, lost a post, left or joined. Append-only, one row an event."""

    month: list[np.ndarray] = field(default_factory=list)
    person: list[np.ndarray] = field(default_factory=list)
    event: list[np.ndarray] = field(default_factory=list)
    cause: list[np.ndarray] = field(default_factory=list)
    other: list[np.ndarray] = field(default_factory=list)
    value: list[np.ndarray] = field(default_factory=list)

    def add(self, month: int, person: np.ndarray, event: int, cause, other=-1, value=0.0) -> None:
        """Log one event for each row in ``person``; ``cause``, ``other`` and ``value`` are arrays or scalars."""
        n = len(person)
        if n == 0:
            return
        self.month.append(np.full(n, month, np.int32))
        self.person.append(np.asarray(person, np.int32).copy())
        self.event.append(np.full(n, event, np.int8))
        self.cause.append(np.broadcast_to(np.asarray(cause, np.int8), n).copy())
        self.other.append(np.broadcast_to(np.asarray(other, np.int32), n).copy())
        self.value.append(np.broadcast_to(np.asarray(value, np.float64), n).copy())

    def columns(self) -> dict[str, np.ndarray]:
        """Return the log as columns."""
        kinds = {"month": np.int32, "person": np.int32, "event": np.int8, "cause": np.int8, "other": np.int32}
        out = {}
        for f in fields(self):
            parts = getattr(self, f.name)
            out[f.name] = np.concatenate(parts) if parts else np.empty(0, kinds.get(f.name, np.float64))
        return out


# events and their causes (Events.event, Events.cause)
HIRED, LOST_POST, LEFT_TOWN, CAME, JOINED_UNION, PAY_CHANGED, SERVED, REJECTED, STAGE = 1, 2, 3, 4, 5, 6, 7, 8, 9
# causes of HIRED: channel (columns.FORMAL / CONTACT); other = contact who told, or -1; value = the person's pay
# causes of LOST_POST; other = post
QUIT, LAID_OFF, EMPLOYER_EXITED, CHANGED_JOB, LEFT_WITH_MOVE, BECAME_INACTIVE, RETIRED_FROM = 1, 2, 3, 4, 5, 6, 7
# causes of LEFT_TOWN: 1 moved for work, 2 went with parent;  CAME: 1 in-migrant, 2 returned, 3 turned 13
# causes of JOINED_UNION: 1 contacts and support, 2 as a new hire;  PAY_CHANGED: 1 recognition, 2 lapse


@dataclass(slots=True)
class Town:
    """One world: the place's people, ties, employers and posts in one month."""

    key: np.uint64
    """Seed of the replicate; first argument of every draw."""
    month: int
    """Months since the start of burn-in; the month about to be, or being, simulated."""
    policy_start: int
    """Month in which the policy period begins (end of burn-in)."""
    people: People
    ties: Ties
    employers: Employers
    posts: Posts
    occupations: Occupations
    aggregates: Aggregates
    solved: Solved
    n_people: int
    """Residents aged 13 to pension age that the run is meant to have."""
    scale: float
    """Full-size residents per resident in the run (at least 1)."""
    benefit: float
    """Benefit of a person without pay, GBP per month."""
    minimum_wage: float
    """Wage floor by law, GBP per month (full-time equivalent)."""
    housing_difference: float
    """Housing cost elsewhere less here, GBP per month."""
    events: Events = field(default_factory=Events)
    ledger_flows: dict[str, float] = field(default_factory=dict)
    """The month's money by name (pence-exact fixed point summed): pay, benefits, profit, fixed_cost, output, subsidies,
    public_cost, employer_cost, dues, unpaid_value."""
    totals: dict[str, float] = field(default_factory=dict)
    """Discounted sums of ``ledger_flows`` since policy began, GBP."""
    tallies: dict[str, Any] = field(default_factory=dict)
    """The month's counts and scratch tables handed from phase to phase; emptied at the start of each month."""
    next_id: int = 0
    """First identity not yet given out (identities are laid out before policy)."""
    laid_out_until: int = 0
    """Potential entrants of months before this one have rows."""
    log_events: bool = False
    """Whether causes are logged (policy period of runs that write life stories)."""

    def rows_in_use(self, month: int) -> int:
        """Rows of people up to the last who can have entered by ``month``: whoever stands behind waits for a later month."""
        asked = month, len(self.people)
        if self.tallies.get("rows_in_use", (None, 0))[0] != asked:
            self.tallies["rows_in_use"] = asked, _rows_in_use(self.people.residence, self.people.entry_month, month)
        return self.tallies["rows_in_use"][1]


@kernel
def _rows_in_use(residence, entry_month, month):
    n = residence.shape[0]
    while n > 0 and residence[n - 1] == NOT_YET and entry_month[n - 1] > month:
        n -= 1
    return n
