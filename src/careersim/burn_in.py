"""Burn-in: from a place's published figures to a town that has settled, simulated once and kept.

Three steps. `build_town` lays out people, ties, employers and posts. `solve` finds the few constants that make the settled
town land on the place's published figures (how many come, how many posts stand vacant, how often people become inactive,
how often new staff join a union, what typical pay is, how old residents are); it is done
once per place and parameters. `burned_in` simulates the burn-in of one replicate with those constants and keeps the state on
disk under the digest of everything that produced it; every strategy is a fork of that state.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from careersim.kept import cache_folder
from careersim.loop import simulate_month
from careersim.measures import catalogue
from careersim.measures.registry import Snapshot
from careersim.month import demand
from careersim.scenario.catalogue import configs_folder
from careersim.scenario.errors import Problem, ScenarioError
from careersim.scenario.national import National
from careersim.scenario.parameters import Parameters
from careersim.scenario.place import Place
from careersim.services import delivery
from careersim.services.base import Service
from careersim.stayers import keep_stayers
from careersim.town import state
from careersim.town.build_employers import build_employers
from careersim.town.build_people import build_people, place_initially
from careersim.town.build_ties import build_network
from careersim.town.columns import HERE, OUTSIDE, RQF4, Ties
from careersim.town.identities import compact, lay_out
from careersim.town.place_constants import write_constants
from careersim.town.ties_file import ties_from_file
from careersim.town.town import Aggregates, Solved, Town
from careersim.town.unions import density_by_sector, initial_members, initial_recognition, wanted_density

CHUNK = 30
"""Months between compactions of the table of people in burn-in."""
MAKE_UP_MONTHS = 36.0
"""In burn-in, the time in which missing residents are made up for."""
SOLVER_PEOPLE = 10_000
"""People in the town in which a place's constants are solved."""
SOLVER_MONTHS = 1440
"""Months for which it is run: the ages it starts with take a working life and more to settle."""
SOLVER_CHUNK = 24
"""Months between two corrections of the solver."""
MOST_TIGHTNESS = 2.5
"""Vacancies per unemployed above which the solver adds no posts: nobody is left who could fill them."""
WATCHED = ("residents", "employment_rate", "unemployment_rate", "inactivity_rate", "median_pay", "income_per_resident",
           "union_density", "vacancy_rate", "demand_index", "civic_capital", "employers_alive")  # fmt: skip
"""Measures whose drift the stationarity test looks at."""

CONSTANTS = ("migrant_rate", "migrant_rqf4_share", "vacancy_share", "pay_level", "inactivity_rate_factor", "join_rate",
             "age_share")  # fmt: skip
"""Fields of `Solved` that the solver finds for a place; the others are found in each run, or copied from parameters."""

Report = Callable[[str, int, int], None]
"""Told what is being done, and how many of how many months are done."""


def own_parameters(place: Place, parameters: Parameters) -> Parameters:
    """Return the parameters at the place's own death rate of employers and value added per job."""
    pay = parameters.pay.at_value_added(place.gva_per_job, place.median_pay, place.sector_share)
    return parameters.model_copy(update={"demand": parameters.demand.at_death_rate(place.death_rate), "pay": pay})


