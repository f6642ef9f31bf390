"""PO files from translators: what is new in them, with the mark of the source it was made from."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polib

from mtd_learning.content.course import Catalogue
from mtd_learning.content.faithful import differences
from mtd_learning.content.po import Sheet, is_target, names, read, sheets
from mtd_learning.content.problems import Problem, did_you_mean, errors
from mtd_learning.content.reader import read_source
from mtd_learning.content.segments import fingerprint

_NUMBER = re.compile(r"\d+")
_REFUSED = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_EXPORT = "export again, and compare"
Places = Mapping[str, tuple[Sheet, str]]


@dataclass(frozen=True)
class Taken:
    """One text of a PO file, with the mark of the source that it was made from."""

    file: str
    line: int
    sheet: Sheet
    address: str
    mark: str
    words: str

    @property
    def is_current(self) -> bool:
        """Say whether it was made from the source of today."""
        return self.sheet.is_current(self.address, self.mark)

    def problem(self, severity: str, code: str, sentence: str, step: str) -> Problem:
        """Return a problem at the place of the text."""
        return Problem(self.file, self.line, 1, severity, code, sentence, step)


@dataclass
class BroughtIn:
    """What PO files bring: changed files by their path, how many texts, and what is wrong."""

    files: dict[str, bytes] = field(default_factory=dict)
    texts: int = 0
    problems: list[Problem] = field(default_factory=list)


def bring_in(catalogue: Catalogue, paths: Iterable[Path]) -> BroughtIn:
    """Return what the PO files change: nothing where something is wrong in one of them."""
    made = BroughtIn()
    taken: dict[str, dict[str, Taken]] = {}
    for found in (one for path in paths for one in _in_file(catalogue, path)):
        if isinstance(found, Problem):
            made.problems.append(found)
        elif taken.setdefault(found.sheet.path, {}).setdefault(found.address, found) is not found:
            sentence = f"'{found.sheet.context}{found.address}' is translated twice"
            made.problems.append(found.problem("error", "T206", sentence, "keep one of them"))
    if errors(made.problems):
        return made
    for path, texts in taken.items():
        sheet = next(iter(texts.values())).sheet
        said = {address: (one.mark, one.words) for address, one in texts.items()}
        made.files[path] = sheet.with_texts(said)
        made.texts += len(said)
        made.problems += read_source(path, made.files[path])[1]
    return made


def _in_file(catalogue: Catalogue, path: Path) -> Iterator[Taken | Problem]:
    po, name = read(path), str(path)
    if isinstance(po, Problem):
        yield po
        return
    course_id, pack_id, locale = names(po)
    course = catalogue.courses.get(course_id)
    if course is None or (pack_id and pack_id not in course.packs):
        named = f"{course_id}/{pack_id}" if pack_id else course_id
        sentence = f"there is no course called '{named}'"
        step = "write the course first in the line Project-Id-Version, as po-export does"
        yield Problem(name, 1, 1, "error", "T206", sentence, step)
        return
    if not is_target(course, locale, pack_id):
        sentence = f"'{locale}' is not a language to translate into"
        step = "write the line Language, such as fi or nl_BE"
        yield Problem(name, 1, 1, "error", "T206", sentence, step)
        return
    places: dict[str, tuple[Sheet, str]] = {}
    for sheet in (one for all_ in sheets(course, locale, pack_id).values() for one in all_):
        if sheet.words is None:
            # A file that is there and cannot be read is not written anew.
            yield from (one for one in catalogue.problems if one.file == sheet.path)
        places.update({sheet.context + address: (sheet, address) for address in sheet.own})
    yield from _texts(name, po, places)


def _texts(name: str, po: polib.POFile, places: Places) -> Iterator[Taken | Problem]:
    for entry in po:
        words = re.sub(r"\r\n?", "\n", entry.msgstr).strip("\n")
        if entry.obsolete or entry.fuzzy or not words.strip():
            continue
        context = entry.msgctxt or ""
        if context in places:
            mark = fingerprint(entry.msgid)
            yield from _new(Taken(name, entry.linenum, *places[context], mark, words))
        else:
            sentence = f"the course has no text at '{context}'"
            step = did_you_mean(context, places) or "export again: what is gone is left out"
            yield Problem(name, entry.linenum, 1, "error", "T201", sentence, step)


def _new(one: Taken) -> Iterator[Taken | Problem]:
    """Return a text that the course does not have yet, and what is wrong with it."""
    before = one.sheet.said.get(one.address)
    if before is not None:
        mark = before.get("src")
        is_same = fingerprint(before["text"]) == fingerprint(one.words)
        if is_same and (mark == one.mark or one.sheet.is_current(one.address, mark)):
            return
        if mark != one.mark and not one.is_current:
            sentence = f"'{one.address}' was translated from an older source, and is not taken"
            yield one.problem("warning", "T203", sentence, _EXPORT)
            return
    yield one
    yield from _differences(one)
    if not one.is_current:
        sentence = f"outdated: the source of '{one.address}' has changed since"
        yield one.problem("warning", "T203", sentence, _EXPORT)


def _differences(one: Taken) -> Iterator[Problem]:
    """Return what a text from outside must share with its source and does not.

    Numbers are only pointed at: another language may write "16" for "4 pm", or use letters.
    """
    segment = one.sheet.own[one.address]
    sign = _REFUSED.search(one.words)
    if sign:
        sentence = f"a character is not allowed: U+{ord(sign[0]):04X}"
        yield one.problem("error", "T206", sentence, "delete it")
    for severity, code, sentence, step in differences(segment, one.words):
        yield one.problem(severity, code, sentence, step)
    here, there = set(_NUMBER.findall(one.words)), set(_NUMBER.findall(segment.words))
    gone, come = ", ".join(sorted(there - here)), ", ".join(sorted(here - there))
    if gone and come:
        sentence = f"numbers differ from the source: {come} instead of {gone}"
    elif gone:
        sentence = f"a number of the source is missing: {gone}"
    else:
        sentence = f"a number that the source does not have: {come}"
    if gone or come:
        yield one.problem("warning", "T205", sentence, "compare the numbers")
