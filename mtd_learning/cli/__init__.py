"""The `mtd` command: options in, one verb, commit, one line out."""

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup

from mtd_learning.app import create_app
from mtd_learning.cli import content, site, user
from mtd_learning.errors import MtdError


def _create() -> Flask:
    return create_app(site.settings_or_stop())


@click.group(
    cls=FlaskGroup,
    create_app=_create,
    add_default_commands=False,
    add_version_option=False,
    set_debug_flag=False,
    help="Train, certify and keep volunteers who stand beside children.",
)
def mtd() -> None:
    """Hold the commands."""


mtd.add_command(content.content)
mtd.add_command(user.user)
for _command in (site.init, site.start, site.demo, site.doctor, site.work):
    mtd.add_command(_command)


def main() -> None:
    """Run the command; a refusal is one sentence and exit code 1."""
    try:
        mtd()
    except MtdError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
