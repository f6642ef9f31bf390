"""`mtd content equivalent`: an author says that a change left the meaning as it was."""

from pathlib import Path

import click

from mtd_learning.cli.folders import DIR_OPTION, catalogue_of, root_of, stop_at_errors
from mtd_learning.content import unchanged
from mtd_learning.library import files


@click.command()
@click.argument("course")
@click.argument("address")
@click.argument("old", required=False)
@DIR_OPTION
@click.option("--approved", is_flag=True, help="A second person agrees: for protected text.")
def equivalent(
    course: str, address: str, old: str | None, directory: Path | None, approved: bool
) -> None:
    """Say that the text at ADDRESS of COURSE still means the same, in equivalent.yaml.

    ADDRESS is as `mtd content flatten` prints it, such as m05-safety:notice/what/text. OLD is the
    mark of the text before, which `mtd content check` names (T203); it may be left out where all
    that is outdated was made from one text. What was made from it is current again.
    """
    root = root_of(directory)
    catalogue = catalogue_of(root)
    stop_at_errors(catalogue.problems)
    found = catalogue.course(course)
    older = unchanged.older_marks(found, address)
    if old is None:
        if not older:
            click.echo(f"nothing changed: no text made from '{address}' has an older mark")
            return
        old, *others = older
        if others:
            told = "; ".join(f"{mark} ({', '.join(names)})" for mark, names in older.items())
            raise click.ClickException(f"Name the mark of the text that meant the same: {told}.")
    path, text = unchanged.mark_equivalent(catalogue, course, address, old, approved=approved)
    files.put(root / path, text)
    left = unchanged.older_marks(catalogue_of(root).course(course), address)
    again = [name for mark, names in older.items() if mark not in left for name in names]
    told = f": {', '.join(again)}" if again else ""
    click.echo(f"{path}: {len(again)} texts are current again{told}")
