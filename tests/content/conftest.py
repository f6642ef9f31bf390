"""The tiny course, and ways to change one of its files."""

import difflib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from mtd_learning.content import reader
from mtd_learning.content.course import Catalogue

COURSES = Path(__file__).parents[1] / "courses"
Files = dict[str, bytes]


def files_of(folder: str) -> Files:
    """Return the files of one of the test folders by their path."""
    root = COURSES / folder
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for top in ("courses", "quizzes")
        for path in (root / top).rglob("*")
        if path.is_file()
    }


def changed_lines(before: bytes, after: bytes) -> list[str]:
    """Return the lines that are gone and those that are new, each with its sign."""
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line for line in lines if line[0] in "+-"]


@pytest.fixture
def today() -> date:
    return date(2026, 11, 21)


@pytest.fixture(scope="session")
def tiny() -> Catalogue:
    return reader.read_files(files_of("tiny"))


@pytest.fixture
def tiny_with() -> Callable[..., Catalogue]:
    """Make the tiny course with one file changed, or added when there is nothing to replace."""

    def make(path: str, old: str = "", new: str = "") -> Catalogue:
        files = files_of("tiny")
        text = files.get(path, b"").decode()
        assert old in text
        files[path] = (text.replace(old, new) if old else new).encode()
        return reader.read_files(files)

    return make
