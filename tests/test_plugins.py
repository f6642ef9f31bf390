"""Plugins come in by one door: let in at the start, named when they break, bound to a contract."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from mtd_learning import plugins, upkeep
from mtd_learning.app import create_app
from mtd_learning.base import audit, clock
from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import db
from mtd_learning.errors import NameTaken, Unavailable
from mtd_learning.people.models import User
from mtd_learning.privacy import rows
from mtd_learning.privacy import service as privacy
from tests.conftest import settings_for

WELL = """
kept = {}
def init_app(app):
    app.add_url_rule("/knitting", "knitting", lambda: "Knitting evenings")
def personal_data(user_id):
    return {"evenings": kept.get(user_id, [])}
def forget(user_id):
    kept.pop(user_id, None)
"""
MY_DATA = "/account/my-data.json"
PLAIN = "def init_app(app): pass"
BROKEN = "raise RuntimeError('no wool')"
BREAKS_AT_THE_START = "def init_app(app): raise RuntimeError('no needles')"


def plugin_finding(settings) -> upkeep.Finding:
    return next(one for one in upkeep.examine(settings, set()) if one.name == "plugins")


def test_a_plugin_is_let_in_at_the_start(install, tmp_path):
    install(WELL)
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        assert app.view_functions["knitting"]() == "Knitting evenings"
        assert plugin_finding(app.extensions["mtd"].settings).well


@pytest.mark.parametrize(
    ("code", "why"), [(BROKEN, "no wool"), (BREAKS_AT_THE_START, "no needles")]
)
def test_a_plugin_that_breaks_is_left_out_and_the_doctor_names_it(install, tmp_path, code, why):
    install(code)
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        found = plugin_finding(app.extensions["mtd"].settings)
    assert not found.well and "knitting" in found.sentence and why in found.sentence
    assert "knitting" not in app.view_functions


def test_in_safe_mode_nobody_but_ourselves_is_let_in(install, tmp_path):
    install(BROKEN)
    app = create_app(settings_for(tmp_path, safe_mode=True))
    with app.app_context():
        assert plugin_finding(app.extensions["mtd"].settings).well
    assert set(plugins.load(plugins.QUESTIONS)) >= {"single", "multiple", "order"}


def test_two_plugins_of_one_name_stop_the_start_with_the_name(install, tmp_path):
    install(PLAIN)
    install(PLAIN, module="crochet")
    with pytest.raises(NameTaken, match="'knitting' is offered by crochet and knitting"):
        create_app(settings_for(tmp_path))


def test_a_question_type_that_two_packages_offer_stops_the_start_with_both_named(install, tmp_path):
    install("", module="crochet", name="single", group=plugins.QUESTIONS)
    with pytest.raises(NameTaken, match="'single' is offered by crochet and mtd-learning"):
        create_app(settings_for(tmp_path))
    create_app(settings_for(tmp_path, safe_mode=True))


@pytest.mark.parametrize("half", ["personal_data", "forget"])
def test_a_plugin_with_half_of_the_contract_is_left_out_and_named(install, tmp_path, half):
    install(f"{PLAIN}\ndef {half}(user_id): pass")
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        found = plugin_finding(app.extensions["mtd"].settings)
    assert not found.well and "needs both personal_data and forget" in found.sentence
    assert plugins.load(plugins.SITE) == {}


def test_what_a_plugin_keeps_of_a_person_is_given_to_them_and_forgotten_with_them(install, learner):
    install(WELL)
    (plugin,) = plugins.load(plugins.SITE).values()
    plugin.kept.update({learner.user.id: ["Monday"], 0: ["Tuesday"]})  # type: ignore[attr-defined]
    given = json.loads(learner.browser.get(MY_DATA).text)
    assert given["knitting"] == {"evenings": ["Monday"]}
    assert rows.empty_accounts(User.id == learner.user.id) == 1
    db.session.commit()
    assert plugin.kept == {0: ["Tuesday"]}  # type: ignore[attr-defined]


def test_a_plugin_that_keeps_nothing_needs_no_more_than_a_start(install, learner):
    install(PLAIN)
    assert "knitting" not in json.loads(learner.browser.get(MY_DATA).text)
    assert rows.empty_accounts(User.id == learner.user.id) == 1
    db.session.rollback()


def test_nobody_is_forgotten_by_halves_while_a_plugin_is_not_there(install, learner):
    install(BROKEN)
    assert plugins.load(plugins.SITE) == {}
    with pytest.raises(Unavailable, match=r"No account can be deleted .*knitting"):
        rows.empty_accounts(User.id == learner.user.id)
    assert json.loads(learner.browser.get(MY_DATA).text)["not_loaded"] == ["knitting"]
    answer = learner.browser.post("/account/leave", data={"present": "PRESENT"})
    assert (answer.status_code, "knitting" in answer.text) == (503, True)
    plugins.start(safe_mode=True)
    with pytest.raises(Unavailable, match="knitting"):
        rows.empty_accounts(User.id == learner.user.id)
    assert db.session.get(User, learner.user.id).email == learner.user.email


def test_what_else_is_due_goes_while_a_plugin_is_not_there(install, learner, app):
    install(BROKEN)
    long_ago = clock.now() - timedelta(days=5000)
    db.session.execute(update(User).values(seen_at=long_ago, warned_at=long_ago))
    audit.note("content.import", "1")
    db.session.flush()
    db.session.execute(update(AuditLine).values(at=long_ago))
    db.session.commit()
    settings = app.extensions["mtd"].settings
    plugins.load(plugins.SITE)
    gone = privacy.tidy(settings)
    db.session.commit()
    assert gone["audit"] and "accounts" not in gone
