"""Render a queued letter in its reader's language and send it, or log it without a server."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale, format_date
from jinja2 import TemplateNotFound

from mtd_learning.base import mail
from mtd_learning.base.settings import Settings, current_settings
from mtd_learning.errors import N_, NotFound
from mtd_learning.web import i18n

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """A letter as its reader sees it."""

    subject: str
    text: str
    html: str


def deliver(values: Mapping[str, Any]) -> None:
    """Send one queued letter; the handler of jobs of kind `mail`."""
    letter = render(values["template"], values["language"], values["values"])
    message = envelope(letter, to=values["to"], language=values["language"])
    settings = current_settings()
    if not settings.mail_host:
        log.warning(
            "No mail server is set. Letter to %s: %s\n%s",
            *(values["to"], letter.subject, letter.text),
            extra={"whole": True},
        )
        return
    _send(message, settings)


def render(template: str, language: str, values: Mapping[str, Any]) -> Letter:
    """Return a letter from `mail/<template>.subject.txt`, `.txt` and `.html`.

    Templates get the values, `site_name`, `site` (the public address), `language`,
    `long_date(day)`, and `page_url(endpoint, …)`, which builds a whole address: a worker serves
    no request whose host it could take, and that of a request is not to be trusted in a letter.
    """
    settings = current_settings()
    known = language if language in settings.languages else settings.languages[0]
    surroundings = {
        **values,
        "site_name": settings.site_name,
        "site": site_address(),
        "language": known,
        "page_url": page_url,
        "long_date": _long_date,
    }
    with i18n.speaking(known), force_locale(i18n.locale()):
        subject, text, html = (
            _words(f"mail/{template}.{ending}", surroundings)
            for ending in ("subject.txt", "txt", "html")
        )
    # Blocks of templates leave gaps of several lines behind.
    plain, marked = (re.sub(r"\n{3,}", "\n\n", words).strip() + "\n" for words in (text, html))
    return Letter(" ".join(subject.split()), plain, marked)


def page_url(endpoint: str, **values: Any) -> str:
    """Return the whole public address of a page; empty values are left out."""
    parts = urlsplit(site_address())
    adapter = current_app.url_map.bind(parts.netloc, url_scheme=parts.scheme)
    given = {name: value for name, value in values.items() if value not in (None, "")}
    return adapter.build(endpoint, given, force_external=True)


def _long_date(day: str) -> str:
    return format_date(date.fromisoformat(day), "long")


def site_address() -> str:
    """Return the public address of the site without a slash at its end."""
    settings = current_settings()
    return (settings.base_url or own_address(settings)).rstrip("/")


def own_address(settings: Settings) -> str:
    """Return where the server answers; an IPv6 address stands in brackets."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def envelope(letter: Letter, *, to: str, language: str) -> EmailMessage:
    """Return the letter as a message; a line break in a header raises ValueError."""
    settings = current_settings()
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = to
    message["Subject"] = letter.subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=settings.mail_from.rpartition("@")[2].strip("> "))
    message["Auto-Submitted"] = "auto-generated"  # holiday answers stay away
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    message["Content-Language"] = language  # last: the lines above take Content- headers away
    return message


def _send(message: EmailMessage, settings: Settings) -> None:
    with mail.server(settings) as server:
        server.send_message(message)


def _words(name: str, surroundings: Mapping[str, Any]) -> str:
    try:
        return current_app.jinja_env.get_template(name).render(surroundings)
    except TemplateNotFound as error:
        raise NotFound(N_("There is no letter %(name)s."), name=name) from error
