"""What every page needs: fingerprinted static files, the language menu, numbers in the footer."""

import gzip
import hashlib
import mimetypes
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, abort, current_app, g, request
from flask_babel import gettext as _
from markupsafe import Markup

from mtd_learning.library import service as library
from mtd_learning.web import i18n, numbers
from mtd_learning.web.access import holds, signed_in
from mtd_learning.web.security import FOREVER

FOLDER = Path(__file__).parent / "static"
READING_MODE_SECONDS = 60
MOST_KEPT = 1000
NAVIGATION = ("learn", "courses", "words", "help-now", "account", "sign-in")


def init_app(app: Flask) -> None:
    """Serve static files and hand templates what the layout asks for."""
    app.add_url_rule("/static/<path:name>", "static", static_file)
    app.view_functions["static"].right = "public"  # type: ignore[union-attr]
    app.jinja_env.globals["static_url"] = static_url
    app.jinja_env.globals["icon"] = icon
    app.context_processor(surroundings)


@cache
def _file(name: str) -> tuple[bytes, bytes, str]:
    path = (FOLDER / name).resolve()
    if FOLDER.resolve() not in path.parents or not path.is_file():
        abort(404)
    data = path.read_bytes()
    return data, gzip.compress(data, 9, mtime=0), hashlib.sha256(data).hexdigest()[:12]


@cache
def icon(name: str, kind: str = "") -> Markup:
    """Return a line icon; a page holds some thirty, and each is always the same."""
    drawn = current_app.jinja_env.get_template("_icons.html").module.icon  # type: ignore[attr-defined]
    return Markup(drawn(name, kind))


def _kept(part: str, depends: tuple[object, ...], values: Callable[[], dict[str, Any]]) -> Markup:
    """Return a part of every page's frame, drawn once per language and what it depends on.

    The footer and the list of languages are the same for everybody who reads the same edition;
    drawing them anew would be a tenth of the cost of a page.
    """
    kept = current_app.extensions["mtd"].kept
    key = (part, i18n.language(), *depends)
    if key not in kept or current_app.debug:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = Markup(current_app.jinja_env.get_template(part).render(values()))
    return cast(Markup, kept[key])


def _language_menu(languages: tuple[str, ...]) -> Markup:
    return _kept(
        "_languages.html",
        languages,
        lambda: {
            "language": i18n.language(),
            "names": {one: i18n.name_of(one) for one in languages},
        },
    )


def _navigation() -> Markup:
    """Return the ways through the site, with the one marked under which this page stands."""
    part, _slash, below = request.path[1:].partition("/")
    here = "learn" if request.path == "/" else part
    if here not in NAVIGATION:
        here = ""
    is_front = not below and request.path != "/learn"  # that one is reached by "/"
    known = signed_in() is not None
    return _kept(
        "_navigation.html",
        (known, here, is_front),
        lambda: {"signed_in": known, "here": here, "is_front": is_front},
    )


def _footer(edition: library.Current | None) -> Markup:
    """The numbers are the edition's; its version is named only where the page is of it."""
    named = edition if "edition" in g else None
    return _kept(
        "_footer.html",
        (edition and edition.manifest_sha, named and (named.id, named.number, named.version)),
        lambda: {
            "help_facts": numbers.for_footer(edition),
            "edition_line": edition_line(named) if named else None,
        },
    )


def static_url(name: str) -> str:
    """Return the address of a static file; it changes when the file changes."""
    if current_app.debug:
        _file.cache_clear()
    return f"/static/{name}?v={_file(name)[2]}"


def static_file(name: str) -> Response:
    """Return a static file, packed where the browser can unpack it."""
    plain, packed, fingerprint = _file(name)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind in ("application/javascript", "image/svg+xml"):
        zipped = "gzip" in request.headers.get("Accept-Encoding", "")
        response = Response(packed if zipped else plain, mimetype=kind)
        response.headers["Vary"] = "Accept-Encoding"
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(plain, mimetype=kind)
    fresh = request.args.get("v") == fingerprint
    response.headers["Cache-Control"] = FOREVER if fresh else "public, max-age=300"
    return response


def note_reading_mode() -> None:
    """Remember that a write was refused; pages say so for the next minute."""
    current_app.extensions["mtd"].read_only_at = time.monotonic()


def show_edition(edition: library.Current) -> None:
    """Let the layout speak of this edition: its numbers in the footer, its pilot banner."""
    g.edition = edition


def surroundings() -> dict[str, Any]:
    """Return what `_layout.html` and its parts ask for."""
    house = current_app.extensions["mtd"]
    settings = house.settings
    code = i18n.language()
    return {
        "site_name": settings.site_name,
        "demo": settings.demo,
        "read_only": time.monotonic() - house.read_only_at < READING_MODE_SECONDS,
        "faults": house.watch.faults if house.watch else (),
        "language": code,
        "text_direction": i18n.direction(code),
        "language_name": i18n.name_of(code),
        "navigation": _navigation(),
        "language_menu": _language_menu(settings.languages) if settings.languages[1:] else None,
        "language_gaps": i18n.has_gaps(code),
        "footer": _footer(_edition()),
        "pilot": pilot_notices(g.edition) if "edition" in g else [],
        "machine_draft": i18n.is_draft(code) and holds("content.see"),
    }


def _edition() -> library.Current | None:
    """Return the edition of this page, or of the first course, for the numbers in the footer."""
    if "edition" in g:
        return g.edition
    if "footer_edition" not in g:
        try:
            g.footer_edition = library.first_course_for(i18n.variants())
        except Exception:
            g.footer_edition = None  # An error page must not fail because the database does.
    return g.footer_edition


def edition_line(edition: library.Current) -> str:
    """Return one line that names version and edition of the page."""
    return _(
        "Version %(version)s, edition %(number)s (%(variant)s)",
        version=edition.version,
        number=edition.number,
        variant=edition.variant,
    )


def pilot_notices(edition: library.Current) -> list[str]:
    """Return why an edition is a pilot edition, what weighs most first; none for a full one."""
    if not edition.pilot:
        return []
    manifest = edition.manifest
    if manifest["notices"] and manifest["language"] == i18n.language():
        return list(manifest["notices"])
    country = manifest["country"]
    if country and any(map(numbers.is_unchecked, manifest["facts"].values())):
        # As the edition says it in its own language; these are the reader's words.
        said = _(
            "The numbers and rules for %(country)s have not been checked by a person there yet.",
            country=i18n.country_name(country),
        )
        return [said]
    return [_("It has not been checked by a professional yet.")]
