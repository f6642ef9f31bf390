"""`mtd content equivalent`: only a comma was changed, and the translations stay current."""

import shutil

import pytest
from click.testing import CliRunner

from mtd_learning.cli.commands import mtd
from mtd_learning.content import segments
from mtd_learning.errors import Forbidden, Invalid, NotFound
from mtd_learning.library import files
from tests.conftest import TINY

MODULE = "courses/tiny/m1-blocks.yaml"
SAID = "courses/tiny/equivalent.yaml"
OPENING, SAFETY = "m1-blocks:words/opening/text", "m1-blocks:words/safety/text"
OLD = "6e7d47f85a"


@pytest.fixture
def work(tmp_path, monkeypatch):
    """Return a folder with the tiny course, in which two texts got other commas."""
    monkeypatch.setenv("MTD_INSTANCE", str(tmp_path / "instance"))
    shutil.copytree(TINY, tmp_path / "work")
    change(tmp_path / "work" / MODULE, "A door is **open**.", "A door is **open**!")
    change(tmp_path / "work" / MODULE, "In danger call", "In danger, call")
    return tmp_path / "work"


def content(*words):
    return CliRunner().invoke(mtd, ["content", *map(str, words)])


def equivalent(work, *words):
    return content("equivalent", *words, "--dir", work)


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def outdated(work):
    """Return the lines of the translations that the checker calls outdated."""
    told = content("check", work).output.splitlines()
    return [line.split(":")[1] for line in told if "T203" in line]


def test_the_mark_is_found_and_the_translations_are_current_again(work):
    before = outdated(work)
    done = equivalent(work, "tiny", OPENING)
    assert done.output == f"{SAID}: 1 texts are current again: fi\n"
    assert set(before) - set(outdated(work)) == {"12"}
    assert content("check", work).exit_code == 0 and SAID not in content("check", work).output
    assert content("fmt", work, "--check").exit_code == 0


def test_said_twice_not_a_byte_changes(work):
    equivalent(work, "tiny", OPENING)
    written = files.read(work)
    assert equivalent(work, "tiny", OPENING).output.startswith("nothing changed")
    assert equivalent(work, "tiny", OPENING, OLD).exit_code == 0
    assert files.read(work) == written


def test_what_people_wrote_into_the_file_stays(work):
    theirs = (
        "# Agreed in May\nkind: equivalent\nof: tiny\nsegments:\n  m1-blocks:\n"
        '    words/door/alt: {now: "0123456789", was: ["9876543210"]}  # a dash\n'
    )
    (work / SAID).write_text(theirs)
    equivalent(work, "tiny", OPENING)
    now = segments.fingerprint("A door is **open**!")
    added = f'    words/opening/text: {{now: "{now}", was: ["{OLD}"]}}\n'
    assert (work / SAID).read_text() == theirs + added


def test_of_several_older_texts_the_author_names_the_one_that_meant_the_same(work):
    path = work / "courses/tiny/i18n/sv/m1-blocks.yaml"
    path.parent.mkdir()
    path.write_text(
        "kind: translation\nof: m1-blocks\nlocale: sv\nsegments:\n  words:\n"
        '    opening/text: {src: "0123456789", text: En dörr.}\n'
    )
    done = equivalent(work, "tiny", OPENING)
    assert done.exit_code == 1 and f": {OLD} (fi); 0123456789 (sv)." in done.output
    assert not (work / SAID).exists()
    assert "1 texts are current again: fi" in equivalent(work, "tiny", OPENING, OLD).output
    assert "1 texts are current again: sv" in equivalent(work, "tiny", OPENING).output


def test_what_a_pack_says_in_place_of_the_text_is_current_again_too(work):
    change(work / "courses/tiny/m2-short.yaml", "Rules differ.", "The rules differ.")
    assert "P305" in content("check", work).output
    done = equivalent(work, "tiny", "m2-short:law/rule/text")
    assert done.output == f"{SAID}: 2 texts are current again: nl, FI\n"
    assert "P305" not in content("check", work).output


def test_protected_text_asks_for_a_second_person(work):
    refused = equivalent(work, "tiny", SAFETY)
    assert isinstance(refused.exception, Forbidden) and not (work / SAID).exists()
    done = equivalent(work, "tiny", SAFETY, "--approved")
    assert done.output == f"{SAID}: 1 texts are current again: fi\n"


def test_an_unknown_course_address_or_mark_is_refused_and_nothing_written(work):
    for words, refusal in (
        (("nowhere", OPENING), NotFound),
        (("tiny", "words/opening/text"), NotFound),
        (("tiny", OPENING, "0123456789"), Invalid),
    ):
        assert isinstance(equivalent(work, *words).exception, refusal)
    assert not (work / SAID).exists()


def test_a_file_that_cannot_be_read_is_not_written_over(work):
    (work / SAID).write_text("kind: equivalent\nof: tiny\n")
    done = equivalent(work, "tiny", OPENING)
    assert isinstance(done.exception, Invalid) and "S101" in done.output
    assert (work / SAID).read_text() == "kind: equivalent\nof: tiny\n"
