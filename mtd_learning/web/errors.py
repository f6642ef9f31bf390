"""A refusal becomes a page in plain words with a way on; no stack trace reaches a person."""

import logging

from flask import Flask, Response, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError, TimeoutError
from werkzeug.exceptions import HTTPException

from mtd_learning import errors
from mtd_learning.base import logs
from mtd_learning.base.db import expect_writing, let_go
from mtd_learning.web import layout, security

log = logging.getLogger(__name__)

Page = tuple[str | Response, int]

STATUS: dict[type[errors.MtdError], int] = {
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.Invalid: 400,
    errors.TooMany: 429,
    errors.Expired: 410,
    errors.Unavailable: 503,
}


def init_app(app: Flask) -> None:
    """Register one handler for refusals, one for HTTP errors and one for everything else."""
    app.register_error_handler(errors.MtdError, refused)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(DBAPIError, database_trouble)
    app.register_error_handler(TimeoutError, database_trouble)  # no connection was free
    app.after_request(_say_number)
    if not app.testing:
        app.register_error_handler(Exception, surprise)


def _say_number(response: Response) -> Response:
    if response.status_code >= 500:
        response.headers["X-Request-Id"] = logs.request_id()
    return response


def status_of(error: errors.MtdError) -> int:
    """Return the HTTP status of a refusal."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def sentence_of(error: errors.MtdError) -> str:
    """Return the refusal in the reader's language."""
    return _(error.message, **error.values)


def refused(error: errors.MtdError) -> Page:
    """Show a refusal."""
    _only_read()
    _see_who_asks()
    if isinstance(error, errors.NotJoined):
        course_url = url_for("home.course", course_key=error.course_key)
        return page(sentence_of(error), status_of(error), (course_url, _("Look at the course")))
    return page(sentence_of(error), status_of(error))


def stale_form(error: CSRFError) -> Page:
    """Show that a form was too old or came from elsewhere."""
    _only_read()
    _see_who_asks()
    message = _(
        "This form was open for too long, or it came from another site. "
        "Please go back, load the page again and send it once more."
    )
    return page(message, 400)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Show an HTTP error in plain words."""
    _only_read()
    _see_who_asks()
    words = {
        401: _("You are signed out."),
        404: _("There is no page at this address."),
        405: _("This address cannot be used in this way."),
        413: _("What you sent is too large."),
    }
    if error.code is not None and error.code < 400:
        return error  # a redirect is no error
    code = error.code or 500
    said = page(words.get(code, _("This did not work. Please go back and try again.")), code)
    allow = [pair for pair in error.get_headers() if pair[0] == "Allow"]
    return (*said, allow) if allow else said


def database_trouble(error: SQLAlchemyError) -> Page:
    """Show that something could not be saved, or that the database does not answer."""
    _only_read()
    _ask_nobody()
    why = getattr(error, "orig", error)
    text = str(why).lower()
    log.error("Database: %s", str(why).partition("\n")[0])  # what follows quotes the row
    if "readonly" in text or "read-only" in text:
        layout.note_reading_mode()
        return page(
            _(
                "Nothing can be saved just now: the site is in reading mode. "
                "Lessons can still be read."
            ),
            503,
        )
    if "disk is full" in text or "no space left" in text or "disk i/o" in text:
        return page(
            _(
                "Nothing can be saved just now: the site has run out of space. "
                "Lessons can still be read. Please tell your coordinator."
            ),
            507,
        )
    if isinstance(error, (OperationalError, TimeoutError)):
        return page(_("The site is busy or being looked after. Please try again in a minute."), 503)
    return surprise(error)


def surprise(error: Exception) -> Page:
    """Show that something broke; the log has the rest."""
    _only_read()
    _ask_nobody()
    log.exception("Unexpected error at %s %s", request.method, request.url_rule)
    return page(
        _("Something broke on our side. It has been noted. Nothing that you saved is lost."), 500
    )


def _only_read() -> None:
    """Drop what was begun: a page that refuses writes nothing and waits for nobody who does."""
    let_go()
    expect_writing(False)


def _see_who_asks() -> None:
    """Find out to whom the page speaks; where the database does not answer, to nobody."""
    try:
        bool(current_user.is_authenticated)
    except SQLAlchemyError:
        let_go()
        _ask_nobody()


def _ask_nobody() -> None:
    """Let the page speak without a look at who is signed in, where that was not found out yet:
    it would ask the database once more."""
    if "_login_user" not in g:
        g._login_user = AnonymousUserMixin()


def page(message: str, status: int, way_on: tuple[str, str] | None = None) -> Page:
    """Return the page of an error, or plain words when even the page cannot be made.

    `way_on` is the address and the label of its button; without it that leads to the start.
    The script of a block that does not ask for a page gets the words as JSON.
    """
    if request.endpoint == "blocks.handler" and not security.wants_page():
        return jsonify(error=message), status
    try:
        signed_in = current_user.is_authenticated
        start = _("Go to your course") if signed_in else _("Go to the start page")
        way_on_url, way_on_label = way_on or (url_for("home.index"), start)
        return render_template(
            "error.html",
            message=message,
            status=status,
            way_on_url=way_on_url,
            way_on_label=way_on_label,
            number=logs.request_id() if status >= 500 else "",
        ), status
    except Exception:
        log.exception("The error page could not be shown")
        return f"{message}\n", status
