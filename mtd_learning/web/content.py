"""The state of the content, for those who look after it: each variant and what it still lacks."""

from typing import Any

from flask import Blueprint, render_template

from mtd_learning.library import service as library
from mtd_learning.library.models import Edition
from mtd_learning.web.access import allow

bp = Blueprint("content", __name__, url_prefix="/content")


@bp.get("")
@allow("content.see")
def status() -> str:
    """Show every variant: its current edition, the states of its blocks, what is unchecked."""
    return render_template(
        "content/status.html", rows=[_row(one) for one in library.editions_now()]
    )


def _row(edition: Edition) -> dict[str, Any]:
    manifest = library.document(edition.manifest_sha)
    facts = manifest["facts"].values()
    return {
        "edition": edition,
        "states": library.block_states(edition.manifest_sha),
        "missing": [fact["label"] for fact in facts if fact["missing"]],
        "unchecked": [f["label"] for f in facts if not f["missing"] and not f["checked_by"]],
        "machine_draft": bool(manifest.get("machine_draft")),
    }
