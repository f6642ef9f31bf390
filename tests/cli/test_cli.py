"""The `mtd` command: what it prints, with which exit code, and a refusal in one sentence."""

import json
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
from datetime import date, timedelta
from http.client import HTTPConnection

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from mtd_learning import plugins
from mtd_learning.app import create_app
from mtd_learning.base import clock, jobs
from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import db, expect_writing
from mtd_learning.base.settings import load
from mtd_learning.cli import commands as cli
from mtd_learning.cli.site import bring_up_to_date, listen, work_on
from mtd_learning.content import gate, reader
from mtd_learning.library import files
from mtd_learning.people import service as people
from tests.conftest import TINY, settings_for, statements, writes

BROKEN = TINY.parent / "broken"


@pytest.fixture
def mtd(capsys, monkeypatch):
    """Return a runner of the command: mtd("user", "list") -> (exit code, out, err)."""

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["mtd", *map(str, words)])
        code = 0
        try:
            cli.run()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return run


@pytest.fixture
def instance(tmp_path, monkeypatch):
    """Return the folder of an installation that is not there yet."""
    folder = tmp_path / "instance"
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("MTD_INSTANCE", str(folder))
    monkeypatch.setattr(files, "shipped", shipped(files.shipped(), tmp_path))
    return folder


def shipped(root, tmp_path):
    """Return a stand-in for the shipped folder, with the tiny course: it publishes faster."""
    made = tmp_path / "shipped"
    shutil.copytree(TINY, made)
    (made / "migrations").symlink_to(root / "migrations")
    return lambda: made


@pytest.fixture
def site(instance, mtd):
    """Return an installation after `mtd init`."""
    code, out, err = mtd("init")
    assert code == 0, err
    assert "Ready in" in out
    return instance


