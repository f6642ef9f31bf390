"""Put each file where its path says it belongs, and say which files have no place."""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass

from mtd_learning.content.course import COURSE, QUIZZES, Catalogue, Course, Media, Pack, Source
from mtd_learning.content.problems import SLUG, Problem, did_you_mean
from mtd_learning.content.variant import COUNTRY, LANGUAGE

_C = r"(?P<course>[^/]+)"
_PLACES: tuple[tuple[str, str], ...] = (
    (rf"courses/{_C}/course\.yaml", "course"),
    (rf"(?P<top>courses|quizzes)/{_C}/equivalent\.yaml", "equivalent"),
    (rf"courses/{_C}/(?P<id>[^/]+)\.yaml", "module"),
    (rf"quizzes/{_C}/(?P<id>[^/]+)\.yaml", "quiz"),
    (rf"(?P<top>courses|quizzes)/{_C}/i18n/(?P<locale>[^/]+)/(?P<id>[^/]+)\.yaml", "translation"),
    (rf"(?P<top>courses)/{_C}/countries/(?P<id>[^/]+)/pack\.yaml", "country-pack"),
    (rf"(?P<top>quizzes)/{_C}/countries/(?P<id>[^/]+)\.yaml", "country-pack"),
    (rf"(?P<top>courses|quizzes)/{_C}/orgs/(?P<id>[^/]+)\.yaml", "org-pack"),
    (
        rf"(?P<top>courses|quizzes)/{_C}/(?:countries|orgs)/(?P<pack>[^/]+)/i18n/(?P<locale>[^/]+)\.yaml",
        "translation",
    ),
)
_PATTERNS = tuple((re.compile(pattern), kind) for pattern, kind in _PLACES)
_COUNTRY = re.compile(rf"(?:courses|quizzes)/{_C}/countries/(?P<id>{COUNTRY})(?:/pack)?\.yaml")
LOCALE = rf"{LANGUAGE}(-{COUNTRY})?"
MAX_TOLD = 100
_MEDIA = re.compile(r"courses/([^/]+)/media/([^/]+)")


@dataclass(frozen=True)
class _Filed:
    source: Source
    kind: str
    at: Mapping[str, str]


def assemble(catalogue: Catalogue, media: Mapping[str, bytes]) -> None:
    """Fill the catalogue's courses from its files."""
    names = catalogue.names
    filed = [_filed(source) for source in catalogue.files.values()]
    for item in filed:
        catalogue.problems += _misplaced(item)
    by_kind: dict[str, list[_Filed]] = {}
    for item in filed:
        if item.kind == item.source.kind:
            by_kind.setdefault(item.kind, []).append(item)
    for item in by_kind.pop("course", []):
        catalogue.courses[item.at["course"]] = Course(item.at["course"], item.source)
    _put_countries(catalogue)
    for kind, put in _PUT.items():
        for item in by_kind.get(kind, []):
            course = catalogue.courses.get(item.at["course"])
            if course is not None:
                put(course, item)
                beneath = _pack_file(item)
                if beneath and beneath not in names:
                    catalogue.problems.append(_packless(item, beneath))
            elif f"courses/{item.at['course']}/course.yaml" not in names:
                catalogue.problems.append(_homeless(item.source))
    for name, data in media.items():
        found = _MEDIA.fullmatch(name)
        if found and found[1] in catalogue.courses:
            catalogue.courses[found[1]].media[found[2]] = Media(found[2], data)
    for course in catalogue.courses.values():
        course.unread = frozenset(_unread(course, names))
        catalogue.problems += _modules_and_files(course, names)


def _filed(source: Source) -> _Filed:
    for pattern, kind in _PATTERNS:
        found = pattern.fullmatch(source.path)
        if found:
            return _Filed(source, kind, found.groupdict())
    return _Filed(source, "", {})


def _misplaced(item: _Filed) -> list[Problem]:
    source = item.source
    if not item.kind:
        step = "look at the folders in the content guide"
        return [source.problem((), "error", "S120", "a file does not belong in this folder", step)]
    if item.kind != source.kind:
        sentence = f"a file of kind '{source.kind}' does not belong here"
        step = f"write 'kind: {item.kind}', or move the file"
        return [source.problem(("kind",), "error", "S100", sentence, step)]
    return [
        _elsewhere(source, name, word)
        for name, word in _said_by_place(item).items()
        if source.data.get(name) != word
    ]


def _said_by_place(item: _Filed) -> dict[str, str]:
    """Return what the place of a file says that the file must say too."""
    at = item.at
    match item.kind:
        case "course":
            return {"id": at["course"]}
        case "module":
            return {"id": at["id"]}
        case "quiz":
            return {"id": at["id"], "course": at["course"]}
        case "equivalent":
            return {"of": at["course"]}
        case "translation":
            of = at.get("id") or at["pack"]
            if of == COURSE and item.source.data["of"] != COURSE:
                of = at["course"]  # course.yaml may be named by the id of the course as well
            return {"locale": at["locale"], "of": of}
        case _:
            return {"id": at["id"], "of": at["course"]}


