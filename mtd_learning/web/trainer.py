"""Trainer's notes: the plan of a course and of each module, to read and to print."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, url_for

from mtd_learning.errors import N_, NotFound
from mtd_learning.library import service as library
from mtd_learning.web import i18n, layout, reading
from mtd_learning.web.access import allow, keep_private

bp = Blueprint("trainer", __name__, url_prefix="/courses/<course_key>/trainer")
bp.before_request(keep_private)


@bp.get("")
@allow("notes.see")
def plan(course_key: str) -> str:
    """Show the notes on the course as a whole, and the modules that have notes."""
    edition = _edition(course_key)
    notes = library.trainer_notes(edition.manifest)
    return render_template(
        "trainer/plan.html",
        course=edition.manifest,
        course_url=url_for("home.course", course_key=course_key),
        modules=[
            {"module": module, "url": _url(course_key, module) if module.get("trainer") else None}
            for module in edition.manifest["modules"]
        ],
        notes=notes,
        notice=reading.notice(notes),
    )


@bp.get("/<module_id>")
@allow("notes.see")
def module(course_key: str, module_id: str) -> str:
    """Show the notes on one module."""
    edition = _edition(course_key)
    modules = edition.manifest["modules"]
    at = next((at for at, one in enumerate(modules) if one["id"] == module_id), None)
    notes = [] if at is None else library.trainer_notes(modules[at])
    if at is None or not notes:
        raise NotFound(N_("There are no trainer’s notes at this address."))
    following = next((one for one in modules[at + 1 :] if one.get("trainer")), None)
    return render_template(
        "trainer/module.html",
        course=edition.manifest,
        module=modules[at],
        number=at + 1,
        plan_url=url_for(".plan", course_key=course_key),
        following=following,
        following_url=_url(course_key, following) if following else None,
        notes=notes,
        notice=reading.notice(notes),
    )


def _edition(course_key: str) -> library.Current:
    edition = library.edition_for(course_key, i18n.variants())
    layout.show_edition(edition)
    return edition


def _url(course_key: str, module: Mapping[str, Any]) -> str:
    return url_for(".module", course_key=course_key, module_id=module["id"])
