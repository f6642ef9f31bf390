"""`mtd content`: check, look, write in order, bring in and out, publish."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from mtd_learning.app import judge_of
from mtd_learning.base import clock
from mtd_learning.base.db import db, expect_writing
from mtd_learning.base.settings import load
from mtd_learning.cli import po
from mtd_learning.cli.equivalent import equivalent
from mtd_learning.cli.folders import (
    DIR,
    DIR_OPTION,
    EPILOG,
    catalogue_of,
    root_of,
    stop_at_errors,
    tell_warnings,
)
from mtd_learning.content import disk, drift, gate, overlay, reader, writer
from mtd_learning.content import readability as reads
from mtd_learning.content import schema as schemas
from mtd_learning.content.course import Catalogue
from mtd_learning.content.problems import Problem, errors
from mtd_learning.content.variant import Variant
from mtd_learning.library import files, publishing
from mtd_learning.library import service as library
from mtd_learning.web import i18n

MOST_TOLD = 50
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def content() -> None:
    """Courses and quizzes as files: check, translate, publish."""


content.add_command(po.po_export)
content.add_command(po.po_import)
content.add_command(equivalent)


def _problems(catalogue: Catalogue) -> list[Problem]:
    return judge_of(load())(catalogue, clock.today())


def _tell_unread(catalogue: Catalogue) -> list[Problem]:
    """Print and return the faults of files that are therefore missing from what is printed."""
    unread = sorted(errors(catalogue.problems))
    for problem in unread:
        click.echo(str(problem), err=True)
    return unread


@content.command(epilog=EPILOG)
@DIR
def check(directory: Path | None) -> None:
    """Print every fault as file:line:column; exit 1 with errors."""
    problems = _problems(catalogue_of(directory))
    for problem in problems:
        click.echo(str(problem))
    wrong = len(errors(problems))
    click.echo(f"{wrong} errors, {len(problems) - wrong} warnings", err=True)
    sys.exit(1 if wrong else 0)


@content.command()
@click.argument("course")
@click.argument("variant")
@DIR_OPTION
@JSON
def flatten(course: str, variant: str, directory: Path | None, as_json: bool) -> None:
    """Print the resolved COURSE in VARIANT: each segment with words, language, layer, state.

    Texts that the variant's packs hide are left out; `mtd content status` counts them too. Exit 1
    when a file of the variant has a fault that keeps it from being read.
    """
    catalogue = catalogue_of(directory)
    unread = _tell_unread(catalogue)
    wanted = Variant.parse(variant)
    if wanted.country:  # one without a pack would read the base, and look like a pack that is empty
        catalogue.course(course).lineage(wanted.country)
    resolved = overlay.resolve(catalogue, course, wanted)
    rows = overlay.flatten(resolved)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            words = " ".join(row["words"].split())
            said = (row["address"], row["language"], row["layer"], row["state"], words)
            click.echo("\t".join(said))
    sys.exit(1 if any(gate.concerns(resolved, problem.file) for problem in unread) else 0)


@content.command()
@DIR_OPTION
@JSON
@click.option(
    "--readability", is_flag=True, help="Add words, words a sentence and LIX of each unit."
)
@click.option("--all", "every", is_flag=True, help=f"Print more than {MOST_TOLD} faults a variant.")
def status(directory: Path | None, as_json: bool, readability: bool, every: bool) -> None:
    """Print, for each variant, how many segments are in which state, and what its gate says.

    Texts that the variant's packs hide count as well; `mtd content flatten` leaves them out. Exit 1
    when a file has a fault that keeps it from being read.
    """
    catalogue = catalogue_of(directory)
    unread = _tell_unread(catalogue)
    today = clock.today()
    rows: list[dict[str, Any]] = []
    for course in sorted(catalogue.courses):
        for variant in catalogue.course(course).variants():
            problems = gate.problems(catalogue, course, variant, today)
            resolved = overlay.resolve(catalogue, course, variant)
            row: dict[str, Any] = {
                "course": course,
                "variant": str(variant),
                "states": drift.table(resolved),
                "gate": gate.verdict(problems),
                "problems": [str(problem) for problem in problems],
            }
            if readability and variant.country is None:
                row["readability"] = _readability(resolved)
            rows.append(row)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            _tell_state(row, None if every else MOST_TOLD)
    sys.exit(1 if unread else 0)


def _tell_state(row: Mapping[str, Any], most: int | None) -> None:
    states = ", ".join(f"{name} {count}" for name, count in row["states"].items())
    click.echo(f"{row['course']} {row['variant']}: {row['gate']}; {states}")
    told = row["problems"][:most]
    for line in told:
        click.echo(f"    {line}")
    if len(told) < len(row["problems"]):
        click.echo(f"    and {len(row['problems']) - len(told)} more: add --all")
    for unit in row.get("readability", ()):
        click.echo(
            f"    {unit['module']:<20} {unit['unit'] or 'all units':<26} "
            f"{unit['words']:>6} words {unit['minutes']:>4} min "
            f"{unit['words_a_sentence']:>5.1f} a sentence  LIX {unit['lix']:>3.0f}"
            + (f"  {unit['translated']:.0%} translated" if unit["translated"] < 1 else "")
        )


def _readability(resolved: overlay.Resolved) -> list[dict[str, Any]]:
    """Return a row for each unit, and one without a unit for each module."""
    rows: list[dict[str, Any]] = []
    every = list(reads.units(resolved))
    for module in dict.fromkeys(one.module for one in every):
        inside = [one for one in every if one.module == module]
        share = sum(one.translated for one in inside) / len(inside)
        whole = (None, sum(one.minutes for one in inside), share, reads.total(inside))
        each = [(one.unit, one.minutes, one.translated, one.reading) for one in inside]
        for unit, minutes, translated, reading in (*each, whole):
            rows.append(
                {
                    "module": module,
                    "unit": unit,
                    "minutes": minutes,
                    "translated": round(translated, 3),
                    "words": reading.words,
                    "words_a_sentence": round(reading.a_sentence, 1),
                    "lix": round(reading.lix, 1),
                }
            )
    return rows


@content.command(epilog=EPILOG)
@DIR
def stamp(directory: Path | None) -> None:
    """Write the source's fingerprint beside every translated text that has none.

    Exit 1 when a file has a fault that keeps it from being read: what stands in it or is made from
    it is not stamped.
    """
    root = root_of(directory)
    found = files.read(root)
    unread = _tell_unread(reader.read_files(found))
    changed = 0
    for path, data in writer.stamped(found).items():
        files.put(root / path, data)
        changed += 1
        click.echo(path)
    click.echo(f"{changed} files stamped", err=True)
    sys.exit(1 if unread else 0)


@content.command(epilog=EPILOG)
@DIR
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; exit 1 if something would."
)
def fmt(directory: Path | None, only_check: bool) -> None:
    """Write the YAML files in the house's form; comments stay."""
    root = root_of(directory)
    found = files.read(root)
    stop_at_errors([p for p in reader.read_files(found).problems if p.code.startswith("Y")])
    changed = []
    for path, data in found.items():
        if path.endswith(".yaml"):
            form = writer.format_file(data)
            if form != data:
                changed.append(path)
                if not only_check:
                    files.put(root / path, form)
    for path in changed:
        click.echo(path)
    sys.exit(1 if changed and only_check else 0)