def _elsewhere(source: Source, name: str, word: str) -> Problem:
    said = source.data.get(name)
    sentence = f"'{name}' is '{said}', the file's place says '{word}'"
    step = f"write '{name}: {word}', or move the file"
    form = LOCALE if name == "locale" else COUNTRY if source.kind == "country-pack" else SLUG
    if name != "of" and not re.fullmatch(form, word):
        step = f"let the file, or its folder, be called '{said}'"
    return source.problem((name,), "error", "S120", sentence, step)


def _homeless(source: Source) -> Problem:
    step = "add a course.yaml, or move the file to the folder of its course"
    return source.problem((), "error", "S120", "the course of this file has no course.yaml", step)


def _pack_file(item: _Filed) -> str:
    """Return the file whose texts this translates; empty where they are those of the course."""
    if "pack" not in item.at:
        return ""
    place = item.source.path.rpartition("/i18n/")[0]
    of_country = item.at["top"] == "courses" and "/countries/" in place
    return f"{place}/pack.yaml" if of_country else f"{place}.yaml"


def _packless(item: _Filed, beneath: str) -> Problem:
    sentence = f"there is no {beneath} that this could translate"
    step = "add the pack, or remove the file"
    return item.source.problem(("of",), "error", "S120", sentence, step)


def _key(item: _Filed, name: str) -> str:
    return QUIZZES + name if item.at.get("top") == "quizzes" else name


def _put_module(course: Course, item: _Filed) -> None:
    course.modules[item.at["id"]] = item.source


def _put_bank(course: Course, item: _Filed) -> None:
    course.banks[item.at["id"]] = item.source


def _put_equivalent(course: Course, item: _Filed) -> None:
    course.equivalents[item.at["top"] == "quizzes"] = item.source


def _put_countries(catalogue: Catalogue) -> None:
    """A country whose file is broken is still one of the course, so that its gate can say so."""
    for name in catalogue.names:
        found = _COUNTRY.fullmatch(name)
        if found and found["course"] in catalogue.courses:
            packs = catalogue.courses[found["course"]].packs
            packs.setdefault(found["id"], Pack(found["id"], is_country=True))


def _put_pack(course: Course, item: _Filed) -> None:
    pack = course.packs.setdefault(item.at["id"], Pack(item.at["id"], item.kind == "country-pack"))
    pack.parent = pack.parent or item.source.data.get("parent")
    if item.at["top"] == "quizzes":
        pack.quizzes = item.source
    else:
        pack.course = item.source


def _put_words(course: Course, item: _Filed) -> None:
    name, locale = item.at.get("pack"), item.at["locale"]
    if locale != item.source.data["locale"]:
        return  # told as misplaced; the folder's name may be no language at all
    if name is None:
        course.words[locale, _key(item, item.at["id"])] = item.source
    elif name in course.packs:
        pack = course.packs[name]
        of_quizzes = item.at["top"] == "quizzes"
        if (pack.quizzes if of_quizzes else pack.course) is None:
            return  # its file is not there, or broken; both are told
        words = pack.quiz_words if of_quizzes else pack.course_words
        words[locale] = item.source


_PUT: dict[str, Callable[[Course, _Filed], None]] = {
    "module": _put_module,
    "quiz": _put_bank,
    "equivalent": _put_equivalent,
    "country-pack": _put_pack,
    "org-pack": _put_pack,
    "translation": _put_words,
}


def _unread(course: Course, names: Set[str]) -> Iterator[str]:
    # Files of these names stand beside the modules and banks, and are none.
    modules = {COURSE, "equivalent", *course.module_order}
    banks = {"equivalent", *course.banks}
    for top, prefix, known in (("courses", "", modules), ("quizzes", QUIZZES, banks)):
        for name in names:
            folder, _, file = name.rpartition("/")
            key = file.removesuffix(".yaml")
            if folder == f"{top}/{course.id}" and file.endswith(".yaml") and key not in known:
                yield prefix + key


def _modules_and_files(course: Course, names: Set[str]) -> list[Problem]:
    listed, seen, found = set(course.base.data["modules"]), set[str](), list[Problem]()
    unlisted = [module for module in course.modules if module not in listed]
    for position, name in enumerate(course.base.data["modules"]):
        where = ("modules", position)
        if name in seen:
            step = "keep one of them"
            found.append(
                course.base.problem(where, "error", "S120", f"'{name}' is listed twice", step)
            )
        elif f"courses/{course.id}/{name}.yaml" not in names:
            step = did_you_mean(name, unlisted) or f"write {name}.yaml, or remove the line"
            sentence = f"the module '{name}' has no file"
            found.append(course.base.problem(where, "error", "S120", sentence, step))
        seen.add(name)
        if len(found) >= MAX_TOLD:
            return found
    for name, source in course.modules.items():
        if name not in listed:
            step = f"add '{name}' to 'modules' there, or remove the file"
            sentence = "course.yaml does not list this module"
            found.append(source.problem(("id",), "error", "S120", sentence, step))
    return found
