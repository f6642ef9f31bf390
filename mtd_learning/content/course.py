"""What the folders hold once they are read: courses, banks, translations and packs."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mtd_learning.content import events
from mtd_learning.content.pictures import size_of
from mtd_learning.content.problems import Problem
from mtd_learning.content.variant import Variant, language_of
from mtd_learning.errors import N_, NotFound

QUIZZES = "quizzes/"
COURSE = "course"


@dataclass(frozen=True, eq=False)
class Source:
    """One file: its checked content as plain data, and where each part of it stands."""

    path: str
    kind: str
    data: dict[str, Any]
    text: bytes

    @cached_property
    def places(self) -> dict[events.Path, events.Place]:
        """Where each key and list item stands; read again only when somebody asks."""
        return events.build(self.text, with_places=True).places

    def problem(
        self, path: events.Path, severity: str, code: str, sentence: str, next_step: str = ""
    ) -> Problem:
        """Return a problem at `path` of this file, or at the nearest part of it that there is."""
        found = (path[:end] for end in range(len(path), 0, -1) if path[:end] in self.places)
        line, column = next((self.places[part] for part in found), (1, 1))
        return Problem(self.path, line, column, severity, code, sentence, next_step)


@dataclass(frozen=True, eq=False)
class Media:
    """A picture or a recording of a course."""

    name: str
    data: bytes

    @cached_property
    def sha(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def size(self) -> tuple[int, int] | None:
        """Width and height of a picture in pixels, where they can be told."""
        return size_of(self.data)


@dataclass(eq=False)
class Pack:
    """What a country or an organisation changes: course part, quiz part, and translations."""

    id: str
    is_country: bool
    parent: str | None = None
    course: Source | None = None
    quizzes: Source | None = None
    course_words: dict[str, Source] = field(default_factory=dict)
    quiz_words: dict[str, Source] = field(default_factory=dict)

    def part(self, key: str) -> Source | None:
        """Return the pack file that speaks about the part `key` of the course."""
        return self.quizzes if key.startswith(QUIZZES) else self.course

    def words(self, key: str) -> dict[str, Source]:
        """Return the translations of the pack's own texts about the part `key`, by locale."""
        return self.quiz_words if key.startswith(QUIZZES) else self.course_words

    @property
    def halves(self) -> Iterator[tuple[str, Source | None, dict[str, Source]]]:
        """Its part for the course and that for the quizzes: what the keys of those that it speaks
        about begin with, its file, and the translations of its own texts by locale."""
        yield "", self.course, self.course_words
        yield QUIZZES, self.quizzes, self.quiz_words

    @property
    def changing(self) -> list[Source]:
        """The files in which the pack changes something: of the course, and of its quizzes."""
        return [source for source in (self.course, self.quizzes) if source is not None]

    @property
    def files(self) -> list[Source]:
        """Every file of the pack: what it changes, and the translations of its own texts."""
        return [*self.changing, *self.course_words.values(), *self.quiz_words.values()]


@dataclass(eq=False)
class Course:
    """A course with everything that is laid over it. Parts are keyed `course`, a module's id,
    or `quizzes/` and a bank's id; `unread` are those whose file is there but broken
    or not listed."""

    id: str
    base: Source
    modules: dict[str, Source] = field(default_factory=dict)
    banks: dict[str, Source] = field(default_factory=dict)
    words: dict[tuple[str, str], Source] = field(default_factory=dict)
    packs: dict[str, Pack] = field(default_factory=dict)
    equivalents: dict[bool, Source] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()

    @property
    def source_locale(self) -> str:
        return str(self.base.data["source_locale"])

    @property
    def module_order(self) -> list[str]:
        """The ids of the modules that exist, in the order of course.yaml."""
        return [name for name in self.base.data["modules"] if name in self.modules]

    @property
    def parts(self) -> dict[str, Source]:
        """Every source-language file that carries texts, by its key."""
        found = {COURSE: self.base}
        found.update({name: self.modules[name] for name in self.module_order})
        found.update({QUIZZES + name: bank for name, bank in sorted(self.banks.items())})
        return found

    def chain(self, variant: Variant) -> list[Pack]:
        """Return the packs of a variant, country first, the organisation itself last."""
        found: list[Pack] = []
        if variant.organisation:
            found = self.lineage(variant.organisation)
            if found[0].id != variant.country:
                raise NotFound(
                    N_("'%(organisation)s' does not belong to '%(country)s'."),
                    organisation=variant.organisation,
                    country=variant.country or "",
                )
        elif variant.country in self.packs:
            found = [self.packs[str(variant.country)]]
        return found

    def lineage(self, pack_id: str) -> list[Pack]:
        """Return a pack after all its parents; a circle or a gap ends the search."""
        found: list[Pack] = []
        name: str | None = pack_id
        while name is not None and name in self.packs and self.packs[name] not in found:
            found.insert(0, self.packs[name])
            name = found[0].parent
        if not found:
            raise NotFound(N_("There is no pack called '%(pack)s'."), pack=pack_id)
        return found

    @property
    def locales(self) -> list[str]:
        """Every locale that has a translation, regional wording included."""
        return sorted({locale for locale, _ in self.words})

    def variants(self) -> list[Variant]:
        """Return every variant that has files of its own, the plain languages first."""
        plain = [self.source_locale, *(name for name in self.locales if "-" not in name)]
        found = [Variant(language) for language in dict.fromkeys(plain)]
        for pack in sorted(self.packs.values(), key=lambda pack: (not pack.is_country, pack.id)):
            found += self._variants_of(pack)
        return list(dict.fromkeys(found))

    def _variants_of(self, pack: Pack) -> Iterator[Variant]:
        country = self.lineage(pack.id)[0]
        if country.is_country:
            for language in self.languages_of(country):
                yield Variant(language, country.id, None if pack.is_country else pack.id)

    def languages_of(self, country: Pack) -> list[str]:
        """Return the languages in which a country is read, that of the course first."""
        found = [self.source_locale]
        for source in country.changing:
            found += source.data.get("languages") or [language_of(source.data["text_locale"])]
        return list(dict.fromkeys(found))


@dataclass(eq=False)
class Catalogue:
    """Everything under `courses/` and `quizzes/`, and what is wrong with single files."""

    courses: dict[str, Course] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    files: dict[str, Source] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    def course(self, course_id: str) -> Course:
        """Return one course or refuse."""
        if course_id not in self.courses:
            raise NotFound(N_("There is no course called '%(course)s'."), course=course_id)
        return self.courses[course_id]
