"""Numbers and rules of a country, each with the languages in which it is shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from mtd_learning.errors import NotFound
from mtd_learning.library import service as library
from mtd_learning.web import i18n

IN_FOOTER = ("emergency", "child-helpline")


def facts_of(edition: library.Current) -> dict[str, dict[str, Any]]:
    """Return the facts of an edition by name, as its manifest has them, and in `label_lang` and
    `lang` the languages of label and value; a bare number has none.

    A country's edition may be in another language than the reader's: labels are then taken from
    the course in the reader's own language, where there is one.
    """
    manifest = edition.manifest
    labels = _labels(edition)
    found = {}
    for name, fact in manifest["facts"].items():
        named = labels["facts"].get(name, fact)
        found[name] = {
            **fact,
            "label": named["label"],
            "label_lang": named.get("label_lang") or labels["language"],
            "lang": fact["lang"] or (None if fact["href"] else manifest["language"]),
        }
    return found


def known(facts: Mapping[str, Any], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return those of the facts named that have a value."""
    return [facts[name] for name in names if name in facts and not facts[name]["missing"]]


def is_unchecked(fact: Mapping[str, Any]) -> bool:
    """Say whether nobody has confirmed the value, or a country has none."""
    if fact["missing"]:
        return "owner" not in fact
    return not (fact["checked_by"] and fact["checked_on"])


def for_footer(edition: library.Current | None) -> list[dict[str, Any]]:
    """Return emergency and child helpline, where they are known."""
    return known(facts_of(edition), IN_FOOTER) if edition else []


def _labels(edition: library.Current) -> Mapping[str, Any]:
    if edition.manifest["language"] != i18n.language():
        try:
            own = library.edition_for(edition.course_key, library.variants_for(i18n.language()))
        except (NotFound, SQLAlchemyError):
            # Published for countries only; or the page of an error, which asks for no more.
            return edition.manifest
        if own.manifest["language"] == i18n.language():
            return own.manifest
    return edition.manifest
