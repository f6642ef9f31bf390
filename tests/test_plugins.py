"""Plugins come in by one door: let in at the start, named when they break, bound to a contract."""

import json
import sys
from pathlib import Path

import pytest

from mtd_learning import plugins, upkeep
from mtd_learning.app import create_app
from mtd_learning.base.db import db
from mtd_learning.errors import NameTaken
from mtd_learning.people.models import User
from mtd_learning.privacy import rows
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
PLAIN = "def init_app(app): pass"
BROKEN = "raise RuntimeError('no wool')"
BREAKS_AT_THE_START = "def init_app(app): raise RuntimeError('no needles')"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return an installer of a distribution with one plugin, for the time of the test."""
    put: list[str] = []
    monkeypatch.syspath_prepend(str(tmp_path))

    def with_code(code: str, module: str = "knitting", name: str = "knitting") -> None:
        (tmp_path / f"{module}.py").write_text(code)
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{plugins.SITE}]\n{name} = {module}\n")
        put.append(module)

    yield with_code
    plugins.start(safe_mode=False)
    for module in put:
        sys.modules.pop(module, None)


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
    with pytest.raises(NameTaken, match="'knitting' is offered twice"):
        create_app(settings_for(tmp_path))


def test_what_a_plugin_keeps_of_a_person_is_given_to_them_and_forgotten_with_them(install, learner):
    install(WELL)
    (plugin,) = plugins.load(plugins.SITE).values()
    plugin.kept.update({learner.user.id: ["Monday"], 0: ["Tuesday"]})  # type: ignore[attr-defined]
    given = json.loads(learner.browser.get("/account/my-data.json").text)
    assert given["knitting"] == {"evenings": ["Monday"]}
    assert rows.forget(User.id == learner.user.id) == 1
    db.session.commit()
    assert plugin.kept == {0: ["Tuesday"]}  # type: ignore[attr-defined]


def test_a_plugin_that_keeps_nothing_needs_no_more_than_a_start(install, learner):
    install(PLAIN)
    assert "knitting" not in json.loads(learner.browser.get("/account/my-data.json").text)
    assert rows.forget(User.id == learner.user.id) == 1
    db.session.rollback()
