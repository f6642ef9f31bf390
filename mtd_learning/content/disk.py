"""The files below `courses/` and `quizzes/`: what they hold, and what cannot be taken in."""

import os
from collections.abc import Iterator
from pathlib import Path

from mtd_learning.content import events
from mtd_learning.content.problems import Problem
from mtd_learning.errors import N_, Invalid

ROOMS = ("courses", "quizzes")
MOST_BYTES = 32 * 1024 * 1024


def read(root: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the files by their path, hidden ones left out, and a fault for each that is none.

    No link below `root` is followed: one could bring a secret of the machine onto a page. A folder
    without courses is refused.
    """
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for name, path in _below(root, problems):
        data = _file(name, path)
        if isinstance(data, Problem):
            problems.append(data)
        else:
            files[name] = data
    if not (files or problems):
        raise Invalid(N_("%(root)s holds no courses/ and no quizzes/."), root=root)
    return files, sorted(problems)


def names(root: Path) -> list[str]:
    """Return the paths of everything that `read` looks at."""
    return [name for name, _ in _below(root, [])]


def _below(root: Path, problems: list[Problem]) -> Iterator[tuple[str, Path]]:
    def cannot_be_opened(error: OSError) -> None:
        if os.path.lexists(error.filename):  # a catalogue may lack one of the two rooms
            problems.append(_closed(_inside(root, Path(error.filename)), error))

    for room in ROOMS:
        if (root / room).is_symlink():
            yield room, root / room
            continue
        for folder, folders, names in os.walk(root / room, onerror=cannot_be_opened):
            paths = [Path(folder, name) for name in sorted((*folders, *names)) if name[0] != "."]
            folders[:] = [
                path.name
                for path in paths
                if path.name in folders and not path.is_symlink() and path.suffix != ".yaml"
            ]
            for path in paths:
                if path.name not in folders:
                    yield _inside(root, path), path


def _file(name: str, path: Path) -> bytes | Problem:
    if not name.isprintable():
        shown = name.encode("ascii", "backslashreplace").decode().replace("\n", "\\n")
        shown = "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in shown)
        return _fault(shown, "Y002", "the name holds a sign that cannot be read", "rename the file")
    if path.is_symlink() or not path.is_file():
        return _fault(name, "Y002", "this is no file of its own", "put the file itself here")
    if path.suffix != ".yaml" and path.suffix.lower() in (".yaml", ".yml"):
        return _fault(name, "Y002", "only files that end in .yaml are read", "rename the file")
    most = events.MAX_BYTES if path.suffix == ".yaml" else MOST_BYTES
    try:
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        return _closed(name, error)
    if len(data) > most and path.suffix != ".yaml":  # events.py says it of a YAML file
        return _fault(name, "Y001", f"the file is larger than {most >> 20} MB", "make it smaller")
    return data


def _inside(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _closed(name: str, error: OSError) -> Problem:
    sentence = f"the file cannot be opened: {error.strerror}"
    return _fault(name, "Y002", sentence, "look at its permissions")


def _fault(name: str, code: str, sentence: str, next_step: str) -> Problem:
    return Problem(name, 1, 1, "error", code, sentence, next_step)
