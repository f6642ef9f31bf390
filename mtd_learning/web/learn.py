"""Learn: my courses, a course, a unit, going on, an old attempt, the paper form."""

import logging
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response

from mtd_learning.base.db import db, expect_writing, let_go
from mtd_learning.blocks import attempts, pages
from mtd_learning.errors import N_, NotFound
from mtd_learning.learning import player, rules
from mtd_learning.learning import service as learning
from mtd_learning.library import service as library
from mtd_learning.web import i18n, layout, reading
from mtd_learning.web.access import allow, keep_private

log = logging.getLogger(__name__)

bp = Blueprint("learn", __name__, url_prefix="/learn")
bp.before_request(keep_private)


@bp.get("")
@allow("learn")
def mine() -> Response:
    """Lead into the course of somebody who has one only, else to where courses are."""
    keys = learning.courses_of(current_user.id)
    if len(keys) == 1:
        return redirect(url_for(".course", course_key=keys[0]), 303)
    return redirect(url_for("home.index" if keys else "home.courses"), 303)


@bp.get("/<course_key>")
@allow("learn")
def course(course_key: str) -> str:
    """Show where I stand in a course: one big Continue, and what is still missing in words."""
    edition = library.edition_for(course_key, i18n.variants())
    standing = learning.standing_of(current_user.id, course_key)
    layout.show_edition(edition)
    return render_template(
        "learn/course.html",
        **reading.course_values(edition, standing),
        trainer_url=reading.trainer_url(edition),
    )


@bp.post("/<course_key>/join")
@allow("learn")
def join(course_key: str) -> Response:
    """Join a course and begin."""
    edition = library.edition_for(course_key, i18n.variants())
    learning.enrol(current_user.id, course_key)
    db.session.commit()
    standing = learning.standing_of(current_user.id, course_key)
    return redirect(reading.continue_url(edition.manifest, standing.progress), 303)


@bp.get("/<course_key>/<module_id>/<unit_id>")
@allow("learn")
def unit(course_key: str, module_id: str, unit_id: str) -> str:
    """Show one unit."""
    reader = reading.reader()
    place = player.find(course_key, module_id, unit_id, reader.variants)
    opened = player.open_unit(reader, place)
    _keep_opening(opened)
    layout.show_edition(place.edition)
    g.foreign_blocks = opened.page.foreign
    return render_template("learn/unit.html", **_unit_values(opened))


@bp.post("/<course_key>/<module_id>/<unit_id>/go-on")
@allow("learn")
def go_on(course_key: str, module_id: str, unit_id: str) -> Response:
    """Note a unit as done when nothing in it is left, and open the next one either way."""
    reader = reading.reader()
    place = player.find(course_key, module_id, unit_id, reader.variants)
    was_complete = learning.standing_of(current_user.id, course_key).completed_at is not None
    done = player.go_on(reader, place)
    db.session.commit()
    standing = learning.standing_of(current_user.id, course_key)
    if not done:
        flash(
            _(
                "“%(title)s” still has something to answer. You can come back to it at any time.",
                title=place.unit["title"],
            ),
            "note",
        )
    elif standing.completed_at is not None and (not was_complete or reading.is_last(place)):
        return redirect(url_for(".done", course_key=course_key), 303)
    elif reading.is_last(place) and rules.is_module_done(place.module, standing.progress):
        return redirect(url_for(".done", course_key=course_key, module=module_id), 303)
    return redirect(reading.following_url(place, standing.progress), 303)


@bp.get("/<course_key>/done")
@allow("learn")
def done(course_key: str) -> Response | str:
    """Show that a module or the whole course is done, and what comes next."""
    edition = library.edition_for(course_key, i18n.variants())
    standing = learning.standing_of(current_user.id, course_key)
    module_id = request.args.get("module")
    if not reading.is_done(edition, standing, module_id):
        return redirect(url_for(".course", course_key=course_key), 303)
    layout.show_edition(edition)
    return render_template("learn/done.html", **reading.done_values(edition, standing, module_id))


@bp.get("/<course_key>/<module_id>/<unit_id>/paper")
@allow("learn")
def paper(course_key: str, module_id: str, unit_id: str) -> str:
    """Show a unit in its paper form, to print."""
    reader = reading.reader()
    place = player.find(course_key, module_id, unit_id, reader.variants)
    learning.must_be_open(
        place.manifest, place.module, learning.standing_of(current_user.id, course_key)
    )
    layout.show_edition(place.edition)
    page = player.read_unit(reader, place)
    return render_template(
        "learn/print.html",
        course=place.manifest,
        module=place.module,
        unit=place.blob,
        fragment_html=page.html,
        notice=reading.notice(place.blob["blocks"]),
        back_url=reading.unit_url(course_key, module_id, unit_id),
    )


@bp.get("/<course_key>/<module_id>/<unit_id>/attempts/<quiz_key>/<int:number>")
@allow("learn")
def attempt(course_key: str, module_id: str, unit_id: str, quiz_key: str, number: int) -> str:
    """Show one of my own papers as it was drawn and answered."""
    reader = reading.reader()
    place = player.find(course_key, module_id, unit_id, reader.variants)
    standing = learning.standing_of(current_user.id, course_key)
    found = [one for one in learning.attempts_of(standing, quiz_key) if one.number == number]
    if not found:
        raise NotFound(N_("There is no such attempt."))
    layout.show_edition(library.edition_at(found[0].edition_id))
    html = attempts.render_attempt(
        library.document(found[0].bank_sha),
        found[0].paper,
        words=reader.words,
        language=reader.learner.language,
    )
    return render_template(
        "learn/attempt.html",
        module=place.module,
        attempt=found[0],
        fragment_html=html,
        back_url=reading.unit_url(course_key, module_id, unit_id),
    )


def _keep_opening(opened: player.Opened) -> None:
    """Keep that a unit was opened; where nothing can be kept, it can be read all the same."""
    try:
        if player.note_opening(opened):
            db.session.commit()
    except DBAPIError as error:
        let_go()
        expect_writing(False)
        log.warning("A unit was opened, but this could not be noted: %s", error.orig)


def _unit_values(opened: player.Opened) -> dict[str, Any]:
    place, progress = opened.place, opened.standing.progress
    course_key = place.edition.course_key
    here = reading.unit_url(course_key, place.module["id"], place.unit["id"])
    counted = rules.counts([place.module], progress)
    at_the_end = reading.is_last(place) and counted["done"] >= counted["total"] - 1
    return {
        "course": place.manifest,
        "module": place.module,
        "unit": place.blob,
        "fragment_html": opened.page.html,
        "foreign": opened.page.foreign,
        "head_tags": pages.resource_tags(opened.page.at("head")),
        "foot_tags": pages.resource_tags(opened.page.at("foot")),
        "progress": counted,
        "steps": reading.steps(course_key, place.module, progress, place.unit["id"]),
        "previous_url": reading.previous_url(place),
        "continue_url": f"{here}/go-on",
        "changed": progress.has_changed(place.module, place.unit),
        "continue_label": _("Finish this module") if at_the_end else _("Continue"),
        "notice": reading.notice(place.blob["blocks"]),
        "print_url": f"{here}/paper",
    }
