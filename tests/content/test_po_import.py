"""What translators bring comes into its file, with the mark of the source it was made from."""

import functools

import polib
import pytest
from hypothesis import given

from mtd_learning.content import po, po_import, reader
from mtd_learning.content.schema import first_line
from mtd_learning.content.segments import fingerprint
from mtd_learning.library import files as shipped
from tests.content.conftest import changed_lines, files_of
from tests.content.test_po import FI, MODULE, OPENING, WORDS, written

REST = "m2-short:rest/title"
NEW = "courses/tiny/i18n/fi/m2-short.yaml"


@pytest.fixture
def sent(tmp_path):
    """Write a PO file of the tiny course, changed by `say`, and return its path."""

    def make(found, say=lambda by_context: None, locale="fi", pack="", name="sent.po"):
        path = tmp_path / name
        path.write_text(written(found, locale, pack), "utf-8")
        made = po.read(path)
        say({entry.msgctxt: entry for entry in made})
        made.save(str(path))
        return path

    return make


def saying(context, words, *, fuzzy=False):
    """Return a change of one entry."""

    def say(by_context):
        by_context[context].msgstr = words
        by_context[context].flags = ["fuzzy"] * fuzzy

    return say


@functools.cache
def courses():
    return reader.read_folder(shipped.shipped())


@pytest.mark.parametrize("course", sorted(courses().courses))
def test_every_shipped_translation_goes_out_and_in_and_no_byte_changes(course, tmp_path):
    found = courses().courses[course]
    paths = []
    for pack in ("", *found.packs):
        locales = {locale for locale, _ in found.words}
        if pack:
            locales = {*found.packs[pack].course_words, *found.packs[pack].quiz_words}
        for locale in sorted(locales):
            every = [one for some in po.sheets(found, locale, pack).values() for one in some]
            path = tmp_path / f"{pack}{locale}.po"
            path.write_text(po.po_text(found, every, pack_id=pack), "utf-8")
            paths.append(path)
    made = po_import.bring_in(courses(), paths)
    assert (made.files, made.problems) == ({}, []) and paths


def test_a_shipped_translation_can_be_made_anew_from_its_po_file(tmp_path):
    course = "cooperation-agreement"
    found = courses()
    every = [one for some in po.sheets(found.courses[course], "fi").values() for one in some]
    path = tmp_path / "fi.po"
    path.write_text(po.po_text(found.courses[course], every), "utf-8")
    bare = {name: source.text for name, source in found.files.items() if "/i18n/" not in name}
    made = po_import.bring_in(reader.read_files(bare), [path])
    assert sorted(made.files) == sorted(sheet.path for sheet in every)
    for sheet in every:
        source, problems = reader.read_source(sheet.path, made.files[sheet.path])
        assert problems == ()
        again = {
            f"{unit}/{rest}": (entry["src"], fingerprint(entry["text"]))
            for unit, entries in source.data["segments"].items()
            for rest, entry in entries.items()
        }
        assert again == {
            address: (entry["src"], fingerprint(entry["text"]))
            for address, entry in sheet.said.items()
        }
        assert list(again) == list(sheet.own)


def test_a_new_text_comes_back_with_the_mark_of_its_source(tiny, sent):
    made = po_import.bring_in(tiny, [sent(tiny, saying(REST, "Lepo"))])
    mark = fingerprint("Rest")
    assert made.files == {
        NEW: first_line(NEW, "translation").encode()
        + b"kind: translation\nof: m2-short\nlocale: fi\nsegments:\n  rest:\n"
        + f'    title: {{src: "{mark}", text: "Lepo"}}\n'.encode()
    }
    assert (made.texts, made.problems) == (1, [])
    found = reader.read_files(files_of("tiny") | made.files)
    assert found.problems == [] and ("fi", "m2-short") in found.courses["tiny"].words


def test_a_changed_text_changes_its_line_and_no_other(tiny, sent):
    made = po_import.bring_in(tiny, [sent(tiny, saying(OPENING, "Ovi on *auki*."))])
    before = files_of("tiny")[FI]
    mark = fingerprint("A door is **open**.")
    assert changed_lines(before, made.files[FI]) == [
        f'-     opening/text: {{src: "{mark}", text: Ovi on **auki**.}}',
        f'+     opening/text: {{src: "{mark}", text: Ovi on *auki*.}}',
    ]


