"""The ledger: what one policy did to every identity, person by person, by comparing twin worlds.

Two worlds that fork from one saved state hold the same identities in the same rows and give them the same luck. Everybody has
``W``, the discounted value of income since policy began, in both; ``dW = W(policy) - W(none)`` is what the policy did to that
person. The ledger adds ``dW`` up in cells that cover everybody exactly once, in whole pence, so its rows add to its total
exactly. Source: the counterfactual-twin definition of an individual effect (Rubin 1974) with common random numbers.

Cells: place at the end in the policy world x in the world without it x kind of identity x took part or not x whether tied,
at the start of policy, to somebody who took part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from careersim.measures.inequality import gini, gini_of_both_signs
from careersim.town.columns import ELSEWHERE, GONE, HERE, NOT_YET, People, Ties
from careersim.town.sums import FRACTION, PENCE

PLACES = ("here", "elsewhere", "gone", "not yet")
"""Where somebody is counted at the end of a world."""
AT_HOME, AWAY, LEFT_LIFE, UNBORN = 0, 1, 2, 3
KINDS = ("initial", "school leaver", "in-migrant")
MEASURES: dict[str, float] = {"income": PENCE, "log_income": FRACTION, "own": PENCE}
"""The three versions of W and the whole units they are summed in: pence, 2^-20 log GBP months, pence."""
CELL_COLUMNS = ["row", "place_policy", "place_none", "kind", "took_part", "tied"]


@dataclass(frozen=True, slots=True)
class Lives:
    """What the ledger needs to know of everybody in one world at its end; one row an identity."""

    id: np.ndarray
    kind: np.ndarray
    """0 initial, 1 school leaver, 2 in-migrant."""
    place: np.ndarray
    """Index into PLACES."""
    sessions: np.ndarray
    """Sessions received from the strategy."""
    income: np.ndarray
    """Discounted real net income since policy began, GBP."""
    log_income: np.ndarray
    """Discounted log of net income, log GBP months."""
    own: np.ndarray
    """Income plus worth of ties and community, in the person's own terms, GBP."""
    origin: np.ndarray
    """National rank of the parents' income, 0..1."""
    skill: np.ndarray
    support: np.ndarray
    pay: np.ndarray
    """Pay in the post held here in the last month, GBP per month."""
    n_ties: np.ndarray
    """Ties held in the last month."""

    def __len__(self) -> int:
        return len(self.id)


def end_place(people: People, month: int, last_place: np.ndarray | None = None) -> np.ndarray:
    """Where everybody is counted at ``month``: an index into PLACES.

    A potential entrant whose month has come but who did not enter lives elsewhere; one whose month is still to come is "not
    yet" in any world. People past pension age are counted where they lived last (``last_place``, a residence code per row);
    without it they are "gone".
    """
    place = np.full(len(people), UNBORN, np.int8)
    place[people.residence == HERE] = AT_HOME
    place[people.residence == ELSEWHERE] = AWAY
    place[(people.residence == NOT_YET) & (people.entry_month < month)] = AWAY
    gone = people.residence == GONE
    place[gone] = LEFT_LIFE
    if last_place is not None:
        place[gone & (last_place == HERE)] = AT_HOME
        place[gone & (last_place == ELSEWHERE)] = AWAY
    return place


def lives(
    people: People,
    month: int,
    ties: Ties | None = None,
    last_place: np.ndarray | None = None,
    received: np.ndarray | None = None,
) -> Lives:
    """Take from a world at ``month`` what the ledger needs (columns are not copied).

    ``received`` are the sessions had from the strategy alone; without it all sessions count, today's provision included.
    """
    n_ties = np.zeros(len(people), np.int32) if ties is None else (ties.contact >= 0).sum(1, dtype=np.int32)
    return Lives(
        id=people.id,
        kind=people.origin_kind,
        place=end_place(people, month, last_place),
        sessions=people.sessions if received is None else received,
        income=people.w_income,
        log_income=people.w_log,
        own=people.w_own,
        origin=people.origin,
        skill=people.skill,
        support=people.support,
        pay=people.pay,
        n_ties=n_ties,
    )


def took_part(policy: Lives, none: Lives) -> np.ndarray:
    """Who took part: received sessions under the policy, or would have received them in the world without it.

    Which of two worlds brings a person to a service is partly chance. Those who came under the policy had on average worse
    luck there than in the other world, and counting only them would find harm where nothing was done. The union of both treats
    the two worlds alike; what it finds is diluted by those who came in one only.
    """
    return np.asarray((policy.sessions > 0) | (none.sessions > 0))


def tied_to(took: np.ndarray, ties: Ties) -> np.ndarray:
    """Who has at least one tie to somebody who took part; pass the ties at the start of policy."""
    return tied_to_contacts(took, ties.contact)


