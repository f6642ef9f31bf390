"""The state of the content, for those who look after it: each variant and what it still lacks."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from mtd_learning import ages
from mtd_learning.base import clock
from mtd_learning.library import service as library
from mtd_learning.library.models import Edition
from mtd_learning.people import roles
from mtd_learning.people import service as people
from mtd_learning.web import i18n
from mtd_learning.web.access import allow, holds

bp = Blueprint("content", __name__, url_prefix="/content")
bp.add_app_template_global(holds)


# Blocks in these states are read in the variant's own language.
OWN = frozenset(("current", "source", "adapted", "local"))


@bp.get("")
@allow("content.see")
def status() -> str:
    """Show every variant that the reader looks after, or those of a course, language, country or
    kind of edition.

    Of each its current edition, the states of its blocks, and which facts are missing, were
    never checked, or are to be checked again.
    """
    published = library.editions_now()
    labels = _labels(published)
    traits = {one.id: _traits(one) for one in published}
    homes = people.homes_of(current_user.grants)
    editions = [one for one in published if _is_within(homes, traits[one.id])]
    choices = _choices([traits[one.id] for one in editions])
    chosen = {
        name: value for name, value in request.args.items() if value in dict(choices.get(name, ()))
    }
    fitting = [one for one in editions if chosen.items() <= traits[one.id].items()]
    return render_template(
        "content/status.html",
        rows=[_row(one, labels.get(one.course_key, {})) for one in fitting],
        of=len(editions),
        choices=choices,
        chosen=chosen,
    )


def _is_within(homes: Mapping[int, roles.Home], traits: Mapping[str, str]) -> bool:
    """Say whether an edition lies within the places of the reader's roles."""
    country, pack = traits["country"] or None, traits["organisation"] or None
    return roles.may_for_texts(
        current_user.grants, "content.see", homes, country=country, pack=pack
    )


def _traits(edition: Edition) -> dict[str, str]:
    """Return by what an edition can be chosen, and its organisation."""
    # Not needed by a worker that serves learners.
    from mtd_learning.content.variant import Variant

    variant = Variant.parse(edition.variant)
    return {
        "course": edition.course_key,
        "language": variant.language,
        "country": variant.country or "",
        "organisation": variant.organisation or "",
        "edition": "pilot" if edition.pilot else "full",
    }


def _choices(traits: Collection[Mapping[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen, each value with its words, as far as there are editions of it."""
    words: dict[str, Callable[[str], str]] = {
        "course": str,
        "language": i18n.name_of,
        "country": i18n.country_name,
        "edition": {"pilot": _("Pilot edition"), "full": _("Full edition")}.__getitem__,
    }
    return {
        name: sorted(
            ((value, said(value)) for value in {one[name] for one in traits} if value),
            key=lambda choice: choice[1],
        )
        for name, said in words.items()
    }


def _labels(editions: Sequence[Edition]) -> dict[str, dict[str, str]]:
    """Return the labels of each course's facts in the reader's language, where it has them."""
    found: dict[str, dict[str, str]] = {}
    for edition in editions:
        if edition.variant == i18n.language():
            facts = library.document(edition.manifest_sha)["facts"]
            found[edition.course_key] = {name: fact["label"] for name, fact in facts.items()}
    return found


def _row(edition: Edition, labels: Mapping[str, str]) -> dict[str, Any]:
    manifest = library.document(edition.manifest_sha)
    states = library.block_states(edition.manifest_sha)
    # A variant has to fill in what is of its country and, where it has one, its organisation.
    facts = {
        name: fact
        for name, fact in manifest["facts"].items()
        if manifest["org" if "owner" in fact else "country"]
    }
    aged = {name: ages.state_now(fact, clock.today()) for name, fact in facts.items()}

    def said(*wanted: str) -> list[str]:
        names = (name for name, state in aged.items() if state in wanted)
        return sorted(labels.get(name, facts[name]["label"]) for name in names)

    return {
        "edition": edition,
        "blocks": sum(states.values()),
        "own": sum(count for state, count in states.items() if state in OWN),
        "missing": said("missing"),
        "unchecked": said("unchecked"),
        "due": said("old", "aging"),
        "machine_draft": bool(manifest.get("machine_draft")),
    }
