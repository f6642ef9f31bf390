"""The blueprint, what holds for all its pages, and how a browser is let in."""

from flask import Blueprint, flash, g, make_response, redirect, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from mtd_learning.base import clock
from mtd_learning.base.db import db
from mtd_learning.people import devices, policy, sessions
from mtd_learning.web.access import keep_private
from mtd_learning.web.security import keep_cookie, local

bp = Blueprint("account", __name__)
bp.before_request(keep_private)

Answer = Response | str | tuple[str, int]

DEVICE_COOKIE = "mtd_device"


@bp.record_once
def _take_over_settings(state: BlueprintSetupState) -> None:
    policy.follow(state.app.extensions["mtd"].settings)


@bp.after_app_request
def _note_that_the_device_was_seen(response: Response) -> Response:
    # Only a person whom this request has asked for: a static file never loads one.
    asked = "_login_user" in g and current_user.is_authenticated
    if asked and current_user.is_stale(clock.now()):
        sessions.renew(current_user)
    return response


def onward_from_address() -> str | None:
    """Return where the reader wanted to go before they were asked to sign in."""
    return local(request.args.get("next"))


def device() -> str:
    """Return a few words for this browser, for the list of signed-in devices."""
    return devices.device_name(request.headers.get("User-Agent", "")[:400])


def let_in(token: str, onward: str) -> Response:
    """Give this browser the session with `token`, in a fresh cookie, and go on."""
    if current_user.is_authenticated:
        sessions.end_session(current_user.token)
    view = sessions.session_of(token, clock.now())
    db.session.commit()
    session.clear()
    session.permanent = True
    login_user(view)
    response = make_response(redirect(onward, 303))
    mark = devices.device_mark(current_user.email)
    keep_cookie(response, DEVICE_COOKIE, mark, path=url_for(".sign_in"))
    return response


def tell_of_letter(address: str, *, again: str) -> Response:
    """Go on to the page that says that a letter is on its way; from there one may try `again`."""
    session["letter_to"], session["letter_from"] = address, again
    return redirect(url_for(".letter_sent"), 303)


def let_out(words: str, onward: str) -> Response:
    """Take the session from this browser, and go on to a page that says `words`."""
    logout_user()
    session.clear()
    flash(words)
    return redirect(onward, 303)
