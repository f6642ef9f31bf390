"""`mtd content po-export` and `po-import`: files for translators, out and in."""

import shutil

import pytest
from click.testing import CliRunner

from mtd_learning.cli.commands import mtd
from mtd_learning.errors import Invalid, NotFound
from mtd_learning.library import files
from tests.conftest import TINY

MODULE = "courses/tiny/m1-blocks.yaml"
NEW = "courses/tiny/i18n/fi/m2-short.yaml"


@pytest.fixture
def work(tmp_path, monkeypatch):
    """Return a folder with the tiny course, where no site is set up."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("MTD_INSTANCE", str(tmp_path / "instance"))
    shutil.copytree(TINY, tmp_path / "work")
    return tmp_path / "work"


def content(*words):
    return CliRunner().invoke(mtd, ["content", *map(str, words)])


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def translate(path, source, words):
    change(path, f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{words}"')


def test_a_course_goes_into_one_file_and_what_is_translated_there_comes_back(work, tmp_path):
    path = tmp_path / "out" / "fi.po"
    assert content("po-export", "tiny", "fi", path, "--dir", work).output == f"{path}\n"
    same = content("po-import", path, "--dir", work)
    assert (same.exit_code, same.stdout, same.stderr) == (0, "", "0 texts taken\n")
    assert files.read(work) == files.read(TINY)
    translate(path, "Rest", "Lepo")
    done = content("po-import", path, "--dir", work)
    assert (done.stdout, done.stderr) == (f"{NEW}\n", "1 texts taken\n")
    assert 'text: "Lepo"' in (work / NEW).read_text("utf-8")
    assert content("check", work).exit_code == 0


def test_a_folder_gets_a_file_for_each_module_and_bank(work, tmp_path):
    done = content("po-export", "tiny", "nl-BE", tmp_path / "po", "--dir", work)
    below = tmp_path / "po" / "tiny" / "nl-BE"
    paths = sorted(below.rglob("*.po"))
    assert [path.relative_to(below).as_posix() for path in paths] == [
        *("course.po", "m1-blocks.po", "m2-short.po", "quizzes/m1-blocks.po"),
    ]
    assert done.exit_code == 0
    translate(below / "m2-short.po", "Breathe.", "Adem rustig.")
    assert content("po-import", *paths, "--dir", work).stderr == "1 texts taken\n"


def test_without_a_target_the_file_is_printed_and_a_pack_has_its_own(work):
    out = content("po-export", "tiny", "sv", "--pack", "FI", "--dir", work).output
    assert '"Language: sv\\n"' in out and 'msgid "Yöllä"\nmsgstr ""' in out


def test_work_that_was_begun_stays_in_a_file_that_is_written_again(work, tmp_path):
    path = tmp_path / "fi.po"
    content("po-export", "tiny", "fi", path, "--dir", work)
    translate(path, "Rest", "Lepo")
    change(work / MODULE, "A door is **open**.", "The door is **open**.")
    content("po-export", "tiny", "fi", path, "--dir", work)
    text = path.read_text("utf-8")
    assert 'msgid "Rest"\nmsgstr "Lepo"' in text
    assert '#| msgid "A door is **open**."' in text


def test_a_former_source_is_known_where_a_site_has_published_it(work, tmp_path, monkeypatch):
    (work / "migrations").symlink_to(files.shipped() / "migrations")
    monkeypatch.setattr(files, "shipped", lambda: work)
    change(work / MODULE, "A door is **open**.", "The door is **open**.")
    assert "#| msgid" not in content("po-export", "tiny", "fi").output
    change(work / MODULE, "The door is **open**.", "A door is **open**.")
    assert CliRunner().invoke(mtd, ["init"]).exit_code == 0
    change(work / MODULE, "A door is **open**.", "The door is **open**.")
    assert '#| msgid "A door is **open**."' in content("po-export", "tiny", "fi").output


def test_with_one_error_nothing_is_written_and_each_has_file_line_and_a_next_step(work, tmp_path):
    path = tmp_path / "fi.po"
    content("po-export", "tiny", "fi", path, "--dir", work)
    translate(path, "Rest", "Lepo")
    change(path, "Vaarassa soita {{ emergency }}. Kerro", "Kerro")
    done = content("po-import", path, "--dir", work)
    assert done.exit_code == 1 and isinstance(done.exception, Invalid)
    assert done.stderr.startswith(f"{path}:") and " error T202: " in done.stderr
    assert " -> " in done.stderr and files.read(work) == files.read(TINY)
    done = content("po-export", "tiny", "nl", path, "--dir", work)
    assert done.exit_code == 1 and "this file is for something else" in done.stderr
    path.write_text("kind: translation")
    assert content("po-export", "tiny", "fi", path, "--dir", work).exit_code == 1
    assert path.read_text() == "kind: translation"


def test_what_cannot_be_translated_is_refused(work):
    assert isinstance(content("po-export", "tine", "fi", "--dir", work).exception, NotFound)
    packless = content("po-export", "tiny", "fi", "--pack", "SE", "--dir", work)
    assert isinstance(packless.exception, NotFound)
    done = content("po-export", "tiny", "en", "--dir", work)
    assert done.exit_code == 2 and "'en' is not a language to translate into." in done.output
