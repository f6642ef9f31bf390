"""`mtd user`: what an operator can do for people without a page."""

import pytest
from sqlalchemy import select

from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import db
from mtd_learning.cli.user import user
from mtd_learning.library.models import Edition
from mtd_learning.people import service as people


def test_an_organisation_is_added_once_and_people_are_invited_to_it(app):
    def run(*words: str):
        return app.test_cli_runner().invoke(user, words)

    added = run("organisation", "saro", "Lahden SARO", "--country", "FI", "--pack", "lahti-saro")
    assert added.stdout == "saro: Lahden SARO\n"
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


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("--country", "Finland"), "'FI'"),
        (("--language", "xx"), "en, cs"),
        (("--role", "boss"), "'coordinator'"),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_what_can(app, shelf, words, offered):
    refused = app.test_cli_runner().invoke(user, ("invite", "ada@example.org", *words))
    assert refused.exit_code == 2 and offered in refused.output


def test_an_operator_who_takes_a_sign_in_address_of_somebody_leaves_a_line(app, make_user):
    vilma = make_user("Vilma")
    db.session.commit()
    printed = app.test_cli_runner().invoke(user, ["link", vilma.email])
    assert "/sign-in/" in printed.output
    lines = db.session.scalars(select(AuditLine).where(AuditLine.verb == "link.hand-out")).all()
    assert [(line.thing, line.actor_id) for line in lines] == [(f"user {vilma.id}", None)]


def test_a_role_that_nobody_holds_there_is_not_said_to_be_taken_away(app, make_user):
    ada = make_user("Ada")
    home = people.create_organisation("saro", "SARO", "FI")
    people.grant(ada, "trainer", organisation=home)
    db.session.commit()

    def run(*words: str):
        return app.test_cli_runner().invoke(user, words)

    refused = run("role", "ada@example.org", "trainer", "--withdraw")
    assert refused.exit_code == 1 and "trainer (saro)" in refused.output
    assert "trainer (saro)" in run("list").output
    taken = run("role", "ada@example.org", "trainer", "--withdraw", "--organisation", "saro")
    assert taken.exit_code == 0 and "trainer" not in run("list").output


def test_an_organisation_has_a_name_and_hears_when_its_pack_is_not_published(app, shelf):
    def run(*words: str):
        return app.test_cli_runner().invoke(user, ("organisation", *words))

    assert run("nameless", " ").exit_code == 2 and people.find_organisation("nameless") is None
    assert (
        "No edition with the pack nope is published yet." in run("b", "B", "--pack", "nope").stderr
    )
