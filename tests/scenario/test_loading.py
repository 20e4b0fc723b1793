"""Reading YAML: where things stand, what is refused, and that nothing is silently reinterpreted."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careersim.scenario.errors import LINES_ON_A_SCREEN, Problem, ScenarioError, nearest
from careersim.scenario.experiment import Experiment, experiment_from
from careersim.scenario.loading import parse_yaml, read_yaml
from careersim.scenario.place import place_from


def value(text: str):
    return parse_yaml(f"x: {text}", "f.yaml").data["x"]


@pytest.mark.parametrize("word", ["no", "on", "yes", "off", "NO", "y", "n"])
def test_words_stay_words(word):
    assert value(word) == word


@pytest.mark.parametrize(
    ("text", "number"), [("1e-3", 0.001), ("1E5", 1e5), ("-2.5e+1", -25.0), (".5", 0.5), ("1_000", 1000)]
)
def test_numbers_are_numbers(text, number):
    assert value(text) == number


@pytest.mark.parametrize("text", ["010", "12:30", "0x1F", "1.2.3", "2021-23"])
def test_what_is_not_a_plain_number_stays_text(text):
    assert value(text) == text


def test_special_numbers():
    assert math.isinf(value(".inf"))
    assert value("-.inf") < 0
    assert math.isnan(value(".nan"))
    assert value("~") is None
    assert value("true") is True


def test_every_value_knows_its_line_and_column():
    document = parse_yaml("a: 1\nb:\n  - x\n  - {c: 2}\n", "f.yaml")
    mark = document.mark(("b", 1, "c"))
    assert (mark.file, mark.line, mark.column) == ("f.yaml", 4, 9)
    assert document.mark(("b", 1, "c"), key=True).column == 6


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "given twice (first in line 1)", 3),
        ("a: [1, 2\n", "is the file whole", 2),
        ("a: 'half\n", "is the file whole", 2),
        ("a: !!python/object:os.system x\n", "tag", 1),
        ("? [1, 2]\n: 3\n", "plain name", 1),
        ("a: &x [*x]\n", "", 0),
        ("[" * 500 + "]" * 500, "", 0),
        ("a: \x00", "not readable", 0),
        ("", "is empty", 0),
        ("# only a comment\n", "is empty", 0),
        ("a: 1\n---\nb: 2\n", "", 2),
    ],
)
def test_bad_files_are_refused(text, words, line):
    with pytest.raises(ScenarioError) as caught:
        parse_yaml(text, "f.yaml")
    problem = caught.value.problems[0]
    assert problem.file == "f.yaml"
    assert words in problem.message
    if line:
        assert problem.line == line


def test_unreadable_files(tmp_path):
    for path in (tmp_path, tmp_path / "none.yaml"):
        with pytest.raises(ScenarioError, match="cannot be read"):
            read_yaml(path)
    binary = tmp_path / "b.yaml"
    binary.write_bytes(b"a: 1\n\xff\xfe\x00")
    with pytest.raises(ScenarioError, match="not UTF-8"):
        read_yaml(binary)
    large = tmp_path / "l.yaml"
    large.write_bytes(b"#" * 2_000_001)
    with pytest.raises(ScenarioError, match="too large"):
        read_yaml(large)


def test_nearest_name():
    known = ["search.kappa", "search.hear_rate", "people", "hiring.noise"]
    assert nearest("search.kapa", known) == "search.kappa"
    assert nearest("kapa", known) == "search.kappa"
    assert nearest("poeple", known) == "people"
    assert nearest("zzz", known) is None


def test_a_message_fits_a_screen():
    problems = [
        Problem("is wrong " * 40, f"field_{k}", "f.yaml", k + 1, 1, allowed="0 to 1", found="2") for k in range(50)
    ]
    lines = ScenarioError(problems).screen().splitlines()
    assert len(lines) <= LINES_ON_A_SCREEN
    assert "more." in lines[-1]
    assert max(map(len, lines)) < 120


KEYS = st.sampled_from([*Experiment.model_fields, "place", "years", "search", "kappa", "time", "ties", "zzz"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("none")
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_config_is_loaded_or_refused_in_words(data):
    import yaml

    text = yaml.safe_dump(data)
    told = ""
    try:
        experiment_from(parse_yaml(text, "f.yaml"))
    except ScenarioError as error:
        told = error.screen()
    assert len(told.splitlines()) <= LINES_ON_A_SCREEN


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_loaded_or_refused_in_words(text):
    for read in (experiment_from, place_from):
        with pytest.raises(ScenarioError):
            read(parse_yaml(text + "\nzzz: 1\nzzz: 2", "f.yaml"))
