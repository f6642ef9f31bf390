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
country. What is one's own needs no right: it is found by the signed-in person.
"""

from collections.abc import Iterable
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


def _covers(held: object, asked: object) -> bool:
    return held is None or asked is ANYWHERE or held == asked
