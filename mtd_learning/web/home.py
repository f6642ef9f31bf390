"""Pages without sign-in: start, catalogue, help now, words, statements, health."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from mtd_learning import ages, glossary, upkeep
from mtd_learning.base import clock
from mtd_learning.base.db import db
from mtd_learning.base.settings import current_settings
from mtd_learning.errors import N_, Forbidden
from mtd_learning.learning import player
from mtd_learning.learning import service as learning
from mtd_learning.library import service as library
from mtd_learning.people import countries
from mtd_learning.people import service as people
from mtd_learning.privacy.schedule import SCHEDULE
from mtd_learning.web import i18n, layout, numbers, reading, security
from mtd_learning.web.access import allow, keep_private, signed_in

bp = Blueprint("home", __name__)

ALWAYS_SHOWN = ("child-helpline", "report-to", "out-of-hours")
SHOWN_IF_KNOWN = ("missing-children", "addiction-helpline")
RULES = ("who-reports", "anonymous-report", "reporting-law")
DUTY_NUMBER = "duty-number"


@bp.get("/")
@allow("public")
def index() -> str:
    """Say what this is; to the signed-in, show one big Continue for each course."""
    published = library.courses_for(i18n.variants())
    mine = []
    if current_user.is_authenticated:
        keep_private()
        editions = {one.course_key: one for one in published}
        for key in learning.courses_of(current_user.id):
            if key in editions:  # a course may be withdrawn, or have no words for this reader
                standing = learning.standing_of(current_user.id, key)
                mine.append(reading.course_values(editions[key], standing))
    return render_template(
        "home/index.html",
        my_courses=mine,
        courses=_cards(published),
        trainer_url=next(filter(None, map(reading.trainer_url, published)), None),
    )


@bp.get("/courses")
@allow("public")
def courses() -> str:
    """Show the catalogue."""
    published = library.courses_for(i18n.variants())
    return render_template("home/courses.html", courses=_cards(published))


@bp.get("/courses/<course_key>")
@allow("public")
def course(course_key: str) -> str:
    """Show one course: modules, minutes, outcomes, a way to look in and a way to join."""
    edition = library.edition_for(course_key, i18n.variants())
    layout.show_edition(edition)
    first = edition.manifest["modules"][0]
    return render_template(
        "home/course.html",
        course=edition.manifest,
        minutes=sum(module["minutes"] for module in edition.manifest["modules"]),
        joined=_has_joined(course_key),
        join_url=url_for("learn.join", course_key=course_key),
        learn_url=url_for("learn.course", course_key=course_key),
        trainer_url=reading.trainer_url(edition),
        preview=[
            {
                "title": unit["title"],
                "minutes": unit["minutes"],
                "lang": unit["lang"],
                "url": url_for(
                    ".look", course_key=course_key, module_id=first["id"], unit_id=unit["id"]
                ),
            }
            for unit in first["units"]
        ],
    )


def _has_joined(course_key: str) -> bool:
    return current_user.is_authenticated and course_key in learning.courses_of(current_user.id)


@bp.get("/courses/<course_key>/<module_id>/<unit_id>")
@allow("public")
def look(course_key: str, module_id: str, unit_id: str) -> AnyResponse | str:
    """Show a unit of the first module to anybody, to read."""
    reader = reading.reader()
    place = player.find(course_key, module_id, unit_id, reader.variants)
    if place.manifest["modules"][0]["id"] != module_id:
        if _has_joined(course_key):
            return redirect(reading.unit_url(course_key, module_id, unit_id), 303)
        raise Forbidden(N_("This module opens when you have joined the course."))
    layout.show_edition(place.edition)
    page = player.read_unit(reader, place, on_screen=True)
    units = place.module["units"]
    at = [unit["id"] for unit in units].index(place.unit["id"])
    following = units[at + 1] if at + 1 < len(units) else None
    return render_template(
        "home/look.html",
        course=place.manifest,
        module=place.module,
        unit=place.blob,
        fragment_html=page.html,
        notice=reading.notice(place.blob["blocks"]),
        next_url=following
        and url_for(".look", course_key=course_key, module_id=module_id, unit_id=following["id"]),
        course_url=url_for(".course", course_key=course_key),
    )


@bp.get("/help-now")
@allow("public")
def help_now() -> AnyResponse | str:
    """Show whom to call for a child, in the chosen country; works without sign-in.

    Members of an organisation are shown its duty number, wherever the child lives.
    The country is kept for the pages of a course: who is signed in has one in the account.
    """
    asked = request.args.get("country", "").upper()
    chosen = asked or i18n.country() or ""
    facts = _facts_of(chosen)
    duty = facts.get("duty-volunteer")
    lines = [facts[name] for name in ALWAYS_SHOWN if name in facts]
    lines += numbers.known(facts, SHOWN_IF_KNOWN)
    rules = numbers.known(facts, RULES)
    page = render_template(
        "home/help_now.html",
        country_name=i18n.country_name(chosen) if facts else None,
        asked_country=chosen,
        countries=[(code, i18n.country_name(code)) for code in countries.COUNTRIES],
        emergency=facts.get("emergency"),
        lines=lines,
        duty=duty,
        rules=rules,
        organisation=_organisation(),
        notice=reading.notice(_languages_of([*lines, *rules, *([duty] if duty else [])])),
        ages={ages.state_now(fact, clock.today()) for fact in facts.values()},
    )
    if current_user.is_authenticated or asked not in countries.COUNTRIES:
        return page
    answer = make_response(page)
    security.keep_cookie(answer, i18n.COUNTRY_COOKIE, chosen)
    return answer


def _organisation() -> dict[str, Any]:
    """Return the name of the reader's organisation, its duty number and how old that is; nothing
    for who belongs to none, or where no course asks for the number."""
    me = signed_in()
    home = people.organisation(me.organisation_id) if me else None
    facts = _facts_of(home.country, home.pack, DUTY_NUMBER) if home else {}
    if home is None or not facts:
        return {}
    keep_private()
    number = facts[DUTY_NUMBER]
    return {"name": home.name, "number": number, "age": ages.state_now(number, clock.today())}


def _facts_of(
    country: str | None, pack: str | None = None, wanted: str = "emergency"
) -> dict[str, dict[str, Any]]:
    """Return the numbers and rules of a country by name, as the first course has them that has
    the one that is wanted; none where the country has no edition."""
    if country not in library.countries_published():
        return {}
    found = library.courses_for(library.variants_for(i18n.language(), country, pack))
    edition = next((one for one in found if wanted in one.manifest["facts"]), None)
    return numbers.facts_of(edition) if edition else {}


def _languages_of(facts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    known = (fact for fact in facts if not fact["missing"])
    return [{"lang": fact["lang"] or i18n.language(), "state": ""} for fact in known]


@bp.get("/words")
@allow("public")
def words() -> str:
    """Show the words of the field, in the reader's language, with the English word."""
    return render_template("home/words.html", terms=_terms(i18n.language()))


