"""Every command of `mtd`, and where it lives."""

import sys
from importlib import import_module
from importlib.metadata import entry_points

import click
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.exc import DBAPIError

from mtd_learning.app import create_app
from mtd_learning.base.settings import load
from mtd_learning.cli import tables
from mtd_learning.errors import MtdError

GROUP = "flask.commands"  # where plugins offer commands
# Where each command lives. A server that starts needs none of what the others import.
OURS = {
    "content": "mtd_learning.cli.content",
    "db": "flask_migrate.cli",
    "demo": "mtd_learning.cli.site",
    "doctor": "mtd_learning.cli.site",
    "init": "mtd_learning.cli.site",
    "start": "mtd_learning.cli.site",
    "tidy": "mtd_learning.cli.site",
    "user": "mtd_learning.cli.user",
    "work": "mtd_learning.cli.site",
}


class Commands(click.Group):
    """Our commands, and those that other packages offer, loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every name, ours and offered."""
        return sorted({*OURS, *entry_points(group=GROUP).names})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command by its name; ours go first."""
        if name in OURS:
            found: click.Command = getattr(import_module(OURS[name]), name)
            return found
        for point in entry_points(group=GROUP, name=name):
            offered: click.Command = point.load()
            return offered
        return None


def _create() -> Flask:
    return create_app(load())


def _create_with_history() -> Flask:
    return tables.connect(_create())


@click.group(
    name="mtd",
    cls=Commands,
    help="Train, certify and keep volunteers who stand beside children.",
)
@click.pass_context
def mtd(ctx: click.Context) -> None:
    """Hold the commands; the app is made only by those that need it."""
    create = _create_with_history if ctx.invoked_subcommand == "db" else _create
    ctx.obj = ScriptInfo(create_app=create, set_debug_flag=False)


def run() -> None:
    """Run the command; a refusal is one sentence and exit code 1."""
    try:
        mtd(prog_name="mtd")
    except MtdError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"{where}{error.strerror or error}. Nothing more was done.", err=True)
        sys.exit(1)
    except DBAPIError as error:
        why = " ".join(str(error.orig).split())
        click.echo(f"The database refused: {why}. See what `mtd doctor` says.", err=True)
        sys.exit(1)
