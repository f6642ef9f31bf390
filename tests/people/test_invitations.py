"""Invitations: one by e-mail or many by a link, and how a person joins by them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mtd_learning.base import clock
from mtd_learning.base.db import db
from mtd_learning.base.jobs import Job
from mtd_learning.errors import Expired, Invalid
from mtd_learning.people import invitations, links, service
from mtd_learning.people.roles import Grant


@pytest.fixture
def saro(make_organisation):
    return make_organisation()


def invite(email=None, role="volunteer", organisation=None, course_key="beside-the-child"):
    return invitations.invite(
        email,
        role=role,
        organisation=organisation,
        course_key=course_key,
        country="FI",
        language="fi",
    )


def join(token, email="new@example.org"):
    return invitations.join(token, "New Person", email, "fi", "FI")


def last_letter() -> dict:
    return db.session.scalars(select(Job).order_by(Job.id.desc())).first().values


def test_an_invitation_by_mail_writes_a_letter_in_its_language(saro):
    token = invite("new@example.org", organisation=saro)
    letter = last_letter()
    assert (letter["to"], letter["template"], letter["language"]) == (
        "new@example.org",
        "invitation",
        "fi",
    )
    assert letter["values"]["token"] == token


def test_who_joins_by_an_invitation_sent_to_them_is_in_at_once(saro):
    joined = join(invite("new@example.org", "trainer", saro))
    assert joined.at_once and joined.course_key == "beside-the-child"
    assert joined.user.organisation_id == saro.id
    assert service.grants_of(joined.user.id) == (Grant("trainer", saro.id),)


def test_an_invitation_sent_to_one_person_works_once(saro):
    token = invite("new@example.org", organisation=saro)
    join(token)
    with pytest.raises(Expired, match="used"):
        join(token)


def test_an_invitation_sent_to_one_address_makes_no_account_for_another(saro):
    joined = join(invite("new@example.org", organisation=saro), "else@example.org")
    assert joined.user.email == "new@example.org"


def test_who_joins_by_an_open_link_must_first_prove_the_address(saro):
    joined = join(invite(organisation=saro))
    assert not joined.at_once
    assert service.grants_of(joined.user.id) == ()
    assert (last_letter()["to"], last_letter()["template"]) == ("new@example.org", "join")
    entered = invitations.enter(last_letter()["values"]["token"])
    assert (entered.user, entered.course_key) == (joined.user, "beside-the-child")
    assert service.grants_of(joined.user.id) == (Grant("volunteer", saro.id),)
    assert joined.user.organisation_id == saro.id


@pytest.mark.parametrize("asked_after", [timedelta(0), timedelta(days=5)])
def test_who_joined_and_lost_the_letter_comes_in_by_the_next_one(
    make_user, saro, monkeypatch, asked_after
):
    joined = join(invite(organisation=saro))
    later = clock.now() + asked_after
    monkeypatch.setattr(clock, "now", lambda: later)
    links.make_link(make_user("Tom"))  # sweeps what has ended
    invitations.send_way_in("new@example.org")
    entered = invitations.enter(last_letter()["values"]["token"])
    assert (entered.user, entered.course_key) == (joined.user, "beside-the-child")
    assert service.grants_of(joined.user.id) == (Grant("volunteer", saro.id),)


def test_who_is_in_already_joins_nobody_by_asking_for_a_link(make_user, saro, make_organisation):
    vilma = make_user("Vilma")
    service.grant(vilma, "volunteer", make_organisation("else"))
    join(invite(organisation=saro), vilma.email)
    invitations.send_way_in(vilma.email)
    assert invitations.enter(last_letter()["values"]["token"]).course_key is None
    assert saro.id not in [grant.organisation_id for grant in service.grants_of(vilma.id)]


def test_who_is_invited_and_lost_the_letter_gets_the_invitation_again(saro, monkeypatch):
    first = invite("new@example.org", organisation=saro)
    later = clock.now() + timedelta(days=12)
    monkeypatch.setattr(clock, "now", lambda: later)
    invitations.send_way_in("NEW@example.org ")
    again = last_letter()
    assert (again["to"], again["template"]) == ("new@example.org", "invitation")
    assert (again["language"], again["values"]["days"]) == ("fi", 18)
    assert again["values"]["organisation"] == saro.name
    with pytest.raises(Expired, match="does not open"):
        invitations.look(first)
    assert join(again["values"]["token"]).at_once


def test_an_invitation_that_was_used_or_is_too_old_is_not_sent_again(saro, monkeypatch):
    join(invite("used@example.org", organisation=saro))
    invite("old@example.org", organisation=saro)
    letters = len(db.session.scalars(select(Job)).all())
    late = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: late)
    for address in ("old@example.org", "stranger@example.org"):
        invitations.send_way_in(address)
    assert len(db.session.scalars(select(Job)).all()) == letters


def test_an_open_link_works_for_many(saro):
    token = invite(organisation=saro)
    for number in range(5):
        joined = join(token, f"p{number}@example.org")
        assert invitations.enter(last_letter()["values"]["token"]).user is joined.user
        assert service.grants_of(joined.user.id) == (Grant("volunteer", saro.id),)


def test_everybody_gets_the_role_of_their_own_invitation(saro, make_organisation):
    homes = {"one": saro, "two": make_organisation("elsewhere")}
    tokens = {}
    for name, home in homes.items():
        join(invite(organisation=home), f"{name}@example.org")
        tokens[name] = last_letter()["values"]["token"]
    for name, home in homes.items():
        entered = invitations.enter(tokens[name]).user
        assert service.grants_of(entered.id) == (Grant("volunteer", home.id),)


def test_a_known_address_gets_a_sign_in_link_and_its_account_stays_as_it_is(make_user, saro):
    vilma = make_user("Vilma")
    joined = join(invite(organisation=saro), "vilma@example.org")
    assert not joined.at_once
    assert (vilma.name, vilma.language) == ("Vilma", "en")
    assert last_letter()["template"] == "sign_in"


def test_an_invitation_to_a_known_address_opens_nothing_without_the_mail(make_user, saro):
    make_user("Ada", role="admin")
    joined = join(invite("ada@example.org", organisation=saro), "ada@example.org")
    assert not joined.at_once


def test_a_known_person_gets_the_role_when_the_link_is_used(make_user, saro):
    vilma = make_user("Vilma")
    join(invite("vilma@example.org", "trainer", saro), "vilma@example.org")
    assert Grant("trainer", saro.id) not in service.grants_of(vilma.id)
    invitations.enter(last_letter()["values"]["token"])
    assert Grant("trainer", saro.id) in service.grants_of(vilma.id)


def test_who_has_a_home_keeps_it_when_another_organisation_invites_them(
    make_user, saro, make_organisation
):
    vilma = make_user("Vilma", organisation=saro)
    join(invite("vilma@example.org", organisation=make_organisation("elsewhere")))
    invitations.enter(last_letter()["values"]["token"])
    assert vilma.organisation_id == saro.id


def test_an_invitation_of_no_organisation_gives_its_role_everywhere(app):
    joined = join(invite("new@example.org", "localiser"))
    assert joined.user.organisation_id is None
    assert service.grants_of(joined.user.id) == (Grant("localiser"),)


def test_an_invitation_that_was_used_meanwhile_gives_nothing_more(make_user, saro):
    invitation = invitations.look(invite("vilma@example.org", organisation=saro))
    vilma = make_user("Vilma")
    invitations.accept(invitation, vilma)
    with pytest.raises(Expired, match="used"):
        invitations.accept(invitation, vilma)


def test_a_closed_account_gets_no_letter_and_the_same_answer(make_user, saro):
    make_user("Vilma").active = False
    joined = join(invite(organisation=saro), "vilma@example.org")
    assert not joined.at_once
    assert db.session.scalars(select(Job)).all() == []


@pytest.mark.parametrize("role", ["trainer", "coordinator", "localiser", "admin"])
def test_an_open_link_invites_volunteers_only(app, role):
    with pytest.raises(Invalid, match="only invite volunteers"):
        invite(role=role)


def test_an_invitation_to_an_unknown_role_is_refused(app):
    with pytest.raises(Invalid) as refusal:
        invite("new@example.org", "king")
    assert refusal.value.field == "role"


def test_an_invitation_ends_after_its_days(app, monkeypatch):
    token = invite()
    late = clock.now() + timedelta(days=30)
    monkeypatch.setattr(clock, "now", lambda: late)
    with pytest.raises(Expired, match="too old"):
        invitations.look(token)


def test_a_made_up_invitation_opens_nothing(app):
    invite()
    with pytest.raises(Expired, match="does not open"):
        invitations.look("x" * 43)


def test_letters_to_an_unproved_address_carry_nothing_that_a_stranger_typed(app):
    invitations.join(invite(), "Buy at evil.example", "new@example.org", "en", "FI")
    assert "evil" not in str(last_letter())


def test_personal_data_names_invitations_to_and_by_a_person_but_nobody_elses_address(make_user):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    for address, by in (("vilma@example.org", tom.id), ("new@example.org", vilma.id)):
        invitations.invite(address, role="trainer", language="en", by=by)
    invitations.invite(None, role="volunteer", language="en", by=tom.id)
    kept = invitations.personal_data(vilma.id)
    assert [(one["to_you"], one["by_you"]) for one in kept] == [(True, False), (False, True)]
    assert "new@example.org" not in str(kept)