def test_init_makes_a_site_that_the_doctor_finds_well_and_twice_changes_nothing(site, mtd):
    key = (site / "secret_key").read_text()
    assert stat.S_IMODE((site / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(site.stat().st_mode) == 0o700
    code, out, _ = mtd("doctor")
    assert code == 0 and "BAD" not in out
    assert {"disk", "database", "content", "tables", "jobs"} <= set(re.findall(r"ok +(\w+):", out))
    assert mtd("init")[0] == 0
    assert (site / "secret_key").read_text() == key


def test_a_key_that_a_full_disk_left_empty_is_made_anew(instance, mtd):
    instance.mkdir()
    (instance / "secret_key").touch()
    assert mtd("init")[0] == 0 and len((instance / "secret_key").read_text()) > 40


def test_the_first_courses_are_published_with_their_warnings(instance, mtd):
    code, _, err = mtd("init")
    assert code == 0 and "warning S141: 'thumbs' is not among the block types" in err
    assert "published: tiny: " in err


def test_the_doctor_names_what_is_wrong_and_ends_with_one(site, mtd, monkeypatch):
    monkeypatch.setattr("mtd_learning.upkeep.LEAST_FREE", 1 << 62)
    code, out, _ = mtd("doctor")
    assert code == 1 and "BAD  disk:" in out and "make room" in out


@pytest.mark.parametrize(
    ("name", "value", "well"),
    [
        ("MTD_PORT", "8000", True),
        ("MTD_MAIL_HOST", "mail.example.org", False),
        ("MTD_HOST", "0.0.0.0", False),
        ("MTD_BASE_URL", "https://learn.example.org", True),
    ],
)
def test_the_doctor_names_a_site_that_others_use_and_that_has_no_public_address(
    site, mtd, monkeypatch, name, value, well
):
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("MTD_CONTACT", "Särö, data@example.org")
    code, out, _ = mtd("doctor")
    assert code == (not well) and f"{'ok ' if well else 'BAD'}  address: " in out
    assert ("Set MTD_BASE_URL" in out) is (name != "MTD_BASE_URL")


def test_the_doctor_misses_whom_people_can_write_to_once_the_site_is_public(site, mtd, monkeypatch):
    assert "ok   contact: the page on privacy names nobody" in mtd("doctor")[1]
    monkeypatch.setenv("MTD_BASE_URL", "https://learn.example.org")
    code, out, _ = mtd("doctor")
    assert code == 1 and "BAD  contact: " in out and "Set MTD_CONTACT" in out


def test_before_init_a_command_says_what_to_do(instance, mtd):
    for words in (("user", "list"), ("doctor",), ("work", "--once"), ("content", "publish")):
        code, out, err = mtd(*words)
        assert (code, out) == (1, "") and "run `mtd init`" in err


def test_without_tables_a_command_says_so_in_one_sentence(instance, mtd):
    instance.mkdir()
    (instance / "secret_key").write_text("x")
    code, _, err = mtd("user", "list")
    assert code == 1 and "The database refused" in err and len(err.splitlines()) == 1
    code, out, _ = mtd("doctor")
    assert code == 1 and "BAD  database:" in out


def test_people_are_invited_linked_given_roles_and_listed(site, mtd):
    code, out, _ = mtd("user", "invite", "ada@example.org", "--role", "admin", "--course", "tiny")
    assert code == 0 and re.fullmatch(r"http://127\.0\.0\.1:8000/join/\S+\n", out)
    code, _, err = mtd("user", "link", "ada@example.org")
    assert code == 1 and "Nobody here has the address ada@example.org." in err
    create(site)
    code, out, _ = mtd("user", "link", "eve@example.org")
    assert code == 0 and re.fullmatch(r"http://127\.0\.0\.1:8000/sign-in/\S+\n", out)
    assert (
        mtd("user", "role", "eve@example.org", "trainer")[1] == "eve@example.org: trainer given\n"
    )
    rows = json.loads(mtd("user", "list", "--json")[1])
    assert [(row["email"], "trainer" in row["roles"]) for row in rows] == [
        ("eve@example.org", True)
    ]
    assert mtd("user", "role", "eve@example.org", "trainer", "--withdraw")[0] == 0
    assert "trainer" not in mtd("user", "list")[1]


def create(site) -> None:
    with create_app(load()).app_context():
        expect_writing(True)
        people.create_user("eve@example.org", "Eve", "en", "FI")
        db.session.commit()


@pytest.mark.parametrize(
    "words",
    [
        ("user", "role", "nobody@example.org", "admin"),
        ("user", "invite", "no address", "--course", "tiny"),
        ("user", "invite", "a@example.org", "--organisation", "nowhere", "--course", "tiny"),
        ("user", "invite", "a@example.org", "--course", "nowhere"),
        ("user", "role", "nobody@example.org", "admin", "--withdraw"),
        ("content", "withdraw", "tiny", "xx"),
        ("content", "flatten", "nowhere", "en"),
        ("content", "flatten", "tiny", "!!"),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_code_one(site, mtd, words):
    code, out, err = mtd(*words)
    assert (code, out) == (1, "") and len(err.splitlines()) == 1 and err.strip().endswith(".")


def test_work_once_does_what_is_due_and_stops(site, mtd, monkeypatch):
    done = []
    create(site)
    assert mtd("work", "--once")[1] == "1 jobs done\n"  # the day's tidying
    assert mtd("work", "--once")[1] == "0 jobs done\n"
    monkeypatch.setitem(jobs._handlers, "note", done.append)
    enqueue()
    assert mtd("work", "--once")[:2] == (0, "1 jobs done\n") and done == [{"n": 1}]


def test_work_once_tells_failed_jobs_from_done_ones_and_ends_with_one(site, mtd, monkeypatch):
    mtd("work", "--once")
    monkeypatch.setitem(jobs._handlers, "note", lambda values: 1 / 0)
    enqueue()
    assert mtd("work", "--once")[:2] == (1, "0 jobs done, 1 failed\n")
    assert mtd("work", "--once")[:2] == (0, "0 jobs done\n")  # its next try is not due yet


def test_tidy_says_what_is_due_changes_nothing_on_a_dry_run_and_then_lets_go(site, mtd):
    assert mtd("tidy")[:2] == (0, "nothing is due\n")
    with create_app(load()).app_context():
        expect_writing(True)
        db.session.execute(update(AuditLine).values(at=clock.now() - timedelta(days=800)))
        db.session.commit()
        lines = db.session.scalar(select(func.count()).select_from(AuditLine))
        db.session.remove()
    for _ in range(2):
        code, out, _ = mtd("tidy", "--dry-run")
        assert code == 0 and f"audit: {lines}\n" in out and "accounts: 0\n" in out
    assert mtd("tidy")[:2] == (0, f"audit: {lines}\n")
    assert mtd("tidy")[1] == "nothing is due\n"


def enqueue() -> None:
    with create_app(load()).app_context():
        expect_writing(True)
        jobs.enqueue("note", {"n": 1})
        db.session.commit()


def test_content_goes_in_is_published_and_comes_out_byte_for_byte(site, mtd, tmp_path):
    assert mtd("content", "import")[1] == "nothing changed\n"
    work = tmp_path / "work"
    assert mtd("content", "export", work)[1] == f"{len(files.read(TINY))} files\n"
    assert files.read(work) == files.read(TINY)
    course = work / "courses" / "tiny" / "course.yaml"
    course.write_text(
        course.read_text().replace("A tiny course", "A small course").replace("2.1.0", "2.1.1")
    )
    assert mtd("content", "import", work, "-m", "a word")[1].startswith("revision ")
    code, out, _ = mtd("content", "publish")
    assert code == 0 and "tiny en: open, edition 2" in out
    assert "edition" not in mtd("content", "publish")[1]
    assert mtd("content", "withdraw", "tiny", "en")[1] == "tiny en: edition 2 withdrawn\n"
    assert mtd("content", "withdraw", "tiny", "en")[1] == "tiny en: edition 1 withdrawn\n"
    assert mtd("content", "withdraw", "tiny", "en")[0] == 1


def test_an_edition_that_no_file_makes_any_more_is_named_until_it_is_withdrawn(site, mtd, tmp_path):
    mtd("content", "export", tmp_path)
    shutil.rmtree(tmp_path / "courses" / "tiny" / "countries" / "BE")
    mtd("content", "import", tmp_path)
    told = "tiny nl-BE: no file makes it any more"
    assert told in mtd("content", "publish")[1]
    mtd("content", "withdraw", "tiny", "nl-BE")
    assert told not in mtd("content", "publish")[1]


def test_a_gate_that_stays_closed_ends_publishing_with_one_until_somebody_approves(
    site, mtd, tmp_path
):
    mtd("content", "export", tmp_path)
    module = tmp_path / "courses" / "tiny" / "m1-blocks.yaml"
    module.write_text(module.read_text().replace("In danger call", "When in danger call"))
    mtd("content", "import", tmp_path)
    code, out, _ = mtd("content", "publish")
    assert code == 1 and "tiny en: closed, the last edition stays" in out and "G406" in out
    assert mtd("content", "publish", "--approved")[0] == 0


def test_the_state_of_a_variant_names_its_first_fifty_faults_and_how_many_more(site, mtd, tmp_path):
    mtd("content", "export", tmp_path)
    assert "add --all" not in mtd("content", "status", "--dir", tmp_path)[1]
    units = "".join(
        f"  - {{id: u{n}, title: T, minutes: 1, protect: [wording], blocks: "
        f"[{{id: b, type: text, text: Words.}}]}}\n"
        for n in range(60)
    )
    module = tmp_path / "courses" / "tiny" / "m2-short.yaml"
    module.write_text(module.read_text().replace("units:\n", f"units:\n{units}"))
    cut = mtd("content", "status", "--dir", tmp_path)[1]
    whole = mtd("content", "status", "--dir", tmp_path, "--all")[1]
    more = [int(n) for n in re.findall(r"and (\d+) more: add --all", cut)]
    assert more and len(whole.splitlines()) == len(cut.splitlines()) + sum(more) - len(more)


def test_a_fault_in_a_foreign_block_is_told_where_its_type_is_allowed_and_not_published(
    site, mtd, tmp_path, monkeypatch
):
    mtd("content", "export", tmp_path)
    module = tmp_path / "courses" / "tiny" / "m1-blocks.yaml"
    module.write_text(module.read_text().replace("{tags: [votes]}", "{upvotes: 3}"))
    code, out, _ = mtd("content", "check", tmp_path)
    assert code == 0 and "warning S141" in out and "MTD_XBLOCK_TYPES" in out
    assert mtd("content", "import", tmp_path)[1].startswith("revision ")
    monkeypatch.setenv("MTD_XBLOCK_TYPES", "thumbs")
    code, out, _ = mtd("content", "check", tmp_path)
    assert code == 1 and "m1-blocks.yaml:84:76: error S140: the field 'upvotes'" in out
    for words in (("import", tmp_path), ("publish",)):
        code, out, err = mtd("content", *words)
        assert (code, out) == (1, "") and "S140" in err and "Nothing was changed" in err


def test_what_is_brought_in_or_published_with_warnings_says_the_first_twenty(site, mtd, tmp_path):
    mtd("content", "export", tmp_path)
    words = tmp_path / "courses" / "tiny" / "i18n" / "sv" / "m1-blocks.yaml"
    words.parent.mkdir()
    orphans = "".join(f"    lost-{n}/text: {{text: x}}\n" for n in range(30))
    words.write_text(
        f"kind: translation\nof: m1-blocks\nlocale: sv\nsegments:\n  words:\n{orphans}"
    )
    for words in (("import", tmp_path), ("publish",)):
        code, _, err = mtd("content", *words)
        first, *others, last = err.splitlines()
        assert code == 0 and "warning S141: 'thumbs' is not among the block types" in first
        assert len(others) == 19 and all("i18n/sv/m1-blocks.yaml" in line for line in others)
        assert last == "11 more warnings: mtd content check prints all"


def test_a_folder_with_an_error_is_not_brought_in(site, mtd, tmp_path):
    code, _, err = mtd("content", "import", BROKEN)
    assert code == 1 and "Nothing was changed" in err
    mtd("content", "export", tmp_path / "out")
    assert files.read(tmp_path / "out") == files.read(TINY)


LINE = re.compile(r"^[^:]+:\d+:\d+: (error|warning) [A-Z]\d{3}: .+")


def test_check_prints_each_fault_with_its_place_and_ends_with_one(mtd):
    code, out, err = mtd("content", "check", BROKEN)
    assert code == 1 and re.search(r"\d+ errors, \d+ warnings", err)
    lines = out.splitlines()
    assert len(lines) > 30 and [one for one in lines if not LINE.match(one)] == []


def test_check_of_sound_courses_ends_with_nought(mtd):
    code, out, err = mtd("content", "check", TINY)
    assert code == 0 and " error " not in out and "0 errors" in err


def test_check_of_a_folder_without_courses_says_so(mtd, tmp_path):
    code, _, err = mtd("content", "check", tmp_path)
    assert code == 1 and "holds no courses/" in err


def test_flatten_prints_each_segment_with_language_layer_and_state(mtd):
    code, out, _ = mtd("content", "flatten", "tiny", "fi-FI", "--dir", TINY, "--json")
    rows = json.loads(out)
    assert code == 0 and {"address", "words", "language", "layer", "state"} <= set(rows[0])
    assert {row["language"] for row in rows} >= {"fi", "en"}
    text = mtd("content", "flatten", "tiny", "fi-FI", "--dir", TINY)[1]
    assert len(text.splitlines()) == len(rows)


def test_stamp_names_the_files_that_it_could_not_read(mtd, tmp_path):
    shutil.copytree(TINY, tmp_path / "here")
    assert mtd("content", "stamp", tmp_path / "here")[0] == 0
    (tmp_path / "here/courses/tiny/m1.yaml").write_text("kind: [\n", "utf-8")
    code, _, err = mtd("content", "stamp", tmp_path / "here")
    assert code == 1 and "courses/tiny/m1.yaml:2:1: error Y002" in err


def test_stamp_names_a_file_whose_fault_keeps_its_translations_unstamped(mtd, tmp_path):
    work = tmp_path / "here"
    shutil.copytree(TINY, work)
    words = work / "courses/tiny/i18n/fi/m1-blocks.yaml"
    words.write_text(re.sub(r"src: \S+?, ", "", words.read_text()))
    module = work / "courses/tiny/m1-blocks.yaml"
    module.write_text(module.read_text().replace("minutes: 3", "minuts: 3", 1))
    code, out, err = mtd("content", "stamp", work)
    assert (code, out) == (1, "")
    assert "courses/tiny/m1-blocks.yaml:14:5: error S102" in err


def test_a_folder_that_is_not_named_is_that_of_the_settings(mtd, monkeypatch):
    assert mtd("content", "check")[0] == 0
    monkeypatch.setenv("MTD_CONTENT_DIR", str(BROKEN))
    assert mtd("content", "check")[0] == 1
    assert mtd("content", "check", TINY)[0] == 0


def test_flatten_of_a_country_without_a_pack_is_refused_and_any_language_is_not(mtd):
    code, out, err = mtd("content", "flatten", "tiny", "fi-SE", "--dir", TINY)
    assert (code, out, err) == (1, "", "There is no pack called 'SE'.\n")
    code, out, _ = mtd("content", "flatten", "tiny", "da", "--dir", TINY)
    assert code == 0 and "\tmissing\t" in out


def test_flatten_leaves_out_what_is_hidden_status_counts_it_and_both_say_so(mtd):
    variant = "fi-FI+saro-lahti"
    rows = json.loads(mtd("content", "flatten", "tiny", variant, "--dir", TINY, "--json")[1])
    told = json.loads(mtd("content", "status", "--dir", TINY, "--json")[1])
    (states,) = [row["states"] for row in told if row["variant"] == variant]
    assert sum(states.values()) > len(rows)
    for command in ("flatten", "status"):
        assert "hide" in mtd("content", command, "--help")[1]


def test_status_prints_counts_and_the_gate_of_each_variant(mtd):
    rows = json.loads(mtd("content", "status", "--dir", TINY, "--json")[1])
    gates = {row["variant"]: row["gate"] for row in rows}
    assert (gates["en"], gates["en-FI"]) == ("open", "pilot")
    assert all(sum(row["states"].values()) for row in rows)
    assert "tiny en: open; " in mtd("content", "status", "--dir", TINY)[1]


def test_a_country_whose_file_is_broken_is_told_where_it_is_missing_and_its_gate_is_closed(
    mtd, tmp_path
):
    work = tmp_path / "work"
    shutil.copytree(TINY, work)
    pack = work / "courses" / "tiny" / "countries" / "FI" / "pack.yaml"
    pack.write_text(pack.read_text("utf-8").replace("op: move", "op: moov"), "utf-8")
    code, out, told = mtd("content", "status", "--dir", work)
    assert code == 1 and "\ntiny en-FI: closed; " in out and "\ntiny en-FI+saro: closed; " in out
    assert "pack.yaml" in told and "'moov' is not one of replace, add, hide, move" in told
    for variant, ends_with in (("en-FI", 1), ("en", 0), ("nl-BE", 0)):
        code, out, told = mtd("content", "flatten", "tiny", variant, "--dir", work)
        assert (variant, code) == (variant, ends_with) and out
        assert "'moov' is not one of replace, add, hide, move" in told
    (work / "quizzes").rename(tmp_path / "away")
    (work / "quizzes").write_text("no folder")
    code, _, told = mtd("content", "flatten", "tiny", "en", "--dir", work)
    assert code == 1 and "quizzes:1:1: error Y002" in told


def test_status_counts_on_wish_how_easy_each_unit_reads(mtd):
    rows = json.loads(mtd("content", "status", "--dir", TINY, "--json", "--readability")[1])
    told = {row["variant"]: row.get("readability") for row in rows}
    assert told["en-FI"] is None and told["fi"]
    units = {(one["module"], one["unit"]): one for one in told["en"]}
    module, words = units["m1-blocks", None], units["m1-blocks", "words"]
    assert module["words"] > words["words"] > 10 and words["minutes"] == 3
    assert words["words_a_sentence"] and words["lix"] and words["translated"] == 1
    out = mtd("content", "status", "--dir", TINY, "--readability")[1]
    assert "all units" in out and "LIX" in out and "% translated" in out


def test_stamp_writes_fingerprints_where_there_are_none_and_then_nothing_more(mtd, tmp_path):
    work = tmp_path / "work"
    shutil.copytree(TINY, work)
    path = work / "courses" / "tiny" / "i18n" / "fi" / "m1-blocks.yaml"
    path.write_text(re.sub(r"src: \S+?, ", "", path.read_text()))
    assert "src" not in path.read_text()
    code, out, _ = mtd("content", "stamp", work)
    assert code == 0 and "i18n/fi/m1-blocks.yaml" in out and "src" in path.read_text()
    assert mtd("content", "stamp", work)[1] == ""


def test_fmt_checks_without_touching_and_then_puts_in_order(mtd, tmp_path):
    work = tmp_path / "work"
    shutil.copytree(TINY, work)
    path = work / "courses" / "tiny" / "course.yaml"
    mtd("content", "fmt", work)
    form = path.read_bytes()
    path.write_bytes(form.replace(b"id: tiny", b"id:    tiny"))
    untidy = path.read_bytes()
    code, out, _ = mtd("content", "fmt", "--check", work)
    assert code == 1 and "course.yaml" in out and path.read_bytes() == untidy
    assert mtd("content", "fmt", work)[0] == 0 and path.read_bytes() == form
    assert mtd("content", "fmt", "--check", work) == (0, "", "")
    assert reader.read_folder(work).problems == []


def test_fmt_and_stamp_of_a_broken_file_name_it_and_change_nothing(mtd, tmp_path):
    work = tmp_path / "work"
    shutil.copytree(TINY, work)
    (work / "courses" / "tiny" / "course.yaml").write_text("kind:    course\n")  # to be put right
    (work / "courses" / "tiny" / "m2-short.yaml").write_text("kind: module\n\tid: x\n")
    before = files.read(work)
    code, _, said = mtd("content", "fmt", work)
    assert code == 1 and "courses/tiny/m2-short.yaml:2:1: error Y002" in said
    assert mtd("content", "stamp", work)[1] == "" and files.read(work) == before


def test_a_folder_with_a_link_out_of_it_is_not_brought_in(site, mtd, tmp_path):
    work = tmp_path / "work"
    shutil.copytree(TINY, work)
    (tmp_path / "secret_key").write_text("secret")
    (work / "courses" / "tiny" / "media" / "key.svg").symlink_to(tmp_path / "secret_key")
    code, _, said = mtd("content", "import", work)
    assert code == 1 and "courses/tiny/media/key.svg:1:1: error Y002" in said


def test_schema_writes_one_file_for_each_kind(mtd, tmp_path):
    code, out, _ = mtd("content", "schema", tmp_path / "schemas")
    names = out.split()
    assert code == 0 and {"course.json", "module.json", "quiz.json"} <= set(names)
    for name in names:
        assert json.loads((tmp_path / "schemas" / name).read_text())


def test_help_lists_every_command(mtd):
    code, out, _ = mtd("--help")
    assert code == 0
    for name in ("init", "start", "demo", "doctor", "work", "user", "content", "db"):
        assert re.search(rf"^  {name}\b", out, re.M), name


@pytest.mark.parametrize("host", ["127.0.0.1", "999.1.1.1"])
def test_a_port_that_cannot_be_had_is_one_sentence(site, mtd, host):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, said = mtd("start", "--host", host, "--port", port)
    assert code == 1 and f"Nothing can listen at {host}:{port}" in said


def test_a_body_that_no_page_takes_is_not_kept_on_the_disk_first(tmp_path):
    app = create_app(settings_for(tmp_path, port=0))
    server = listen(app)
    threading.Thread(target=server.run, daemon=True).start()
    head = "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n"
    try:
        address = ("127.0.0.1", server.effective_port)
        with socket.create_connection(address, timeout=60) as browser:
            browser.sendall(head.encode())
            assert browser.recv(100).startswith(b"HTTP/1.1 413 ")
    finally:
        server.close()


def test_a_demo_whose_port_is_taken_publishes_nothing(instance, mtd):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, said = mtd("demo", "--port", taken.getsockname()[1])
    assert code == 1 and "Nothing can listen at" in said and "Publishing" not in said
    assert not (instance / "mtd.sqlite").exists()


def test_init_with_a_fault_in_the_courses_names_it_and_ends_with_one(
    instance, mtd, tmp_path, monkeypatch
):
    monkeypatch.setenv("MTD_CONTENT_DIR", str(BROKEN))
    code, out, said = mtd("init")
    assert (code, out) == (1, "") and " error " in said and "Nothing is published." in said
    monkeypatch.setenv("MTD_CONTENT_DIR", str(TINY))
    code, out, said = mtd("init")
    assert code == 0 and "Ready in" in out
    assert "Publishing the courses…\n" in said and "\npublished: tiny: en, " in said


def test_init_does_not_say_of_a_variant_whose_gate_is_closed_that_it_is_published(
    instance, mtd, monkeypatch
):
    monkeypatch.setattr(gate, "verdict", lambda found: "closed")
    code, out, said = mtd("init")
    assert (code, out) == (1, "") and "\nnot published (see `mtd content status`): tiny: " in said


def test_a_folder_that_cannot_be_written_is_one_sentence(site, mtd, tmp_path, monkeypatch):
    place = tmp_path / "file"
    place.write_text("x")
    for words in (("content", "export", place), ("content", "schema", place)):
        code, _, said = mtd(*words)
        assert code == 1 and str(place) in said
    monkeypatch.setenv("MTD_INSTANCE", str(place / "below"))
    assert mtd("init")[0] == 1


def test_a_site_that_has_everything_starts_with_a_database_that_can_only_be_read(site, monkeypatch):
    before = (site / "mtd.sqlite").stat().st_mtime_ns
    app = create_app(load())
    with app.app_context(), statements() as said:
        bring_up_to_date(app)
    assert writes(said) == [] and (site / "mtd.sqlite").stat().st_mtime_ns == before


def test_a_command_of_others_that_breaks_is_left_out_and_named_by_the_doctor(
    site, mtd, install, monkeypatch, caplog
):
    knit = "import click\n@click.command(help='Knit.')\ndef main(): click.echo('one row')\n"
    install(knit, module="knitting", name="knit", suffix=":main", group=plugins.COMMANDS)
    install("raise RuntimeError('no wool')", "crochet", "hook", group=plugins.COMMANDS)
    assert mtd("knit")[:2] == (0, "one row\n")
    code, out, _ = mtd("--help")
    assert code == 0 and "Knit." in out and "hook" not in out
    assert "'hook' of flask.commands is left out: RuntimeError: no wool" in caplog.text
    code, out, _ = mtd("doctor")
    assert code == 1 and "hook (RuntimeError: no wool)" in out
    install(knit, module="weaving", name="knit", suffix=":main", group=plugins.COMMANDS)
    assert mtd("knit")[0] != 0
    assert "knit (NameTaken: offered by knitting and weaving)" in mtd("doctor")[1]
    monkeypatch.setenv("MTD_SAFE_MODE", "1")
    code, out, _ = mtd("--help")
    assert code == 0 and "knit" not in out
    assert mtd("doctor")[0] == 0


SLOW = """
import signal
import time
from mtd_learning.app import create_app
from mtd_learning.base.settings import load
from mtd_learning.cli.site import listen, serve
from mtd_learning.web.access import allow

signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests themselves may run under nohup

@allow("public")
def slow():
    print("begun", flush=True)
    time.sleep(2)
    return "the whole page"

app = create_app(load())
app.add_url_rule("/slow", view_func=slow)
server = listen(app)
print(server.effective_port, flush=True)
serve(app, server, worker=True)
"""


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_what_is_under_way_comes_to_its_end_when_the_site_is_told_to_stop(site, monkeypatch, told):
    monkeypatch.setenv("MTD_PORT", str(free_port()))
    served = subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, text=True)
    try:
        page = HTTPConnection("127.0.0.1", int(served.stdout.readline()), timeout=60)
        page.request("GET", "/slow")
        assert served.stdout.readline() == "begun\n"
        served.send_signal(told)
        assert page.getresponse().read() == b"the whole page"
        assert served.wait(60) == 0
    finally:
        served.kill()
        served.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_worker_whose_database_is_in_trouble_looks_less_and_less_often(site, monkeypatch):
    pauses: list[float] = []

    class Stop(threading.Event):
        def wait(self, timeout=None):
            pauses.append(timeout)
            if len(pauses) == 9:
                self.set()
            return self.is_set()

    def plan(day):
        if len(pauses) < 8:
            raise OperationalError("BEGIN", {}, Exception("database or disk is full"))

    monkeypatch.setattr("mtd_learning.cli.site.plan", plan)
    work_on(create_app(load()), Stop())
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60, 1]


def test_the_doctor_says_when_nothing_can_be_saved(site, mtd, monkeypatch):
    assert "ok   saving: " in mtd("doctor")[1]
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///file:{site / 'mtd.sqlite'}?mode=ro&uri=true")
    code, out, _ = mtd("doctor")
    assert code == 1 and "BAD  saving: lessons can be read, but nothing is saved: " in out


def test_the_doctor_and_the_days_work_name_the_facts_that_are_to_be_checked_again(
    site, mtd, monkeypatch, caplog
):
    def on(day):
        monkeypatch.setattr(clock, "today", lambda: day)
        caplog.clear()
        assert mtd("work", "--once")[0] == 0
        return mtd("doctor")[1], caplog.text

    said, logged = on(date(2026, 3, 15))
    assert "ok   facts: no number or rule of a country is to be checked again" in said
    assert "checked" not in logged
    said, _ = on(date(2026, 5, 25))
    assert "ok   facts: to be checked again soon: FI helpline\n" in said
    said, logged = on(date(2030, 1, 1))
    assert re.search("checked too long ago: BE .*FI emergency, FI helpline.*saro duty-number", said)
    assert re.search("checked too long ago: BE .*FI emergency, FI helpline", logged)
