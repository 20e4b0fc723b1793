"""``careersim reproduce RESULT``: run one result again and prove it the same, or say what differs."""

from __future__ import annotations

import click

DIFFERS = 1
"""Exit code when the result is not the same."""


@click.command("reproduce", short_help="Run one result again and prove it bit-identical, or say what differs.")
@click.argument("result", type=click.Path())
@click.option("--in", "folder", type=click.Path(), help="Folder of the study, if RESULT is a run's key.")
def command(result: str, folder: str | None) -> int:
    """Run RESULT (a file of runs/, or a run's key with --in FOLDER) again and compare every line.

    Exit code 0: bit-identical; 1: it differs, and what has changed since is told.
    """
    from careersim.study.reproduce import reproduce

    found = reproduce(result, folder)
    click.echo(found.words())
    return 0 if found.identical else DIFFERS
