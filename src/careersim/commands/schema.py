"""``careersim schema``: the JSON Schema of configs and places."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("kind", type=click.Choice(["experiment", "place"]), default="experiment")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Write to a file instead.")
def command(kind: str, out: Path | None) -> None:
    """Print the JSON Schema of an experiment's config (default) or of a place file.

    Editors that know YAML schemas complete and check with it; in VS Code: the first line
    `# yaml-language-server: $schema=careersim.schema.json`.
    """
    from careersim.commands.new import write_whole
    from careersim.scenario.template import schema

    text = json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        write_whole(out, text)
        click.echo(f"Wrote {out}.")
