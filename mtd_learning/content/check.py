"""Everything that can be said about a catalogue before it is published."""

from datetime import date
from weakref import WeakKeyDictionary

from mtd_learning.content.course import Catalogue
from mtd_learning.content.equivalence import equivalent_problems
from mtd_learning.content.faithful import translation_problems
from mtd_learning.content.packs import pack_problems
from mtd_learning.content.problems import Problem
from mtd_learning.content.structure import structure_problems
from mtd_learning.content.wording import wording_problems

_told: WeakKeyDictionary[Catalogue, tuple[date, list[Problem]]] = WeakKeyDictionary()


def check(catalogue: Catalogue, today: date) -> list[Problem]:
    """Return every problem of every file, sorted, each cause once."""
    if catalogue not in _told or _told[catalogue][0] != today:
        _told[catalogue] = today, _checked(catalogue, today)
    return list(_told[catalogue][1])


def _checked(catalogue: Catalogue, today: date) -> list[Problem]:
    found = list(catalogue.problems)
    for course in catalogue.courses.values():
        found += structure_problems(catalogue, course)
        found += translation_problems(course)
        found += equivalent_problems(course)
        found += pack_problems(course, today)
        found += wording_problems(course)
    return sorted(set(found))
