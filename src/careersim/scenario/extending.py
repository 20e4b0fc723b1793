"""``extends: other.yaml``: a config that states only what differs from another."""

from __future__ import annotations

from pathlib import Path

from careersim.scenario.errors import ScenarioError
from careersim.scenario.loading import Document, Path_, read_yaml
from careersim.scenario.settings import OTHER_WORDS

MERGED = {"parameters": 2, "choices": 1, "uncertainties": 1, "collect": 1}
"""Groups of which a config states only some entries, and how many levels deep; everything else is replaced whole."""
DEEPEST = 10


def read_config_file(path: str | Path) -> Document:
    """Return a config with those that it extends beneath it; every value's mark names the file it came from.

    Raises
    ------
    ScenarioError
        If a file cannot be read, or a config extends itself.
    """
    return _read(Path(path), ())


def _read(path: Path, above: tuple[Path, ...]) -> Document:
    document = read_yaml(path)
    if not isinstance(document.data, dict) or "extends" not in document.data:
        return document
    named = document.data.pop("extends")
    if not isinstance(named, str):
        problem = document.problem(("extends",), "must be the path of a config", found=repr(named))
        raise ScenarioError([problem])
    base = path.parent / named
    chain = (*above, path.resolve())
    if base.resolve() in chain or len(chain) > DEEPEST:
        raise ScenarioError([document.problem(("extends",), "goes round in a circle", found=named)])
    if not base.is_file():
        raise ScenarioError([document.problem(("extends",), "there is no such file", found=str(base))])
    return over(document, _read(base, chain))


def over(upper: Document, lower: Document) -> Document:
    """Return ``lower`` with everything that ``upper`` states in its place."""
    if not isinstance(lower.data, dict):
        raise ScenarioError([lower.problem((), "a config is a mapping (name: value)")])
    out = Document(dict(lower.data), upper.file, dict(lower.marks), dict(lower.keys))
    for name in upper.data:
        for other in OTHER_WORDS.get(name, ()):
            out.data.pop(other, None)
        _put(out, upper, (name,), MERGED.get(name, 0))
    out.marks[()] = upper.mark(())
    return out


def _put(out: Document, upper: Document, path: Path_, levels: int) -> None:
    """Put one entry of ``upper`` into ``out``: merged if it is a group on both sides, else replaced."""
    mine, theirs = upper.data, out.data
    for part in path[:-1]:
        mine, theirs = mine[part], theirs[part]
    name = path[-1]
    if levels and isinstance(mine[name], dict) and isinstance(theirs.get(name), dict):
        theirs[name] = dict(theirs[name])
        for inner in mine[name]:
            _put(out, upper, (*path, inner), levels - 1)
        return
    theirs[name] = mine[name]
    for ours, others in ((upper.marks, out.marks), (upper.keys, out.keys)):
        for old in [p for p in others if p[: len(path)] == path]:
            del others[old]
        others.update({p: mark for p, mark in ours.items() if p[: len(path)] == path})
