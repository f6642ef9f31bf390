"""What commands over folders of courses share: which folder, and how its faults are told."""

from pathlib import Path

import click

from mtd_learning.app import content_folder
from mtd_learning.base.settings import load
from mtd_learning.content import reader
from mtd_learning.content.course import Catalogue
from mtd_learning.content.problems import Problem, errors
from mtd_learning.errors import N_, Invalid

MOST_WARNINGS = 20
ELSE = "else that of MTD_CONTENT_DIR, or the shipped one."
EPILOG = f"DIRECTORY is the folder with courses/ and quizzes/; {ELSE}"
DIR = click.argument("directory", required=False, type=click.Path(exists=True, path_type=Path))
DIR_OPTION = click.option(
    "--dir",
    "directory",
    type=click.Path(exists=True, path_type=Path),
    help=f"Folder with courses/ and quizzes/; {ELSE}",
)


def root_of(directory: Path | None) -> Path:
    """Return the folder that was named, or the one that the settings name, or the shipped one."""
    return directory or content_folder(load())


def catalogue_of(directory: Path | None) -> Catalogue:
    """Return the catalogue of that folder."""
    return reader.read_folder(root_of(directory))


def stop_at_errors(problems: list[Problem]) -> None:
    """Print the errors and refuse to go on; warnings stop nothing."""
    wrong = errors(problems)
    for problem in wrong:
        click.echo(str(problem), err=True)
    if wrong:
        raise Invalid(N_("Nothing was changed: %(count)s errors."), count=len(wrong))


def tell_warnings(problems: list[Problem]) -> None:
    """Print the first warnings, each in one line, and how many more there are.

    A block that no learner here will see goes first.
    """
    warnings = [problem for problem in problems if problem.severity == "warning"]
    warnings.sort(key=lambda problem: problem.code != "S141")
    for problem in warnings[:MOST_WARNINGS]:
        click.echo(str(problem), err=True)
    more = len(warnings) - MOST_WARNINGS
    if more > 0:
        click.echo(f"{more} more warnings: mtd content check prints all", err=True)
