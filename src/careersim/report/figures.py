"""Figures: trajectories with paired bands, who gains and who loses, the network coloured by status. PNG and SVG.

Colours are Okabe and Ito's (2008), told apart by people with any kind of colour vision; lines also differ in dashes and are
labelled where they end.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from careersim.report.effects import effects_figure
from careersim.report.efficient import standings
from careersim.report.kinds import title_of
from careersim.report.style import COLOURS, GREY, STYLE, colour_of, save
from careersim.report.wide import MOST_ACROSS
from careersim.study.comparison import Comparison, monthly_bands
from careersim.study.statistics import Estimate
from careersim.study.task import BASELINE, PLACEBO

TRAJECTORIES = (
    ("employment_rate", "Employment rate", "percentage points", 100.0),
    ("median_pay", "Median pay", "£ a month", 1.0),
    ("residents", "Residents", "% of those without", 0.0),
    ("income_low_origin_third", "Income, lowest origin third", "£ a month", 1.0),
)
"""Measures drawn month by month: name, title, unit of the difference, factor (0: in percent of the level)."""


def draw_all(run: Any, results: pd.DataFrame, comparison: Comparison, folder: Path) -> list[Path]:
    """Draw a place's figures into ``folder``; return the paths of the PNG files."""
    label = next(
        (
            getattr(p, "label", comparison.place)
            for p in run.plan.places
            if str(getattr(p, "name", p)) == comparison.place
        ),
        "",
    )
    out = []
    if comparison.months > 1 and monthly_bands(results, comparison.place, TRAJECTORIES[0][0]):
        out.append(save(trajectories(results, comparison, label), folder / "trajectories"))
    if comparison.strategies:
        out.append(save(gains_and_losses(comparison, label), folder / "who-gains-who-loses"))
        out.append(save(effects_figure(comparison, label), folder / "effects"))
    return out


def trajectories(results: pd.DataFrame, comparison: Comparison, label: str = "") -> Figure:
    """Difference from none month by month, with the 95% band of the paired difference, for four measures.

    Of many strategies a few are drawn (`few_arms`): more lines could not be told apart.
    """
    drawn = few_arms(comparison)
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(2, 2, figsize=(12.5, 7.6), sharex=True)
        for ax, (measure, title, unit, factor) in zip(axes.flat, TRAJECTORIES, strict=True):
            bands = monthly_bands(results, comparison.place, measure)
            if not bands:
                ax.set_title(f"{title}: not kept")
                continue
            _trajectory(ax, {arm: bands[arm] for arm in (BASELINE, *drawn) if arm in bands}, factor)
            ax.set_title(title)
            ax.set_ylabel(f"difference from none\n({unit})")
        for ax in axes[1]:
            ax.set_xlabel("years since policy began")
        figure.suptitle(
            f"{label or comparison.place}: what each strategy changes, month by month (same people, same luck, less the town without it)",
            x=0.01,
            ha="left",
            fontweight="bold",
        )
        sample = "" if comparison.replicates > 1 else " (one replicate: no bands)"
        note = f"Means of {comparison.replicates} paired replicates; thin lines and tint: 95% interval of the paired difference{sample}. Grey: placebo, the noise floor. Three-month means."
        if len(drawn) < len(comparison.arms):
            note += f"\nDrawn: {len(drawn) - (PLACEBO in drawn)} of {len(comparison.strategies)} strategies: undominated ones first, then those by which residents gain most."
        figure.text(0.01, 0.005, note, fontsize=8.5, color=GREY)
        figure.tight_layout(rect=(0, 0.025 * (1 + note.count("\n")), 1, 0.98), h_pad=2.0, w_pad=3.0)
    return figure


def few_arms(comparison: Comparison, most: int = MOST_ACROSS) -> list[str]:
    """Return the arms whose lines can be told apart: all, or the placebo and a few that residents gain most by, undominated ones first."""
    if len(comparison.arms) <= most + 1:
        return list(comparison.arms)
    ranked = sorted(
        standings(comparison), key=lambda s: (not s.at_public_cost, np.nan_to_num(-s.gain.value, nan=np.inf))
    )
    kept = [s.name for s in ranked if s.name != BASELINE][:most]
    return [arm for arm in comparison.arms if arm in kept or arm == PLACEBO]