def test_a_new_text_stands_where_the_source_has_it_and_comments_stay(tiny_with, sent):
    found = tiny_with(FI, "    safety/text:", "    # in danger\n    safety/text:")
    say = saying("m1-blocks:words/talk/good/thank", "Kiitä.")
    after = po_import.bring_in(found, [sent(found, say)]).files[FI]
    lines = changed_lines(found.files[FI].text, after)
    assert len(lines) == 1 and "talk/good/thank" in lines[0] and b"# in danger" in after
    keys = list(reader.read_source(FI, after)[0].data["segments"]["words"])
    assert keys.index("talk/good/thank") == keys.index("talk/good/listen") + 1


def test_an_outdated_text_that_nobody_looked_at_stays_outdated(tiny_with, sent):
    found = tiny_with(MODULE, "A door is **open**.", "The door is **open**.")
    assert po_import.bring_in(found, [sent(found)]).files == {}


def test_an_outdated_text_that_a_translator_confirms_is_current(tiny_with, sent):
    found = tiny_with(MODULE, "A door is **open**.", "The door is **open**.")
    path = sent(found, saying(OPENING, "Ovi on **auki**."))
    after = po_import.bring_in(found, [path]).files[FI]
    assert len(changed_lines(found.files[FI].text, after)) == 2
    assert fingerprint("The door is **open**.").encode() in after


def test_a_text_made_from_an_older_source_keeps_the_mark_of_that(tiny, tiny_with, sent):
    path = sent(tiny, saying(REST, "Lepo"))
    found = tiny_with("courses/tiny/m2-short.yaml", "title: Rest", "title: A rest")
    made = po_import.bring_in(found, [path])
    assert fingerprint("Rest").encode() in made.files[NEW]
    assert [problem.code for problem in made.problems] == ["T203"]
    states = reader.read_files({n: s.text for n, s in found.files.items()} | made.files)
    sheet = po.sheets(states.courses["tiny"], "fi")["m2-short"][0]
    assert not sheet.is_current("rest/title", sheet.said["rest/title"]["src"])


def test_a_text_made_from_an_older_source_does_not_replace_a_newer_one(tiny, tiny_with, sent):
    path = sent(tiny, saying(OPENING, "Ovi oli **auki**."))
    files = files_of("tiny")
    files[MODULE] = files[MODULE].replace(b"A door is **open**.", b"The door is **open**.")
    old, new = fingerprint("A door is **open**."), fingerprint("The door is **open**.")
    files[FI] = files[FI].replace(old.encode(), new.encode())
    made = po_import.bring_in(reader.read_files(files), [path])
    assert made.files == {} and "is not taken" in str(made.problems[0])


@pytest.mark.parametrize("words", ["", " \n", "Lepo"])
def test_what_is_fuzzy_or_empty_is_not_taken(tiny, sent, words):
    path = sent(tiny, saying(REST, words, fuzzy=words == "Lepo"))
    assert po_import.bring_in(tiny, [path]).files == {}


@pytest.mark.parametrize(
    ("context", "words", "code", "said"),
    [
        ("m1-blocks:words/safety/text", "Soita {{ emergncy }}.", "T202", "'emergency'"),
        ("m1-blocks:words/safety/text", "Soita.", "T202", "{{ facts }}"),
    ],
)
def test_what_the_source_has_and_the_translation_not_is_told_with_its_line(
    tiny, sent, context, words, code, said
):
    path = sent(tiny, lambda have: (saying(context, words)(have), saying(OPENING, "Ovi.")(have)))
    made = po_import.bring_in(tiny, [path])
    (problem,) = made.problems
    assert (made.files, problem.code, problem.severity) == ({}, code, "error")
    near = path.read_text().splitlines()[problem.line - 1 : problem.line + 4]
    assert f'msgctxt "{context}"' in near
    assert said in str(problem) and " -> " in str(problem)


@pytest.mark.parametrize(
    ("words", "severities"),
    [
        ("20 kertaa 7 päivässä", []),
        ("Kaksikymmentä kertaa 7 päivässä", ["warning"]),
        ("20 kertaa 7 päivässä, 3 yöllä", ["warning"]),
        ("21 kertaa 7 päivässä", ["warning"]),
    ],
)
def test_a_number_that_differs_is_pointed_at_but_taken(tiny_with, sent, words, severities):
    found = tiny_with("courses/tiny/m2-short.yaml", "title: Rest", "title: 20 times in 7 days")
    made = po_import.bring_in(found, [sent(found, saying(REST, words))])
    assert [(one.code, one.severity) for one in made.problems] == [("T205", s) for s in severities]
    assert made.files


