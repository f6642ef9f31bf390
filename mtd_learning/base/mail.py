"""A letter to send: who, which template, which values. The web renders it when it goes."""

import smtplib
import ssl
from collections.abc import Mapping

from mtd_learning.base import jobs
from mtd_learning.base.settings import Settings

TIMEOUT = 20


def send(
    to: str,
    template: str,
    language: str,
    values: Mapping[str, object],
    *,
    send_key: str | None = None,
) -> None:
    """Queue a letter in the same commit as the deed; `values` must be plain JSON."""
    jobs.enqueue(
        "mail",
        {"to": to, "template": template, "language": language, "values": dict(values)},
        send_key=send_key,
    )


def server(settings: Settings) -> smtplib.SMTP:
    """Return the mail server, ready to take letters; OSError when it takes none."""
    found = smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=TIMEOUT)
    try:
        if settings.mail_tls:
            found.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            found.login(settings.mail_user, settings.mail_password)
    except Exception:
        found.close()
        raise
    return found
