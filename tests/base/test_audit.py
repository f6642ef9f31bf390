"""Who did what is kept in the same commit as the deed."""

from sqlalchemy import select

from mtd_learning.base import audit
from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import db


def test_a_line_says_who_did_what_to_what(app):
    audit.note("course.join", "tiny", actor_id=7, edition=3)
    db.session.commit()
    line = db.session.scalar(select(AuditLine))
    assert (line.actor_id, line.verb, line.thing, line.details) == (
        7,
        "course.join",
        "tiny",
        {"edition": 3},
    )


def test_a_deed_that_is_taken_back_leaves_no_line(app):
    audit.note("course.join", "tiny")
    db.session.rollback()
    assert db.session.scalar(select(AuditLine.id)) is None
