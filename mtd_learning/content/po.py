"""PO files for translators: a translation of a course with its source and its state.

With polib, not Babel, which writes previous texts of several lines so that msgfmt refuses them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polib

from mtd_learning.content.course import QUIZZES, Course, Source
from mtd_learning.content.equivalence import Equivalents
from mtd_learning.content.problems import Problem
from mtd_learning.content.schema import first_line
from mtd_learning.content.segments import (
    PLAIN,
    Segment,
    fingerprint,
    header_slots,
    pack_segments,
    segments,
    slots,
)
from mtd_learning.content.variant import COUNTRY, LANGUAGE
from mtd_learning.content.writer import translate
from mtd_learning.errors import N_, NotFound

LOCALE = re.compile(rf"{LANGUAGE}(-{COUNTRY})?", re.ASCII)
HELP = """Leave {{ facts }}, [[gaps]], links and numbers as they are.
An entry that is marked fuzzy is not taken. Back in with: mtd content po-import FILE"""
_AT_LINE = re.compile(r"\(line (\d+)\)")
_ENDS = ("text", "title", "feedback", "match")


@dataclass(frozen=True, eq=False)
class Sheet:
    """A translation file, there or not yet, and the texts that it translates.

    `context` stands before the addresses of the file, so that they are known in the whole course.
    """

    path: str
    of: str
    locale: str
    part: str
    context: str
    source: Source
    own: Mapping[str, Segment]
    words: Source | None
    equivalents: Equivalents

    @cached_property
    def said(self) -> dict[str, Mapping[str, Any]]:
        """What the file says by now, by the address of the text."""
        units = self.words.data["segments"] if self.words else {}
        return {
            f"{unit}/{rest}": said for unit, all_ in units.items() for rest, said in all_.items()
        }

    def is_current(self, address: str, mark: str | None) -> bool:
        """Say whether a text made from the source with this mark still fits."""
        return self.equivalents.is_current(self.part, self.own[address], mark)

    def with_texts(self, said: Mapping[str, tuple[str, str]]) -> bytes:
        """Return the file with these marks and texts."""
        head = first_line(self.path, "translation")
        new = f"{head}kind: translation\nof: {self.of}\nlocale: {self.locale}\n".encode()
        return translate(self.words.text if self.words else new, said, self.own)


def sheets(course: Course, locale: str, pack_id: str = "") -> dict[str, list[Sheet]]:
    """Return the translation files of a course, or of one of its packs, by a name for each."""
    if not pack_id:
        return {key: [_of_part(course, key, locale)] for key in course.parts}
    pack = course.packs.get(pack_id)
    if pack is None:
        raise NotFound(N_("There is no pack called '%(pack)s'."), pack=pack_id)
    kind = "countries" if pack.is_country else "orgs"
    found = []
    for context, source, words in pack.halves:
        if source is not None:
            path = f"{context or 'courses/'}{course.id}/{kind}/{pack_id}/i18n/{locale}.yaml"
            own, said = pack_segments(source), words.get(locale)
            none = Equivalents()
            found.append(Sheet(path, pack_id, locale, "", context, source, own, said, none))
    return {pack_id: found}


def is_target(course: Course, locale: str, pack_id: str = "") -> bool:
    """Say whether a course, or a pack, can be translated into a locale."""
    pack = course.packs.get(pack_id)
    own = {str(part.data["text_locale"]) for part in pack.changing} if pack else set()
    return bool(LOCALE.fullmatch(locale)) and locale not in (own or {course.source_locale})


def _of_part(course: Course, key: str, locale: str) -> Sheet:
    source, name = course.parts[key], key.removeprefix(QUIZZES)
    top = "quizzes" if key.startswith(QUIZZES) else "courses"
    path = f"{top}/{course.id}/i18n/{locale}/{name}.yaml"
    known = Equivalents.of(course, key.startswith(QUIZZES))
    said = course.words.get((locale, key))
    own = segments(source)
    return Sheet(path, name, locale, key, f"{key}:", source, own, said, known)


def older_marks(all_: Iterable[Sheet]) -> set[str]:
    """Return the marks of the sources from which outdated translations were made."""
    return {
        str(entry["src"])
        for sheet in all_
        for address, entry in sheet.said.items()
        if "src" in entry and address in sheet.own and not sheet.is_current(address, entry["src"])
    }


def names(po: polib.POFile) -> tuple[str, str, str]:
    """Return which course, pack and locale a PO file says it is for."""
    course_id, _, pack_id = (
        po.metadata.get("Project-Id-Version", "").partition(" ")[0].partition("/")
    )
    return course_id, pack_id, po.metadata.get("Language", "").replace("_", "-")


def read(path: Path) -> polib.POFile | Problem:
    """Return a PO file, or why it cannot be read."""
    try:
        return polib.pofile(str(path), encoding="utf-8-sig")
    except UnicodeDecodeError:
        return Problem(
            str(path), 1, 1, "error", "T206", "the file is not UTF-8", "save it as UTF-8"
        )
    except OSError as error:
        line = _AT_LINE.search(str(error))
        sentence, step = "this is not a PO file", "compare with a file of po-export"
        return Problem(str(path), int(line[1]) if line else 1, 1, "error", "T206", sentence, step)


def po_text(
    course: Course,
    all_: Sequence[Sheet],
    *,
    pack_id: str = "",
    former: Mapping[str, str] | None = None,
    before: polib.POFile | None = None,
) -> str:
    """Return the sheets as one PO file.

    `former` has source texts of before by their mark. Of the file that stood there `before`,
    translators' comments stay, and what was begun there and is not in the course yet.
    """
    begun = {entry.msgctxt: entry for entry in before or () if not entry.obsolete}
    known = {fingerprint(entry.msgid): entry.msgid for entry in begun.values()} | dict(former or {})
    po = polib.POFile(wrapwidth=0)
    drafts = [s.path for s in all_ if s.words and s.words.data.get("review") == "machine-draft"]
    po.header = "\n".join([HELP, *(f"Nobody has read this draft yet: {path}" for path in drafts)])
    name = f"{course.id}/{pack_id}" if pack_id else course.id
    po.metadata = {
        "Last-Translator": "",
        "Language-Team": "",
        **(before.metadata if before else {}),
        "Project-Id-Version": f"{name} {course.base.data['version']}",
        "Language": all_[0].locale.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for sheet in all_:
        about = dict(_about(sheet))
        for address, segment in sheet.own.items():
            if segment.words.strip():
                context = sheet.context + address
                entry = _entry(sheet, address, known, begun.get(context))
                entry.comment = "\n".join(about.get(address, ()))
                po.append(entry)
    return str(po)


def _entry(
    sheet: Sheet, address: str, known: Mapping[str, str], begun: polib.POEntry | None
) -> polib.POEntry:
    segment, said = sheet.own[address], sheet.said.get(address)
    entry = polib.POEntry(msgctxt=sheet.context + address, msgid=segment.words.strip("\n"))
    former, fuzzy = entry.msgid, False
    if said is not None and sheet.is_current(address, said.get("src")):
        entry.msgstr = said["text"].strip("\n")
    elif begun is not None and begun.msgstr and (said is None or begun.msgid == entry.msgid):
        entry.msgstr, former = begun.msgstr, begun.msgid
        if begun.fuzzy and begun.previous_msgid:
            former = begun.previous_msgid
        fuzzy = begun.fuzzy or former != entry.msgid
    elif said is not None:
        entry.msgstr, former = said["text"].strip("\n"), known.get(said.get("src", ""), former)
        fuzzy = True
    if former != entry.msgid:
        entry.previous_msgid = former.strip("\n")
    if begun is not None:
        entry.tcomment = begun.tcomment
    # Weblate calls Markdown md-text.
    entry.flags = ["fuzzy"] * fuzzy + ["md-text"] * (segment.form != PLAIN)
    return entry


def _about(sheet: Sheet) -> Iterator[tuple[str, list[str]]]:
    """Return where each text stands, what it is, and whether it is protected."""
    roles = dict(_roles(sheet.source))
    for address, segment in sheet.own.items():
        lines = list(roles.get(address) or (sheet.of, _field(address)))
        if segment.wording:
            lines.append("Protected: say exactly what the source says, no more and no less.")
        yield address, lines


def _roles(source: Source) -> Iterator[tuple[str, tuple[str, str]]]:
    data = source.data
    title = str(data.get("title", ""))
    for rest, _, _, _ in header_slots(source.kind, data):
        yield f"_/{rest}", (title, f"{source.kind}, {_field(rest)}")
    for unit in data.get("units", ()):
        place = f"{title} › {unit['title']}"
        yield f"{unit['id']}/title", (place, "title of a step")
        for block in unit["blocks"]:
            yield from _of_item(block, f"{unit['id']}/{block['id']}", place)
    for question in data.get("questions", ()):
        yield from _of_item(question, question["id"], title)


def _of_item(item: Mapping[str, Any], at: str, place: str) -> Iterator[tuple[str, tuple[str, str]]]:
    kind = (item.get("question") or item)["type"]
    for rest, holder, _, _ in slots(item):
        role = f"{kind}, {_field(rest)}"
        if isinstance(holder.get("correct"), bool):
            role += " of an answer that is " + ("right" if holder["correct"] else "not right")
        yield f"{at}/{rest}", (place, role)


def _field(address: str) -> str:
    """Return the field of an address without ids: `text` of `door/a/text`, `items` of `items/a`."""
    *above, last = address.split("/")
    return above[-1] if above and last not in _ENDS else last
