"""To leave takes two steps, says before what goes and what stays, and is done at once."""

import pytest
from lxml import html
from sqlalchemy import func, select, update

from mtd_learning.base import clock
from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import db
from mtd_learning.cli.user import user as commands
from mtd_learning.learning import service as learning
from mtd_learning.learning.models import BlockState, Enrolment
from mtd_learning.people import links, passwords, service
from mtd_learning.people.models import LoginSession, RoleGrant, User
from mtd_learning.privacy import service as privacy

NOTE = "/x/tiny.m1-blocks.doing.think/handler/submit"


def leave(browser, **answers: str):
    return browser.post("/account/leave", data=answers)


def rows_of(user_id: int) -> int:
    return sum(
        db.session.scalar(select(func.count()).select_from(model).where(model.user_id == user_id))
        for model in (Enrolment, BlockState, RoleGrant, LoginSession)
    )


def test_the_way_out_stands_on_the_account_page_and_says_what_goes_and_what_stays(learner):
    assert 'href="/account/leave"' in learner.browser.get("/account").text
    page = learner.browser.get("/account/leave").text
    for words in ("Your private notes", "without your name", "cannot be undone"):
        assert words in page


def test_who_leaves_is_forgotten_at_once_and_signed_out(learner):
    learner.browser.post(NOTE, data={"note": "My aunt."})
    assert rows_of(learner.user.id) > 0
    answer = leave(learner.browser)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Your account is deleted" in learner.browser.get("/").text
    assert learner.browser.get("/account").status_code == 303
    db.session.expire_all()
    gone = db.session.get(User, learner.user.id)
    assert (gone.name, gone.active, service.find_user("vilma@example.org")) == ("", False, None)
    assert rows_of(learner.user.id) == 0
    line = db.session.scalar(select(AuditLine).where(AuditLine.verb == "privacy.forget"))
    assert line.thing == f"user {learner.user.id}"


def test_a_device_knows_no_more_who_left_by_it(client, make_user):
    vilma = make_user("Vilma")
    client.post(f"/sign-in/{links.make_link(vilma)}")
    assert client.get_cookie("mtd_device", path="/sign-in")
    assert leave(client).location == "/"
    assert client.get_cookie("mtd_device", path="/sign-in") is None


def test_to_look_at_the_page_deletes_nothing(learner):
    learner.browser.get("/account/leave")
    assert learning.courses_of(learner.user.id) == ["tiny"]


def test_after_a_sign_in_by_password_the_present_one_is_asked_for(client, make_user):
    secret = "seven grey herons at the lake"
    vilma = make_user("Vilma")
    vilma.password_hash = passwords.hash_password(secret)
    db.session.commit()
    client.post(
        "/sign-in/password", data={"password-email": vilma.email, "password-password": secret}
    )
    (label,) = html.fromstring(client.get("/account/leave").text).xpath("//label[@for='present']")
    assert label.text_content() == "Your present password"  # nothing says that it may stay empty
    refused = leave(client, present="wrong")
    assert refused.status_code == 422 and "not your present password" in refused.text
    assert service.find_user("vilma@example.org") is not None
    assert leave(client, present=secret).status_code == 303
    assert service.find_user("vilma@example.org") is None


@pytest.mark.parametrize("dry", [True, False])
def test_an_operator_forgets_somebody_who_asked_by_mail_and_may_look_first(app, learner, dry):
    email = learner.user.email
    goes, stays = privacy.what_is_kept(learner.user.id)
    assert goes["enrolment"] == 1 and stays == {"certificate": 0, "enrolment": 0}
    db.session.commit()
    said = app.test_cli_runner().invoke(commands, ["forget", email, *(["--dry-run"] * dry)])
    assert "goes: enrolment 1" in said.output and "certificate 0, enrolment 0" in said.output
    db.session.expire_all()
    assert (service.find_user(email) is not None) is dry
    assert ("forgotten" in said.output) is not dry


def test_a_finished_course_is_counted_among_what_stays_and_does_stay(learner):
    own = Enrolment.user_id == learner.user.id
    db.session.execute(update(Enrolment).where(own).values(completed_at=clock.now()))
    goes, stays = privacy.what_is_kept(learner.user.id)
    assert (goes["enrolment"], stays["enrolment"]) == (0, 1)
    privacy.forget(learner.user.id)
    assert db.session.scalar(select(func.count(Enrolment.id)).where(own)) == 1
