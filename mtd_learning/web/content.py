"""The state of the content, for those who look after it: each variant and what it still lacks."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template

from mtd_learning.library import service as library
from mtd_learning.library.models import Edition
from mtd_learning.web import i18n
from mtd_learning.web.access import allow, holds

bp = Blueprint("content", __name__, url_prefix="/content")
bp.add_app_template_global(holds)


# Blocks in these states are read in the variant's own language.
OWN = frozenset(("current", "source", "adapted", "local"))


@bp.get("")
@allow("content.see")
def status() -> str:
    """Show every variant: its current edition, the states of its blocks, what is unchecked."""
    editions = library.editions_now()
    labels = _labels(editions)
    return render_template(
        "content/status.html", rows=[_row(one, labels.get(one.course_key, {})) for one in editions]
    )


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
    # Facts are a country's: a variant without one has nothing to fill in.
    facts = manifest["facts"] if manifest["country"] else {}
    missing = {name for name, fact in facts.items() if fact["missing"]}
    unchecked = {name for name, fact in facts.items() if not fact["checked_by"]} - missing

    def said(names: set[str]) -> list[str]:
        return sorted(labels.get(name, facts[name]["label"]) for name in names)

    return {
        "edition": edition,
        "blocks": sum(states.values()),
        "own": sum(count for state, count in states.items() if state in OWN),
        "missing": said(missing),
        "unchecked": said(unchecked),
        "machine_draft": bool(manifest.get("machine_draft")),
    }
