"""Translators get every text with its source, its state and what they need to know."""

import shutil
import subprocess
from io import BytesIO

import polib
import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from mtd_learning.content import po, reader
from mtd_learning.content.segments import fingerprint, segments
from mtd_learning.content.unchanged import mark_equivalent
from mtd_learning.errors import NotFound
from tests.content.conftest import files_of

FI = "courses/tiny/i18n/fi/m1-blocks.yaml"
MODULE = "courses/tiny/m1-blocks.yaml"
OPENING = "m1-blocks:words/opening/text"


def written(found, locale="fi", pack="", **more):
    """Return the PO text of a whole course, or of a pack."""
    course = found.courses["tiny"]
    every = [one for some in po.sheets(course, locale, pack).values() for one in some]
    return po.po_text(course, every, pack_id=pack, **more)


def entries(text, tmp_path):
    """Return the entries of a PO text by their context."""
    path = tmp_path / "some.po"
    path.write_text(text, "utf-8")
    found = po.read(path)
    assert isinstance(found, polib.POFile)
    return {entry.msgctxt: entry for entry in found}


def is_accepted(text, tmp_path):
    """Say whether Babel reads a PO text, and msgfmt, which not every machine has."""
    read_po(BytesIO(text.encode()), abort_invalid=True)
    path = tmp_path / "checked.po"
    path.write_text(text, "utf-8")
    program = shutil.which("msgfmt") or "true"
    words = [program, "--check", "--output-file=/dev/null", str(path)]
    return subprocess.run(words).returncode == 0


def test_each_text_stands_under_its_address_with_source_and_translation(tiny, tmp_path):
    found = entries(written(tiny), tmp_path)
    course = tiny.courses["tiny"]
    assert list(found) == [
        f"{key}:{address}" for key, part in course.parts.items() for address in segments(part)
    ]
    assert found[OPENING].msgid == "A door is **open**."
    assert found[OPENING].msgstr == "Ovi on **auki**."
    assert found["quizzes/m1-blocks:call/b/text"].msgstr == "Odota."
    assert found["m2-short:rest/title"].msgstr == ""
    several = found["m1-blocks:words/safety/text"]
    assert several.msgid == "In danger call {{ emergency }}.\nThen tell your coordinator."


def test_the_header_names_course_version_and_language(tiny, tmp_path):
    path = tmp_path / "some.po"
    path.write_text(written(tiny, "nl-BE"), "utf-8")
    header = po.read(path).metadata
    assert header["Project-Id-Version"] == "tiny 2.1.0"
    assert header["Language"] == "nl_BE" and "Plural-Forms" not in header
    assert "Nobody has read this draft yet: courses/tiny/i18n/nl/m2-short" in written(tiny, "nl")


def test_a_translator_sees_where_a_text_stands_what_it_is_and_whether_it_is_protected(
    tiny, tmp_path
):
    found = entries(written(tiny), tmp_path)
    assert found[OPENING].comment == "Every block › Words\ntext, text"
    assert "Protected: " in found["m1-blocks:words/safety/text"].comment
    said = found["m1-blocks:doing/one-question/b/feedback"].comment
    assert said.endswith("single, feedback of an answer that is not right")
    assert found["m1-blocks:words/talk/good/listen"].comment.endswith("compare, good")
    assert found[OPENING].flags == ["md-text"]
    assert found["m1-blocks:words/door/alt"].flags == []


def test_an_outdated_text_is_fuzzy_and_has_its_former_source_when_that_is_known(
    tiny_with, tmp_path
):
    moved = tiny_with(MODULE, "A door is **open**.", "The door is\n            **open**.")
    found = entries(written(moved), tmp_path)
    assert found[OPENING].fuzzy and found[OPENING].previous_msgid is None
    old = "A door is **open**."
    text = written(moved, former={fingerprint(old): old})
    found = entries(text, tmp_path)
    assert found[OPENING].fuzzy and found[OPENING].previous_msgid == old
    assert found[OPENING].msgstr == "Ovi on **auki**."
    assert is_accepted(text, tmp_path)
    course = moved.courses["tiny"]
    every = [one for some in po.sheets(course, "fi").values() for one in some]
    assert po.older_marks(every) == {fingerprint(old)}


