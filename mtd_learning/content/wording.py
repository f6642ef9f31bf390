"""Words we do not use about people, and units that take longer than they say."""

import re
from collections.abc import Iterator

from mtd_learning.content import markup
from mtd_learning.content.course import Course
from mtd_learning.content.problems import Problem
from mtd_learning.content.segments import item_segments, slots
from mtd_learning.content.structure import items, path_to

AVOID = {
    "addict": "a person with an addiction",
    "addicts": "people with an addiction",
    "alcoholic": "a person who drinks too much",
    "alcoholics": "people who drink too much",
    "junkie": "a person who uses drugs",
    "drug abuser": "a person who uses drugs",
    "drug abusers": "people who use drugs",
    "broken family": "a family under strain",
    "broken families": "families under strain",
}
_AVOID = re.compile(r"\b(" + "|".join(sorted(AVOID, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_WORDS_A_MINUTE = 130
_EXAMPLES = re.compile(r"(^|/)less/|/(text|match)$")


def wording_problems(course: Course) -> Iterator[Problem]:
    """Return warnings about the source texts of a course."""
    if course.source_locale == "en":
        yield from _avoided(course)
    yield from _minutes(course)
    yield from _silent_options(course)


def _silent_options(course: Course) -> Iterator[Problem]:
    for source in course.parts.values():
        for path, item in items(source):
            question = item.get("question", item)
            inner = (*path, "question") if "question" in item else path
            for number, option in enumerate(question.get("options", ())):
                if "feedback" not in option:
                    sentence = f"the right option '{option['id']}' has no feedback"
                    where = (*inner, "options", number)
                    step = "say in a word why it is right"
                    yield source.problem(where, "warning", "W503", sentence, step)


def _avoided(course: Course) -> Iterator[Problem]:
    """What stands as an example of what not to say, or in an answer, is left alone."""
    for source in course.parts.values():
        for path, item in items(source):
            for rest, holder, key, _ in slots(item):
                found = _AVOID.search(holder[key])
                if found is None or _EXAMPLES.search(rest):
                    continue
                where = (*path, *(path_to(item, holder) or ()), key)
                word = found[1].lower()
                sentence = f"'{found[1]}' is a word we do not use about people"
                step = f"write '{AVOID[word]}'"
                yield source.problem(where, "warning", "W501", sentence, step)


def _minutes(course: Course) -> Iterator[Problem]:
    for name in course.module_order:
        source = course.modules[name]
        for number, unit in enumerate(source.data["units"]):
            texts = item_segments(unit, unit["id"])
            words = sum(len(markup.plain(segment.words).split()) for segment in texts)
            needed = words / _WORDS_A_MINUTE
            if needed > 1.5 * unit["minutes"] + 1:
                sentence = f"{words} words take about {round(needed)} minutes to read"
                step = f"raise 'minutes' (now {unit['minutes']}), or shorten the unit"
                where = ("units", number, "minutes")
                yield source.problem(where, "warning", "W502", sentence, step)
