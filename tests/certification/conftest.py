"""Makers of finished courses and of certificates."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from mtd_learning.base.db import db
from mtd_learning.certification import certificates
from mtd_learning.certification.models import Certificate
from mtd_learning.library.models import Edition

FINISHED = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
OUTCOMES = (
    "Says in one sentence what a volunteer is and is not.",
    "Knows <strong>whom to tell</strong> the same day.",
    "Explains that addiction is never the child&#39;s fault.",
)


@pytest.fixture
def manifest() -> dict[str, Any]:
    """Return the table of contents of a course with three modules."""
    return {
        "course": "beside-the-child",
        "version": "1.0.0",
        "variant": "en-FI",
        "language": "en",
        "country": "FI",
        "org": None,
        "pilot": True,
        "title": "Beside the child",
        "title_lang": "en",
        "banks": {},
        "modules": [
            {
                "id": f"m{number}",
                "title": f"Module {number}",
                "lang": "en",
                "mandatory": True,
                "minutes": minutes,
                "outcomes": [[f"o{at}", f"<p>{text}</p>"] for at, text in enumerate(OUTCOMES)],
            }
            for number, minutes in enumerate((45, 80, 60), 1)
        ],
    }


BANK = {"pass_percent": 80, "critical_percent": 100, "questions": [{"critical": True}]}


@pytest.fixture
def draw_up(manifest: dict[str, Any]) -> Callable[..., Certificate]:
    """Return a maker of certificates that no database knows."""

    def make(name: str = "Vilma Virtanen", *, language: str = "en", translate=str, **changes):
        completed = certificates.Completed(
            manifest=manifest | changes,
            manifest_sha="f" * 64,
            edition_id=1,
            at=FINISHED,
            banks=[BANK],
        )
        certificate = certificates._drawn_up(
            certificates.Holder(id=1, name=name, email="vilma@example.org"),
            name,
            certificates.Issuer(key="saro", name="Särö ry", country="FI"),
            completed,
        )
        site = certificates.Site(name="Beside the child", address="https://learn.example.org/")
        certificates._put_into_words(certificate, site, language, translate)
        certificate.number = "SARO-2026-00001"
        return certificate

    return make


@pytest.fixture
def issue(manifest: dict[str, Any]) -> Callable[..., Certificate]:
    """Return a maker of issued certificates: issue(user)."""

    def make(user, *, name: str | None = None, key: str = "saro", **changes) -> Certificate:
        return certificates.issue(
            holder=certificates.Holder(
                id=user.id, name=user.name if name is None else name, email=user.email
            ),
            issuer=certificates.Issuer(key=key, name="Särö ry", country="FI"),
            completed=certificates.Completed(
                manifest=manifest | changes,
                manifest_sha="f" * 64,
                edition_id=db.session.scalar(select(func.min(Edition.id))),
                at=FINISHED,
                banks=[BANK],
            ),
            site=certificates.Site(name="Beside the child", address="https://learn.example.org"),
            language="en",
            translate=str,
        )

    return make
