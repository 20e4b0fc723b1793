"""The data dictionary: every column of the town's state, declared once.

State is columns (one array per attribute, one row per person, employer or post). A row of ``People`` *is* an identity: rows
are laid out before policy, so that the same row is the same person in every world that forks from one saved state.
Money is real GBP per month; months are counted from the start of burn-in.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any, Self

import numpy as np

N_OCCUPATIONS = 11
"""Occupations distinguished: SOC 2020 major groups, with 2 and 3 split by whether a STEM subject is required."""

# residence
NOT_YET, HERE, ELSEWHERE, GONE = 0, 1, 2, 3
# stage
PUPIL, STUDENT, WORKING, RETIRED = 0, 1, 2, 3
# reason for inactivity while of working stage (ACTIVE: in work or looking)
ACTIVE, CARE, SICK, EARLY_RETIRED, OTHER_INACTIVE, DISCOURAGED = 0, 1, 2, 3, 4, 5
# origin of an identity
INITIAL, SCHOOL_LEAVER, IN_MIGRANT = 0, 1, 2
# sector
TRADABLE, LOCAL, PUBLIC, OUTSIDE = 0, 1, 2, 3
# kind of tie
NO_TIE, KIN_FRIEND, NEIGHBOUR, COWORKER, COACHING_GROUP, BROKERED = 0, 1, 2, 3, 4, 5
# channel of a hire
FORMAL, CONTACT = 0, 1
# qualification
BELOW_RQF3, RQF3, RQF4 = 0, 1, 2

RESIDENCE_NAMES = ("not yet", "here", "elsewhere", "gone")
STAGE_NAMES = ("pupil", "student", "working life", "retired")
REASON_NAMES = ("active", "care", "sick", "early retired", "other", "discouraged")
SECTOR_NAMES = ("tradable", "local services", "public", "outside")
TIE_NAMES = ("none", "kin_friend", "neighbour", "coworker", "coaching_group", "brokered")
QUALIFICATION_NAMES = ("below RQF 3", "RQF 3", "RQF 4+")


def column(dtype: type, unit: str, doc: str, fill: float = 0, width: int = 0) -> Any:
    """Declare one column: its type, unit, meaning, value in a fresh row, and width if a row holds several numbers."""
    return field(metadata={"dtype": np.dtype(dtype), "unit": unit, "doc": doc, "fill": fill, "width": width})


@dataclass(slots=True)
class Table:
    """Columns of equal length; copied, saved and compared as one thing."""

    @classmethod
    def columns(cls) -> dict[str, Field]:
        """Return the declared columns by name."""
        return {f.name: f for f in fields(cls)}

    @classmethod
    def empty(cls, n_rows: int) -> Self:
        """Return a table of ``n_rows`` fresh rows."""
        arrays = {}
        for name, f in cls.columns().items():
            shape = (n_rows, f.metadata["width"]) if f.metadata["width"] else (n_rows,)
            arrays[name] = np.full(shape, f.metadata["fill"], f.metadata["dtype"])
        return cls(**arrays)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the columns by name, not copied."""
        return {name: getattr(self, name) for name in self.columns()}

    def copy(self) -> Self:
        """Return a deep copy."""
        return type(self)(**{name: a.copy() for name, a in self.arrays().items()})

    def take(self, rows: np.ndarray) -> Self:
        """Return a table of the given rows, in that order."""
        return type(self)(**{name: a[rows] for name, a in self.arrays().items()})

    def extend(self, other: Self) -> Self:
        """Return a table with the rows of ``other`` behind these."""
        return type(self)(**{n: np.concatenate([a, getattr(other, n)]) for n, a in self.arrays().items()})

    def __len__(self) -> int:
        return len(getattr(self, next(iter(self.__dataclass_fields__))))


