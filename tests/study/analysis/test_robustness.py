from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from careersim.study.analysis import (
    dose_response,
    phase_diagram,
    ranking_flip,
    sensitivity_indices,
    share_of_worlds,
    undominated_set,
)
from careersim.study.analysis.example import example_study
from careersim.study.analysis.frames import AnalysisError, StudyTable
from careersim.study.analysis.sensitivity import PAWN_SLICES, _pawn, noise_share
from careersim.study.designs import sample_again


def study_of(of, kind: str, n: int, **more: object) -> StudyTable:
    """A study of one arm whose measure is ``of`` the three unit numbers of its design."""
    spreads = {name: {} for name in "abc"}
    design = {"kind": kind, "n": n, "seed": 1, "second_order": False, "levels": 4, "spreads": spreads} | more
    x = sample_again(design)
    columns = {f"uncertainties.{name}": x[:, k] for k, name in enumerate(spreads)}
    head = {"place": "nowhere", "point": np.arange(len(x)), "arm": "help", "replicate": 0}
    return StudyTable(pd.DataFrame(head | columns | {"account.b": of(x)}), 1, design | {"points": len(x)})


def ishigami(u: np.ndarray) -> np.ndarray:
    x = math.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


FIRST, TOTAL = [0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]
"""Exact Sobol indices of the Ishigami function (a = 7, b = 0.1)."""


@pytest.mark.parametrize("second", [False, True])
def test_sobol_indices_of_a_known_function(second):
    frame = sensitivity_indices(study_of(ishigami, "saltelli", 1024, second_order=second), ["account.b"])
    for index, exact in (("first order", FIRST), ("total order", TOTAL)):
        part = frame[frame["index"] == index]
        assert part["value"].to_numpy() == pytest.approx(exact, abs=0.03)
        assert ((part["low"] - 0.03 < exact) & (exact < part["high"] + 0.03)).all()


def test_morris_of_a_linear_function_is_its_slopes():
    frame = sensitivity_indices(study_of(lambda x: x @ [3.0, 1.0, 0.0], "morris", 20), ["account.b"])
    assert frame[frame["index"] == "mu*"]["value"].to_numpy() == pytest.approx([3, 1, 0], abs=1e-9)
    assert frame[frame["index"] == "sigma"]["value"].to_numpy() == pytest.approx([0, 0, 0], abs=1e-9)


def test_a_latin_hypercube_tells_what_matters_from_luck():
    frame = sensitivity_indices(example_study(), ["account.b"])
    part = frame[frame["arm"] == "one_to_one"].set_index(["index", "parameter"])
    for index in ("PAWN", "first order"):
        assert part.loc[(index, "migration.cost"), "value"] > 2 * part.loc[(index, "migration.cost"), "by_luck"]
        assert part.loc[(index, "learning.decay"), "value"] < 1.3 * part.loc[(index, "learning.decay"), "by_luck"]
    exact = 3600 / 12 / (3600 / 12 + 25 * 4 / 12)
    assert part.loc[("first order", "migration.cost"), "value"] == pytest.approx(exact, abs=0.1)
    flat = frame[frame["arm"] == "organising"]
    assert (flat["value"] < 1.5 * flat["by_luck"].clip(lower=0.05)).all()


@pytest.mark.parametrize("ties", [False, True])
def test_pawn_is_salibs(ties):
    from SALib.analyze import pawn

    x, problem = (
        np.random.default_rng(1).random((150, 3)),
        {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3},
    )
    x = np.round(x, 1) if ties else x
    y = np.round(ishigami(x), 1 if ties else 12)
    assert _pawn({}, x, y) == pytest.approx(pawn.analyze(problem, x, y, S=PAWN_SLICES)["median"])


def test_noise_share_is_the_share_of_luck():
    study = example_study(replicates=4)
    assert noise_share(study, "account.b", "organising", "nowhere") == pytest.approx(1.0, abs=0.2)
    assert noise_share(study, "account.b", "one_to_one", "nowhere") < 0.01


def test_sensitivity_says_what_it_needs():
    study = example_study()
    with pytest.raises(AnalysisError, match="varies no uncertain number"):
        sensitivity_indices(replace(study, design={}), ["account.b"])
    with pytest.raises(AnalysisError, match="'grid' gives no sensitivity indices"):
        sensitivity_indices(replace(study, design=study.design | {"kind": "grid"}), ["account.b"])
    part = study_of(ishigami, "saltelli", 16)
    lost = replace(part, table=part.table[part.table["point"] != 3])
    with pytest.raises(AnalysisError, match="1 worlds of the design have no finished 'help'"):
        sensitivity_indices(lost, ["account.b"])


