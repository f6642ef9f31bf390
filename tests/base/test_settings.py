"""Settings: default, then mtd.toml, then environment, then what is given; a wrong one is named."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from mtd_learning.base.settings import load, unknown
from mtd_learning.errors import Invalid


@pytest.fixture(autouse=True)
def instance(tmp_path, monkeypatch) -> Path:
    """Return an instance folder of which the environment says nothing yet."""
    for name in ("DATABASE_URL", "PORT", "MTD_PORT", "MTD_MAIL__HOST", "MTD_CONTENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MTD_INSTANCE", str(tmp_path))
    return tmp_path


def test_the_later_source_wins_default_file_environment_given(instance, monkeypatch):
    assert load().port == 8000
    monkeypatch.setenv("PORT", "")  # says nothing
    assert load().port == 8000
    (instance / "mtd.toml").write_text("PORT = 8001\n")
    assert load().port == 8001
    monkeypatch.setenv("PORT", "8002")
    assert load().port == 8002
    monkeypatch.setenv("MTD_PORT", "8003")
    assert load().port == 8003
    assert load({"port": 8004}).port == 8004


def test_two_underscores_nest_as_a_table_in_the_file_does(instance, monkeypatch):
    (instance / "mtd.toml").write_text('[MAIL]\nHOST = "mail.example.org"\nTLS = true\n')
    assert (load().mail_host, load().mail_tls) == ("mail.example.org", True)
    monkeypatch.setenv("MTD_MAIL__HOST", "other.example.org")
    assert load().mail_host == "other.example.org"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"port": "many"}, ["PORT", "'many'", "whole number"]),
        ({"demo": "perhaps"}, ["DEMO", "'perhaps'", "true or false"]),
        ({"content": "cloud"}, ["CONTENT", "'cloud'", "database or files"]),
        ({"languages": ""}, ["LANGUAGES", "one language or more"]),
        ({"languages": "en xx"}, ["LANGUAGES", "'xx'", "such as en, fi"]),
        ({"languages": "../en"}, ["LANGUAGES", "such as en, fi"]),
        ({"keep_accounts_months": "0"}, ["KEEP_ACCOUNTS_MONTHS", "0", "from 2 to"]),
        ({"keep_answers_months": "0"}, ["KEEP_ANSWERS_MONTHS", "0", "from 1 to"]),
        ({"base_url": "https://x.org/learn"}, ["BASE_URL", "x.org/learn", "no folder behind"]),
        ({"xblock_django": "x"}, ["XBLOCK_DJANGO", "'x'", "a table in mtd.toml"]),
        ({"colour": "red"}, ["COLOUR", "'red'", "no setting"]),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_key_and_a_sentence(given, words):
    with pytest.raises(Invalid) as refusal:
        load(given)
    assert all(word in str(refusal.value) for word in words)


def test_an_unknown_key_in_the_file_is_named_with_the_file(instance):
    (instance / "mtd.toml").write_text('COLOUR = "red"\n')
    with pytest.raises(Invalid, match=r"mtd\.toml: there is no setting called COLOUR.*'red'"):
        load()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('PORT = "many"', ["PORT", "'many'", "a whole number"]),
        ("THREADS = 0", ["THREADS", "from 1 to"]),
        ('[MAIL]\nFROM = "me"', ["MAIL_FROM", "'me'", "name@example.org"]),
        ('INSTANCE = "elsewhere"', ["INSTANCE", "MTD_INSTANCE"]),
    ],
)
def test_a_value_in_the_file_that_cannot_be_used_is_named_with_the_file(instance, line, words):
    (instance / "mtd.toml").write_text(line + "\n")
    with pytest.raises(Invalid) as refusal:
        load()
    assert all(word in str(refusal.value) for word in [f"{instance}/mtd.toml", *words])


def test_a_value_in_the_file_that_a_later_source_replaces_keeps_nothing_from_starting(instance):
    (instance / "mtd.toml").write_text('PORT = "many"\n')
    assert load({"port": 8004}).port == 8004


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("trusted_proxy", ["", "*", "127.0.0.1", "::1"]),
        ("mail_from", ["noreply@localhost", "Hello <a@b.org>", '"A, B" <a@b.org>']),
    ],
)
def test_addresses_of_a_proxy_and_of_a_sender_are_taken_as_people_write_them(name, values):
    assert [getattr(load({name: value}), name) for value in values] == values


@pytest.mark.parametrize("data", [b"PORT = = 1", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_refused_with_its_path(instance, data):
    (instance / "mtd.toml").write_bytes(data)
    with pytest.raises(Invalid, match=r"mtd\.toml cannot be read"):
        load()


def test_a_list_may_be_written_with_commas(monkeypatch):
    monkeypatch.setenv("MTD_XBLOCK_TYPES", "done, thumbs")
    assert load().xblock_types == ("done", "thumbs")


def test_what_blocks_of_others_and_their_django_need_is_handed_on_as_it_is_written(instance):
    (instance / "mtd.toml").write_text(
        '[XBLOCK_SETTINGS.pebble]\nMost = 3\n[XBLOCK_DJANGO]\nLMS_BASE = "lms.example.org"\n'
    )
    settings = load()
    assert settings.xblock_settings == {"pebble": {"Most": 3}}
    assert settings.xblock_django == {"LMS_BASE": "lms.example.org"}


def test_the_database_is_a_file_of_the_instance_or_what_the_address_says(instance, monkeypatch):
    assert load().database_uri == f"sqlite:///{instance}/mtd.sqlite"
    monkeypatch.setenv("DATABASE_URL", "postgres://me@db/site")
    assert load().database_uri == "postgresql+psycopg://me@db/site"


def test_the_database_lies_in_its_folder_whatever_signs_the_name_of_that_holds(tmp_path):
    odd = tmp_path / "a b?c#d%41ä"
    url = make_url(load({"instance": odd}).database_uri)
    assert url.database == str(odd / "mtd.sqlite")


def test_the_secret_is_read_from_the_instance_and_never_defaulted(instance):
    assert load().secret_key == ""
    (instance / "secret_key").write_text("s3cret\n")
    assert load().secret_key == "s3cret"


def test_cookies_go_over_https_only_where_the_site_does():
    assert load({"base_url": "https://learn.example.org"}).secure_cookies
    assert not load({"base_url": "http://localhost"}).secure_cookies


def test_where_only_the_demo_was_made_commands_speak_of_the_demo(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MTD_INSTANCE", raising=False)
    demo = tmp_path / "instance" / "demo"
    demo.mkdir(parents=True)
    (demo / "secret_key").write_text("s")
    assert load().instance == demo
    (tmp_path / "instance" / "secret_key").write_text("s")
    assert load().instance == tmp_path / "instance"


@pytest.mark.parametrize(
    "given",
    [
        {"threads": 0},
        {"session_days": -1},
        {"session_idle_days": 99999999999},
        {"port": 99999},
        {"base_url": "nonsense"},
        {"base_url": "javascript:alert(1)"},
        {"host": ""},
        {"site_name": " "},
        {"trusted_proxy": "nginx"},
        {"trusted_proxy": "10.0.0.1, 10.0.0.2"},
        {"mail_from": ""},
        {"mail_from": "nobody"},
        {"mail_from": "a@b.org\nBcc: c@d.org"},
        {"mail_from": "A, B <a@b.org>"},
        {"database_url": "nonsense"},
        {"database_url": "mysql://root:geheim@localhost/x"},
    ],
)
def test_a_value_with_which_no_site_could_run_is_refused_before_it_starts(given):
    with pytest.raises(Invalid, match=r"The setting .* must be ") as refused:
        load(given)
    assert "geheim" not in str(refused.value)


def test_a_secret_that_is_no_text_is_refused_with_its_path(instance):
    (instance / "secret_key").write_bytes(b"\xff")
    with pytest.raises(Invalid, match="secret_key cannot be read"):
        load()


def test_a_variable_that_sets_nothing_is_named_with_the_nearest_that_does(monkeypatch):
    monkeypatch.setenv("MTD_MAIL__PORT", "25")
    before = unknown()
    monkeypatch.setenv("MTD_BASEURL", "https://learn.example.org")
    monkeypatch.setenv("MTD_XYZZY", "1")
    assert set(unknown()) - set(before) == {
        "MTD_BASEURL sets nothing. Was it to be MTD_BASE_URL?",
        "MTD_XYZZY sets nothing.",
    }
    assert load().base_url == "" and not [said for said in before if "MAIL" in said]
