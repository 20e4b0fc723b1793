"""Analyse a study: everything its design allows, printed, and written to ``analysis/`` as tables (Parquet and CSV) and figures.

What is done follows from what was varied: paired differences and precision for one world; robustness and sensitivity where
uncertain numbers are sampled; doses where a choice takes several values; a phase diagram over two axes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from matplotlib.figure import Figure
from rich.console import Console, RenderableType

from careersim.report.analysis import differences, spending, text, worlds
from careersim.report.finish import wide_console
from careersim.report.style import save
from careersim.study import analysis as api
from careersim.study.analysis.dose import MOST_WORLDS, has_doses
from careersim.study.analysis.frames import AnalysisError, StudyTable
from careersim.study.analysis.paired import many_tests
from careersim.study.analysis.robustness import LEAST_WORLDS, over_worlds, world_differences
from careersim.study.analysis.sensitivity import ANALYSES, LEAST_SAMPLE
from careersim.study.store import write_bytes

COSTS = ("cost.public_cost", "cost.total")
MOST_FLIP_FIGURES = 6


@dataclass(frozen=True)
class Wish:
    """What is asked of an analysis."""

    measures: tuple[str, ...] = api.HEADLINE
    served: tuple[str, ...] = api.SERVES_RESIDENTS
    """Measures of the phase diagram, of sensitivity and of where rankings flip."""
    gain: str = "account.b"
    """Gain of the undominated set."""
    half_widths: dict[str, float] = field(default_factory=dict)
    """Half widths asked for by measure."""
    axes: tuple[str, str] | None = None
    """Axes of the phase diagram; default by what was varied."""
    figures: bool = True

    @property
    def all_measures(self) -> tuple[str, ...]:
        """Every measure that is asked for by name."""
        return (*self.measures, *self.served, self.gain, *self.half_widths)


@dataclass
class Analysis:
    """What an analysis found."""

    study: StudyTable
    parts: list[RenderableType] = field(default_factory=list)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write tables, figures and the printed text."""
        for name, frame in self.tables.items():
            buffer = io.BytesIO()
            pq.write_table(
                pa.Table.from_pandas(frame, preserve_index=False), buffer, compression="zstd", write_page_checksum=True
            )
            write_bytes(folder / f"{name}.parquet", buffer.getvalue())
            write_bytes(folder / f"{name}.csv", frame.to_csv(index=False).encode())
        for name, figure in self.figures.items():
            save(figure, folder / name.replace(".", "-").replace(" ", "-"))
        write_bytes(folder / "analysis.txt", text.plain(self.parts).encode())


def analyse(folder: Path | str, wish: Wish | None = None, console: Console | None = None) -> Analysis:
    """Analyse the study in ``folder``, print the tables and write ``folder/analysis/``.

    Raises
    ------
    AnalysisError
        If the folder holds no study that can be analysed, or a measure or axis asked for is unknown.
    """
    wish = wish or Wish()
    levels = [f"place.{axis.removeprefix('none.')}" for axis in wish.axes or () if axis.startswith("none.")]
    study = api.open_study(folder, (*wish.all_measures, *levels))
    found = analysis_of(study, wish)
    console = console or wide_console()
    for part in found.parts:
        console.print(part)
    found.write(Path(folder) / "analysis")
    return found


def analysis_of(study: StudyTable, wish: Wish) -> Analysis:
    """Everything the study's design allows, not yet written."""
    _known(study, wish.all_measures)
    out = Analysis(study, [text.words(_head(study))])
    steps = [_differences, _doses, _undominated]
    if study.uncertainties:
        steps = [_worlds, _robustness, _sensitivity, *steps[1:]]
    for step in (*steps, _phase):
        step(study, wish, out)
    if not wish.figures:
        out.figures.clear()
    return out


