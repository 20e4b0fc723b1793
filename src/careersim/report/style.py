"""How figures look, and how they are written: whole or not at all, as PNG and SVG.

Colours are Okabe and Ito's (2008), told apart by people with any kind of colour vision; lines also differ in dashes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from careersim.study.store import write_bytes
from careersim.study.task import BASELINE, PLACEBO

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (8, 2, 2, 2)), (0, (4, 1, 1, 1, 1, 1)))
GREY = "#767676"
STYLE: Any = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titleweight": "bold",
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "figure.dpi": 120,
    "savefig.dpi": 160,
    "svg.hashsalt": "careersim",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}


def save(figure: Figure, path: Path) -> Path:
    """Write a figure as PNG and SVG, whole or not at all; return the path of the PNG."""
    with plt.rc_context(STYLE):
        for suffix, metadata in ((".png", {"Software": None}), (".svg", {"Date": None, "Creator": None})):
            buffer = io.BytesIO()
            figure.savefig(buffer, format=suffix[1:], metadata=metadata, bbox_inches="tight", facecolor="white")
            write_bytes(path.with_suffix(suffix), buffer.getvalue())
    plt.close(figure)
    return path.with_suffix(".png")


def colour_of(arms: Sequence[str]) -> dict[str, tuple[str, Any]]:
    """Colour and dashes of each strategy; the placebo is grey."""
    named = [a for a in arms if a not in (BASELINE, PLACEBO)]
    styles = {a: (COLOURS[k % len(COLOURS)], DASHES[k % len(DASHES)]) for k, a in enumerate(named)}
    return styles | {PLACEBO: (GREY, ":"), BASELINE: (GREY, "-")}
