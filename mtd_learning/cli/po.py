"""`mtd content po-export` and `po-import`: texts out to translators and back."""

from pathlib import Path
from typing import Any

import click
from flask.cli import ScriptInfo
from sqlalchemy.exc import DBAPIError

from mtd_learning.cli.folders import DIR_OPTION, catalogue_of, root_of, stop_at_errors
from mtd_learning.content import po
from mtd_learning.content.po_import import bring_in
from mtd_learning.content.problems import Problem
from mtd_learning.errors import MtdError
from mtd_learning.library import files, service


@click.command("po-export")
@click.argument("course")
@click.argument("language")
@click.argument("target", required=False, type=click.Path(path_type=Path))
@DIR_OPTION
@click.option("--pack", default="", help="The texts of this country or organisation instead.")
@click.pass_context
def po_export(
    ctx: click.Context,
    course: str,
    language: str,
    target: Path | None,
    directory: Path | None,
    pack: str,
) -> None:
    """Write COURSE for translators into LANGUAGE.

    TARGET is a file that ends in .po, or a folder that gets one for each module and bank; without
    it all is printed. What translators began in a file that is there already stays in it.
    """
    found = catalogue_of(directory).course(course)
    sheets = po.sheets(found, language, pack)
    if not po.is_target(found, language, pack):
        raise click.BadParameter(f"'{language}' is not a language to translate into.")
    every = [sheet for some in sheets.values() for sheet in some]
    places = {target: every}
    if target is not None and target.suffix != ".po":
        places = {target / course / language / f"{name}.po": some for name, some in sheets.items()}
    former = _former_sources(ctx, po.older_marks(every))
    texts = {}
    for path, some in places.items():
        before = _begun(path, (course, pack, language))
        texts[path] = po.po_text(found, some, pack_id=pack, former=former, before=before)
    for path, text in texts.items():
        if path is None:
            click.echo(text)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
            click.echo(path)


def _begun(path: Path | None, wanted: tuple[str, str, str]) -> Any:
    """Return the PO file that is there already, or None; one for something else is refused."""
    if path is None or not path.exists():
        return None
    found = po.read(path)
    if not isinstance(found, Problem) and po.names(found) != wanted:
        sentence, step = "this file is for something else", "choose another name"
        found = Problem(str(path), 1, 1, "error", "T206", sentence, step)
    if isinstance(found, Problem):
        stop_at_errors([found])
    return found


def _former_sources(ctx: click.Context, marks: set[str]) -> dict[str, str]:
    """Return what the site on this machine has kept of these source texts; it need not exist."""
    if not marks:
        return {}
    try:
        with ctx.ensure_object(ScriptInfo).load_app().app_context():
            return service.sources_kept(marks)
    except (MtdError, DBAPIError):
        return {}


@click.command("po-import")
@click.argument(
    "po_files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@DIR_OPTION
def po_import(po_files: tuple[Path, ...], directory: Path | None) -> None:
    """Take the translations of PO files into the YAML files. With an error nothing is written."""
    root = root_of(directory)
    made = bring_in(catalogue_of(root), po_files)
    for problem in made.problems:
        if problem.severity != "error":
            click.echo(str(problem), err=True)
    stop_at_errors(made.problems)
    for path, data in made.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        files.put(root / path, data)
        click.echo(path)
    click.echo(f"{made.texts} texts taken", err=True)
