"""The command line: which commands there are, and how a failure is told. No logic."""

from __future__ import annotations

import difflib
import importlib
import sys
from typing import Any, NoReturn

import click

from careersim import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("careersim.commands.run", "Run a config and write results, tables and figures."),
    "status": ("careersim.commands.status", "Show how far a study is, and how long it will take."),
    "check": ("careersim.commands.check", "Verify every file of a study, and move damaged ones aside."),
    "retry": ("careersim.commands.retry", "Run again what failed in a study."),
    "worker": ("careersim.commands.worker", "Run one shard of a study, for job arrays."),
    "compare": ("careersim.commands.compare", "Compare strategies with none in one place, person by person."),
    "analyse": (
        "careersim.commands.analyse",
        "Analyse a study: differences, precision, robustness, sensitivity, frontier.",
    ),
    "export": ("careersim.commands.export", "Export a study to one CSV, one Excel workbook, or for the EMA workbench."),
    "reproduce": (
        "careersim.commands.reproduce",
        "Run one result again and prove it bit-identical, or say what differs.",
    ),
    "list": ("careersim.commands.listing", "List places, strategies, measures or parameters."),
    "describe": ("careersim.commands.describe", "Describe a place, a strategy or a config."),
    "new": ("careersim.commands.new", "Write a fully commented config."),
    "schema": ("careersim.commands.schema", "Print the JSON Schema of configs or places, for editors."),
    "verify": ("careersim.commands.verify", "Check the model against exact theory, invariants and signs."),
    "session": ("careersim.commands.session", "Read aloud the record of one coaching group."),
    "story": ("careersim.commands.story", "Tell one person's life with a strategy and without."),
}
"""Command -> module (its attribute ``command``) and one line of help, so that help imports no module."""

WRONG_INPUT, INTERRUPTED = 2, 130


class LazyCommands(click.Group):
    """A group that imports a command when it is called, and suggests the nearest name for an unknown one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        return importlib.import_module(COMMANDS[cmd_name][0]).command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; say which was meant if there is none."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else f" There are: {', '.join(COMMANDS)}."
            raise click.UsageError(f"No such command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="careersim")
def cli() -> None:
    """Simulate a constrained local labour market from published figures and compare career strategies, person by person, with the same luck.

    \b
    Begin with:
      careersim list places
      careersim compare --place inverclyde --strategies one_to_one,collective_bargaining
    """


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 2 wrong input or a place that cannot be written, 130 interrupted."""
    try:
        code = cli.main(arguments, prog_name="careersim", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(WRONG_INPUT)
    except (click.Abort, KeyboardInterrupt):
        _say("Interrupted. What was finished is kept; the same command goes on from there.")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        _close_output()
        sys.exit(0)
    except Exception as error:
        text = one_screen(error)
        if text is None:
            raise
        _say(text)
        sys.exit(WRONG_INPUT)


def one_screen(error: BaseException) -> str | None:
    """Return what to tell the user of a failure that is not a fault of the program; None if it is one."""
    screen: Any = getattr(error, "screen", None)
    if callable(screen):
        return str(screen())
    if isinstance(error, OSError):
        what = error.strerror or str(error) or type(error).__name__
        where = f" '{error.filename}'" if error.filename else ""
        return f"A file or folder cannot be used{where}: {what}."
    if isinstance(error, MemoryError):
        return "There is not enough memory: choose fewer people or fewer workers."
    return None


def _say(text: str) -> None:
    click.echo(text, err=True)


def _close_output() -> None:
    """Let nothing be written to an output that was closed (``careersim list places | head``)."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