def tied_to_contacts(took: np.ndarray, contact: np.ndarray) -> np.ndarray:
    """Like :func:`tied_to`, from the table of contacts alone."""
    if len(took) == 0:
        return np.zeros(0, bool)
    known = contact >= 0
    return np.asarray((took[np.where(known, contact, 0)] & known).any(axis=1))


def whole(values: np.ndarray, unit: float) -> np.ndarray:
    """``values`` in whole ``unit``-ths, rounded to nearest (pence for money): sums of these are exact and free of order."""
    return np.floor(np.asarray(values, np.float64) * unit + 0.5).astype(np.int64)


def gains(policy: Lives, none: Lives, measure: str = "income") -> np.ndarray:
    """Each identity's dW in whole units of the measure (pence, pence, 2^-20); raises if rows are not the same identities."""
    check_same_identities(policy, none)
    unit = MEASURES[measure]
    return whole(getattr(policy, measure), unit) - whole(getattr(none, measure), unit)


def check_same_identities(policy: Lives, none: Lives) -> None:
    """Raise ValueError unless row i is the same identity in both worlds."""
    if len(policy) != len(none) or not np.array_equal(policy.id, none.id):
        raise ValueError(
            "the two worlds do not hold the same identities row by row: "
            "compare only arms that fork from one saved state with one seed and replicate"
        )