@bp.post("/language")
@allow("public")
def language() -> AnyResponse:
    """Change the language and stay on the page."""
    code = request.form.get("language", "")
    answer = redirect(security.local(request.form.get("next")) or url_for(".index"), 303)
    if code in i18n.languages():
        security.keep_cookie(answer, i18n.LANGUAGE_COOKIE, code)
        if current_user.is_authenticated:
            people.change_language(people.user(current_user.id), code)
            db.session.commit()
    return answer


@bp.get("/accessibility")
@allow("public")
def accessibility() -> str:
    """Say how far the site is accessible."""
    return render_template("home/accessibility.html", contact=current_settings().contact)


@bp.get("/privacy")
@allow("public")
def privacy() -> str:
    """Say what is kept of whom, and for how long."""
    settings = current_settings()
    kept = [(one.what, one.how_long, one.period(settings)) for one in SCHEDULE]
    return render_template("home/privacy.html", kept=kept, contact=settings.contact)


@bp.get("/healthz")
@allow("public")
def healthz() -> Response:
    """Say that the process lives."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@allow("public")
def readyz() -> Response:
    """Say whether database, disk and content are there; 503 when not."""
    findings = upkeep.is_ready(current_settings())
    well = all(finding.well for finding in findings)
    # Names only: sentences hold paths of the machine.
    body = "".join(f"{f.name}: {'ok' if f.well else 'not ok'}\n" for f in findings)
    return Response(body, 200 if well else 503, mimetype="text/plain")


def _cards(published: Sequence[library.Current]) -> list[dict[str, Any]]:
    """Return what the catalogue shows of each course."""
    return [
        {
            "course": edition.manifest,
            "minutes": sum(module["minutes"] for module in edition.manifest["modules"]),
            "modules": len(edition.manifest["modules"]),
            "url": url_for(".course", course_key=edition.course_key),
        }
        for edition in published
    ]


def _terms(code: str) -> list[dict[str, Any]]:
    found = [
        {
            "key": term["key"],
            "term": term.get(code) or term["en"],
            "en": term["en"],
            "definition": term.get(f"definition_{code}") or term["definition_en"],
            "definition_lang": code if term.get(f"definition_{code}") else "en",
            "uncertain": code in term.get("uncertain", ()) or "all" in term.get("uncertain", ()),
        }
        for term in glossary.terms()
    ]
    return sorted(found, key=lambda term: term["term"].casefold())
