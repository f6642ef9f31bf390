"""A letter to send: who, which template, which values. The web renders it when it goes."""

from collections.abc import Mapping

from mtd_learning.base import jobs


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
