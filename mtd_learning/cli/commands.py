"""Every command of `mtd`, and where it lives."""

import sys
from importlib import import_module

import click
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.exc import DBAPIError

from mtd_learning import plugins
from mtd_learning.app import create_app
from mtd_learning.base.settings import load
from mtd_learning.cli import tables
from mtd_learning.errors import MtdError

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
        return sorted({*OURS, *plugins.offered(plugins.COMMANDS)})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command by its name; ours go first."""
        if name in OURS:
            found: click.Command = getattr(import_module(OURS[name]), name)
            return found
        offered: click.Command | None = plugins.load_one(plugins.COMMANDS, name)
        return offered


def look_at_offered() -> None:
    """Load the commands of other packages, so that broken ones are known."""
    for name in plugins.offered(plugins.COMMANDS):
        if name not in OURS:
            plugins.load_one(plugins.COMMANDS, name)


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


def _is_in_safe_mode() -> bool:
    try:
        return load().safe_mode
    except (MtdError, OSError):
        return True  # until the settings are right, ours are enough


def run() -> None:
    """Run the command; a refusal is one sentence and exit code 1."""
    plugins.start(safe_mode=_is_in_safe_mode())
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