def _known(study: StudyTable, measures: Sequence[str]) -> None:
    from careersim.scenario.errors import nearest
    from careersim.study.analysis.frames import measures_of

    there = measures_of(study.table)
    for measure in measures:
        if measure not in there and measure not in api.QUANTITIES:
            near = nearest(measure, there)
            hint = f"; did you mean '{near}'?" if near else f"; there are: {', '.join(there[:12])}, ..."
            raise AnalysisError(f"this study has no measure '{measure}'{hint}")


def _head(study: StudyTable) -> str:
    table = study.table
    n_worlds = table.drop_duplicates(["place", "point"]).shape[0] // table["place"].nunique()
    missing = (
        f"; {study.n_missing} of {study.n_runs} runs are missing and left out with their pairs"
        if study.n_missing
        else ""
    )
    return (
        f"{study.name}: {len(study.strategies)} strategies against none in {table['place'].nunique()} place(s), {n_worlds} world(s) a place, "
        f"{table.groupby(['place', 'point', 'arm'], observed=True).size().median():.0f} replicates a world{missing}."
    )


def _differences(study: StudyTable, wish: Wish, out: Analysis) -> None:
    frame = out.tables["differences"] = api.paired_differences(study, wish.measures)
    enough = out.tables["replicates"] = api.enough_replicates(frame, wish.half_widths)
    for place, part in frame.groupby("place", sort=False, observed=True):
        ordered = part.sort_values("measure", key=lambda m: m.map(list(wish.measures).index), kind="stable")
        out.parts.append(
            text.section(
                f"{place}: paired differences from no strategy",
                text.differences_table(ordered),
                text.words(many_tests(part)),
            )
        )
        mine = enough[(enough["place"] == place) & (enough["measure"].isin(wish.half_widths or wish.measures[:2]))]
        if len(mine):
            out.parts.append(text.section(f"{place}: how many replicates are enough", text.replicates_table(mine)))
            measure = next(iter(wish.half_widths), wish.measures[0])
            drawn = enough[
                (enough["place"] == place) & (enough["measure"] == measure) & (enough["standard_deviation"] > 0)
            ]
            if len(drawn):
                out.figures[f"{place}-replicates"] = differences.precision(
                    drawn, f"{place}: how many replicates are enough"
                )
        out.figures[f"{place}-differences"] = differences.forest(ordered, f"{place}: what each strategy changes")


def _worlds(study: StudyTable, wish: Wish, out: Analysis) -> None:
    out.tables["differences"] = api.paired_differences(study, wish.measures)
    frame = out.tables["worlds"] = over_worlds(study, wish.measures)
    for place, part in frame.groupby("place", sort=False, observed=True):
        out.parts.append(
            text.section(f"{place}: differences from no strategy over plausible worlds", text.worlds_table(part))
        )
        mine = study.table[study.table["place"] == place]
        out.figures[f"{place}-worlds"] = differences.over_worlds(
            mine, list(wish.measures), f"{place}: what each strategy changes, over plausible worlds"
        )


def _robustness(study: StudyTable, wish: Wish, out: Analysis) -> None:
    if study.table["point"].nunique() <= MOST_WORLDS:
        return
    shares = out.tables["robustness"] = api.share_of_worlds(study, wish.measures)
    if shares.empty:
        return
    flips = api.ranking_flips(study, wish.served)
    out.tables["flips"] = pd.DataFrame(
        [
            {"measure": f.measure, "usual": f.usual, "other": f.other, "share": f.share_other, "words": f.words()}
            for f in flips
        ]
    )
    note = "For sure: the 95% interval of the paired difference within that world lies on that side."
    out.parts.append(
        text.section(
            "Robustness: in what share of plausible worlds is A better than B?",
            text.shares_table(shares),
            text.words(note),
        )
    )
    out.parts.append(text.section("Where the ranking flips", text.words(*(f.words() for f in flips))))
    out.figures["robustness"] = worlds.robustness(
        shares, f"{study.name}: in what share of plausible worlds is one strategy better?"
    )
    for f in [f for f in flips if f.box is not None][:MOST_FLIP_FIGURES]:
        frame = world_differences(study, f.measure, f.usual, f.other)
        title = f"Where {worlds.named(f.other)} beats {worlds.named(f.usual)}"
        out.figures[f"flip-{f.measure}-{f.other}-{f.usual}"] = worlds.flip(f, frame, title)