def _trajectory(ax: Axes, bands: dict[str, pd.DataFrame], factor: float) -> None:
    """One measure: a line and a band for each arm, labelled at its end."""
    styles, ends = colour_of(list(bands)), []
    ax.axhline(0, color="black", lw=0.8)
    for arm, band in bands.items():
        if arm == BASELINE:
            continue
        colour, dash = styles[arm]
        scale = factor or 100.0 / bands[BASELINE]["mean"]
        years, line = band.index.to_numpy() / 12.0, band["difference"] * scale
        smooth = line.rolling(3, center=True, min_periods=1).mean()
        ax.plot(years, smooth, color=colour, ls=dash, lw=1.0 if arm == PLACEBO else 1.9)
        low, high = ((band[end] * scale).rolling(3, center=True, min_periods=1).mean() for end in ("low", "high"))
        ax.fill_between(years, low, high, color=colour, alpha=0.16 if arm == PLACEBO else 0.07, lw=0)
        if arm != PLACEBO:
            ax.plot(years, low, color=colour, lw=0.6, alpha=0.55)
            ax.plot(years, high, color=colour, lw=0.6, alpha=0.55)
        ends.append((float(smooth.iloc[-1]), title_of(arm).removesuffix(" (noise)"), colour))
    _label_ends(ax, ends)


def _label_ends(ax: Axes, ends: list[tuple[float, str, str]]) -> None:
    """Write names beside the ends of lines, pushed apart so that none overlap."""
    if not ends:
        return
    ax.set_xlim(0, None)
    low, high = ax.get_ylim()
    gap = 0.075 * (high - low)
    places: list[float] = []
    ends = sorted(ends)
    for y, _, _ in ends:
        places.append(max(y, places[-1] + gap) if places else y)
    shift = (sum(places) - sum(y for y, _, _ in ends)) / len(ends)
    left, right = ax.get_xlim()
    beside = right + 0.05 * (right - left)
    for (y, name, colour), place in zip(ends, places, strict=True):
        ax.annotate(
            name, (right, y), xytext=(beside, place - shift), color=colour, va="center", fontsize=9, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.6, "shrinkA": 1, "shrinkB": 0, "relpos": (0, 0.5)},
        )  # fmt: skip


BARS = (
    ("Those who took part", lambda a: a.people["direct.income"], lambda a: a.people["direct.own"]),
    ("Other residents", lambda a: a.people["spill.income"], lambda a: a.people["spill.own"]),
    ("Residence changed by it", lambda a: a.people["changed.income"], lambda a: a.people["changed.own"]),
)
"""Groups of people: name, income, own terms."""


def gains_and_losses(comparison: Comparison, label: str = "") -> Figure:
    """Who gains and who loses: pounds a year per person, by group, income beside own terms, with 95% intervals."""
    arms = [*comparison.strategies, *([PLACEBO] if PLACEBO in comparison.arms else [])]
    styles = colour_of(arms)
    with plt.rc_context(STYLE):
        height = 1.6 + 0.52 * len(arms)
        figure, axes = plt.subplots(1, len(BARS), figsize=(12.5, height), sharey=True)
        for ax, (title, income, own) in zip(axes, BARS, strict=True):
            for k, arm in enumerate(arms):
                _bar(ax, k - 0.19, income(comparison.arms[arm]), styles[arm][0], filled=True)
                _bar(ax, k + 0.19, own(comparison.arms[arm]), styles[arm][0], filled=False)
            ax.axvline(0, color="black", lw=0.8)
            ax.set_title(title, fontsize=10)
            ax.set_xlabel("£ a year per person")
            ax.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(4))
            ax.xaxis.set_major_formatter(lambda x, _: f"{x:+,.0f}" if x else "0")
            ax.grid(axis="x", color="#dddddd", lw=0.6)
            ax.set_axisbelow(True)
        axes[0].set_yticks(range(len(arms)), [title_of(a) for a in arms])
        axes[0].invert_yaxis()
        where = label or comparison.place
        figure.suptitle(f"{where}: who gains and who loses", x=0.01, ha="left", fontweight="bold")
        note = "Filled: income. Open: income plus worth of ties and community in the person's own terms. Lines: 95% intervals. Scales differ."
        figure.text(0.01, 0.01, note, fontsize=8.5, color=GREY)
        figure.tight_layout(rect=(0, 0.06, 1, 0.98), w_pad=2.0)
    return figure


def _bar(ax: Axes, at: float, e: Estimate, colour: str, filled: bool) -> None:
    """One bar with its interval; nothing where there is no value."""
    if not np.isfinite(e.value):
        ax.text(0, at, " nobody", va="center", fontsize=8, color=GREY) if filled else None
        return
    ax.barh(at, e.value, height=0.34, color=colour if filled else "white", edgecolor=colour, lw=1.2)
    if e.has_interval:
        ax.plot([e.low, e.high], [at, at], color="black", lw=1.3, solid_capstyle="butt")


