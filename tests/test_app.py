"""The house as a whole: it starts with its settings, or says in one sentence why it does not."""

import os
import subprocess
import sys

import pytest
from flask import Flask

from mtd_learning.app import create_app
from mtd_learning.base import jobs
from mtd_learning.errors import MtdError
from tests.blocks.making import install
from tests.conftest import settings_for

AFTER_HELP = """
import sys
from pathlib import Path
from click.testing import CliRunner
from mtd_learning.app import create_app
from mtd_learning.base.settings import Settings
from mtd_learning.cli.commands import mtd
CliRunner().invoke(mtd, ["--help"])
compiled = set(sys.modules)
app = create_app(Settings(instance=Path(sys.argv[1]), secret_key="x"))
assert app.test_client().get("/healthz").status_code == 200
late = {name for name in set(sys.modules) - compiled if not name.startswith("mtd_learning.")}
print(*[name for name in late if name.partition(".")[0] not in sys.stdlib_module_names])
"""

SETTINGS_ASKED = """
import sys
from pathlib import Path
from types import SimpleNamespace as Named
from mtd_learning.app import create_app
from mtd_learning.base.settings import Settings
from mtd_learning.blocks.services import SettingsService
app = create_app(Settings(
    instance=Path(sys.argv[1]),
    secret_key="x",
    xblock_types=("pebble",),
    xblock_settings={"pebble": {"most": 3}},
    xblock_django={"LMS_BASE": "lms.example.org", "INSTALLED_APPS": ["django.contrib.sessions"]},
))
service = SettingsService(app.extensions["mtd"].host.settings)
for kind in ("pebble", "other"):
    print(service.get_settings_bucket(Named(scope_ids=Named(block_type=kind))))
from django.conf import settings
print(settings.LMS_BASE)
for name in ("sessions", "auth"):
    print(f"django.contrib.{name}" in settings.INSTALLED_APPS)
"""


def test_a_site_starts_and_answers(tmp_path):
    app = create_app(settings_for(tmp_path))
    assert isinstance(app, Flask)
    assert app.test_client().get("/healthz").status_code == 200


def test_without_a_secret_key_it_does_not_start_and_says_what_to_do(tmp_path):
    with pytest.raises(MtdError, match="run `mtd init`"):
        create_app(settings_for(tmp_path, secret_key=""))


def test_an_allowed_block_that_nobody_brings_stops_the_start_with_its_name(tmp_path):
    with pytest.raises(MtdError, match="no_such_block"):
        create_app(settings_for(tmp_path, xblock_types=("no_such_block",)))


def test_in_safe_mode_it_starts_without_blocks_of_others(tmp_path):
    app = create_app(settings_for(tmp_path, xblock_types=("no_such_block",), safe_mode=True))
    assert app.extensions["mtd"].host.types == ()


def test_blocks_of_others_find_the_settings_of_their_type_and_django_those_it_was_given(tmp_path):
    (tmp_path / "site").mkdir()
    pebble = tmp_path / "pebble"
    install("pebble", pebble)
    made = subprocess.run(
        [sys.executable, "-c", SETTINGS_ASKED, str(tmp_path / "site")],
        env={**os.environ, "PYTHONPATH": str(pebble)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.split() == ["{'most':", "3}", "{}", "lms.example.org", "True", "True"]


def test_cookies_are_kept_from_scripts_and_from_other_sites(tmp_path):
    config = create_app(settings_for(tmp_path, secure_cookies=True)).config
    assert config["SESSION_COOKIE_HTTPONLY"] and config["SESSION_COOKIE_SECURE"]
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_every_kind_of_job_that_the_house_writes_has_somebody_who_does_it(tmp_path):
    create_app(settings_for(tmp_path))
    assert {"mail", "certificate.typeset"} <= set(jobs._handlers)


def test_what_the_makefile_has_compiled_is_all_that_a_start_loads_but_for_a_trifle(tmp_path):
    """`make` asks for the help, so that Python keeps what it compiled of every command."""
    said = subprocess.run(
        [sys.executable, "-c", AFTER_HELP, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(said.stdout.split()) < 5, said.stdout


def test_a_site_warns_of_a_variable_that_sets_nothing_and_starts(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("MTD_BASEURL", "https://learn.example.org")
    create_app(settings_for(tmp_path, testing=False))
    assert "Was it to be MTD_BASE_URL?" in caplog.text
