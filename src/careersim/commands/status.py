"""``careersim status DIR``: how far a study is."""

from __future__ import annotations

import click


@click.command("status", short_help="Show how far a study is, and how long it will take.")
@click.argument("folder", metavar="DIR", type=click.Path())
def command(folder: str) -> None:
    """Show how many runs of the study in DIR are done, running, failed and missing, and the time left.

    Every result is read and verified; nothing is changed.
    """
    from careersim.commands.tables import show
    from careersim.study.progress import in_words
    from careersim.study.status import status

    s = status(folder)
    rows = [(name, f"{n:,}", f"{100 * n / max(s.runs, 1):.1f}%") for name, n in (
        ("done", s.done), ("running", s.running), ("failed", s.failed), ("missing", s.missing),
    )]  # fmt: skip
    show(f"{folder}: {s.runs:,} runs", ["", "runs", "share"], rows, right=(1, 2))
    for one in s.at_work:
        name = "At work" if one["name"] == "run" else f"At work on {one['name'].replace('-of-', '/').replace('-', ' ')}"
        click.echo(
            f"{name}: process {one['process']} on {one['host']}, {one['workers']} workers; "
            f"{one['made']:,} of {one['wanted']:,} runs made in {in_words(one['seconds'])}"
        )
    if s.seconds_left is not None:
        click.echo(f"Time left: about {in_words(s.seconds_left)}")
    elif not s.at_work and s.missing:
        click.echo(f"Nobody is at work. Go on with: careersim run {folder}")
    if s.failed:
        click.echo(f"Failures are in {folder}/failures. Try them again with: careersim retry {folder}")
    if s.quarantined:
        click.echo(f"{s.quarantined} damaged files were moved to {folder}/quarantine.")
    if s.other:
        click.echo(f"{s.other} results belong to another config or another version of careersim; they are kept apart.")
    if s.code_changed:
        click.echo("This version of careersim is another than the study's: `careersim run` would make its runs anew.")