@pytest.mark.parametrize("words", ["[Lepo](https://example.org)", "# Lepo"])
def test_another_number_of_links_or_headings_is_a_warning_as_the_checker_has_it(tiny, sent, words):
    made = po_import.bring_in(tiny, [sent(tiny, saying(REST, words))])
    assert [(one.code, one.severity) for one in made.problems] == [("T204", "warning")]
    assert made.files


def broken(text, old, new):
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (f'"{OPENING}"', '"m1-blocks:words/openng/text"', f"did you mean '{OPENING}'?"),
        ("Id-Version: tiny 2", "Id-Version: tinny 2", "there is no course called 'tinny'"),
        ("Id-Version: tiny 2", "Id-Version: tiny/SE 2", "there is no course called 'tiny/SE'"),
        ('"Language: fi', '"Language: en', "'en' is not a language to translate into"),
        ('"Language: fi', '"Language: ../fi', "'../fi' is not a language to translate into"),
        ("msgid ", "msgit ", "this is not a PO file"),
    ],
)
def test_a_file_that_does_not_fit_is_told_and_nothing_is_taken(tiny, sent, old, new, said):
    path = sent(tiny, saying(REST, "Lepo"))
    path.write_text(broken(path.read_text(), old, new))
    made = po_import.bring_in(tiny, [path])
    assert made.files == {} and said in str(made.problems[0])
    assert str(made.problems[0]).startswith(f"{path}:")


def test_one_text_twice_and_a_file_in_another_encoding_are_told(tiny, sent):
    one = sent(tiny, saying(REST, "Lepo"), name="one.po")
    two = sent(tiny, saying(REST, "Tauko"), name="two.po")
    made = po_import.bring_in(tiny, [one, two])
    assert made.files == {} and "is translated twice" in str(made.problems[0])
    one.write_bytes(one.read_bytes().decode().encode("utf-16"))
    assert "is not UTF-8" in str(po_import.bring_in(tiny, [one]).problems[0])


def test_a_translation_that_cannot_be_read_is_not_written_over(tiny, sent):
    path = sent(tiny, saying(OPENING, "Ovi."))
    found = reader.read_files(files_of("tiny") | {FI: b"kind: translation\n\t"})
    made = po_import.bring_in(found, [path])
    assert made.files == {} and made.problems[0].file == FI


def test_the_texts_of_packs_and_of_regions_come_back_too(tiny, sent):
    night = "m2-short:fi-night/title"
    rule = "quizzes/m1-blocks:fi-rule/text"

    def say(by_context):
        saying(night, "By night")(by_context)
        saying(rule, "You can report.")(by_context)

    pack = sent(tiny, say, "en", "FI", name="pack.po")
    region = sent(tiny, saying(REST, "Rust even"), "nl-BE", name="region.po")
    made = po_import.bring_in(tiny, [pack, region])
    assert made.problems == []
    assert sorted(made.files) == [
        "courses/tiny/countries/FI/i18n/en.yaml",
        "courses/tiny/i18n/nl-BE/m2-short.yaml",
        "quizzes/tiny/countries/FI/i18n/en.yaml",
    ]
    assert b"By night" in made.files["courses/tiny/countries/FI/i18n/en.yaml"]
    assert reader.read_files(files_of("tiny") | made.files).problems == []


@given(words=WORDS)
def test_any_words_come_back_as_they_were_written(tiny, tmp_path_factory, words):
    path = tmp_path_factory.getbasetemp() / "any.po"
    made = polib.POFile(wrapwidth=0)
    made.metadata = {"Project-Id-Version": "tiny 2.1.0", "Language": "fi"}
    made.append(polib.POEntry(msgctxt=REST, msgid="Rest", msgstr=words))
    path.write_text(str(made), "utf-8", newline="\n")
    found = po_import.bring_in(tiny, [path])
    wrong = {problem.code for problem in found.problems if problem.severity == "error"}
    assert wrong <= {"T202", "T204", "T206"}
    if words.strip() and not wrong:
        source = reader.read_source(NEW, found.files[NEW])[0]
        kept = source.data["segments"]["rest"]["title"]["text"]
        assert fingerprint(kept) == fingerprint(words)
        again = po_import.bring_in(reader.read_files(files_of("tiny") | found.files), [path])
        assert again.files == {}


def test_a_character_that_no_file_may_hold_is_told(tiny, sent):
    made = po_import.bring_in(tiny, [sent(tiny, saying(REST, "Le\x1fpo"))])
    assert made.files == {} and "a character is not allowed: U+001F" in str(made.problems[0])
