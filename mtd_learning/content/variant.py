"""Which voice a reader hears: language, country and organisation."""

import re
from dataclasses import dataclass

from mtd_learning.errors import N_, Invalid

LANGUAGE = r"[a-z]{2,3}(?:-[a-z]{4,8})?"
COUNTRY = r"[A-Z]{2}"
ORGANISATION = r"[a-z][a-z0-9-]{0,47}"
_NAME = re.compile(rf"({LANGUAGE})(?:-({COUNTRY}))?(?:\+({ORGANISATION}))?", re.ASCII)


def language_of(locale: str) -> str:
    """Return the language of a locale, which may be regional wording such as `nl-BE`."""
    return re.sub(rf"-{COUNTRY}$", "", locale)


@dataclass(frozen=True, order=True)
class Variant:
    """A language, and where there is one a country, and in it an organisation."""

    language: str
    country: str | None = None
    organisation: str | None = None

    @classmethod
    def parse(cls, name: str) -> "Variant":
        """Return the variant called `name`, such as `fi`, `sv-FI` or `fi-FI+lahti-saro`."""
        found = _NAME.fullmatch(name.replace(" ", ""))
        if found is None or (found[3] and not found[2]):
            raise Invalid(
                N_("'%(name)s' is not a variant; write fi, fi-FI or fi-FI+name."), name=name
            )
        return cls(found[1], found[2], found[3])

    @property
    def region(self) -> str | None:
        """The locale of regional wording, such as `nl-BE`; None without a country."""
        return f"{self.language}-{self.country}" if self.country else None

    def __str__(self) -> str:
        country = f"-{self.country}" if self.country else ""
        return self.language + country + (f"+{self.organisation}" if self.organisation else "")
