"""Signed-in devices: found by one statement, ended by time, by hand, everywhere."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from mtd_learning.base import clock
from mtd_learning.base.db import db
from mtd_learning.people import service, sessions
from mtd_learning.people.models import LoginSession
from mtd_learning.people.roles import Grant


def later(**time: float):
    return clock.now() + timedelta(**time)


def test_a_session_says_all_about_its_person(make_user, make_organisation):
    saro = make_organisation("saro", pack="lahti-saro")
    vilma = make_user("Vilma", organisation=saro, language="fi")
    view = sessions.session_of(sessions.open_session(vilma, "Firefox", way="link"))
    assert (view.id, view.email, view.name) == (vilma.id, "vilma@example.org", "Vilma")
    assert (view.language, view.country) == ("fi", "FI")
    assert (view.organisation_id, view.pack) == (saro.id, "lahti-saro")
    assert view.grants == (Grant("volunteer", saro.id),)
    assert view.is_authenticated and view.is_active and not view.is_anonymous


def test_the_cookie_carries_the_token_and_the_table_only_its_hash(make_user):
    token = sessions.open_session(make_user("Vilma"), "Firefox")
    assert len(token) == 43
    assert sessions.session_of(token).get_id() == token
    assert token not in str(db.session.scalars(select(LoginSession.token_hash)).all())


def test_a_person_with_three_roles_is_found_by_one_statement(make_user):
    vilma = make_user("Vilma")
    service.grant(vilma, "trainer", country="FI")
    service.grant(vilma, "localiser")
    token = sessions.open_session(vilma, "Firefox")
    db.session.commit()
    statements: list[str] = []
    note = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        view = sessions.session_of(token)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(view.grants) == 3
    assert len([one for one in statements if one.startswith("SELECT")]) == 1


def test_a_person_without_a_role_is_found_too(app):
    user = service.create_user("new@example.org", "New", "en")
    assert sessions.session_of(sessions.open_session(user, "")).grants == ()


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "ä" * 43, "'; drop table user; --"])
def test_a_made_up_token_is_nobodys(app, token):
    assert sessions.session_of(token) is None


def test_a_session_ends_when_it_was_not_used_for_its_idle_days(make_user):
    token = sessions.open_session(make_user("Vilma"), "Firefox")
    assert sessions.session_of(token, later(days=13.9))
    assert sessions.session_of(token, later(days=14)) is None


def test_a_session_ends_after_its_longest_time_however_much_it_is_used(make_user):
    vilma = make_user("Vilma")
    token = sessions.open_session(vilma, "Firefox")
    db.session.execute(LoginSession.__table__.update().values(seen_at=later(days=89.9)))
    assert sessions.session_of(token, later(days=89.95))
    assert sessions.session_of(token, later(days=90)) is None


def test_a_closed_account_has_no_session(make_user):
    vilma = make_user("Vilma")
    token = sessions.open_session(vilma, "Firefox")
    vilma.active = False
    db.session.flush()
    assert sessions.session_of(token) is None


def test_a_session_is_renewed_only_when_it_is_stale(make_user):
    view = sessions.session_of(sessions.open_session(make_user("Vilma"), "Firefox"))
    assert not view.is_stale(later(minutes=14))
    assert view.is_stale(later(minutes=15))


def test_renewing_moves_the_idle_end_of_this_device_and_its_person_only(make_user, monkeypatch):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    here, there = (sessions.open_session(vilma, "Firefox") for _ in range(2))
    db.session.commit()
    view = sessions.session_of(here)
    then = later(days=10)
    monkeypatch.setattr(clock, "now", lambda: then)
    sessions.renew(view)
    db.session.rollback()
    assert sessions.session_of(here).seen_at == service.user(vilma.id).seen_at == then
    assert sessions.session_of(here, then + timedelta(days=13))
    assert sessions.session_of(there).seen_at < then and service.user(tom.id).seen_at < then


def test_renewing_keeps_nothing_that_a_refused_request_left_behind(make_user):
    vilma = make_user("Vilma")
    token = sessions.open_session(vilma, "Firefox")
    db.session.commit()
    view = sessions.session_of(token)
    vilma.name = "Half a deed"
    db.session.flush()
    sessions.renew(view)
    assert service.user(vilma.id).name == "Vilma"


def test_renewing_brings_no_ended_session_back(make_user):
    token = sessions.open_session(make_user("Vilma"), "Firefox")
    view = sessions.session_of(token)
    sessions.end_session(token)
    db.session.commit()
    sessions.renew(view)
    assert sessions.session_of(token) is None


def test_signing_out_ends_this_device_only(make_user):
    vilma = make_user("Vilma")
    here, there = (sessions.open_session(vilma, "Firefox") for _ in range(2))
    sessions.end_session(here)
    assert sessions.session_of(here) is None
    assert sessions.session_of(there)


def test_signing_out_everywhere_ends_all_devices_of_one_person_only(make_user):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    tokens = [sessions.open_session(vilma, "Firefox") for _ in range(3)]
    toms = sessions.open_session(tom, "Firefox")
    assert sessions.end_all_sessions(vilma.id) == 3
    assert not any(sessions.session_of(token) for token in tokens)
    assert sessions.session_of(toms)


def test_the_list_of_devices_marks_this_one_and_holds_nobody_elses(make_user, monkeypatch):
    vilma = make_user("Vilma")
    here = sessions.open_session(vilma, "Firefox, Linux")
    then = later(days=1)
    monkeypatch.setattr(clock, "now", lambda: then)
    sessions.open_session(vilma, "Safari, iPhone")
    sessions.open_session(make_user("Tom"), "Chrome, Windows")
    listed = [(device.name, device.here) for device in sessions.devices_of(vilma.id, here)]
    assert listed == [("Safari, iPhone", False), ("Firefox, Linux", True)]


def test_ended_devices_are_swept_at_the_next_sign_in(make_user, monkeypatch):
    vilma = make_user("Vilma")
    sessions.open_session(vilma, "Old")
    then = later(days=15)
    monkeypatch.setattr(clock, "now", lambda: then)
    sessions.open_session(vilma, "New")
    assert list(db.session.scalars(select(LoginSession.device))) == ["New"]


def test_a_sign_in_by_link_is_fresh_for_half_an_hour_and_one_by_password_never(make_user):
    vilma = make_user("Vilma")
    by_link = sessions.session_of(sessions.open_session(vilma, "", way="link"))
    by_password = sessions.session_of(sessions.open_session(vilma, "", way="password"))
    assert by_link.is_fresh(later(minutes=29))
    assert not by_link.is_fresh(later(minutes=31))
    assert not by_password.is_fresh(later(minutes=0))