@dataclass(slots=True)
class People(Table):
    """One row a person: identity, traits, what they know, whom they work for, where they live."""

    # identity, fixed before policy
    id: np.ndarray = column(np.uint32, "", "identity: names the person's luck; unique, the same in every world")
    origin_kind: np.ndarray = column(np.int8, "code", "0 initial resident, 1 school leaver, 2 in-migrant")
    entry_month: np.ndarray = column(np.int32, "month", "month in which the person (potentially) enters town")
    birth_month: np.ndarray = column(np.int32, "month", "month of birth (negative: before burn-in)")
    parent: np.ndarray = column(np.int32, "row", "row of the parent a pupil lives with; -1 none", -1)
    gender: np.ndarray = column(np.int8, "code", "0 men, 1 women")
    ethnicity: np.ndarray = column(np.int8, "code", "0 majority, 1 minority")
    origin: np.ndarray = column(np.float32, "rank 0..1", "national rank of the parents' income")
    neighbourhood: np.ndarray = column(np.int32, "index", "neighbourhood lived in, about 50 residents each")
    e0: np.ndarray = column(np.float32, "log", "permanent luck of one's trade here; exp(e0) has mean 1")
    e1: np.ndarray = column(np.float32, "log", "permanent luck of one's trade elsewhere; exp(e1) has mean 1")
    threshold: np.ndarray = column(np.float32, "share", "share of contacts (less support) needed to join in; fixed")
    # where and what stage
    residence: np.ndarray = column(np.int8, "code", "0 not yet, 1 here, 2 elsewhere, 3 gone for good")
    moved_month: np.ndarray = column(
        np.int32, "month", "month of the last move between here and elsewhere; -1 never", -1
    )
    stage: np.ndarray = column(np.int8, "code", "0 pupil (13-15), 1 student, 2 working life, 3 retired")
    reason: np.ndarray = column(np.int8, "code", "why inactive in working life; 0 active (in work or looking)")
    study_until: np.ndarray = column(np.int32, "month", "month in which full-time study ends; -1 not studying", -1)
    # human capital and outlook
    qualification: np.ndarray = column(np.int8, "code", "0 below RQF 3, 1 RQF 3, 2 RQF 4+")
    subject: np.ndarray = column(np.int8, "code", "1 if a STEM subject was chosen (14-16, 16-18)")
    skill: np.ndarray = column(np.float32, "ratio", "productive skill, median 1", 1)
    interests: np.ndarray = column(np.float32, "unit vector", "Holland's RIASEC interests", 0, 6)
    self_awareness: np.ndarray = column(np.float32, "0..1", "how well own interests are known")
    career_skill: np.ndarray = column(
        np.float32, "0..1", "career management skills: number and quality of applications"
    )
    career_skill_base: np.ndarray = column(np.float32, "0..1", "level to which career_skill fades when unused")
    considered: np.ndarray = column(np.uint32, "bit set", "occupations seen as open to someone like me")
    odds_belief: np.ndarray = column(
        np.float32, "per application", "believed chance of an offer per application, by occupation", 0, N_OCCUPATIONS
    )
    knows_elsewhere: np.ndarray = column(np.float32, "0..1", "knowledge of work and life elsewhere")
    knows_elsewhere_base: np.ndarray = column(np.float32, "0..1", "level to which knows_elsewhere fades")
    morale: np.ndarray = column(np.float32, "0..1", "resilience and persistence")
    morale_base: np.ndarray = column(np.float32, "0..1", "level to which morale returns")
    attribution: np.ndarray = column(np.float32, "0..1", "setbacks laid to oneself (0) .. to shared conditions (1)")
    digital_access: np.ndarray = column(np.int8, "flag", "has internet use")
    digital_literacy: np.ndarray = column(np.float32, "0..1", "skill in using digital information; learned")
    support: np.ndarray = column(np.float32, "-1..1", "support for joint action")
    member: np.ndarray = column(np.int8, "flag", "member of the union")
    community_weight: np.ndarray = column(
        np.float32, "GBP per month", "worth of one tie of full strength in this place"
    )
    community_weight_base: np.ndarray = column(np.float32, "GBP per month", "level to which community_weight fades")
    ties_here: np.ndarray = column(np.float32, "strength", "summed strength of ties to residents, refreshed quarterly")
    # work
    post: np.ndarray = column(np.int32, "row", "post held (local or outside); -1 none", -1)
    pay: np.ndarray = column(np.float64, "GBP per month", "pay in the post held; 0 if none")
    last_pay: np.ndarray = column(np.float64, "GBP per month", "pay in the last post held; 0 if never in work")
    last_occupation: np.ndarray = column(np.int8, "index", "occupation of the present or last post; -1 none", -1)
    hired_month: np.ndarray = column(np.int32, "month", "month in which the present post was taken; -1 none", -1)
    jobless_since: np.ndarray = column(
        np.int32, "month", "month since which out of work; -1 if in work or never seeking", -1
    )
    hired_through: np.ndarray = column(np.int8, "code", "channel of the present post: 0 formal, 1 contact")
    seeking: np.ndarray = column(np.int8, "code", "this month: 0 not looking, 1 looking out of work, 2 looking in work")
    elsewhere_employed: np.ndarray = column(np.int8, "flag", "in work while living elsewhere")
    elsewhere_pay: np.ndarray = column(np.float64, "GBP per month", "pay while in work elsewhere")
    moving_cost: np.ndarray = column(np.float64, "GBP per month", "instalment of the last move's cost")
    moving_cost_until: np.ndarray = column(np.int32, "month", "month in which the instalments end", -1)
    # received from services
    sessions: np.ndarray = column(np.int32, "count", "sessions received since policy began")
    support_cost: np.ndarray = column(np.float64, "GBP", "public cost of support received since policy began")
    # accumulated since policy began (the ledger's W), discounted to the start of policy
    w_income: np.ndarray = column(np.float64, "GBP", "discounted real net income since policy began")
    w_log: np.ndarray = column(np.float64, "log GBP months", "discounted log of net income since policy began")
    w_own: np.ndarray = column(np.float64, "GBP", "w_income plus the worth of ties and community here")
    job_months: np.ndarray = column(np.int32, "months", "months in work here since policy began")


