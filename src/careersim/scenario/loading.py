"""Read YAML so that every value knows its file, line and column, and nothing is silently reinterpreted.

What differs from plain YAML 1.1: duplicate keys are refused; only ``true`` and ``false`` are truth values (``no``, ``on``,
``yes`` stay words); ``1e-3`` is a number; ``010`` and ``12:30`` are not numbers in disguise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from careersim.scenario.errors import Problem, ScenarioError

MOST_BYTES = 2_000_000
MOST_NODES = 100_000
DEEPEST = 40

Path_ = tuple[str | int, ...]
"""Where a value stands in a file: keys and list indices."""


class _Loader(yaml.SafeLoader):
    """YAML 1.2 core scalars."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9_]*)$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(
        r"^[-+]?(?:(?:0|[1-9][0-9_]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$|^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$"
    ),
    list("-+.0123456789"),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something stands."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(slots=True)
class Document:
    """The content of a file, with the place in the file of every key and value."""

    data: Any
    file: str
    marks: dict[Path_, Mark] = field(default_factory=dict)
    """Mark of each value (for mappings and lists: of where they begin)."""
    keys: dict[Path_, Mark] = field(default_factory=dict)
    """Mark of each key of a mapping."""

    def mark(self, path: Iterable[str | int], key: bool = False) -> Mark:
        """Return the mark of the value at ``path`` (of its key if asked), or of the nearest enclosing one."""
        at = tuple(path)
        while True:
            for marks in (self.keys, self.marks) if key else (self.marks, self.keys):
                if at in marks:
                    return marks[at]
            if not at:
                return Mark(self.file)
            at, key = at[:-1], True

    def problem(self, path: Iterable[str | int], message: str, key: bool = False, **facts: str) -> Problem:
        """Return a problem at ``path``."""
        at = tuple(path)
        mark = self.mark(at, key)
        return Problem(message, dotted(at), mark.file, mark.line, mark.column, **facts)


def dotted(path: Iterable[str | int]) -> str:
    """Return ``strategies[0].budget`` for ``("strategies", 0, "budget")``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text


def read_yaml(path: str | Path) -> Document:
    """Read a YAML file.

    Raises
    ------
    ScenarioError
        If the file cannot be read, is not text, is empty, is not YAML, or says one thing twice.
    """
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ScenarioError([Problem(f"cannot be read: {error.strerror or error}", file=str(path))]) from None
    if len(raw) > MOST_BYTES:
        raise ScenarioError(
            [Problem(f"too large for a config: {len(raw)} bytes", file=str(path), allowed=f"up to {MOST_BYTES} bytes")]
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ScenarioError([Problem("is not UTF-8 text", file=str(path), line=line, column=1)]) from None
    return parse_yaml(text, str(path))


def parse_yaml(text: str, file: str) -> Document:
    """Read YAML text; ``file`` is named in messages. See `read_yaml`."""
    loader: Any = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        document = Document(None, file)
        if node is None:
            raise ScenarioError([Problem("is empty", file=file)])
        reader = _Reader(document)
        document.data = reader.read(loader, node, ())
    except yaml.MarkedYAMLError as error:
        raise ScenarioError([_syntax_problem(error, file)], "This file is not readable as YAML") from None
    except (yaml.YAMLError, RecursionError) as error:
        first = str(error).splitlines()[0] if str(error) else "nested too deeply"
        raise ScenarioError([Problem(f"not readable as YAML: {first}", file=file)]) from None
    finally:
        if loader is not None:
            loader.dispose()
    if reader.problems:
        raise ScenarioError(reader.problems)
    return document


def _syntax_problem(error: yaml.MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    what = error.problem or error.context or "syntax error"
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return Problem(
        f"{what} (is the file whole, are colons followed by a space, do indents agree?)", "", file, line, column
    )


class _Reader:
    """Turns nodes into plain values and notes where each stands."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.n_nodes = 0

    def read(self, loader: Any, node: yaml.Node, path: Path_) -> Any:
        self.n_nodes += 1
        if self.n_nodes > MOST_NODES or len(path) > DEEPEST:
            raise yaml.YAMLError("too many or too deeply nested values")
        self.document.marks[path] = self._mark(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(loader, node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(loader, child, (*path, k)) for k, child in enumerate(node.value)]
        return self._scalar(loader, node, path)

    def _mapping(self, loader: Any, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            mark = self._mark(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self._add("a key must be a plain name", path, mark)
                continue
            key = key_node.value
            at = (*path, key)
            if key in out:
                first = self.document.keys[at].line
                self._add(f"is given twice (first in line {first})", at, mark)
                continue
            self.document.keys[at] = mark
            out[key] = self.read(loader, value_node, at)
        return out

    def _scalar(self, loader: Any, node: yaml.Node, path: Path_) -> Any:
        tag = node.tag.removeprefix("tag:yaml.org,2002:")
        if tag == "int":
            return int(node.value.replace("_", ""))
        if tag == "float":
            return _as_float(node.value)
        if tag == "bool":
            return node.value.lower() == "true"
        if tag == "null":
            return None
        if tag != "str":
            self._add(f"the tag {node.tag} is not allowed here", path, self._mark(node))
        return node.value

    def _mark(self, node: yaml.Node) -> Mark:
        return Mark(self.document.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def _add(self, message: str, path: Path_, mark: Mark) -> None:
        self.problems.append(Problem(message, dotted(path), mark.file, mark.line, mark.column))


def _as_float(text: str) -> float:
    lowered = text.lower().replace("_", "")
    if lowered.endswith(".inf"):
        return float("-inf") if lowered.startswith("-") else float("inf")
    return float("nan") if lowered == ".nan" else float(lowered)
