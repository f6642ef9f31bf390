"""Whether packs fit the course they change: changes, version, facts of the right type."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from mtd_learning.content import changes, version
from mtd_learning.content.course import QUIZZES, Course, Pack, Source
from mtd_learning.content.events import Path
from mtd_learning.content.facts import DUTIES, PHONE
from mtd_learning.content.outline import Outline
from mtd_learning.content.problems import Problem, did_you_mean
from mtd_learning.content.segments import FACT
from mtd_learning.content.variant import language_of

_WEB = re.compile(r"https?://[^\s<>\"]+")


def pack_problems(course: Course, today: date) -> Iterator[Problem]:
    """Return what P301 to P307 have to say, and what is wrong with a pack's facts."""
    for pack in course.packs.values():
        parts, refused = changes.laid(course, course.lineage(pack.id))
        yield from refused
        yield from _out_of_sight(course, pack)
        yield from _too_little_left(pack, parts)
        for source in pack.changing:
            yield from _made_for(course, source)
            yield from _facts(course, pack, source, today)
        yield from _unheard(course, pack)


def _out_of_sight(course: Course, pack: Pack) -> Iterator[Problem]:
    """What a pack changes within something that a pack beneath it hides is shown to nobody."""
    for prefix, own, _ in pack.halves:
        if own is None:
            continue
        hidden = {
            change["at"]: other.id
            for other in course.lineage(pack.id)[:-1]
            if (source := other.part(prefix))
            for change in source.data["changes"]
            if change["op"] == "hide"
        }
        for number, change in enumerate(own.data["changes"]):
            field = next(name for name in ("at", "into", "after") if name in change)
            steps = change[field].split("/")
            if field == "after":  # beside something hidden, and seen
                steps.pop()
            around = ("/".join(steps[:end]) for end in range(1, len(steps) + 1))
            place = next(filter(hidden.__contains__, around), None)
            if place:
                sentence = f"'{place}' is hidden by '{hidden[place]}': nobody sees this change"
                where = ("changes", number, field)
                yield own.problem(where, "warning", "P301", sentence, "remove this change")


def _too_little_left(pack: Pack, parts: changes.Outlines) -> Iterator[Problem]:
    """A page without a block, or a test without its questions, is told at the last `hide`."""
    for source in pack.changing:
        prefix = QUIZZES if source is pack.quizzes else ""
        last: dict[tuple[str, str], int] = {}
        for number, change in enumerate(source.data["changes"]):
            if change["op"] == "hide":
                name, _, address = change["at"].partition(":")
                last[prefix + name, address.rpartition("/")[0]] = number
        for (key, unit), number in last.items():
            said = _lack(parts[key], unit) if key in parts else ""
            if said:
                step = "keep one of those that this pack hides"
                yield source.problem(("changes", number, "at"), "error", "S110", said, step)


def _lack(part: Outline, unit_id: str) -> str:
    """Return what is missing in a bank, or in a unit, without what is hidden."""
    if part.holds == "question":
        left = [item.data for item in part.items if not item.hidden]
        return _lack_of_questions(part.source.data, left)
    unit = part.find(unit_id)
    if unit is None or unit.hidden or "blocks" not in unit.data or unit.visible_children:
        return ""
    return f"nothing is left in '{unit.address}'"


def _lack_of_questions(bank: Mapping[str, Any], left: Sequence[Mapping[str, Any]]) -> str:
    if not left:
        return f"no question is left in '{bank['id']}'"
    if bank.get("draw", 1) > len(left):
        return f"'draw' asks for {bank['draw']} questions, '{bank['id']}' keeps {len(left)}"
    for tag, least in bank["draw_tags"].items():
        tagged = sum(tag in question["tags"] for question in left)
        if tagged < least:
            sentence = f"'draw_tags' asks for {least} questions tagged '{tag}'"
            return f"{sentence}, '{bank['id']}' keeps {tagged}"
    for topic in bank.get("critical_topics", ()):
        if not any(question["critical"] and topic in question["tags"] for question in left):
            return f"'critical_topics' names '{topic}', and no critical question of it is left"
    return ""


