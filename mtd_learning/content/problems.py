"""A fault in a file, in words an author understands, with the place and a next step."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

SLUG = r"^[a-z][a-z0-9-]{0,47}$"
NOT_BLANK = r"\S"
MAX_WORD = 120


class Problem(NamedTuple):
    """One fault at one place; `severity` is "error" or "warning"."""

    file: str
    line: int
    column: int
    severity: str
    code: str
    sentence: str
    next_step: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        step = f"  -> {self.next_step}" if self.next_step else ""
        return _in_one_line(f"{place}: {self.severity} {self.code}: {self.sentence}{step}")


def _in_one_line(text: str) -> str:
    """Return a text that cannot break a line or steer a terminal, whatever a file made it say."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else _harmless(sign) for sign in text)


def _harmless(sign: str) -> str:
    return " " if sign.isspace() else sign.encode("unicode_escape").decode()


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that looks most like `word`, or an empty string."""
    if len(word) > MAX_WORD:
        return ""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the next step that offers the nearest known word, or an empty string."""
    found = nearest(word, known)
    return f"did you mean '{found}'?" if found else ""


def slug(text: str) -> str:
    """Return a permitted id that resembles `text`."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    return re.sub(r"^[^a-z]+", "", made)[:48].rstrip("-") or "a-name"


def short(text: str) -> str:
    """Return what an author wrote in one line, cut at 60 signs."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "..."


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that stand in the way, without the warnings."""
    return [problem for problem in problems if problem.severity == "error"]