@dataclass(frozen=True)
class Setting:
    """What a burn-in depends on, apart from luck."""

    place: Place
    national: National
    parameters: Parameters
    people: int
    ties_file: Path | None = None
    """File with the network at the start; None generates one."""

    @classmethod
    def of(
        cls, place: Place, national: National, parameters: Parameters, people: int, ties_file: str | Path | None = None
    ) -> Setting:
        """Return the setting of a place: parameters at its own death rate of employers and value added per job.

        Raises
        ------
        ScenarioError
            If local demand would feed back on itself so strongly that the town need not settle.
        """
        own = own_parameters(place, parameters)
        gain = demand.loop_gain(own, place, national.benefit / place.median_pay)
        if gain >= demand.LARGEST_GAIN:
            problem = Problem(
                f"local demand feeds back on itself too strongly in {place.label}: loop gain {gain:.2f}",
                "parameters.demand.gamma",
                allowed=f"a loop gain below {demand.LARGEST_GAIN}",
                found=f"gamma = {parameters.demand.gamma}",
            )
            raise ScenarioError([problem])
        return cls(place, national, own, people, Path(ties_file) if ties_file else None)

    def constants_digest(self) -> str:
        """Hash of what the place's solved constants depend on: the place, the national figures and the parameters.

        Not the length of burn-in, and not the code: constants are figures found with the model, checked by the stationarity test.
        """
        time = self.parameters.time.model_copy(update={"burn_in": 0})
        parameters = self.parameters.model_copy(update={"time": time})
        parts = [self.place.model_dump_json(), self.national.model_dump_json(), parameters.model_dump_json()]
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()

    def scenario_digest(self) -> str:
        """Hash of the scenario that a stationarity test is about: place, nation, parameters, length of burn-in, people."""
        text = f"{self.constants_digest()} {self.parameters.time.burn_in} {self.people}"
        return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()

    def digest(self) -> str:
        """Hash of everything that a burn-in is made from: place, nation, parameters, constants, people and code."""
        parts = [self.place.model_dump_json(), self.national.model_dump_json(), self.parameters.model_dump_json()]
        parts += [code_digest(), str(self.people), _constants_text(self)]
        if self.ties_file is not None:
            parts.append(hashlib.blake2b(self.ties_file.read_bytes(), digest_size=16).hexdigest())
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()


@cache
def code_digest() -> str:
    """Hash of the source files that decide what a simulated town does (not those that only run, show or report it)."""
    root = Path(__file__).parent
    files = [root / n for n in ("chance.py", "kernels.py", "loop.py", "burn_in.py", "stayers.py")]
    for folder in ("town", "month", "services", "scenario/parameters"):
        files += sorted((root / folder).rglob("*.py"))
    h = hashlib.blake2b(digest_size=8)
    for f in files:
        h.update(f.relative_to(root).as_posix().encode())
        h.update(f.read_bytes())
    return h.hexdigest()


def build_town(setting: Setting, key: np.uint64, solved: Solved) -> Town:
    """Lay out a place in its first month: people of a stationary age distribution, ties, employers, posts, work."""
    place, national, params, n = setting.place, setting.national, setting.parameters, setting.people
    employers, posts, occupations = build_employers(place, national, params, n, key, solved)
    people = build_people(place, national, params, n, key, solved.age_share)
    town = Town(
        key=key,
        month=0,
        policy_start=params.time.burn_in,
        people=people,
        ties=Ties.of_width(0, params.ties.max_ties),
        employers=employers,
        posts=posts,
        occupations=occupations,
        aggregates=Aggregates(unemployment=place.unemployment_rate, mean_pay=occupations.typical_pay.copy()),
        solved=solved,
        n_people=n,
        scale=place.full_size / n,
        benefit=national.benefit,
        minimum_wage=national.minimum_wage,
        housing_difference=place.housing_difference,
        next_id=n,
    )
    write_constants(town, place, national, params)
    place_initially(town, place, params)
    initial_recognition(town, place, params)
    initial_members(town, place, params)
    if setting.ties_file is not None:
        town.ties = ties_from_file(setting.ties_file, people, params.ties.max_ties)
    else:
        network = build_network(people, place, params, key, posts, employers)
        town.ties, town.solved.origin_homophily = network.ties, network.origin_homophily
    keep_stayers(town, params, place.unemployment_rate)
    return town


def _provision(params: Parameters) -> list[Service]:
    """Today's careers service, which runs in burn-in and in every arm."""
    return delivery.provision(params)


