"""The `mtd` command: options in, one verb, commit, one line out."""

import sys
from importlib.metadata import entry_points

import click
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.exc import DBAPIError

from mtd_learning.app import create_app
from mtd_learning.base.settings import load
from mtd_learning.cli import content, site, user
from mtd_learning.errors import MtdError

GROUP = "flask.commands"  # where plugins offer commands


class Commands(click.Group):
    """Our commands, and those that other packages offer, loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every name, ours and offered."""
        return sorted({"db", *super().list_commands(ctx), *entry_points(group=GROUP).names})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command by its name; ours go first."""
        found = super().get_command(ctx, name)
        if name == "db":
            # Alembic is slow to import, and no other command of ours needs it.
            from flask_migrate.cli import db

            return db
        if found is None:
            for point in entry_points(group=GROUP, name=name):
                return point.load()
        return found


def _create() -> Flask:
    return create_app(load())


@click.group(
    name="mtd",
    cls=Commands,
    help="Train, certify and keep volunteers who stand beside children.",
)
@click.pass_context
def mtd(ctx: click.Context) -> None:
    """Hold the commands; the app is made only by those that need it."""
    ctx.obj = ScriptInfo(create_app=_create, set_debug_flag=False)


for _command in (
    content.content,
    user.user,
    site.init,
    site.start,
    site.demo,
    site.doctor,
    site.work,
):
    mtd.add_command(_command)


def main() -> None:
    """Run the command; a refusal is one sentence and exit code 1."""
    try:
        mtd(prog_name="mtd")
    except MtdError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except DBAPIError as error:
        why = " ".join(str(error.orig).split())
        click.echo(f"The database refused: {why}. See what `mtd doctor` says.", err=True)
        sys.exit(1)