@dataclass(slots=True)
class Ties(Table):
    """One row a person, ``max_ties`` slots wide: contacts, strengths and kinds. Symmetric: i lists j iff j lists i."""

    contact: np.ndarray = column(np.int32, "row", "row of the contact; -1 free slot", -1, 1)
    strength: np.ndarray = column(np.float32, "0..1", "strength of the tie, equal on both sides", 0, 1)
    kind: np.ndarray = column(
        np.int8, "code", "0 none, 1 kin_friend, 2 neighbour, 3 coworker, 4 coaching_group, 5 brokered", 0, 1
    )

    @classmethod
    def of_width(cls, n_rows: int, max_ties: int) -> Ties:
        """Return ``n_rows`` people without ties, with room for ``max_ties`` each."""
        shape = (n_rows, max_ties)
        return cls(np.full(shape, -1, np.int32), np.zeros(shape, np.float32), np.zeros(shape, np.int8))


@dataclass(slots=True)
class Employers(Table):
    """One row an employer slot; a slot is refilled by a new generation after exit."""

    generation: np.ndarray = column(np.int32, "count", "how many employers have filled the slot before")
    sector: np.ndarray = column(np.int8, "code", "0 tradable, 1 local services, 2 public, 3 outside")
    alive: np.ndarray = column(np.int8, "flag", "1 while the slot is filled", 1)
    empty_since: np.ndarray = column(np.int32, "month", "month of exit while empty; -1 alive", -1)
    premium: np.ndarray = column(
        np.float64, "ratio", "productivity^m: pay and value product over the occupation's typical", 1
    )
    taste_gender: np.ndarray = column(np.float32, "log points", "penalty on women in hiring (negative: on men)")
    taste_ethnicity: np.ndarray = column(np.float32, "log points", "penalty on minority applicants in hiring")
    kept_share: np.ndarray = column(np.float32, "share", "share of profit kept locally")
    full_scale: np.ndarray = column(np.float64, "ratio", "full-scale heads per head in the run (legal size limits)", 1)
    l0: np.ndarray = column(np.float64, "heads", "heads at birth, summed over the employer's posts")
    first_post: np.ndarray = column(np.int32, "row", "first of the employer's posts (they are contiguous)")
    n_posts: np.ndarray = column(np.int32, "count", "number of posts")
    heads: np.ndarray = column(np.int32, "heads", "resident holders plus in-commuters, as last counted")
    members: np.ndarray = column(np.int32, "heads", "union members among resident holders, as last counted")
    output: np.ndarray = column(np.float64, "GBP per month", "output of the month")
    pay_bill: np.ndarray = column(np.float64, "GBP per month", "pay of all holders, in-commuters included")
    fixed_cost: np.ndarray = column(np.float64, "GBP per month", "F: fixed cost, leaves the town")
    profit: np.ndarray = column(np.float64, "GBP per month", "output - pay - F (+ subsidies)")
    profit_mean: np.ndarray = column(np.float64, "GBP per month", "slow mean of profit (exit looks at this)")
    recognised: np.ndarray = column(np.int8, "flag", "union recognised")
    months_majority: np.ndarray = column(np.int32, "months", "consecutive months with members at least half of heads")
    months_below: np.ndarray = column(np.int32, "months", "consecutive months with members below 30% of heads")
    campaign_until: np.ndarray = column(np.int32, "month", "month in which a running campaign ends; -1 none", -1)
    wage_floor: np.ndarray = column(np.float64, "GBP per month", "wage floor agreed with a campaign; 0 none")
    enterprise: np.ndarray = column(
        np.int8, "flag", "a row kept free for a community enterprise: filled by joint action only"
    )
    subsidy: np.ndarray = column(
        np.float64, "GBP per month", "granted last month toward pay above value product; paid this month"
    )


