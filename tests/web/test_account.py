"""Coming in, going out, one's own account: as a person with a browser meets them."""

import re
from contextvars import Context
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event, select

from mtd_learning.base import clock
from mtd_learning.base.db import db
from mtd_learning.base.jobs import Job
from mtd_learning.learning import service as learning
from mtd_learning.people import invitations, links, passwords, service, sessions
from mtd_learning.people.models import LoginSession

GOOD = "the lake is still in May"


class Browser(FlaskClient):
    """A browser whose requests share nothing: neither the person that one of them found, nor a
    database session with the test."""

    def open(self, *args, **values):
        return Context().run(super().open, *args, **values)


@pytest.fixture
def browser(app, monkeypatch):
    """Return a maker of browsers, for more than one device."""
    monkeypatch.setattr(app, "test_client_class", Browser)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return app.test_client


@pytest.fixture
def client(browser):
    """Return a browser without sign-in."""
    return browser()


def letters() -> list[dict]:
    found = [dict(job.values) for job in db.session.scalars(select(Job).order_by(Job.id))]
    db.session.commit()
    return found


def devices() -> list[LoginSession]:
    found = list(db.session.scalars(select(LoginSession).order_by(LoginSession.created_at)))
    db.session.commit()
    return found


def without(words: str, page: str) -> str:
    """Return a page without what was typed and without its form tokens, to compare it."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.replace(words, "TYPED"))


def with_password(user) -> None:
    user.password_hash = passwords.hash_password(GOOD)
    db.session.commit()


def link_for(user, **values) -> str:
    token = links.make_link(user, **values)
    db.session.commit()
    return f"/sign-in/{token}"


def invitation(
    email=None, organisation=None, course_key=None, role="volunteer", country="FI"
) -> str:
    token = invitations.invite(
        email,
        role=role,
        organisation=organisation,
        course_key=course_key,
        country=country,
        language="en",
    )
    db.session.commit()
    return f"/join/{token}"


ANSWERS = {
    "name": "Nelli Uusi",
    "email": "nelli@example.org",
    "language": "fi",
    "country": "FI",
}


# Sign in by a link


def test_a_known_and_an_unknown_address_get_the_same_answer(client, make_user):
    make_user("Vilma")

    def answer(address: str) -> tuple[int, str, str]:
        sent = client.post("/sign-in", data={"link-email": address})
        return sent.status_code, sent.location, without(address, client.get(sent.location).text)

    assert answer("vilma@example.org") == answer("stranger@example.org")
    assert [letter["to"] for letter in letters()] == ["vilma@example.org"]


def test_a_site_without_a_mail_server_says_where_the_link_is_instead_of_promising_a_letter(
    app, client, monkeypatch
):
    def told(**settings: str) -> str:
        house = app.extensions["mtd"]
        monkeypatch.setattr(house, "settings", replace(house.settings, **settings))
        sent = client.post("/sign-in", data={"link-email": "vilma@example.org"})
        return client.get(sent.location).text

    assert "This site sends no letters yet" in told(mail_host="")
    assert "a letter is on its way" in told(mail_host="mail.example.org")


def test_opening_a_link_shows_a_button_and_uses_nothing_up(client, make_user):
    address = link_for(make_user("Vilma"))
    for _ in range(3):
        assert "Go in" in client.get(address).text
    assert devices() == []


def test_pressing_the_button_signs_in_once(client, make_user):
    address = link_for(make_user("Vilma"))
    assert client.post(address).status_code == 303
    assert "vilma@example.org" in client.get("/account").text
    again = client.post(address)
    assert again.status_code == 410
    assert "used already" in again.text and "Mail me a link" in again.text


def test_a_link_that_is_too_old_says_so_and_offers_a_new_one(client, make_user, monkeypatch):
    address = link_for(make_user("Vilma"))
    late = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    page = client.get(address)
    assert page.status_code == 410
    assert "too old" in page.text and 'name="link-email"' in page.text


def test_signing_in_leads_back_to_the_page_that_asked_for_it(client, make_user):
    make_user("Vilma")
    asked = client.get("/account")
    assert asked.location == "/sign-in?next=/account"
    assert client.post("/account/profile").location == "/sign-in"
    client.post(asked.location, data={"link-email": "vilma@example.org"})
    values = letters()[0]["values"]
    gone = client.post(f"/sign-in/{values['token']}?next={values['onward']}")
    assert gone.location == "/account"


def test_a_link_opened_by_somebody_else_replaces_the_session_of_this_browser(client, make_user):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    client.post(link_for(vilma))
    client.post(link_for(tom))
    assert [row.user_id for row in devices()] == [tom.id]


def test_a_cookie_from_before_the_sign_in_is_worth_nothing_after_it(client, make_user):
    with client.session_transaction() as before:
        before["planted"] = "by somebody"
    client.post(link_for(make_user("Vilma")))
    with client.session_transaction() as after:
        assert "planted" not in after
        assert sessions.session_of(after["_user_id"])


def test_the_sixth_letter_to_one_address_is_refused(client, make_user):
    make_user("Vilma")
    for _ in range(5):
        assert client.post("/sign-in", data={"link-email": "vilma@example.org"}).status_code == 303
    sixth = client.post("/sign-in", data={"link-email": "vilma@example.org"})
    assert sixth.status_code == 429 and "15 minutes" in sixth.text
    assert len(letters()) == 5


def test_a_wrong_address_comes_back_with_a_summary_that_leads_to_the_field(client, app):
    page = client.post("/sign-in", data={"link-email": "vilma(at)example"})
    assert page.status_code == 422
    assert 'value="vilma(at)example"' in page.text
    assert 'href="#link-email"' in page.text and 'aria-invalid="true"' in page.text


@pytest.mark.parametrize(
    ("address", "shown_at", "title"),
    [
        ("/sign-in/password", "/sign-in", "Put this right: Sign in – Beside the child"),
        ("/account/profile", "/account", "Put this right: Your account – Beside the child"),
        ("/account/email", "/account", "Put this right: Your account – Beside the child"),
        ("/account/password", "/account", "Put this right: Your account – Beside the child"),
    ],
)
def test_a_form_with_faults_says_so_in_the_title_and_stays_when_the_language_changes(
    signed_in, make_user, address, shown_at, title
):
    client = signed_in(make_user("Vilma"))
    page = html.fromstring(client.post(address).text)
    assert page.findtext(".//title") == title
    assert page.xpath("//header//input[@name='next']/@value") == [shown_at]
    assert "Put this right" not in html.fromstring(client.get(shown_at).text).findtext(".//title")


# Sign in with a password


def sign_in_with(client, email="vilma@example.org", password=GOOD):
    data = {"password-email": email, "password-password": password}
    return client.post("/sign-in/password", data=data)


def test_the_right_password_signs_in(client, make_user):
    with_password(make_user("Vilma"))
    assert sign_in_with(client).status_code == 303
    assert client.get("/account").status_code == 200


def test_wrong_password_and_unknown_address_get_the_same_page(client, make_user):
    with_password(make_user("Vilma"))

    def answer(email: str) -> tuple[int, str]:
        page = sign_in_with(client, email, "wrong password")
        return page.status_code, without(email, page.text)

    known = answer("vilma@example.org")
    assert known == answer("stranger@example.org")
    assert known[0] == 422 and "not right" in known[1] and "wrong password" not in known[1]


def test_tries_are_counted_even_though_the_sign_in_failed(client, make_user):
    with_password(make_user("Vilma"))
    answers = [sign_in_with(client, password="wrong").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_the_owner_still_gets_in_on_a_device_that_signed_in_before(browser, client, make_user):
    with_password(make_user("Vilma"))
    sign_in_with(client)
    client.post("/sign-out")
    stranger = browser()
    for _ in range(11):
        sign_in_with(stranger, password="wrong")
    assert sign_in_with(stranger).status_code == 429
    assert sign_in_with(client).status_code == 303


def test_cookies_are_kept_from_scripts_and_from_other_sites(client, make_user):
    with_password(make_user("Vilma"))
    cookies = sign_in_with(client).headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


# The demo


def test_without_the_demo_nobody_signs_in_by_name(client, make_user):
    make_user("Admin", role="admin", email="admin@demo.example")
    assert client.post("/sign-in/demo", data={"role": "admin"}).status_code == 404
    assert "demo.example" not in client.get("/sign-in").text


def test_the_demo_offers_its_five_people_and_nobody_else(app, client, make_user, monkeypatch):
    house = app.extensions["mtd"]
    monkeypatch.setattr(house, "settings", replace(house.settings, demo=True))
    for role in ("volunteer", "trainer", "coordinator", "localiser", "admin"):
        make_user(role.title(), role=role, email=f"{role}@demo.example")
    make_user("Vilma")
    assert client.get("/sign-in").text.count('name="role"') == 5
    assert client.post("/sign-in/demo", data={"role": "vilma"}).status_code == 404
    assert client.post("/sign-in/demo", data={"role": "trainer"}).status_code == 303
    assert "trainer@demo.example" in client.get("/account").text


def test_who_one_is_on_this_site_stands_on_the_account_page(browse, cast):
    assert "carla@example.org, Särö, coordinator" in browse(cast.carla).get("/account").text


# Join


def test_who_was_invited_by_mail_is_in_the_course_after_one_page(client, make_organisation):
    saro = make_organisation()
    address = invitation("nelli@example.org", saro, "beside-the-child")
    page = client.get(address).text
    assert "Särö" in page and "nelli@example.org" in page and 'name="email"' not in page
    joined = client.post(address, data=ANSWERS)
    assert joined.location == "/learn/beside-the-child"
    nelli = service.find_user("nelli@example.org")
    assert (nelli.name, nelli.language, nelli.country) == ("Nelli Uusi", "fi", "FI")
    assert learning.courses_of(nelli.id) == ["beside-the-child"]
    db.session.commit()
    assert client.get("/account").status_code == 200


def test_an_open_link_answers_the_same_to_a_new_and_to_a_known_address(client, make_user):
    make_user("Vilma")
    address = invitation()

    def answer(email: str) -> tuple[int, str, str]:
        sent = client.post(address, data=ANSWERS | {"email": email})
        return sent.status_code, sent.location, without(email, client.get(sent.location).text)

    assert answer("vilma@example.org") == answer("nelli@example.org")
    assert [letter["template"] for letter in letters()] == ["sign_in", "join"]


def test_an_open_link_leads_into_the_course_after_the_letter(client, make_organisation):
    client.post(invitation(None, make_organisation(), "beside-the-child"), data=ANSWERS)
    assert client.get("/account").status_code == 303
    entered = client.post(f"/sign-in/{letters()[0]['values']['token']}")
    assert entered.location == "/learn/beside-the-child"
    nelli = service.find_user("nelli@example.org")
    assert [held.role for held in service.grants_of(nelli.id)] == ["volunteer"]
    assert learning.courses_of(nelli.id) == ["beside-the-child"]


def test_who_mistyped_the_address_when_joining_comes_back_to_the_invitation(client):
    address = invitation()
    sent = client.post(address, data=ANSWERS | {"email": "neli@example.org"})
    assert f'href="{address}"' in client.get(sent.location).text
    sent = client.post("/sign-in", data={"link-email": "nelli@example.org"})
    assert address not in client.get(sent.location).text


def test_who_mistyped_a_new_address_comes_back_to_the_account(client, make_user):
    client.post(link_for(make_user("Vilma")))
    sent = client.post("/account/email", data={"address-email": "neww@example.org"})
    page = html.fromstring(client.get(sent.location).text)
    assert page.xpath("//main//a[@class='btn quiet']/@href") == ["/account"]


def test_who_is_invited_by_an_open_link_reads_by_whom_before_joining(
    client, make_user, make_organisation
):
    make_user("Vilma")
    home = make_organisation()
    somebody_elses = ANSWERS | {"email": "vilma@example.org"}
    client.post(invitation(None, home, "beside-the-child"), data=somebody_elses)
    page = client.get(f"/sign-in/{letters()[0]['values']['token']}").text
    assert f"{home.name} invites you." in page and "Join" in page
    token = links.make_link(service.find_user("vilma@example.org"))
    db.session.commit()
    assert "invites you" not in client.get(f"/sign-in/{token}").text


def test_a_join_form_with_faults_comes_back_with_what_was_typed(client, app):
    page = client.post(
        invitation(), data={"name": "", "email": "nelli", "language": "fi", "country": "ES"}
    )
    assert page.status_code == 422
    assert 'value="nelli"' in page.text
    assert 'href="#name"' in page.text and 'href="#email"' in page.text
    assert re.search(r'<option selected value="ES"', page.text)
    assert letters() == []


def test_what_is_wrong_is_listed_in_the_order_of_the_form(client):
    page = client.post(invitation(), data={"language": "en"}).text
    listed = re.findall(r'<li><a href="#([^"]+)">', page)
    assert listed == ["name", "email", "country"]
    labels = [page.index(f'<label for="{name}">') for name in listed]
    assert labels == sorted(labels)


def test_nobody_joins_under_a_country_they_did_not_choose(client, app):
    address = invitation(country=None)
    chosen = html.fromstring(client.get(address).text).xpath("//select[@name='country']/option")
    assert chosen[0].get("value") == "" and not any(one.get("selected") for one in chosen[1:])
    page = client.post(address, data=ANSWERS | {"country": ""})
    assert page.status_code == 422
    assert 'href="#country"' in page.text and "choose a country" in page.text
    assert letters() == []


def test_the_country_of_the_invitation_is_chosen_already(client, app):
    page = client.get(invitation(country="ES"))
    assert re.search(r'<option selected value="ES"', page.text)
    assert "Choose …" not in page.text


def test_an_invitation_that_is_over_says_so_with_a_way_on(client, app):
    page = client.get("/join/" + "x" * 43)
    assert page.status_code == 410
    assert "does not open anything" in page.text and "Mail me a link" in page.text


def test_somebody_from_another_country_may_join_too(client, app):
    address = invitation("nelli@example.org")
    assert client.post(address, data=ANSWERS | {"country": "other"}).status_code == 303
    assert service.find_user("nelli@example.org").country is None


# One's own account


def test_the_account_page_is_for_the_signed_in(client, app):
    assert client.get("/account").location.startswith("/sign-in")
    for address in ("profile", "email", "password", "sign-out-everywhere"):
        assert client.post(f"/account/{address}").location.startswith("/sign-in")
    assert client.get("/account/my-data.json").status_code == 303


def test_name_language_and_country_are_changed_on_one_form(signed_in, make_user):
    vilma = make_user("Vilma")
    client = signed_in(vilma)
    data = {"profile-name": "Vilma V.", "profile-language": "fi", "profile-country": "ES"}
    assert client.post("/account/profile", data=data).location == "/account"
    db.session.refresh(vilma)
    assert (vilma.name, vilma.language, vilma.country) == ("Vilma V.", "fi", "ES")


def test_a_profile_with_a_fault_comes_back_and_nothing_is_saved(signed_in, make_user):
    vilma = make_user("Vilma")
    data = {"profile-name": " ", "profile-language": "fi", "profile-country": "ES"}
    page = signed_in(vilma).post("/account/profile", data=data)
    assert page.status_code == 422 and 'href="#profile-name"' in page.text
    db.session.refresh(vilma)
    assert vilma.language == "en"


def test_a_first_password_after_a_sign_in_by_link_needs_no_present_one(client, make_user):
    vilma = make_user("Vilma")
    client.post(link_for(vilma))
    assert "password-present" not in client.get("/account").text
    assert client.post("/account/password", data={"password-password": GOOD}).status_code == 303
    client.post("/sign-out")
    assert sign_in_with(client).status_code == 303


def test_after_a_sign_in_by_password_a_new_one_needs_the_present_one(client, make_user):
    with_password(make_user("Vilma"))
    sign_in_with(client)
    new = {"password-password": "another sentence of mine"}
    wrong = client.post("/account/password", data=new | {"password-present": "wrong"})
    assert wrong.status_code == 422 and "not your present password" in wrong.text
    assert client.post("/account/password", data=new).status_code == 422
    right = client.post("/account/password", data=new | {"password-present": GOOD})
    assert right.status_code == 303


def test_a_new_password_ends_the_other_devices_and_keeps_this_one(browser, client, make_user):
    vilma = make_user("Vilma")
    other = browser()
    other.post(link_for(vilma))
    client.post(link_for(vilma))
    client.post("/account/password", data={"password-password": GOOD})
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


def test_a_password_that_others_would_guess_is_refused_and_not_shown_again(client, make_user):
    client.post(link_for(make_user("Vilma")))
    page = client.post("/account/password", data={"password-password": "password1234"})
    assert page.status_code == 422 and "guess" in page.text and "password1234" not in page.text


def test_a_new_address_counts_after_its_link_was_used(client, make_user):
    vilma = make_user("Vilma")
    client.post(link_for(vilma))
    client.post("/account/email", data={"address-email": "new@example.org"})
    assert "vilma@example.org" in client.get("/account").text
    address = f"/sign-in/{letters()[0]['values']['token']}"
    assert "new@example.org" in client.get(address).text
    client.post(address)
    assert "new@example.org" in client.get("/account").text


def test_a_new_address_needs_the_present_password_after_a_sign_in_by_password(client, make_user):
    with_password(make_user("Vilma"))
    sign_in_with(client)
    page = client.post("/account/email", data={"address-email": "new@example.org"})
    assert page.status_code == 422
    assert letters() == []


def test_signing_out_everywhere_ends_every_device(browser, client, make_user):
    vilma = make_user("Vilma")
    other = browser()
    other.post(link_for(vilma))
    client.post(link_for(vilma))
    assert client.post("/account/sign-out-everywhere").location == "/sign-in"
    assert client.get("/account").status_code == 303
    assert other.get("/account").status_code == 303
    assert devices() == []


def test_a_copied_cookie_is_worth_nothing_after_signing_out(browser, client, make_user):
    client.post(link_for(make_user("Vilma")))
    thief = browser()
    thief.set_cookie("mtd", client.get_cookie("mtd").value)
    assert thief.get("/account").status_code == 200
    client.post("/sign-out")
    assert thief.get("/account").status_code == 303


def test_the_file_of_my_data_holds_my_account_and_no_hash(signed_in, make_user):
    vilma = make_user("Vilma")
    with_password(vilma)
    answer = signed_in(vilma).get("/account/my-data.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.json["people"]["account"]["email"] == "vilma@example.org"
    assert "argon2" not in answer.text


def test_pages_of_accounts_are_kept_nowhere(signed_in, make_user):
    assert signed_in(make_user("Vilma")).get("/account").headers["Cache-Control"] == "no-store"


def test_reading_writes_nothing_until_the_session_is_stale(signed_in, make_user, monkeypatch):
    vilma = make_user("Vilma")
    client = signed_in(vilma)
    addresses = ["/account", "/account/my-data.json", "/sign-in", link_for(vilma), invitation()]
    written: list[str] = []

    def note(*args) -> None:
        if not args[2].lstrip().startswith(("SELECT", "BEGIN", "PRAGMA")):
            written.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for address in addresses:
            client.get(address)
        assert written == []
        late = clock.now() + timedelta(minutes=16)
        monkeypatch.setattr(clock, "now", lambda: late)
        client.get("/account")
        client.get("/account")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    begun = [one.replace('"', "").split()[:2] for one in written]
    assert begun == [["UPDATE", "login_session"], ["UPDATE", "user"]]  # once, for both


def test_every_form_wants_its_token(app, browser):
    app.config["WTF_CSRF_ENABLED"] = True
    stranger = browser()
    for address in ("/sign-in", "/sign-in/password", "/sign-in/x", "/join/x", "/sign-out"):
        assert stranger.post(address, data={}).status_code == 400
