"""Headers of every answer: no inline, no third party, nothing framed."""

from typing import cast

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Request
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from mtd_learning.base.settings import current_settings
from mtd_learning.errors import N_, Forbidden

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Blocks of other packages compile templates in the browser and write inline handlers; a page
# that holds one says so (g.foreign_blocks) and gets this policy instead. Still no third party.
FOREIGN = (
    STRICT.replace("script-src 'self'", "script-src 'self' 'unsafe-inline' 'unsafe-eval'")
    .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    .replace("img-src 'self'", "img-src 'self' data:")
)

FIXED = (
    ("X-Content-Type-Options", "nosniff"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)

FOREVER = "public, max-age=31536000, immutable"
YEAR = 365 * 24 * 3600

LONGEST_PART = 255  # bytes between two slashes; file systems know no longer names
LONGEST_ADDRESS = 2000  # far more than any of ours; file systems refuse 4096


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie, with its signer made once and not at every request."""

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the signer."""
        return self._signer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Give the cookie to pages only: what is everybody's is kept once for all by caches."""
        if not response.headers.get("Cache-Control", "").startswith("public"):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Sign cookies, and put the headers on every answer of the app."""
    app.session_interface = Cookies(app)
    app.before_request(_refuse_impossible_addresses)
    app.before_request(_refuse_forms_of_other_sites)
    app.after_request(_headers)
    app.jinja_env.globals["csrf"] = csrf_field


def csrf_field() -> Markup:
    """Return the hidden field that every form carries; one a request, however many forms."""
    if "csrf_field" not in g:
        field = Markup('<input type="hidden" name="csrf_token" value="{}">')
        g.csrf_field = field.format(generate_csrf())
    return cast(Markup, g.csrf_field)


def _refuse_impossible_addresses() -> None:
    """Find no page at an address that no database or no file system could look up."""
    path = request.path
    too_long = len(path.encode()) > LONGEST_ADDRESS
    if (
        too_long
        or "\0" in path
        or any(len(part.encode()) > LONGEST_PART for part in path.split("/"))
    ):
        raise NotFound()


def _refuse_forms_of_other_sites() -> None:
    """Refuse what a browser says another site has sent, whatever token it carries. A browser
    that says nothing is asked for its token only; "none" is a person who sends a form again."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        site = request.headers.get("Sec-Fetch-Site", "none")
        if site not in ("same-origin", "none"):
            raise Forbidden(N_("This did not come from our own pages."))


def _headers(response: Response) -> Response:
    headers = response.headers
    for name, value in FIXED:
        headers.add(name, value)
    headers.setdefault("Content-Security-Policy", FOREIGN if g.get("foreign_blocks") else STRICT)
    headers.setdefault("Referrer-Policy", "same-origin")
    if request.is_secure or current_settings().secure_cookies:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if g.get("private"):
        headers.setdefault("Cache-Control", "no-store")
    else:
        headers.setdefault("Cache-Control", "no-cache")
    return response


def keep_cookie(answer: AnyResponse, name: str, value: str, path: str = "/") -> None:
    """Let the browser keep a value for a year, out of the reach of scripts."""
    answer.set_cookie(
        name,
        value,
        max_age=YEAR,
        path=path,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def local(address: str | None) -> str | None:
    """Return an address if it leads to this site, however a browser may read it; else None.

    Browsers take a backslash for a slash and leave out tabs and line ends.
    """
    if not address or len(address) > LONGEST_ADDRESS:
        return None
    if "\\" in address or any(ord(character) < 33 for character in address):
        return None
    return address if address.startswith("/") and not address.startswith("//") else None


def is_same_origin(request: Request) -> bool | None:
    """Say whether the browser vouches that our own page sent this; None when it says nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin" or (site == "none" and request.method == "GET")
    origin = request.headers.get("Origin")
    if origin is not None:
        # A proxy may not have told what people typed; the settings know it.
        ours = (current_settings().base_url, request.host_url)
        return origin in [one.rstrip("/").lower() for one in ours if one]
    return None


def wants_page() -> bool:
    """Say whether whoever asks shows what comes as a page: a person does, a script does not."""
    headers = request.headers
    if "text/html" in headers.get("Accept", ""):
        return True
    return not (
        request.is_json
        or "application/json" in headers.get("Accept", "")
        or "X-Requested-With" in headers
        or headers.get("Sec-Fetch-Dest") == "empty"
    )
