"""Course files to a catalogue; each fault with file, line, column and a next step."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from mtd_learning.content import disk, events
from mtd_learning.content.assemble import assemble
from mtd_learning.content.course import Catalogue, Source
from mtd_learning.content.explain import explained
from mtd_learning.content.memory import Memory
from mtd_learning.content.problems import Problem, did_you_mean

_Read = tuple[Source | None, tuple[Problem, ...]]
_known: Memory[_Read] = Memory(5_000)


def read_folder(root: Path) -> Catalogue:
    """Return the catalogue of a folder that holds `courses/` and `quizzes/`."""
    files, problems = disk.read(root)
    catalogue = read_files(files)
    catalogue.problems += problems
    return catalogue


def read_files(files: Mapping[str, bytes]) -> Catalogue:
    """Return the catalogue of files given by their path, such as `courses/x/course.yaml`."""
    catalogue = Catalogue(names=frozenset(files))
    media: dict[str, bytes] = {}
    for name in sorted(files):
        if PurePosixPath(name).suffix == ".yaml":
            source, problems = read_source(name, files[name])
            catalogue.problems += problems
            if source is not None:
                catalogue.files[name] = source
        elif "/media/" in name:
            media[name] = files[name]
    assemble(catalogue, media)
    return catalogue


def read_source(path: str, text: bytes) -> _Read:
    """Return one file, None if it has an error, and its problems.

    The same text under the same name is read once.
    """
    return _known.of((path, text), partial(_read, path, text))


def _read(path: str, text: bytes) -> _Read:
    built = events.build(text)
    if built.faults:
        faults = [
            Problem(path, *fault.place, "error", fault.code, fault.sentence, fault.next_step)
            for fault in built.faults
        ]
        return None, tuple(faults)
    source = Source(path, "", built.tree, text)
    # Imported here because a worker that serves pages must not pay for pydantic.
    from mtd_learning.content.models import KINDS

    kind = built.tree.get("kind") if isinstance(built.tree, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        return None, (_no_such_kind(source, kind, list(KINDS)),)
    return _checked(replace(source, kind=kind), KINDS[kind])


def _checked(source: Source, model: Any) -> _Read:
    from pydantic import ValidationError

    try:
        checked = model.model_validate(source.data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        return None, tuple(explained(source, model, found))
    data = checked.model_dump(by_alias=True, exclude_none=True)
    return replace(source, data=data), ()


def _no_such_kind(source: Source, kind: Any, known: list[str]) -> Problem:
    one_of = ", ".join(known)
    if not isinstance(kind, str):
        sentence = f"the file does not say of what kind it is: {one_of}"
        return source.problem(
            (), "error", "S100", sentence, "begin with a line such as 'kind: module'"
        )
    step = did_you_mean(kind, known) or "write one of them"
    return source.problem(("kind",), "error", "S100", f"'{kind[:40]}' is not one of {one_of}", step)