@dataclass(slots=True)
class Posts(Table):
    """One row a post = (employer, occupation): heads, vacancies, value product and pay."""

    employer: np.ndarray = column(np.int32, "row", "employer of the post")
    occupation: np.ndarray = column(np.int8, "index", "occupation of the post")
    sector: np.ndarray = column(np.int8, "code", "sector of the employer")
    l0: np.ndarray = column(np.float64, "heads", "heads at birth, in-commuters included")
    v0: np.ndarray = column(np.float64, "GBP per month", "competitive value product per efficiency unit")
    rho: np.ndarray = column(np.float64, "ratio", "sector's product rent: y = v0 (1 + rho)")
    capacity: np.ndarray = column(np.int32, "heads", "permanent bound on vacancies; divides them in the advert draw", 1)
    commuters: np.ndarray = column(np.int32, "heads", "in-commuters holding the post; always filled")
    desired: np.ndarray = column(np.float64, "heads", "D: desired heads, in-commuters included")
    target: np.ndarray = column(np.int32, "heads", "resident heads wanted this month")
    holders: np.ndarray = column(np.int32, "heads", "residents holding the post")
    vacancies: np.ndarray = column(np.int32, "heads", "max(target - holders, 0) while the employer is alive")
    months_over: np.ndarray = column(np.int32, "months", "consecutive months with holders above target")
    vacant_since: np.ndarray = column(np.int32, "month", "month since which vacancies have been above 0; -1 none", -1)
    eps: np.ndarray = column(np.float64, "elasticity", "labour supply elasticity to the employer")
    wm: np.ndarray = column(np.float64, "GBP per month", "markdown pay")
    bargained: np.ndarray = column(np.float64, "GBP per month", "bargained pay b; 0 if not covered")
    pay: np.ndarray = column(np.float64, "GBP per month", "pay per mean efficiency of the post")
    travel: np.ndarray = column(np.float64, "GBP per month", "travel cost (outside posts)")


@dataclass(slots=True)
class Occupations(Table):
    """One row an occupation: what it pays, requires and is like."""

    typical_pay: np.ndarray = column(np.float64, "GBP per month", "typical pay in this place, an exogenous constant")
    riasec: np.ndarray = column(np.float64, "unit vector", "Holland profile", 0, 6)
    qualification: np.ndarray = column(np.int8, "code", "required qualification: 0 below RQF 3, 1 RQF 3, 2 RQF 4+")
    stem: np.ndarray = column(np.int8, "flag", "requires a STEM subject")
    social_class: np.ndarray = column(np.int8, "code", "NS-SEC: 0 routine/manual, 1 intermediate, 2 higher")
    share: np.ndarray = column(np.float64, "share", "share of residents in work (published)")
    women_share: np.ndarray = column(np.float64, "share", "share of women among holders, nationally")
