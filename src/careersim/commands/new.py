"""``careersim new``: write a config that shows everything."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--place", default=None, help="Place to run (default: inverclyde).")
@click.option("--force", is_flag=True, help="Overwrite FILE.")
def command(file: Path, place: str | None, force: bool) -> None:
    """Write a config to FILE with every setting and parameter at its default, each explained."""
    from careersim.scenario.catalogue import looks_like_a_path
    from careersim.scenario.errors import Problem, ScenarioError
    from careersim.scenario.place import load_place
    from careersim.scenario.template import new_config_text

    if file.is_dir():
        raise ScenarioError([Problem("is a folder: name a file", file=str(file))], "Nothing was written")
    if file.exists() and not force:
        raise ScenarioError(
            [Problem("exists already: choose another name, or add --force", file=str(file))], "Nothing was written"
        )
    if place:
        found = load_place(place)
        place = place if looks_like_a_path(place) else found.name
    write_whole(file, new_config_text(place, _name_from(file)))
    click.echo(f"Wrote {file}. Edit it, then: careersim run {file}")


def _name_from(file: Path) -> str:
    name = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "-" for c in file.stem).strip("._-")
    return name[:80] or "experiment"


def write_whole(file: Path, text: str) -> None:
    """Write a text file so that it is there whole or not at all."""
    try:
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".part")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
