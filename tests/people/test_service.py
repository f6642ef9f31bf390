"""Accounts, organisations and roles: made, found, changed, given and withdrawn."""

import pytest
from sqlalchemy import select

from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import db
from mtd_learning.base.jobs import Job
from mtd_learning.errors import Conflict, Invalid, NotFound
from mtd_learning.people import service, sessions
from mtd_learning.people.roles import Grant


def deeds() -> list[str]:
    return list(db.session.scalars(select(AuditLine.verb).order_by(AuditLine.id)))


def test_an_account_is_found_however_its_address_is_spelled(make_user):
    vilma = make_user("Vilma", email="Vilma@Example.ORG")
    assert vilma.email == "vilma@example.org"
    assert service.find_user(" VILMA@example.org ") is vilma
    assert service.find_user("nonsense") is None


def test_two_accounts_with_one_address_are_refused_and_nothing_else_is_lost(app, make_user):
    make_user("Vilma")
    saro = service.create_organisation("saro", "Särö", "FI")
    with pytest.raises(Conflict, match="already"):
        service.create_user("vilma@EXAMPLE.org", "Another", "en")
    db.session.commit()
    assert service.find_organisation("saro") is saro


def test_a_new_account_has_no_password_and_no_role(app):
    user = service.create_user("new@example.org", "New", "fi", "FI")
    assert user.password_hash is None
    assert service.grants_of(user.id) == ()


@pytest.mark.parametrize(
    ("name", "kept"),
    [("  Vilma   Virtanen ", "Vilma Virtanen"), ("Åke", "Åke"), ("Ὀρέστης", "Ὀρέστης")],
)
def test_a_name_is_kept_as_its_holder_writes_it(name, kept):
    assert service.clean_name(name) == kept


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "Vil\x00ma", "Vilma\u202e", "Vil\u200bma"])
def test_a_name_that_no_certificate_can_carry_is_refused(name):
    with pytest.raises(Invalid) as refusal:
        service.clean_name(name)
    assert refusal.value.field == "name"


@pytest.mark.parametrize(
    "email", ["", "vilma", "vilma@", "a b@example.org", "ä@example.org", "a@b\nc"]
)
def test_what_is_no_address_is_refused(email):
    with pytest.raises(Invalid) as refusal:
        service.clean_email(email)
    assert refusal.value.field == "email"


def test_everywhere_else_is_kept_as_no_country_and_an_unknown_country_is_refused():
    assert service.clean_country("other") is None
    assert service.clean_country("FI") == "FI"
    with pytest.raises(Invalid, match="from the list"):
        service.clean_country("XX")


def test_a_role_given_twice_is_one_grant_and_one_line(make_user, make_organisation):
    tom = make_user("Tom")
    saro = make_organisation()
    before = len(deeds())
    service.grant(tom, "trainer", organisation=saro)
    service.grant(tom, "trainer", organisation=saro)
    assert service.grants_of(tom.id)[1:] == (Grant("trainer", saro.id),)
    assert deeds()[before:] == ["role.grant"]


def test_the_same_role_may_hold_in_two_places(make_user):
    tom = make_user("Tom")
    service.grant(tom, "coordinator", country="FI")
    service.grant(tom, "coordinator", country="GR")
    assert len(service.grants_of(tom.id)) == 3


def test_a_role_is_withdrawn_in_its_place_only(make_user):
    tom = make_user("Tom")
    service.grant(tom, "coordinator", country="FI")
    assert not service.withdraw(tom, "coordinator", country="GR")
    assert service.withdraw(tom, "coordinator", country="FI")
    assert [held.role for held in service.grants_of(tom.id)] == ["volunteer"]
    assert deeds()[-1] == "role.withdraw"


def test_a_role_in_one_organisation_is_not_that_in_another(make_user, make_organisation):
    tom = service.create_user("tom@example.org", "Tom", "en")
    here, there = make_organisation("here"), make_organisation("there")
    for home in (here, there):
        service.grant(tom, "trainer", home)
    assert service.withdraw(tom, "trainer", here)
    assert service.grants_of(tom.id) == (Grant("trainer", there.id),)


def test_an_unknown_role_is_refused_with_the_list_of_roles(make_user):
    with pytest.raises(Invalid, match="volunteer, trainer"):
        service.grant(make_user("Tom"), "king")


def test_two_organisations_with_one_short_name_are_refused(make_organisation):
    make_organisation("saro")
    with pytest.raises(Conflict):
        make_organisation("saro")


@pytest.mark.parametrize("slug", ["", "Särö", "a b", "-a", "../etc"])
def test_a_short_name_that_no_address_can_carry_is_refused(app, slug):
    with pytest.raises(Invalid):
        service.create_organisation(slug, "Name", "FI")


def test_who_or_what_is_not_there_is_not_found(app):
    with pytest.raises(NotFound):
        service.user(404)
    with pytest.raises(NotFound, match="nowhere"):
        service.organisation_named("nowhere")


def test_a_new_password_signs_out_the_other_devices_and_writes_a_letter(make_user):
    vilma = make_user("Vilma")
    here, there = (sessions.open_session(vilma, "Firefox") for _ in range(2))
    service.set_password(vilma, "a hash", but=here)
    db.session.commit()
    assert sessions.session_of(here) and not sessions.session_of(there)
    letters = [job.values["template"] for job in db.session.scalars(select(Job))]
    assert letters == ["password_changed"]
    assert deeds()[-2:] == ["password.set", "session.end_all"]


def test_a_language_that_the_site_does_not_speak_is_refused(make_user):
    with pytest.raises(Invalid, match="language"):
        service.change_profile(
            make_user("Vilma"), name="Vilma", language="xx", country="FI", languages=("en", "fi")
        )


def test_personal_data_says_what_is_kept_but_no_hash(make_user, make_organisation):
    saro = make_organisation()
    vilma = make_user("Vilma", organisation=saro)
    service.set_password(vilma, "a hash")
    sessions.open_session(vilma, "Firefox, Linux")
    data = service.personal_data(vilma.id)
    assert data["account"]["email"] == "vilma@example.org"
    assert data["account"]["organisation"] == "Särö"
    assert data["account"]["has_password"] is True
    assert data["roles"] == [{"role": "volunteer", "organisation": saro.id, "country": None}]
    assert data["devices"][0]["device"] == "Firefox, Linux"
    assert "a hash" not in str(data)


def test_all_accounts_are_listed_by_address(make_user):
    make_user("Vilma")
    make_user("Ada")
    assert [user.name for user in service.list_users()] == ["Ada", "Vilma"]