STATUS = (
    ("employed", "in work", "#56B4E9"),
    ("unemployed", "looking for work", "#D55E00"),
    ("inactive", "not looking", "#E69F00"),
    ("young", "pupil or student", "#009E73"),
    ("away", "moved elsewhere", "#4D4D4D"),
)
"""Status, its words and its colour."""
MOST_DRAWN = 400


def network_figure(graphs: dict[str, Any], title: str, seed: int = 1) -> Figure:
    """People and their ties in one world or several side by side, coloured by status.

    Parameters
    ----------
    graphs
        :class:`networkx.Graph` of ``careersim.town.network.network`` by the title of its panel. The same people stand at the same
        place in every panel; at most `MOST_DRAWN`, who belong together.
    """
    import networkx as nx

    first = next(iter(graphs.values()))
    people = sample(first)
    part = first.subgraph(people)
    at = nx.spring_layout(part, seed=seed, k=2.0 / max(len(part), 2) ** 0.5, iterations=80, weight=None)
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(1, len(graphs), figsize=(6.4 * len(graphs), 7.0), squeeze=False)
        for ax, (name, graph) in zip(axes.flat, graphs.items(), strict=True):
            _network_panel(ax, graph.subgraph(people), at)
            ax.set_title(name)
        handles = [plt.Line2D([], [], marker="o", ls="", ms=8, color=c, label=words) for _, words, c in STATUS]
        figure.legend(handles=handles, loc="lower center", ncol=len(STATUS), frameon=False, bbox_to_anchor=(0.5, 0.035))
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
        note = f"{len(people)} people who can reach each other through ties among them, of {len(first):,}; the same people, chosen in the first panel, at the same place in each."
        figure.text(0.01, 0.012, note, fontsize=8.5, color=GREY)
        figure.tight_layout(rect=(0, 0.08, 1, 0.98))
    return figure


def _network_panel(ax: Axes, graph: Any, at: dict[int, Any]) -> None:
    """One world."""
    import networkx as nx

    nx.draw_networkx_edges(graph, at, ax=ax, width=0.35, alpha=0.3, edge_color="#777777")
    for status, _, colour in STATUS:
        nodes = [n for n in graph if status_of(graph.nodes[n]) == status]
        if nodes:
            size = 16 if status == "employed" else 30
            nx.draw_networkx_nodes(
                graph, at, nodes, node_color=colour, node_size=size, linewidths=0.3, edgecolors="white", ax=ax
            )
    ax.axis("off")


def sample(graph: Any) -> list[int]:
    """At most `MOST_DRAWN` residents who belong together: breadth first from a person with the middling number of ties."""
    import networkx as nx

    here = [n for n in graph if graph.nodes[n].get("residence", "here") == "here"]
    if len(here) <= MOST_DRAWN:
        return here
    inside = graph.subgraph(here)
    centre = sorted(here, key=lambda n: (inside.degree(n), n))[len(here) // 2]
    reached = [centre]
    for _, n in nx.bfs_edges(inside, centre, sort_neighbors=sorted):
        reached.append(n)
        if len(reached) == MOST_DRAWN:
            break
    return reached


def status_of(person: dict[str, Any]) -> str:
    """A person's status in the terms of STATUS, from the attributes of a node."""
    if person.get("residence", "here") != "here":
        return "away"
    status = str(person.get("status", ""))
    return status if status in ("employed", "unemployed", "inactive") else "young"


LARGEST_DRAWN = 30_000
"""In larger towns the network is not drawn (it would have to be simulated again)."""


def draw_network(plan: Any, place: Any, folder: Path) -> Path | None:
    """Simulate the first replicate once more, without a strategy and with the first, and draw the networks of then and now.

    Who is drawn is chosen when policy begins, so that leaving shows alike in both worlds; those past pension age are gone.
    """
    from careersim.study.tasks import settled_model
    from careersim.town.network import network

    if plan.people > LARGEST_DRAWN or plan.make_model is not None:
        return None
    settled = settled_model(plan.bare_task(place))
    arms = [name for name in plan.arms if name != PLACEBO][:2]
    with ThreadPoolExecutor() as pool:
        later = list(pool.map(lambda name: settled.fork(plan.arms[name]).run_for(plan.months), arms))
    graphs = {"when policy began": network(settled.town)}
    for name, world in zip(arms, later, strict=True):
        words = "no strategy" if name == BASELINE else title_of(name)
        graphs[f"after {plan.months / 12:g} years, {words}"] = network(world.town)
    title = f"{getattr(place, 'label', place)}: people and their ties, by what they do"
    return save(network_figure(graphs, title), folder / "network")


__all__ = [
    "COLOURS",
    "GREY",
    "STYLE",
    "draw_all",
    "draw_network",
    "gains_and_losses",
    "network_figure",
    "save",
    "trajectories",
]