def test_share_of_worlds_is_the_share():
    study = example_study(n_worlds=400)
    x = study.table.drop_duplicates("point")
    gain = 60 * x["uncertainties.migration.cost"] + 5 * x["uncertainties.search.kappa"]
    frame = share_of_worlds(study, ["account.b"]).set_index(["a", "b"])
    line = frame.loc[("one_to_one", "organising")]
    assert line["share"] == pytest.approx((gain > 30).mean(), abs=0.03)
    assert line["low"] < line["share"] < line["high"]
    assert frame.loc[("organising", "none"), "share"] == 1.0
    assert line["a_for_sure"] + line["b_for_sure"] <= 1
    assert line["a_for_sure"] <= line["share"] + 0.02


def test_less_is_better_where_less_is_better():
    study = example_study()
    worse = study.table.assign(**{"place.unemployment_rate": study.table["account.b"]})
    frame = share_of_worlds(replace(study, table=worse), ["account.b", "place.unemployment_rate"])
    wide = frame[frame["b"] == "organising"].set_index("measure")
    assert wide.loc["account.b", "share"] == pytest.approx(1 - wide.loc["place.unemployment_rate", "share"])
    assert wide.loc["account.b", "a_for_sure"] == pytest.approx(wide.loc["place.unemployment_rate", "b_for_sure"])


def test_the_flip_is_found_and_said():
    flip = ranking_flip(example_study(), "account.b", "one_to_one", "organising")
    assert flip.box is not None
    assert [flip.names[j] for j in np.flatnonzero(flip.box.restricted)] == ["uncertainties.migration.cost"]
    assert flip.box.high[0] == pytest.approx(25 / 60, abs=0.07)
    assert "organising beats one to one" in flip.words()
    assert "migration.cost is below 0.4" in flip.words()


def test_no_flip_is_said_too():
    flip = ranking_flip(example_study(), "account.b", "organising", "none")
    assert flip.box is None
    assert "in 0% of 200 worlds; too few to say where" in flip.words()
    few = ranking_flip(example_study(n_worlds=10), "account.b", "one_to_one", "organising")
    assert "too few worlds" in few.words()


def test_phase_diagram_has_the_boundary_where_it_is():
    study = example_study(n_worlds=900, replicates=4)
    cells = phase_diagram(study, "uncertainties.migration.cost", "uncertainties.search.kappa")
    truth = np.where(60 * cells["x"] + 5 * cells["y"] > 30, "one_to_one", "organising")
    clear = (60 * cells["x"] + 5 * cells["y"] - 30).abs() > 3
    assert (cells["best"][clear] == truth[clear]).all()
    assert cells.loc[clear, "told"].all()
    with pytest.raises(AnalysisError, match="no axis 'migration'"):
        phase_diagram(study, "migration", "uncertainties.search.kappa")


def doses() -> StudyTable:
    """More money reaches more people; the gain of participants is the loss of others, more so the more are treated."""
    rng, rows = np.random.default_rng(1), []
    for budget, share in ((1.0, 0.1), (2.0, 0.2), (4.0, 0.4)):
        for replicate in range(8):
            own = 1000 * share * 100 * (1 + 0.02 * rng.normal())
            rows.append(
                {"place": "nowhere", "point": 0, "arm": f"one_to_one budget={budget:g}", "replicate": replicate,
                 "choices.one_to_one.budget": budget, "heads.participants": 1000 * share, "sums.participants": own,
                 "sums.others": -own * share * (1 + 0.02 * rng.normal()), "people.direct.income": 100 + rng.normal(),
                 "account.b": 100 * share * (1 - share), "cost.public_cost": 12 * budget}
            )  # fmt: skip
    return StudyTable(pd.DataFrame(rows), 1)


def test_displacement_rises_with_the_share_treated():
    frame = dose_response(doses())
    assert frame["share_treated"].tolist() == pytest.approx([0.1, 0.2, 0.4])
    assert frame["displacement"].to_numpy() == pytest.approx([0.1, 0.2, 0.4], rel=0.05)
    assert (
        (frame["displacement.low"] < frame["displacement"]) & (frame["displacement"] < frame["displacement.high"])
    ).all()
    assert frame["strategy"].unique().tolist() == ["one_to_one"]


def test_no_displacement_has_its_reason():
    study = doses()
    gained = study.table.assign(**{"sums.others": 5.0})
    frame = dose_response(replace(study, table=gained))
    assert frame["displacement"].isna().all()
    assert (frame["reason"] != "").all()


def test_the_undominated_set_and_how_sure_it_is():
    study = doses()
    frame = undominated_set(study).set_index("arm")
    assert frame["undominated"].all()
    worse = study.table.assign(
        **{"account.b": np.where(study.table["cost.public_cost"] > 40, 1.0, study.table["account.b"])}
    )
    frame = undominated_set(replace(study, table=worse)).set_index("arm")
    assert not frame.loc["one_to_one budget=4", "undominated"]
    assert frame.loc["one_to_one budget=4", "undominated_share"] == 0
    assert frame.loc["none", "undominated"]
