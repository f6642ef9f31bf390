"""The house as a whole: it starts with its settings, or says in one sentence why it does not."""

import pytest
from flask import Flask

from mtd_learning.app import create_app
from mtd_learning.base import jobs
from mtd_learning.errors import MtdError
from tests.conftest import settings_for


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


def test_cookies_are_kept_from_scripts_and_from_other_sites(tmp_path):
    config = create_app(settings_for(tmp_path, secure_cookies=True)).config
    assert config["SESSION_COOKIE_HTTPONLY"] and config["SESSION_COOKIE_SECURE"]
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_every_kind_of_job_that_the_house_writes_has_somebody_who_does_it(tmp_path):
    create_app(settings_for(tmp_path))
    assert {"mail", "certificate.typeset"} <= set(jobs._handlers)