def _made_for(course: Course, source: Source) -> Iterator[Problem]:
    now, then = str(course.base.data["version"]), str(source.data["made_for"])
    if version.major(then) < version.major(now):
        yield source.problem(
            ("made_for",),
            "warning",
            "P307",
            f"made for version {then}, the course is now {now}",
            f"look through the changes, then write 'made_for: {now}'",
        )


def _facts(course: Course, pack: Pack, source: Source, today: date) -> Iterator[Problem]:
    declared = course.base.data["facts"]
    for name, values in source.data.get("facts", {}).items():
        path: Path = ("facts", name)
        if source is pack.quizzes:
            sentence = "facts belong in the pack of the course, not of its quizzes"
            yield source.problem(path, "error", "S110", sentence, "move them to pack.yaml")
        elif name not in declared:
            step = did_you_mean(name, declared) or "declare it in course.yaml first"
            sentence = f"there is no fact called '{name}'"
            yield source.problem(path, "error", "S121", sentence, step)
        elif pack.is_country and declared[name]["owner"] == "organisation":
            sentence = f"'{name}' is an organisation's own, and no country's"
            yield source.problem(path, "error", "S110", sentence, "move it to packs in 'orgs'")
        else:
            for language, entry in values.items():
                where = (*path, language)
                yield from _value(source, where, declared[name]["type"], entry, today)


def _unheard(course: Course, pack: Pack) -> Iterator[Problem]:
    """What a pack says in a language that is none of its country is shown to nobody."""
    country = course.lineage(pack.id)[0]
    if not country.is_country or country.course is None or pack.course is None:
        return
    spoken = course.languages_of(country)
    step = f"write one of {', '.join(spoken)}, or add it to the country's 'languages'"
    said: list[tuple[str, Source, Path]] = [
        (language, pack.course, ("facts", name, language))
        for name, values in pack.course.data["facts"].items()
        for language in values
    ]
    for _, _, words in pack.halves:
        said += [(language_of(locale), file, ("locale",)) for locale, file in words.items()]
    for language, source, where in said:
        if language not in ("*", *spoken):
            sentence = f"'{language}' is no language of this pack"
            yield source.problem(where, "warning", "S121", sentence, step)


def _value(
    source: Source, path: Path, kind: str, entry: Mapping[str, Any], today: date
) -> Iterator[Problem]:
    value = entry.get("value")
    where = (*path, "value")
    if value is not None and kind == "duty" and value not in DUTIES:
        sentence = f"'{value}' is not one of {', '.join(DUTIES)}"
        step = did_you_mean(value, DUTIES) or "write one of them"
        yield source.problem(where, "error", "S103", sentence, step)
    if value is not None and kind in ("text", "law") and FACT.search(value):
        sentence = "'value' names a fact: it would be shown as it is written"
        step = "write the words or the number themselves"
        yield source.problem(where, "error", "S110", sentence, step)
    if value is not None and kind == "phone":
        step = 'write the number only, such as "116 111"'
        number = PHONE.match(value)
        if number is None or not re.search(r"\d.*\d", number[0]):
            yield source.problem(where, "error", "S110", "'value' must begin with a number", step)
        elif re.search(r"[<>{}=]", value):
            sentence = "'value' has a sign that belongs in no number"
            yield source.problem(where, "error", "S110", sentence, step)
    if value is not None and kind == "url" and not _WEB.fullmatch(value):
        step = "write the whole address"
        sentence = "'value' must be an address that begins with https://"
        yield source.problem(where, "error", "S110", sentence, step)
    yield from _origin(source, path, entry)
    checked_on = entry.get("checked_on")
    if checked_on is not None and checked_on > today:
        sentence = f"'checked_on' lies in the future: {checked_on}"
        yield source.problem(
            (*path, "checked_on"), "warning", "S110", sentence, "write the day of the check"
        )


def _origin(source: Source, path: Path, entry: Mapping[str, Any]) -> Iterator[Problem]:
    """A value says where it is from, and how old it is: by its source's year or by its check."""
    if entry.get("value") is None:
        return
    if "source" not in entry:
        step = "name the page or the law that it is from"
        yield source.problem(path, "warning", "S101", "'source' is missing", step)
    if "year" not in entry and "checked_on" not in entry:
        step = "write the year of the source that was read"
        yield source.problem(path, "error", "S101", "'year' is missing", step)
