"""Who may do what, where.

| Right             | volunteer | localiser | trainer | coordinator | admin |
|-------------------|-----------|-----------|---------|-------------|-------|
| `learn`           | yes       | yes       | yes     | yes         | yes   |
| `content.see`     |           | yes       | yes     | yes         | yes   |
| `notes.see`       |           | yes       | yes     | yes         | yes   |
| `people.see`      |           |           | yes     | yes         | yes   |
| `people.invite`   |           |           |         | yes         | yes   |
| `certificate.see` |           |           |         | yes         | yes   |
| `people.grant`    |           |           |         |             | yes   |
| `site.run`        |           |           |         |             | yes   |

`learn`: read a course as one's own and be certified. `content.see`: read every text with
its layers and states. `notes.see`: read the trainer's notes. `people.see`: find people and
their progress. `people.invite`: send invitations. `certificate.see`: the register of other
people's certificates. `people.grant`: give and withdraw roles. `site.run`: doctor, jobs,
settings. The last five wait for their pages: today an operator does these things with `mtd`.

A grant holds everywhere, in one organisation, in one country, or in one organisation of one
country. What is one's own needs no right: it is found by the signed-in person. Of course texts a
grant with a place reaches those that are no country's, those of its country, and those of its
organisation; a grant for a country reaches every organisation in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mtd_learning.errors import N_

_LEARN = frozenset({"learn"})
_READ = _LEARN | {"content.see", "notes.see"}
_TEACH = _READ | {"people.see"}
_CARE = _TEACH | {"people.invite", "certificate.see"}
_RUN = _CARE | {"people.grant", "site.run"}

RIGHTS_OF: Final[dict[str, frozenset[str]]] = {
    "volunteer": _LEARN,
    "localiser": _READ,
    "trainer": _TEACH,
    "coordinator": _CARE,
    "admin": _RUN,
}
ROLES: Final[tuple[str, ...]] = ("volunteer", "trainer", "coordinator", "localiser", "admin")
ROLE_NAMES: Final[dict[str, str]] = {
    "volunteer": N_("volunteer"),
    "trainer": N_("trainer"),
    "coordinator": N_("coordinator"),
    "localiser": N_("localiser"),
    "admin": N_("administrator"),
}
RIGHTS: Final[frozenset[str]] = frozenset().union(*RIGHTS_OF.values())


class Anywhere:
    """Stands for "no matter where", which is not the same as "in no organisation"."""


ANYWHERE: Final = Anywhere()


@dataclass(frozen=True, slots=True)
class Grant:
    """A role and the place in which it holds; None means every place."""

    role: str
    organisation_id: int | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """An organisation as course texts know it: its country and its pack."""

    country: str | None
    pack: str | None


def may(
    grants: Iterable[Grant],
    right: str,
    *,
    organisation: int | Anywhere | None = ANYWHERE,
    country: str | Anywhere | None = ANYWHERE,
) -> bool:
    """Return whether one of the grants gives `right` there.

    Without a place the question is "somewhere at all?". `organisation=None` asks about
    something that belongs to no organisation: a grant for one organisation never reaches it.
    """
    return any(
        right in RIGHTS_OF.get(grant.role, frozenset())
        and _covers(grant.organisation_id, organisation)
        and _covers(grant.country, country)
        for grant in grants
    )


def may_for_texts(
    grants: Iterable[Grant],
    right: str,
    homes: Mapping[int, Home],
    *,
    country: str | None,
    pack: str | None,
) -> bool:
    """Return whether one of the grants gives `right` over texts of a country, or of a pack in it.

    `homes` holds the organisations of the grants.
    """
    return any(
        right in RIGHTS_OF.get(grant.role, frozenset())
        and (country is None or _reaches(grant, homes, country, pack))
        for grant in grants
    )


def _reaches(grant: Grant, homes: Mapping[int, Home], country: str, pack: str | None) -> bool:
    if grant.organisation_id is None:
        return _covers(grant.country, country)
    home = homes[grant.organisation_id]
    if pack is None:
        return country == (grant.country or home.country)
    return pack == home.pack and _covers(grant.country, country)


def _covers(held: object, asked: object) -> bool:
    return held is None or asked is ANYWHERE or held == asked
