"""``careersim check DIR``: verify every file of a study."""

from __future__ import annotations

import click

DAMAGED = 1
MOST_SHOWN = 10


@click.command("check", short_help="Verify every file of a study, and move damaged ones aside.")
@click.argument("folder", metavar="DIR", type=click.Path())
def command(folder: str) -> None:
    """Decode and verify every file of the study in DIR; damaged results are moved to DIR/quarantine. Exit code 1 if there are any."""
    from careersim.study.status import check

    found = check(folder)
    click.echo(f"{found.whole:,} results are whole and right; {found.missing:,} runs of the design have none.")
    for path in found.damaged[:MOST_SHOWN]:
        click.echo(f"Damaged, moved to {path}", err=True)
    for text in found.wrong[:MOST_SHOWN]:
        click.echo(f"{text}", err=True)
    more = max(len(found.damaged) - MOST_SHOWN, 0) + max(len(found.wrong) - MOST_SHOWN, 0)
    if more:
        click.echo(f"... and {more} more.", err=True)
    if found.missing:
        click.echo(f"Make what is missing with: careersim run {folder}")
    if not found.passed:
        raise SystemExit(DAMAGED)
