"""A network from a file: edge list or GraphML.

**Edge list** (``.csv``, ``.tsv``, ``.txt``, ``.edges``, ``.edgelist``): one tie a line, two people, then optionally strength (0..1) and kind;
separated by commas, tabs or spaces; ``#`` starts a comment. A first line of names is a heading: ``from`` and ``to`` (or source and target, i and j,
a and b), ``strength`` (or weight), ``kind``, in any order; an unknown name is refused.
**GraphML** (``.graphml``, ``.xml``): through networkx; edge attributes ``strength`` (or ``weight``) and ``kind`` if present; node attribute ``id``
if present, else the node's name. People are named by their number: with n residents, 0..n-1 in order of identity.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from careersim.town.columns import HERE, KIN_FRIEND, TIE_NAMES, People, Ties
from careersim.town.tie_rows import n_ties, tie

COLUMNS = ("from", "to", "strength", "kind")
"""Columns of an edge list, in this order where there is no heading."""
OTHER_NAMES = {"source": "from", "i": "from", "a": "from", "target": "to", "j": "to", "b": "to", "weight": "strength"}
EDGE_LISTS = (".csv", ".tsv", ".txt", ".edges", ".edgelist")
Edge = tuple[str, str, str, float, str]
"""Where it stands in the file, the two people, strength, kind."""


class TiesFileError(ValueError):
    """A network file that cannot be used; the message says where and why."""


def _edge_list(path: Path, strength: float, kind: str) -> Iterator[Edge]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (UnicodeDecodeError, OSError) as fault:
        raise TiesFileError(f"{path}: not readable as text: {fault}") from fault
    columns: list[str] = []
    least = 2
    for number, line in enumerate(lines, 1):
        words = [word.strip('"') for word in line.split("#")[0].replace(",", " ").split()]
        if not words:
            continue
        where = f"{path}:{number}"
        if not columns:
            heading = _heading(where, words)
            columns = heading or list(COLUMNS)
            least = 1 + max(columns.index("from"), columns.index("to"))
            if heading:
                continue
        if not least <= len(words) <= len(columns):
            raise TiesFileError(
                f"{where}: expected two people and perhaps strength and kind ({', '.join(columns)}), found {len(words)} entries"
            )
        entry = dict(zip(columns, words, strict=False))
        yield where, entry["from"], entry["to"], _strength(where, entry, strength), entry.get("kind", kind)


def _heading(where: str, words: list[str]) -> list[str]:
    """Columns named by a heading; none if the line is a tie (its first word is a number)."""
    if words[0].lstrip("+-").isdigit():
        return []
    names = [OTHER_NAMES.get(word.lower(), word.lower()) for word in words]
    unknown = [word for word, name in zip(words, names, strict=True) if name not in COLUMNS]
    if unknown:
        raise TiesFileError(
            f"{where}: unknown column {unknown[0]!r}; columns are {', '.join(COLUMNS)}, and people are numbers"
        )
    if "from" not in names or "to" not in names or len(set(names)) < len(names):
        raise TiesFileError(f"{where}: a heading names the columns from and to, each once; found {', '.join(words)}")
    return names


def _strength(where: str, entry: dict[str, str], usual: float) -> float:
    try:
        return float(entry.get("strength", usual))
    except ValueError:
        raise TiesFileError(f"{where}: strength must be a number from 0 to 1, not {entry['strength']!r}") from None


def _graphml(path: Path, strength: float, kind: str) -> Iterator[Edge]:
    import networkx as nx

    try:
        graph = nx.read_graphml(path)
    except Exception as fault:
        raise TiesFileError(f"{path}: not readable as GraphML: {fault}") from fault
    names = {node: str(data.get("id", node)) for node, data in graph.nodes(data=True)}
    for a, b, data in graph.edges(data=True):
        s = data.get("strength", data.get("weight", strength))
        yield f"{path}: edge {a}-{b}", names[a], names[b], float(s), str(data.get("kind", kind))


def check_ties_file(path: str | Path, n_people: int, max_ties: int) -> None:
    """Raise TiesFileError unless the file is a network of at most ``n_people`` people, with at most ``max_ties`` ties each."""
    people = People.empty(n_people)
    people.id[:], people.residence[:] = np.arange(n_people), HERE
    if not (ties_from_file(path, people, max_ties).contact >= 0).any():
        raise TiesFileError(f"{path}: holds no ties")


def _row(where: str, name: str, rows: np.ndarray) -> int:
    try:
        number = int(name.strip('"'))
    except ValueError:
        raise TiesFileError(f"{where}: {name!r} is not the number of a person") from None
    if not 0 <= number < len(rows):
        raise TiesFileError(f"{where}: there is no person {number}; the town has people 0 to {len(rows) - 1}")
    return int(rows[number])


def _check(where: str, i: int, j: int, strength: float, kind: str) -> None:
    if i == j:
        raise TiesFileError(f"{where}: a person cannot be tied to themselves")
    if not 0.0 < strength <= 1.0:
        raise TiesFileError(f"{where}: strength must lie above 0 and at most 1, not {strength:g}")
    if kind not in TIE_NAMES[1:]:
        raise TiesFileError(f"{where}: kind {kind!r} is unknown; kinds are {', '.join(TIE_NAMES[1:])}")


def ties_from_file(
    path: str | Path,
    people: People,
    max_ties: int,
    strength: float = 0.6,
    kind: str = TIE_NAMES[KIN_FRIEND],
) -> Ties:
    """Read the start network of the residents from a file.

    Parameters
    ----------
    path : path
        Edge list or GraphML, told by its ending (see the module's text).
    people : People
        Residents (residence HERE) are numbered 0, 1, ... by identity.
    max_ties : int
        Slots a person; a file with more ties for somebody is refused.
    strength, kind : optional
        Used where the file names none.

    Raises
    ------
    TiesFileError
        With file and line: unknown person, self tie, strength out of range, unknown kind, too many ties.
    """
    path = Path(path)
    if not path.is_file():
        raise TiesFileError(f"{path}: no such file")
    ending = path.suffix.lower()
    if ending not in (*EDGE_LISTS, ".graphml", ".xml"):
        raise TiesFileError(f"{path}: ending {ending!r} is unknown; use .graphml or one of {', '.join(EDGE_LISTS)}")
    edges = (_edge_list if ending in EDGE_LISTS else _graphml)(path, strength, kind)
    here = np.flatnonzero(people.residence == HERE)
    return _enter(edges, here[np.argsort(people.id[here])], people, max_ties)


def _enter(edges: Iterator[Edge], rows: np.ndarray, people: People, max_ties: int) -> Ties:
    """Enter the ties in a table; a tie listed twice (in either direction) counts once, as first listed."""
    out = Ties.of_width(len(people), max_ties)
    seen: set[tuple[int, int]] = set()
    for where, a, b, s, kind in edges:
        i, j = _row(where, a, rows), _row(where, b, rows)
        _check(where, i, j, s, kind)
        if (min(i, j), max(i, j)) in seen:
            continue
        seen.add((min(i, j), max(i, j)))
        for name, r in ((a, i), (b, j)):
            if n_ties(out.contact, r) == max_ties:
                raise TiesFileError(f"{where}: person {name} has more than {max_ties} ties (parameter ties.max_ties)")
        number = np.int8(TIE_NAMES.index(kind))
        tie(out.contact, out.strength, out.kind, people.id, i, j, np.float32(s), number)
    return out