def run_burn_in(
    setting: Setting, key: np.uint64, solved: Solved, report: Report | None = None
) -> tuple[Town, list[Service], dict[str, np.ndarray]]:
    """Simulate the burn-in of one replicate; return the town at the start of policy, its services, and the watched series.

    In the first seven eighths nothing feeds back on the place's means (local demand, the wage curve, markdowns, civic capital
    and admission are held), and in-migration makes up for residents missing or too many. Means over the last eighth of that time,
    of the in-migration needed too, become the run's own references; then the town runs as the policy period will.
    """
    town = build_town(setting, key, state.copy_record(solved))
    services = _provision(setting.parameters)
    months = setting.parameters.time.burn_in
    listen, live = months * 3 // 4, months * 7 // 8
    series: dict[str, list[float]] = {name: [] for name in WATCHED}
    heard: list[dict[str, float]] = []
    measures = catalogue()
    while town.month < months:
        until = min(e for e in (listen, live, months, (town.month // CHUNK + 1) * CHUNK) if e > town.month)
        if town.month < live:
            town.solved.migrant_rate = max(solved.migrant_rate + _make_up_rate(town, setting), 0.0)
        lay_out(town, setting.place, setting.national, setting.parameters, until)
        while town.month < until:
            simulate_month(town, setting.parameters, services)
            if listen < town.month <= live:
                heard.append({**_look(town), "migrant_rate": town.solved.migrant_rate})
            if months - town.month < 60:
                for name in WATCHED:
                    series[name].append(measures[name].compute(Snapshot(town)))
            if report is not None and town.month % 12 == 0:
                report(f"burn-in of {setting.place.label}", town.month, months)
        if town.month == live:
            _set_references(town, heard, setting.parameters.demography.admission)
        _drop_the_gone(town, services, setting.parameters)
    return town, services, {name: np.array(values) for name, values in series.items()}


def _make_up_rate(town: Town, setting: Setting) -> float:
    """More (or fewer) potential in-migrants per resident and month, to make up for residents missing (or too many)."""
    missing = town.n_people - int(np.count_nonzero(town.people.residence == HERE))
    return missing / town.n_people / MAKE_UP_MONTHS / setting.parameters.demography.admission


def _set_references(town: Town, heard: list[dict[str, float]], admission: float) -> None:
    """Make the means of the months heard the run's own references; from now on the place feeds back on itself.

    In-migration is what came in these months less what the number of residents grew by.
    """
    growth = (heard[-1]["residents"] - heard[0]["residents"]) / max(len(heard) - 1, 1)
    mean = {name: float(np.mean([h[name] for h in heard])) for name in heard[0]}
    s = town.solved
    s.income_ref, s.civic_ref = mean["income"] / town.n_people, mean["civic"] / town.n_people
    s.unemployment_ref = mean["unemployment"]
    s.migrant_rate = max(mean["migrant_rate"] - growth / town.n_people / admission, 0.0)
    s.concentration_ref = np.array([mean[f"concentration {o}"] for o in range(len(town.occupations))])


def _drop_the_gone(town: Town, services: Sequence[Service], params: Parameters) -> None:
    """Drop rows of people gone for good, from the town and from what services remember of people."""
    kept = compact(town, params.migration.return_window)
    for service in services:
        service.keep_rows(np.flatnonzero(kept))


# ---------------------------------------------------------------------------------------------------------------------
# The solver
# ---------------------------------------------------------------------------------------------------------------------


def solve(setting: Setting, report: Report | None = None, key: np.uint64 | None = None) -> Solved:
    """Find the constants with which the settled town lands on the published figures.

    One town of `SOLVER_PEOPLE` runs for `SOLVER_MONTHS`. Every `SOLVER_CHUNK` months each constant is
    corrected by how far its figure missed: in-migration by the net outflow and the missing residents, posts by the missing
    employed, entry into inactivity by the missing inactive, pay by its median, joining by the missing members. The answer is the mean
    of each constant, and of the shares by age, over the last half of the corrections.
    """
    params = setting.parameters
    setting = Setting(setting.place, setting.national, params, SOLVER_PEOPLE)
    start = Solved(migrant_rqf4_share=setting.place.rqf4_share)
    town = build_town(setting, np.uint64(20260101) if key is None else key, start)
    services = _provision(params)
    months = SOLVER_MONTHS
    path: list[Solved] = []
    ages: list[np.ndarray] = []
    while town.month < months:
        lay_out(town, setting.place, setting.national, params, town.month + SOLVER_CHUNK)
        seen: list[dict[str, float]] = []
        for _ in range(SOLVER_CHUNK):
            simulate_month(town, params, services)
            seen.append(_look(town))
        means = {name: float(np.mean([s[name] for s in seen])) for name in seen[0]}
        means["growth"] = (seen[-1]["residents"] - seen[0]["residents"]) / (SOLVER_CHUNK - 1)
        _correct(town, setting.place, means, density_by_sector(town))
        ages.append(_age_share(town, params.time.pension_age))
        path.append(state.copy_record(town.solved))
        if town.month % CHUNK == 0:
            _drop_the_gone(town, services, params)
        if report is not None:
            report(f"solving {setting.place.label}", town.month, months)
    out = _mean_solution(path[len(path) // 2 :])
    out.age_share = np.mean(ages[len(ages) // 2 :], axis=0)
    return out


def _age_share(town: Town, pension_age: int) -> np.ndarray:
    """Shares of residents by year of age from 13 to pension age."""
    w = town.people
    age = (town.month - w.birth_month[w.residence == HERE]) // 12 - 13
    count = np.bincount(np.clip(age, 0, pension_age - 14), minlength=pension_age - 13)
    return count / max(count.sum(), 1)


def _look(town: Town) -> dict[str, float]:
    now = dict(town.tallies["counts"])
    now["income"] = town.aggregates.income
    now["unemployment"] = town.aggregates.unemployment
    now["civic"] = town.aggregates.civic_activity
    now["left"] = float(town.tallies.get("out_moves", 0.0)) - float(town.tallies.get("returns", 0.0))
    now["came"] = float(town.tallies.get("in_moves", 0.0)) - float(town.tallies.get("returns", 0.0))
    w = town.people
    age = town.month - w.birth_month
    now["graduates"] = float(
        np.count_nonzero((w.residence == HERE) & (age >= 192) & (age < 780) & (w.qualification == RQF4))
    )
    now |= {f"concentration {o}": float(c) for o, c in enumerate(town.aggregates.concentration)}
    now["vacancies"] = town.aggregates.vacancies
    now["median_pay"] = float(np.median(w.pay[w.post >= 0]))
    return now


def _correct(town: Town, place: Place, seen: dict[str, float], density: np.ndarray) -> None:
    """Move each constant of ``town.solved`` by how far its figure missed over the last months."""
    s = town.solved
    # residents: as many come as would hold the number, and a fifth of those missing per year
    admitted = seen["came"] / max(town.n_people * s.migrant_rate, 1e-9)
    wanted = seen["came"] - seen["growth"] + (town.n_people - seen["residents"]) / 60.0
    rate = wanted / (town.n_people * max(admitted, 0.1))
    s.migrant_rate = float(np.clip(0.5 * s.migrant_rate + 0.5 * rate, 1e-5, 0.05))
    # inactivity: the rates of entry in proportion to what is missing
    inactive = 1.0 - (seen["employed"] + seen["unemployed"]) / seen["residents_16_64"]
    market = (seen["discouraged"] + seen["students"]) / seen["residents_16_64"]
    wish = max(place.inactivity_rate - market, 0.01) / max(inactive - market, 0.01)
    s.inactivity_rate_factor = float(np.clip(s.inactivity_rate_factor * wish**0.25, 0.02, 50.0))
    # posts: one more employed resident wanted is one more post wanted
    gap = place.employment_rate - seen["employed"] / seen["residents_16_64"]
    grow = float(np.clip(1.0 + 0.4 * gap / place.employment_rate, 0.9, 1.1))
    if seen["vacancies"] > MOST_TIGHTNESS * seen["unemployed"]:
        grow = min(grow, 1.0)
    local = town.posts.sector != OUTSIDE
    town.posts.l0[local] *= grow
    town.employers.l0[town.employers.sector != OUTSIDE] *= grow
    town.employers.fixed_cost[town.employers.sector != OUTSIDE] *= grow
    s.vacancy_share = 1.0 - (1.0 - s.vacancy_share) / grow
    # pay: the level of typical pay, and with it of value products, by half of what the median misses
    level = float(np.clip((place.median_pay / seen["median_pay"]) ** 0.5, 0.95, 1.05))
    s.pay_level *= level
    town.occupations.typical_pay *= level
    for column in (town.posts.v0, town.posts.wm, town.posts.pay, town.posts.bargained):
        column *= level
    town.employers.fixed_cost *= level
    # graduates: those who come, by twice what the residents' share misses
    s.migrant_rqf4_share = float(
        np.clip(
            s.migrant_rqf4_share + 2.0 * (place.rqf4_share - seen["graduates"] / seen["residents_16_64"]) * 0.5,
            0.02,
            0.9,
        )
    )
    # unions: joining in proportion to the missing members
    step = np.clip(wanted_density(place) / np.maximum(density, 1e-3), 0.8, 1.25)
    s.join_rate = np.clip(s.join_rate * step, 1e-4, 1.0)


def _mean_solution(path: list[Solved]) -> Solved:
    names = ("migrant_rate", "migrant_rqf4_share", "vacancy_share", "pay_level", "inactivity_rate_factor")
    means: dict[str, Any] = {n: float(np.mean([getattr(s, n) for s in path])) for n in names}
    out = Solved(**means)
    out.join_rate = np.mean([s.join_rate for s in path], axis=0)
    return out


# ---------------------------------------------------------------------------------------------------------------------
# What is kept
# ---------------------------------------------------------------------------------------------------------------------


def solved_for(setting: Setting, report: Report | None = None) -> Solved:
    """Return the place's constants: as shipped or kept for these very parameters, otherwise solved now and kept."""
    text = _constants_text(setting)
    if not text:
        text = constants_as_text(solve(setting, report), setting)
        path = cache_folder() / _constants_file(setting)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    values: dict[str, Any] = json.loads(text)["constants"]
    plain: dict[str, Any] = {n: np.array(v, float) if isinstance(v, list) else v for n, v in values.items()}
    return Solved(**plain)


def constants_as_text(solved: Solved, setting: Setting) -> str:
    """Return constants as JSON, with the place and digest they belong to."""
    values = {n: getattr(solved, n) for n in CONSTANTS}
    plain = {n: v.tolist() if isinstance(v, np.ndarray) else v for n, v in values.items()}
    return (
        json.dumps({"place": setting.place.name, "digest": setting.constants_digest(), "constants": plain}, indent=1)
        + "\n"
    )


def _constants_file(setting: Setting) -> str:
    """Name in the cache; constants found by other code are not used, since a result's key names the code."""
    return f"constants-{setting.place.name}-{setting.constants_digest()}-{code_digest()}.json"


def _constants_text(setting: Setting) -> str:
    """Constants as shipped (``configs/settled/<place>.json``) or kept in the cache; empty if neither fits."""
    for path in (
        configs_folder() / "settled" / f"{setting.place.name}.json",
        cache_folder() / _constants_file(setting),
    ):
        try:
            text = path.read_text()
            if json.loads(text)["digest"] == setting.constants_digest():
                return text
        except (OSError, ValueError, KeyError):
            continue
    return ""


def burned_in(setting: Setting, key: np.uint64, report: Report | None = None) -> tuple[Town, list[Service], dict]:
    """Return a fresh fork of the settled town of one replicate, its services, and how it was settled.

    The state is simulated at most once per (place, people, parameters, replicate, code) and kept in `cache_folder`.
    """
    solved = solved_for(setting, report)
    name = f"town-{setting.digest()}-{int(key):016x}.npz"
    path = cache_folder() / name
    arrays = state.load(path)
    if arrays is None:
        town, services, series = run_burn_in(setting, key, solved, report)
        arrays = state.to_arrays(town)
        arrays |= {f"series/{n}": v for n, v in series.items()}
        arrays |= {f"service/{k}/{n}": v for k, s in enumerate(services) for n, v in s.arrays().items()}
        state.save(arrays, path)
    town = state.from_arrays({k: v for k, v in arrays.items() if not k.startswith(("series/", "service/"))})
    services = _provision(setting.parameters)
    for k, service in enumerate(services):
        prefix = f"service/{k}/"
        service.restore({n.removeprefix(prefix): v for n, v in arrays.items() if n.startswith(prefix)})
    series = {n.removeprefix("series/"): v for n, v in arrays.items() if n.startswith("series/")}
    return town, services, {"digest": setting.digest(), "series": series, "code": code_digest()}