@content.command()
@click.argument("directory", type=click.Path(path_type=Path))
def schema(directory: Path) -> None:
    """Write the JSON Schema of each kind of file into DIRECTORY, for editors."""
    directory.mkdir(parents=True, exist_ok=True)
    for kind, one in schemas.json_schemas().items():
        (directory / f"{kind}.json").write_text(schemas.written(one), "utf-8")
        click.echo(f"{kind}.json")


@content.command("import", epilog=EPILOG)
@DIR
@click.option("--message", "-m", default="import", help="What the revision is called.")
@with_appcontext
def import_(directory: Path | None, message: str) -> None:
    """Bring a folder in, and print its warnings. With an error nothing is brought in.

    The folder is everything that there is from now on. What is published stays so until it is
    published anew or withdrawn.
    """
    expect_writing(True)
    root = root_of(directory)
    found, faults = disk.read(root)
    problems = [*faults, *_problems(reader.read_files(found))]
    stop_at_errors(problems)
    tell_warnings(problems)
    revision = files.bring_in(found, message=message)
    db.session.commit()
    click.echo("nothing changed" if revision is None else f"revision {revision.id}")


@content.command()
@click.option(
    "--approved", is_flag=True, help="A second person has approved the changed protected texts."
)
@with_appcontext
def publish(approved: bool) -> None:
    """Publish every variant that changed and whose gate allows it; print the warnings.

    Exit 1 when there was nothing to publish, or a gate stays closed.
    """
    catalogue = reader.read_files(files.present())
    problems = _problems(catalogue)
    stop_at_errors(problems)
    tell_warnings(problems)
    done = publishing.publish(
        catalogue,
        today=clock.today(),
        translate=i18n.translate,
        revision=files.latest_revision(),
        compare=True,
        approved=approved,
    )
    db.session.commit()
    if not done:
        click.echo(
            "there is nothing to publish: bring a folder in first, mtd content import", err=True
        )
    for one in done:
        _tell_published(one)
    _tell_left_behind(done)
    sys.exit(1 if not done or any(one.verdict == "closed" for one in done) else 0)


def _tell_published(one: publishing.Published) -> None:
    """Print what became of a variant, with what keeps its gate closed."""
    name = f"{one.course_key} {one.variant}"
    if one.verdict != "closed":
        number = f"edition {one.edition.number}" if one.edition else "unchanged"
        click.echo(f"{name}: {one.verdict}, {number}")
        return
    click.echo(f"{name}: closed, the last edition stays")
    for problem in errors(one.problems):
        if problem.code not in gate.PILOT_CODES:
            click.echo(f"    {problem}")


def _tell_left_behind(done: list[publishing.Published]) -> None:
    """Print the editions that are read, and that no file makes any more."""
    made = {(one.course_key, one.variant) for one in done}
    for now in library.editions_now():
        if (now.course_key, now.variant) not in made:
            name = f"{now.course_key} {now.variant}"
            click.echo(f"{name}: no file makes it any more; it is read until mtd content withdraw")


@content.command()
@click.argument("course")
@click.argument("variant")
@with_appcontext
def withdraw(course: str, variant: str) -> None:
    """Take back the present edition of COURSE in VARIANT; the one before it is read again."""
    expect_writing(True)
    published = {(one.course_key, one.variant): one for one in library.editions_now()}
    now = published.get((course, variant))
    if now is None:
        there = ", ".join(" ".join(names) for names in published) or "none"
        raise click.ClickException(f"There is no edition {course} {variant}. There are: {there}.")
    library.withdraw(now.id, actor_id=None)
    db.session.commit()
    click.echo(f"{course} {variant}: edition {now.number} withdrawn")


@content.command()
@click.argument("directory", type=click.Path(path_type=Path))
@with_appcontext
def export(directory: Path) -> None:
    """Write the present files into DIRECTORY, byte for byte.

    A folder whose courses/ or quizzes/ hold other files is refused: remove those, or name an
    empty folder.
    """
    click.echo(f"{files.write_out(directory)} files")
