"""Is the settled town settled? A test per place, stored with the digest of what was tested (model.md 2).

Sixteen replicates of the burn-in are simulated (the design asks for eight at least), and where a drift comes out beyond its band, forty-eight
in all: with sixteen the standard error of union density's drift is .3 points, and one settled place in ten would miss by chance. Over their last 60 months each watched measure is fitted by a straight
line, and its drift (slope times 60 months), averaged over replicates, must stay under half a percentage point for rates and
2% for levels. The same replicates are set beside the place's published figures.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from careersim import burn_in
from careersim.chance import replicate_key
from careersim.kept import cache_folder
from careersim.scenario.catalogue import configs_folder
from careersim.scenario.national import load_national
from careersim.scenario.parameters import Parameters
from careersim.scenario.place import Place, load_place
from careersim.town import state

REPLICATES = 16
MOST_REPLICATES = 48
"""Replicates in all where one of the first ones' drifts is beyond its band."""
RATES = ("employment_rate", "unemployment_rate", "inactivity_rate", "union_density", "vacancy_rate")
RATE_BAND = 0.005
LEVEL_BAND = 0.02


@dataclass(frozen=True)
class Drift:
    """Drift of one measure over the last 60 months of burn-in, pooled over replicates."""

    measure: str
    mean: float
    drift: float
    standard_error: float
    allowed: float
    replicate_sd: float

    @property
    def passed(self) -> bool:
        """Whether the pooled drift is inside the allowed band."""
        return abs(self.drift) <= self.allowed


@dataclass(frozen=True)
class Landing:
    """A published figure beside the settled town's."""

    measure: str
    published: float
    simulated: float
    standard_error: float
    band: float

    @property
    def passed(self) -> bool:
        """Whether the settled town lands inside the stated band of the published figure."""
        return abs(self.simulated - self.published) <= self.band


@dataclass(frozen=True)
class PlaceCheck:
    """Result of the test for one place."""

    place: str
    label: str
    people: int
    replicates: int
    digest: str
    """Digest of the scenario tested (`Setting.scenario_digest`)."""
    code: str
    """Digest of the code it was tested with."""
    drifts: list[Drift]
    landings: list[Landing]
    town: str = ""
    """Digest of the first replicate's settled town, to the last bit: code that settles the same town has the towns that were tested."""

    @property
    def stationary(self) -> bool:
        """Whether every watched measure passed."""
        return all(d.passed for d in self.drifts)


def drift_of(series: np.ndarray) -> np.ndarray:
    """Return slope times length of each row (replicate) of ``series`` by least squares."""
    months = np.arange(series.shape[1]) - (series.shape[1] - 1) / 2.0
    return (series * months).sum(axis=1) / (months**2).sum() * series.shape[1]


def published(place: Place) -> dict[str, tuple[float, float]]:
    """Return the published figures a settled town is set beside, each with its band.

    Bands: the survey's own 95% interval is about 5 points for a single place's employment and inactivity; a settled town is asked
    for less than half of that. Median pay is asked for by rank order over places; its band here is 10%.
    """
    active = 1.0 - place.inactivity_rate
    density = (
        place.union_density_private * (1 - place.sector_share[2]) + place.union_density_public * place.sector_share[2]
    )
    return {
        "employment_rate": (place.employment_rate, 0.02),
        "unemployment_rate": (1.0 - place.employment_rate / active, 0.01),
        "inactivity_rate": (place.inactivity_rate, 0.02),
        "median_pay": (place.median_pay, 0.10 * place.median_pay),
        "union_density": (density, 0.02),
        "demand_index": (1.0, 0.02),
    }


def _one_burn_in(name: str, people: int, replicate: int, parameters: Parameters) -> dict[str, np.ndarray]:
    setting = burn_in.Setting.of(load_place(name), load_national(), parameters, people)
    return burn_in.burned_in(setting, replicate_key(0, replicate))[2]["series"]


def check_place(
    name: str,
    people: int = 5000,
    replicates: int = REPLICATES,
    parameters: Parameters | None = None,
    workers: int = 2,
    most: int = MOST_REPLICATES,
) -> PlaceCheck:
    """Simulate (or fetch) the burn-ins of a place, test their drift and set them beside the published figures.

    Where a drift is beyond its band, the test is repeated on ``most`` replicates in all, if that is more.
    """
    params = parameters or Parameters()
    setting = burn_in.Setting.of(load_place(name), load_national(), params, people)
    burn_in.solved_for(setting)
    found = _found(name, setting, _burn_ins(name, people, replicates, params, workers))
    if not found.stationary and most > replicates:
        found = _found(name, setting, _burn_ins(name, people, most, params, workers))
    store(found)
    return found


def renewed(name: str, people: int = 5000, parameters: Parameters | None = None) -> PlaceCheck | None:
    """Return the stored check of a place as one of the present code, if that still settles the very town that was tested; else None.

    One burn-in shows it: every column of people, ties, employers and posts after 960 months is the same to the last bit.
    """
    setting = burn_in.Setting.of(load_place(name), load_national(), parameters or Parameters(), people)
    found = stored(setting)
    if found is None or found.town != first_town(setting):
        return None
    found = replace(found, code=burn_in.code_digest())
    store(found)
    return found


