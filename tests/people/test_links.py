"""One-time links: they open once, for a while, and tell nobody who has an account."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mtd_learning.base import clock
from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import db, expect_writing
from mtd_learning.base.jobs import Job
from mtd_learning.errors import Conflict, Expired
from mtd_learning.people import invitations, links, sessions
from mtd_learning.people import service as people
from mtd_learning.people.models import Invitation, OneTimeLink
from tests.conftest import at_once


def letters() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(Job).order_by(Job.id))
    return [(str(job.values["to"]), str(job.values["template"])) for job in rows]


def test_a_link_opens_once(make_user):
    vilma = make_user("Vilma")
    token = links.make_link(vilma)
    assert links.use_link(token) is vilma
    for again in (links.look, links.use_link):
        with pytest.raises(Expired, match="used already"):
            again(token)


def test_looking_at_a_link_does_not_use_it(make_user):
    token = links.make_link(make_user("Vilma"))
    assert links.look(token).purpose == "sign-in"
    assert links.use_link(token)


def test_a_link_opens_for_thirty_minutes(make_user, monkeypatch):
    token = links.make_link(make_user("Vilma"))
    late = clock.now() + timedelta(minutes=30)
    monkeypatch.setattr(clock, "now", lambda: late)
    with pytest.raises(Expired, match="too old"):
        links.look(token)
    with pytest.raises(Expired, match="too old"):
        links.use_link(token)


def test_a_clock_that_was_set_back_does_not_close_a_link(make_user, monkeypatch):
    token = links.make_link(make_user("Vilma"))
    back = clock.now() - timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: back)
    assert links.use_link(token)


def test_a_new_link_closes_the_one_before(make_user):
    vilma = make_user("Vilma")
    first = links.make_link(vilma)
    second = links.make_link(vilma)
    with pytest.raises(Expired, match="does not open"):
        links.use_link(first)
    assert links.use_link(second)


def test_a_new_link_closes_none_of_another_person_or_purpose(make_user):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    toms = links.make_link(tom)
    moving = links.make_link(vilma, links.EMAIL, email="new@example.org")
    links.make_link(vilma)
    assert links.use_link(toms) is tom
    assert links.use_link(moving) is vilma


def test_a_made_up_link_opens_nothing(app):
    with pytest.raises(Expired, match="does not open"):
        links.use_link("x" * 43)


def test_a_closed_account_is_not_opened_by_a_link(make_user):
    vilma = make_user("Vilma")
    token = links.make_link(vilma)
    vilma.active = False
    with pytest.raises(Expired, match="closed"):
        links.use_link(token)


def test_only_the_hash_of_a_link_is_kept(make_user):
    token = links.make_link(make_user("Vilma"))
    assert token not in str(db.session.scalars(select(OneTimeLink.token_hash)).all())


def test_old_links_are_swept(make_user, monkeypatch):
    links.make_link(make_user("Vilma"))
    late = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: late)
    links.make_link(make_user("Tom"))
    assert len(db.session.scalars(select(OneTimeLink)).all()) == 1


def test_only_a_known_address_gets_a_letter(make_user):
    make_user("Vilma")
    links.send_sign_in_link("VILMA@example.org")
    links.send_sign_in_link("stranger@example.org")
    assert letters() == [("vilma@example.org", "sign_in")]


def test_a_closed_account_gets_no_letter(make_user):
    make_user("Vilma").active = False
    links.send_sign_in_link("vilma@example.org")
    assert letters() == []


def test_a_new_address_counts_when_its_link_is_used(make_user):
    vilma = make_user("Vilma")
    links.send_email_link(vilma, "New@Example.org")
    assert vilma.email == "vilma@example.org"
    assert letters() == [
        ("new@example.org", "new_address"),
        ("vilma@example.org", "address_changing"),
    ]
    token = str(db.session.scalars(select(Job).order_by(Job.id)).first().values["values"]["token"])
    assert links.use_link(token).email == "new@example.org"
    deeds = db.session.scalars(select(AuditLine.verb).order_by(AuditLine.id)).all()
    assert deeds[-2:] == ["email.ask", "email.change"]


def test_signing_out_everywhere_closes_the_links_that_wait_too(make_user):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    waiting = [
        links.make_link(vilma),
        links.make_link(vilma, links.EMAIL, email="thief@example.org"),
    ]
    toms = links.make_link(tom)
    sessions.end_all_sessions(vilma.id)
    for token in waiting:
        with pytest.raises(Expired):
            links.use_link(token)
    assert vilma.email == "vilma@example.org"
    assert links.use_link(toms) is tom


def test_a_new_password_closes_the_links_that_wait_too(make_user):
    vilma = make_user("Vilma")
    token = links.make_link(vilma, links.EMAIL, email="thief@example.org")
    people.set_password(vilma, "a hash")
    with pytest.raises(Expired):
        links.use_link(token)


def test_a_link_mailed_to_the_old_address_opens_nothing_after_the_change(make_user):
    vilma = make_user("Vilma")
    old = links.make_link(vilma)
    links.use_link(links.make_link(vilma, links.EMAIL, email="new@example.org"))
    with pytest.raises(Expired):
        links.use_link(old)


def test_after_a_change_the_old_address_is_kept_nowhere(make_user):
    vilma = make_user("Vilma")
    token = invitations.invite("vilma@example.org", role="volunteer", language="en")
    invitations.invite("tom@example.org", role="volunteer", language="en")
    links.use_link(links.make_link(vilma, "email", email="new@example.org"))
    addresses = select(Invitation.email).order_by(Invitation.id)
    assert list(db.session.scalars(addresses)) == ["new@example.org", "tom@example.org"]
    assert not invitations.join(token, "Vilma", "", "en", "FI").at_once
    assert letters()[-1] == ("new@example.org", "sign_in")


def test_an_address_that_is_taken_is_told_so_itself_and_nobody_else_is(make_user):
    vilma = make_user("Vilma")
    make_user("Tom")
    links.send_email_link(vilma, "tom@example.org")
    assert letters() == [
        ("tom@example.org", "address_known"),
        ("vilma@example.org", "address_changing"),
    ]


def test_an_address_that_was_taken_meanwhile_is_refused(make_user):
    vilma = make_user("Vilma")
    token = links.make_link(vilma, links.EMAIL, email="late@example.org")
    make_user("Late")
    with pytest.raises(Conflict):
        links.use_link(token)


def test_of_two_clicks_at_the_same_moment_one_gets_in(app, make_user):
    token = links.make_link(make_user("Vilma"))
    db.session.commit()
    got_in: list[str] = []

    def click(_: int) -> None:
        expect_writing(True)
        try:
            links.use_link(token)
            db.session.commit()
            got_in.append("in")
        except Expired:
            db.session.rollback()

    at_once(app, click, range(6))
    assert got_in == ["in"]