def ledger(
    policy: Lives,
    none: Lives,
    tied: np.ndarray | None = None,
    flows_policy: Mapping[str, float] | None = None,
    flows_none: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """The ledger of one replicate of one policy, as a long table.

    Parameters
    ----------
    policy, none
        Everybody at the end of each world.
    tied
        Who was tied at the start of policy to somebody who took part (see :func:`tied_to`).
    flows_policy, flows_none
        Discounted sums since policy began in GBP: ``profit``, ``pay_commuters``, ``benefits``, ``public_cost`` and ``elsewhere_jobs``
        (worth of the jobs that this town's people hold elsewhere over benefit). Without them the further rows are left out.

    Returns
    -------
    DataFrame
        One line per cell and measure: the columns of CELL_COLUMNS, ``measure``, ``n`` (identities), ``fixed`` (sum of dW in
        whole units, exact), ``unit`` (units per GBP or log GBP) and ``total`` = fixed / unit. Further rows (``employers``,
        ``in-commuters``, ``exchequer``, ``others elsewhere, displacement 0 | 1``) carry measure "income" and n = 0.
    """
    check_same_identities(policy, none)
    took = took_part(policy, none)
    tied = np.zeros(len(policy), bool) if tied is None else tied & ~took
    code = (((policy.place.astype(np.int64) * 4 + none.place) * 3 + none.kind) * 2 + took) * 2 + tied
    cells, cell_of = np.unique(code, return_inverse=True)
    n = np.bincount(cell_of, minlength=len(cells))
    frames = [_cell_frame(cells, n, m, _sums(cell_of, gains(policy, none, m), len(cells))) for m in MEASURES]
    if flows_policy is not None and flows_none is not None:
        frames.append(_further_rows(flows_policy, flows_none))
    return pd.concat(frames, ignore_index=True)


def _sums(cell_of: np.ndarray, values: np.ndarray, n_cells: int) -> np.ndarray:
    """Whole-number sums of ``values`` by cell."""
    out = np.zeros(n_cells, np.int64)
    np.add.at(out, cell_of, values)
    return out


def _cell_frame(cells: np.ndarray, n: np.ndarray, measure: str, fixed: np.ndarray) -> pd.DataFrame:
    """Lines of one measure, with the cell's code taken apart."""
    unit = MEASURES[measure]
    return pd.DataFrame(
        {
            "row": "cell",
            "place_policy": np.take(PLACES, cells // 48),
            "place_none": np.take(PLACES, cells // 12 % 4),
            "kind": np.take(KINDS, cells // 4 % 3),
            "took_part": cells // 2 % 2 == 1,
            "tied": cells % 2 == 1,
            "measure": measure,
            "n": n,
            "fixed": fixed,
            "unit": unit,
            "total": fixed / unit,
        }
    )


def _further_rows(policy: Mapping[str, float], none: Mapping[str, float]) -> pd.DataFrame:
    """Employers, people who commute in, exchequer and others elsewhere: discounted GBP, policy less none."""

    def change(name: str) -> float:
        return policy.get(name, 0.0) - none.get(name, 0.0)

    rows = {
        "employers": change("profit"),
        "in-commuters": change("pay_commuters"),
        "exchequer": -change("benefits") - change("public_cost"),
        "others elsewhere, displacement 0": 0.0,
        "others elsewhere, displacement 1": -change("elsewhere_jobs"),
    }
    fixed = whole(np.array(list(rows.values())), PENCE)
    frame = pd.DataFrame({"row": list(rows), "place_policy": "", "place_none": "", "kind": "", "took_part": False})
    return frame.assign(tied=False, measure="income", n=0, fixed=fixed, unit=PENCE, total=fixed / PENCE)


def _cells_of(table: pd.DataFrame, measure: str) -> dict[str, np.ndarray]:
    """Columns of the cells of one measure (a mask on each costs a tenth of one on the table)."""
    cells = (table["row"].to_numpy() == "cell") & (table["measure"].to_numpy() == measure)
    columns = ("place_policy", "place_none", "took_part", "tied", "n", "fixed")
    return {name: table[name].to_numpy()[cells] for name in columns}


def total_effect(table: pd.DataFrame, measure: str = "income") -> float:
    """Sum of dW over all identities; GBP (log GBP months for ``log_income``), discounted to the start of policy."""
    return int(_cells_of(table, measure)["fixed"].sum()) / MEASURES[measure]


def direct_effect(table: pd.DataFrame, measure: str = "income", per_person: bool = True) -> float:
    """What the policy did to those who took part: mean (or sum) of their dW; NaN if nobody did.

    Direct effect in the sense of Halloran and Struchiner (1995), here known person by person.
    """
    cells = _cells_of(table, measure)
    return _mean(cells, cells["took_part"].astype(bool), measure, per_person)


def spillover(table: pd.DataFrame, measure: str = "income", tied: bool | None = None, per_person: bool = True) -> float:
    """What the policy did to everybody who did not take part: mean (or sum) of their dW.

    ``tied`` = True or False restricts to those with, or without, a tie to a participant at the start of policy. Means are of
    those who live here at the end in either world (or lived here last): all who live elsewhere in both, most of whom never
    came, would only dilute them. Sums are of everybody.
    """
    cells = _cells_of(table, measure)
    chosen = ~cells["took_part"].astype(bool)
    if per_person:
        chosen &= (cells["place_policy"] == "here") | (cells["place_none"] == "here")
    if tied is not None:
        chosen &= cells["tied"].astype(bool) == tied
    return _mean(cells, chosen, measure, per_person)


def displacement_ratio(participants: float, others: float) -> tuple[float, str]:
    """Pounds lost by others per pound gained by participants: ``-(sum over others) / (sum over participants)``.

    Parameters
    ----------
    participants, others
        Sums of dW in GBP, pooled over replicates.

    Returns
    -------
    ratio, reason
        NaN and the reason in words where it has no meaning. 1 means that every pound gained was somebody else's pound
        (Crepon et al. 2013 measure the like for jobs).
    """
    if not np.isfinite(participants) or participants <= 0:
        return float("nan"), "participants did not gain"
    if others >= 0:
        return float("nan"), "others did not lose"
    return -others / participants, ""


def _mean(cells: Mapping[str, np.ndarray], chosen: np.ndarray, measure: str, per_person: bool) -> float:
    """Mean (or sum) of dW over chosen cells; NaN for a mean over nobody."""
    total = int(cells["fixed"][chosen].sum()) / MEASURES[measure]
    if not per_person:
        return total
    n = int(cells["n"][chosen].sum())
    return total / n if n else float("nan")


def here_in_either(policy: Lives, none: Lives) -> np.ndarray:
    """Mask of those who live here at the end in the one world or the other (or lived here last)."""
    return (policy.place == AT_HOME) | (none.place == AT_HOME)


def reach(policy: Lives, none: Lives) -> dict[str, float]:
    """How widely the gain reaches, among those who live here at the end in either world.

    Returns
    -------
    dict
        ``reach.gini``: Gini coefficient of dW (GBP), 0 if all gain alike, 1 if all of the change falls on one person; gains of both
        signs, so normalised by the mean size of dW (Raffinetti, Siletti and Vernizzi 2015); compare with the placebo's, since luck
        sorts lives differently in any two worlds. ``reach.low_third`` and ``reach.all``: summed dW in GBP of those from the lowest origin
        third, and of all, from which the share that goes to the lowest third is formed. ``reach.gini_change``: change of the Gini
        coefficient of W itself.
    """
    here = here_in_either(policy, none)
    dw = gains(policy, none)
    low = here & (policy.origin < 1.0 / 3.0)
    return {
        "reach.gini": gini_of_both_signs(dw[here] / PENCE),
        "reach.low_third": int(dw[low].sum()) / PENCE,
        "reach.all": int(dw[here].sum()) / PENCE,
        "reach.gini_change": gini(policy.income[here]) - gini(none.income[here]),
    }