def first_town(setting: burn_in.Setting) -> str:
    """Digest of the whole settled town of the first replicate tested."""
    return state.digest(burn_in.burned_in(setting, replicate_key(0, 0))[0])


def _burn_ins(name: str, people: int, replicates: int, params: Parameters, workers: int) -> dict[str, np.ndarray]:
    """Watched measures over the last months of burn-in, one row a replicate."""
    jobs = [(name, people, r, params) for r in range(replicates)]
    if workers == 1:
        runs = [_one_burn_in(*job) for job in jobs]
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            runs = [done.result() for done in [pool.submit(_one_burn_in, *job) for job in jobs]]
    return {measure: np.stack([r[measure] for r in runs]) for measure in burn_in.WATCHED}


def _found(name: str, setting: burn_in.Setting, series: dict[str, np.ndarray]) -> PlaceCheck:
    """Drift and landing of the burn-ins of a place."""
    landings = [
        Landing(m, figure, float(series[m].mean()), _standard_error(series[m].mean(axis=1)), band)
        for m, (figure, band) in published(setting.place).items()
    ]
    return PlaceCheck(
        name,
        setting.place.label,
        setting.people,
        len(series["residents"]),
        setting.scenario_digest(),
        burn_in.code_digest(),
        [_drift(measure, values) for measure, values in series.items()],
        landings,
        first_town(setting),
    )


def _drift(measure: str, values: np.ndarray) -> Drift:
    drifts = drift_of(values)
    mean = float(values.mean())
    allowed = RATE_BAND if measure in RATES else LEVEL_BAND * abs(mean)
    return Drift(measure, mean, float(drifts.mean()), _standard_error(drifts), allowed, float(drifts.std(ddof=1)))


def _standard_error(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def check_places(
    names: Sequence[str], people: int = 5000, workers: int | None = None, tell: Callable[[str], None] | None = None
) -> list[PlaceCheck]:
    """Check several places; ``tell`` is told what is being done."""
    checks = []
    for number, name in enumerate(names, 1):
        if tell is not None:
            tell(f"{number}/{len(names)} {name}: {REPLICATES} burn-ins of {people:,} people")
        checks.append(check_place(name, people, workers=workers or os.cpu_count() or 1))
    return checks


# ---------------------------------------------------------------------------------------------------------------------
# What is stored, and how a run cites it
# ---------------------------------------------------------------------------------------------------------------------


def store(check: PlaceCheck) -> Path:
    """Keep a check in the user's cache folder under the digest of what was tested."""
    path = cache_folder() / f"stationarity-{check.digest}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(check), indent=1))
    return path


def ship(check: PlaceCheck, setting: burn_in.Setting, folder: Path) -> None:
    """Write a place's constants and its check into ``folder`` (``configs/settled``), to be shipped with the package."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{check.place}.json").write_text(burn_in.constants_as_text(burn_in.solved_for(setting), setting))
    (folder / f"{check.place}.check.json").write_text(json.dumps(asdict(check), indent=1) + "\n")


def stored(setting: burn_in.Setting) -> PlaceCheck | None:
    """Return the check of this very scenario, from the user's cache folder or as shipped; None if there is none."""
    digest = setting.scenario_digest()
    shipped = configs_folder() / "settled" / f"{setting.place.name}.check.json"
    for path in (cache_folder() / f"stationarity-{digest}.json", shipped):
        if path.exists():
            raw = json.loads(path.read_text())
            if raw["digest"] == digest:
                raw["drifts"] = [Drift(**d) for d in raw["drifts"]]
                raw["landings"] = [Landing(**x) for x in raw["landings"]]
                return PlaceCheck(**raw)
    return None


def citation(setting: burn_in.Setting, series: dict[str, np.ndarray]) -> tuple[str, list[str]]:
    """Return the sentence by which a run cites the stationarity test, and warnings (none if all is well).

    Warns if these parameters or this number of people were not tested, if the test was failed, or if a replicate's own drift is more
    than three standard deviations of the tested replicates from their mean. Says so if the code has changed since.
    """
    check = stored(setting)
    if check is None:
        return "Stationarity: not tested for these parameters.", [
            f"the settled state of {setting.place.label} at {setting.people:,} people was not tested for stationarity with these "
            "parameters; `careersim list places --check` tests the defaults"
        ]
    warnings = [
        f"{setting.place.label}: {d.measure} drifts by {d.drift:+.4g} in 60 months (allowed {d.allowed:.3g})"
        for d in check.drifts
        if not d.passed
    ]
    for d in check.drifts:
        if d.measure in series and d.replicate_sd > 0:
            own = float(drift_of(series[d.measure][None, :])[0])
            if abs(own - d.drift) > 3 * d.replicate_sd * np.sqrt(1 + 1 / check.replicates):
                warnings.append(
                    f"{setting.place.label}: this replicate's {d.measure} drifts by {own:+.4g} before policy, more than 3 "
                    "standard errors from the tested replicates"
                )
    return (
        f"Stationarity: {check.replicates} burn-ins of {check.people:,} people, test {check.digest[:8]}, "
        f"{'passed' if check.stationary else 'not passed'}"
        f"{'' if check.code == burn_in.code_digest() else ' (with another version of the code)'}.",
        warnings,
    )