def test_a_change_that_means_nothing_leaves_a_translation_current(tmp_path):
    files = files_of("tiny")
    files[MODULE] = files[MODULE].replace(b"A door is **open**.", b"The door is **open**.")
    path, text = mark_equivalent(
        reader.read_files(files), "tiny", OPENING, fingerprint("A door is **open**.")
    )
    found = entries(written(reader.read_files(files | {path: text})), tmp_path)
    assert not found[OPENING].fuzzy


def test_what_was_begun_in_a_file_stays_when_it_is_written_anew(tiny, tiny_with, tmp_path):
    path = tmp_path / "begun.po"
    path.write_text(written(tiny), "utf-8")
    begun = po.read(path)
    by_context = {entry.msgctxt: entry for entry in begun}
    by_context["m2-short:rest/title"].msgstr = "Lepo"
    by_context["m2-short:law/title"].msgstr = "Laki?"
    by_context["m2-short:law/title"].flags.append("fuzzy")
    by_context[OPENING].tcomment = "Which door?"
    begun.metadata["Last-Translator"] = "Ada"
    moved = tiny_with(MODULE, "A door is **open**.", "The door is **open**.")
    text = written(moved, before=begun)
    found = entries(text, tmp_path)
    assert found["m2-short:rest/title"].msgstr == "Lepo"
    assert not found["m2-short:rest/title"].fuzzy
    assert found["m2-short:law/title"].msgstr == "Laki?"
    assert found["m2-short:law/title"].fuzzy
    assert found[OPENING].previous_msgid == "A door is **open**."
    assert found[OPENING].tcomment == "Which door?"
    assert '"Last-Translator: Ada\\n"' in text and is_accepted(text, tmp_path)


def test_what_was_begun_from_an_older_source_is_fuzzy(tiny, tiny_with, tmp_path):
    path = tmp_path / "begun.po"
    path.write_text(written(tiny), "utf-8")
    begun = po.read(path)
    next(one for one in begun if one.msgctxt == "m2-short:rest/title").msgstr = "Lepo"
    moved = tiny_with("courses/tiny/m2-short.yaml", "title: Rest", "title: A rest")
    found = entries(written(moved, before=begun), tmp_path)["m2-short:rest/title"]
    assert (found.msgstr, found.fuzzy, found.previous_msgid) == ("Lepo", True, "Rest")


def test_the_texts_of_a_pack_are_translated_from_its_own_language(tiny, tmp_path):
    found = entries(written(tiny, "en", "FI"), tmp_path)
    rule = found["m2-short:law/rule/text"]
    assert rule.msgid == "Suomessa kuka tahansa voi ilmoittaa."
    assert rule.msgstr == "In Finland anybody can report."
    assert found["quizzes/m1-blocks:fi-rule/t/feedback"].msgstr == "Yes."
    assert '"Project-Id-Version: tiny/FI 2.1.0\\n"' in written(tiny, "en", "FI")
    assert list(po.sheets(tiny.courses["tiny"], "en", "saro")) == ["saro"]
    with pytest.raises(NotFound):
        po.sheets(tiny.courses["tiny"], "en", "SE")


@pytest.mark.parametrize(
    ("locale", "pack", "can"),
    [
        *[("sv", "", True), ("nl-BE", "", True), ("en", "", False), ("en", "FI", True)],
        *[("fi", "FI", False), ("../x", "", False), ("Finnish", "", False), ("", "", False)],
    ],
)
def test_a_course_is_translated_into_a_language_that_is_not_its_own(tiny, locale, pack, can):
    assert po.is_target(tiny.courses["tiny"], locale, pack) is can


@pytest.mark.parametrize("locale", ["fi", "nl", "sv"])
def test_msgfmt_accepts_every_file(tiny, locale, tmp_path):
    assert is_accepted(written(tiny, locale), tmp_path)


WORDS = st.text(
    st.one_of(st.sampled_from('\\"\n\t{}%#|~ äжλ漢ع\u00a0\u2028'), st.characters(codec="utf-8")),
    min_size=1,
    max_size=60,
)


@given(source=WORDS, translation=WORDS)
def test_any_source_and_translation_can_be_read_again(tmp_path_factory, source, translation):
    folder = tmp_path_factory.getbasetemp()
    made = polib.POFile(wrapwidth=0)
    made.append(polib.POEntry(msgctxt="a:b/c", msgid="x" + source, msgstr=translation))
    (found,) = entries(str(made), folder).values()
    assert (found.msgid, found.msgstr) == ("x" + source, translation)
