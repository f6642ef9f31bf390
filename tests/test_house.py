"""The floors of the house: every import runs down, and the web only commits the session."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from mtd_learning.base.db import db

PACKAGE = Path(__file__).parent.parent / "mtd_learning"

FLOORS = [
    {"ages", "errors", "glossary", "minima"},
    {"plugins"},
    {"base", "content"},
    {"assessment", "library", "people"},
    {"blocks", "upkeep"},
    {"authoring", "guide", "learning"},
    {"agreements", "cohorts", "exchange"},
    {"certification", "surveys"},
    {"privacy", "reminders"},
    {"web"},
    {"app"},
    {"cli"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
NO_FLASK = {room for rooms in FLOORS[:9] for room in rooms} - {"base"}
NO_DATABASE = {"ages", "errors", "glossary", "minima", "plugins", "content", "assessment", "blocks"}


def room_of(path: Path) -> str:
    """Return the first part of the path inside the package, without `.py`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports() -> Iterator[tuple[Path, str, list[str]]]:
    """Yield each file with its room and the dotted names that it imports."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path == PACKAGE / "__init__.py":
            continue
        names: list[str] = []
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: write the whole name of what you import"
                names += [f"{node.module}.{alias.name}" for alias in node.names]
        yield path, room_of(path), names


def test_every_room_has_a_floor():
    rooms = {room for _, room, _ in imports()}
    assert rooms <= set(FLOOR), f"without a floor: {sorted(rooms - set(FLOOR))}"


def test_imports_run_down_never_up_and_never_sideways():
    wrong = []
    for path, room, names in imports():
        for name in names:
            parts = name.split(".")
            if parts[0] != "mtd_learning" or len(parts) < 2:
                continue
            other = parts[1]
            if other != room and FLOOR[other] >= FLOOR[room]:
                wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert not wrong


def test_only_the_upper_floors_and_base_know_flask():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path, room, names in imports()
        for name in names
        if room in NO_FLASK and name.split(".")[0].startswith("flask")
    ]
    assert not wrong


def test_pure_rooms_do_not_know_the_database():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path, room, names in imports()
        for name in names
        if room in NO_DATABASE and name.startswith(("sqlalchemy", "mtd_learning.base.db"))
    ]
    assert not wrong


def test_the_web_touches_the_session_only_to_commit():
    wrong = []
    for path in sorted((PACKAGE / "web").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Attribute) or node.attr == "commit":
                continue
            if ast.unparse(node.value) == "db.session":
                wrong.append(f"{path.name}:{node.lineno} db.session.{node.attr}")
    assert not wrong


def test_blueprints_do_not_import_each_other():
    ground = {"access", "layout", "i18n", "errors", "mailer", "numbers", "reading", "security"}
    wrong = [
        f"{path.name} imports {name}"
        for path, room, names in imports()
        for name in names
        if room == "web"
        and name.startswith("mtd_learning.web.")
        and name.split(".")[2]
        not in ground | {path.relative_to(PACKAGE).parts[1].removesuffix(".py")}
    ]
    assert not wrong


def test_every_file_says_first_what_it_is_for():
    silent = [
        str(path.relative_to(PACKAGE))
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert not silent


def test_files_and_functions_can_be_read_at_one_go():
    long = []
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text("utf-8")
        if text.count("\n") > 350:
            long.append(str(path.relative_to(PACKAGE)))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or 0) - node.body[0].lineno + 1
                if lines > 40:
                    long.append(f"{path.relative_to(PACKAGE)} {node.name}: {lines} lines")
    assert not long


def test_nothing_has_a_name_that_says_nothing():
    empty = ("util", "helper", "common", "manager", "handler")
    named = [
        (path.relative_to(PACKAGE), name)
        for path in sorted(PACKAGE.rglob("*.py"))
        for name in (
            path.stem,
            *(
                node.name
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.ClassDef)
            ),
        )
    ]
    assert not [pair for pair in named if any(word in pair[1].lower() for word in empty)]


def test_tables_point_down_too():
    rooms = {
        mapper.local_table: mapper.class_.__module__.split(".")[1]
        for mapper in db.Model.registry.mappers
    }
    assert "certification" in rooms.values()
    up = [
        f"{table.name} names {key.column.table.name}"
        for table, room in rooms.items()
        for key in table.foreign_keys
        if FLOOR[rooms[key.column.table]] > FLOOR[room]
    ]
    assert not up


def test_the_licences_of_code_texts_and_fonts_are_here_to_their_last_clause():
    texts = {
        "EUPL-1.2": ("EUROPEAN UNION PUBLIC LICENCE v. 1.2", "15.Applicable Law"),
        "CC-BY-SA-4.0": ("Attribution-ShareAlike 4.0 International", "Section 8 -- Interpretation"),
        "OFL-1.1": ("SIL OPEN FONT LICENSE", "DISCLAIMER"),
    }
    root = PACKAGE.parent
    for name, parts in texts.items():
        text = (root / "LICENSES" / f"{name}.txt").read_text("utf-8")
        assert [part for part in parts if part not in text] == [], name
    code = (root / "LICENSES" / "EUPL-1.2.txt").read_text("utf-8")
    assert (root / "LICENSE").read_text("utf-8") == code


def test_the_environment_that_make_makes_holds_pip_to_install_an_extra_or_a_block_with():
    makefile = (PACKAGE.parent / "Makefile").read_text("utf-8")
    ways = [one for one in re.findall(r"(?:-m|uv) venv [^;]*", makefile) if ".venv" in one]
    assert len(ways) == 2  # a plain venv brings pip, one that uv makes does when it is asked to
    assert all("--seed" in one for one in ways if one.startswith("uv"))
