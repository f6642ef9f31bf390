"""`mtd user`: what an operator can do for people without a page."""

from sqlalchemy import select

from mtd_learning.base.db import db
from mtd_learning.cli.user import user
from mtd_learning.library.models import Edition
from mtd_learning.people import service as people


def test_an_organisation_is_added_once_and_people_are_invited_to_it(app):
    def run(*words: str):
        return app.test_cli_runner().invoke(user, words)

    added = run("organisation", "saro", "Lahden SARO", "--country", "FI", "--pack", "lahti-saro")
    assert added.output == "saro: Lahden SARO\n"
    made = people.find_organisation("saro")
    assert (made.name, made.country, made.pack) == ("Lahden SARO", "FI", "lahti-saro")
    assert "There is an organisation saro already." in str(
        run("organisation", "saro", "Another").exception
    )
    to = ("invite", "eve@example.org", "--organisation", "saro", "--course", "tiny")
    invited = run(*to, "--role", "trainer")
    assert "/join/" in invited.output


def test_people_are_invited_to_the_only_course_and_with_several_one_must_be_named(app, shelf):
    def invite():
        return app.test_cli_runner().invoke(user, ("invite", "ada@example.org"))

    assert "/join/" in invite().output
    tiny = db.session.scalars(select(Edition)).first()
    same = {one.name: getattr(tiny, one.name) for one in Edition.__table__.columns}
    db.session.add(Edition(**same | {"id": None, "course_key": "short"}))
    db.session.commit()
    refused = invite()
    assert refused.exit_code == 2 and "--course: short, tiny" in refused.output