def _sensitivity(study: StudyTable, wish: Wish, out: Analysis) -> None:
    enough = study.table["point"].nunique() >= max(LEAST_SAMPLE, LEAST_WORLDS)
    if study.design.get("kind") not in ANALYSES or not enough:
        return
    try:
        frame = out.tables["sensitivity"] = api.sensitivity_indices(study, wish.served)
    except AnalysisError as error:
        out.parts.append(text.section("Sensitivity", text.words(f"No sensitivity indices: {error}.")))
        return
    for (place, measure), part in frame.groupby(["place", "measure"], sort=False, observed=True):
        name = api.quantity(str(measure)).label
        out.parts.append(text.section(f"{place}: which uncertain numbers decide: {name}", text.sensitivity_table(part)))
        out.figures[f"{place}-sensitivity-{measure}"] = worlds.sensitivity(
            part, f"{place}: which uncertain numbers decide: {name}"
        )


def _undominated(study: StudyTable, wish: Wish, out: Analysis) -> None:
    if len(study.strategies) < 2:
        return
    frames = {cost: api.undominated_set(study, wish.gain, cost) for cost in COSTS}
    out.tables["undominated"] = pd.concat([f.assign(cost_measure=c) for c, f in frames.items()], ignore_index=True)
    for place in dict.fromkeys(study.table["place"]):
        mine = {c: f[f["place"] == place] for c, f in frames.items()}
        for cost, frame in mine.items():
            title = f"{place}: undominated by {api.quantity(cost).label.lower()} and gain"
            out.parts.append(text.section(title, text.frontier_table(frame, wish.gain)))
        out.figures[f"{place}-undominated"] = spending.frontier(mine, wish.gain, f"{place}: cost against gain")


def _doses(study: StudyTable, wish: Wish, out: Analysis) -> None:
    if not has_doses(study):
        return
    frame = out.tables["doses"] = api.dose_response(study)
    for place, part in frame.groupby("place", sort=False, observed=True):
        out.parts.append(text.section(f"{place}: displacement against the share treated", text.doses_table(part)))
        out.figures[f"{place}-doses"] = spending.doses(part, f"{place}: dose and response")


def _phase(study: StudyTable, wish: Wish, out: Analysis) -> None:
    axes = wish.axes or default_axes(study)
    if axes is None:
        return
    x, y = axes
    cells = {m: api.phase_diagram(study, x, y, m) for m in wish.served}
    out.tables["phase"] = pd.concat([c.assign(measure=m) for m, c in cells.items()], ignore_index=True)
    for measure, frame in cells.items():
        out.parts.append(
            text.section(
                f"Who serves residents best: {api.quantity(measure).label}", text.phase_table(frame, measure, x, y)
            )
        )
    at = study.table.groupby("place", observed=True)[
        "none.tightness" if "none.tightness" in study.table else "none.employment_rate"
    ].mean()
    places = {v: str(k) for k, v in at.items()} if x == "place" else None
    out.figures["phase"] = worlds.phase(
        cells, x, y, f"{study.name}: which strategy serves residents best", study.arms, places
    )


def default_axes(study: StudyTable) -> tuple[str, str] | None:
    """Axes of the phase diagram by what was varied: two numbers on a grid, or several places and one number; else none."""
    kinds = pd.api.types
    varied = {c: study.table[c] for c in study.uncertainties}
    numbers = [c for c, values in varied.items() if kinds.is_numeric_dtype(values) and not kinds.is_bool_dtype(values)]
    if study.design.get("kind") not in ("grid", "table"):
        return None
    if len(numbers) == 2:
        return numbers[0], numbers[1]
    return ("place", numbers[0]) if len(numbers) == 1 and study.table["place"].nunique() >= 3 else None
