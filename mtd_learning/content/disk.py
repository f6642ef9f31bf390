"""The files below `courses/` and `quizzes/`: what they hold, and what cannot be taken in."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from mtd_learning.content import events
from mtd_learning.content.problems import Problem
from mtd_learning.errors import N_, Invalid

ROOMS = ("courses", "quizzes")
YAML = ".yaml"
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


def _below(root: Path, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Return each name below `root`, as `courses/x/course.yaml`, with its whole path."""

    def cannot_be_opened(error: OSError) -> None:
        if os.path.lexists(error.filename):  # a catalogue may lack one of the two rooms
            name = Path(error.filename).relative_to(root).as_posix()
            problems.append(_closed(name, error))

    for room in ROOMS:
        top = os.path.join(root, room)
        if os.path.islink(top):
            yield room, top
            continue
        for folder, folders, names in os.walk(top, onerror=cannot_be_opened):
            inside = room + folder[len(top) :].replace(os.sep, "/")
            seen = [name for name in (*folders, *names) if name[0] != "."]
            folders[:] = [name for name in folders if name in seen and _is_folder(folder, name)]
            for name in sorted({*seen}.difference(folders)):
                yield f"{inside}/{name}", os.path.join(folder, name)


def _is_folder(folder: str, name: str) -> bool:
    """Say whether to look into a folder; one that is called like a file is told of."""
    return not name.endswith(YAML) and not os.path.islink(os.path.join(folder, name))


def _file(name: str, path: str) -> bytes | Problem:
    if not name.isprintable():
        shown = name.encode("ascii", "backslashreplace").decode().replace("\n", "\\n")
        shown = "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in shown)
        return _fault(shown, "Y002", "the name holds a sign that cannot be read", "rename the file")
    is_yaml = name.endswith(YAML)
    if not is_yaml and name.lower().endswith((YAML, ".yml")):
        return _fault(name, "Y002", "only files that end in .yaml are read", "rename the file")
    most = events.MAX_BYTES if is_yaml else MOST_BYTES
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return _fault(name, "Y002", "this is no file of its own", "put the file itself here")
        with open(path, "rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        return _closed(name, error)
    if len(data) > most and not is_yaml:  # events.py says it of a YAML file
        return _fault(name, "Y001", f"the file is larger than {most >> 20} MB", "make it smaller")
    return data


def _closed(name: str, error: OSError) -> Problem:
    sentence = f"the file cannot be opened: {error.strerror}"
    return _fault(name, "Y002", sentence, "look at its permissions")


def _fault(name: str, code: str, sentence: str, next_step: str) -> Problem:
    return Problem(name, 1, 1, "error", code, sentence, next_step)
