"""Folders become a catalogue; each file goes where its path says."""

import time

import pytest

from mtd_learning.content import check, reader
from tests.content.conftest import COURSES, files_of


def test_a_folder_and_its_files_read_the_same():
    folder, files = reader.read_folder(COURSES / "tiny"), reader.read_files(files_of("tiny"))
    assert set(folder.files) == set(files.files)
    assert folder.problems == files.problems == []


def test_the_tiny_course_has_no_fault(tiny, today):
    assert check.check(tiny, today) == []


def test_an_unchanged_file_is_read_once():
    first, second = reader.read_files(files_of("tiny")), reader.read_files(files_of("tiny"))
    assert all(first.files[path] is second.files[path] for path in first.files)


def test_a_file_that_was_mended_is_read_anew(tiny_with):
    path = "courses/tiny/m2-short.yaml"
    assert tiny_with(path, "minutes: 2", "minutes: two").problems
    assert not tiny_with(path, "minutes: 2", "minutes: 3").problems


def test_numbers_dates_and_truths_come_typed(tiny):
    unit = tiny.course("tiny").modules["m2-short"].data["units"][1]
    assert unit["minutes"] == 1
    assert unit["required"] is False
    pack = tiny.course("tiny").packs["FI"].course.data
    assert pack["facts"]["emergency"]["*"]["checked_on"].isoformat() == "2026-11-01"


def test_media_and_hidden_files_are_no_courses(tmp_path):
    (tmp_path / "courses/x/media").mkdir(parents=True)
    (tmp_path / "courses/x/media/a.svg").write_text("<svg/>")
    (tmp_path / "courses/x/.draft.yaml").write_text("[")
    catalogue = reader.read_folder(tmp_path)
    assert catalogue.courses == {}
    assert catalogue.problems == []


def test_a_file_without_a_course_is_told():
    catalogue = reader.read_files(
        {"quizzes/lost/q.yaml": files_of("tiny")["quizzes/tiny/m1-blocks.yaml"]}
    )
    assert "the course of this file has no course.yaml" in {p.sentence for p in catalogue.problems}


def test_a_broken_course_file_is_told_once_and_its_modules_are_not():
    files = files_of("tiny")
    files["courses/tiny/course.yaml"] = b"kind: course\nid: [\n"
    problems = reader.read_files(files).problems
    assert [problem.code for problem in problems] == ["Y002"]


def test_a_broken_bank_is_not_also_reported_as_missing(tiny_with, today):
    catalogue = tiny_with("quizzes/tiny/m1-blocks.yaml", "pass_percent: 60", "pass_percent: all")
    assert [problem.code for problem in check.check(catalogue, today)] == ["S110"]


def test_a_bank_from_which_no_block_asks_is_a_warning(tiny_with, today):
    path, bank = "courses/tiny/m1-blocks.yaml", "quizzes/tiny/m1-blocks.yaml"
    block = "      - {id: quiz, type: quiz, quiz: m1-blocks, text: Now the test.}\n"

    def told(catalogue):
        found = check.check(catalogue, today)
        return [str(one) for one in found if one.file == bank and one.code == "S120"]

    assert told(tiny_with(path, block, "")) == [
        f"{bank}:2:1: warning S120: no block of the course asks from this bank: nobody is shown it"
        "  -> add a block 'type: quiz' with 'quiz: m1-blocks', or remove the file"
    ]
    # Where a module cannot be read, it may be the one that asks.
    assert told(tiny_with(path, "type: quiz", "type: quizz")) == []


def test_a_file_at_no_known_place_is_told():
    module = files_of("tiny")["courses/tiny/m2-short.yaml"]
    path = "courses/tiny/more/m2-short.yaml"
    [found] = reader.read_files({**files_of("tiny"), path: module}).problems
    assert (found.file, found.sentence) == (path, "a file does not belong in this folder")


def test_modules_that_require_each_other_are_told(tiny_with, today):
    catalogue = tiny_with(
        "courses/tiny/m1-blocks.yaml", "mandatory: true", "mandatory: true\nrequires: [m2-short]"
    )
    sentences = [problem.sentence for problem in check.check(catalogue, today)]
    assert sentences == ["the modules require each other in a circle"] * 2


def test_a_module_cannot_require_the_course_itself(tiny_with, today):
    found = tiny_with("courses/tiny/m2-short.yaml", "requires: [m1-blocks]", "requires: [course]")
    assert [p.code for p in check.check(found, today)] == ["S121"]


def test_an_old_id_is_not_used_again(tiny_with, today):
    catalogue = tiny_with("courses/tiny/m1-blocks.yaml", "was: [old-words]", "was: [doing]")
    assert [p.sentence for p in check.check(catalogue, today)] == ["the old id 'doing' is in use"]


@pytest.mark.parametrize("again", [1, 2])
def test_reading_again_after_one_change_is_cheap(tiny_with, today, again):
    check.check(tiny_with("courses/tiny/m2-short.yaml", "Breathe.", "Breathe in."), today)
    begun = time.process_time()
    changed = tiny_with("courses/tiny/m2-short.yaml", "Breathe.", f"Breathe out {again}.")
    check.check(changed, today)
    assert time.process_time() - begun < 0.3


def test_a_folder_that_is_called_like_no_language_makes_no_variant(tiny_with):
    text = "kind: translation\nof: m1-blocks\nlocale: fi\nsegments: {}\n"
    catalogue = tiny_with("courses/tiny/i18n/FI/m1-blocks.yaml", new=text)
    assert [problem.code for problem in catalogue.problems] == ["S120"]
    assert "FI" not in map(str, catalogue.course("tiny").variants())


def test_a_pack_is_not_translated_into_its_own_language(tiny_with, today):
    path = "courses/tiny/countries/FI/i18n/fi.yaml"
    text = "kind: translation\nof: FI\nlocale: fi\nsegments: {}\n"
    assert [str(p) for p in check.check(tiny_with(path, new=text), today)] == [
        f"{path}:3:1: error S120: 'fi' is the language in which the pack is written"
        "  -> change the texts in courses/tiny/countries/FI/pack.yaml, and remove this file"
    ]


def test_a_misspelt_fact_is_never_shown_to_a_learner(tiny_with, today):
    catalogue = tiny_with(
        "courses/tiny/m2-short.yaml", "Tell {{ report-to }}", "Tell {{ Report To }}"
    )
    assert [p.sentence for p in check.check(catalogue, today)] == [
        "there is no fact called 'Report To'"
    ]


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("mod == glad", ["no choice sets 'mod'"]),
        ("mood == gald", ["no choice sets 'mood' to 'gald'"]),
        ("mood == glad and house != warm", ["no choice sets 'house'"]),
        ("mood != gald", []),
        ("mood == ''", []),
    ],
)
def test_a_choice_that_nothing_opens_is_refused(tiny_with, when, told):
    catalogue = tiny_with("courses/tiny/m1-blocks.yaml", "when: mood == glad", f'when: "{when}"')
    found = [one for one in catalogue.problems if one.code == "S121"]
    assert [one.sentence for one in found] == told
    assert all((one.line, one.column) == (70, 71) and one.next_step for one in found)


def test_a_translation_keeps_the_gaps_of_a_question(tiny_with, today):
    catalogue = tiny_with(
        "quizzes/tiny/i18n/fi/m1-blocks.yaml",
        "  word:\n",
        '  gaps:\n    text: {text: "Ovessa on [[part]]."}\n  word:\n',
    )
    found = [p for p in check.check(catalogue, today) if p.code == "T202"]
    assert found[0].sentence == "gaps differ from the source: ['part'] instead of ['part', 'thing']"


def test_of_many_modules_without_a_file_a_hundred_are_told(tiny_with):
    names = ", ".join(f"m{number}" for number in range(3, 5_000))
    catalogue = tiny_with("courses/tiny/course.yaml", "m2-short]", f"m2-short, {names}]")
    assert len(catalogue.problems) == 100


def test_a_module_that_is_listed_twice_is_told_at_the_second(tiny_with):
    catalogue = tiny_with("courses/tiny/course.yaml", "m2-short]", "m2-short, m2-short]")
    [found] = catalogue.problems
    assert (found.line, found.column, found.sentence) == (18, 32, "'m2-short' is listed twice")


def test_a_module_that_is_not_listed_is_told_once(tiny_with, today):
    catalogue = tiny_with("courses/tiny/course.yaml", "[m1-blocks, m2-short]", "[m1-blocks]")
    assert [problem.sentence for problem in check.check(catalogue, today)] == [
        "course.yaml does not list this module"
    ]


@pytest.mark.parametrize("pack", ["countries/SE/pack.yaml", "orgs/club.yaml"])
def test_the_texts_of_a_pack_that_cannot_be_read_are_not_told_a_second_time(pack):
    words = f"courses/tiny/{pack.removesuffix('/pack.yaml').removesuffix('.yaml')}/i18n/sv.yaml"
    name = words.split("/")[3]
    files = {
        **files_of("tiny"),
        f"courses/tiny/{pack}": b"kind: [",
        words: f"kind: translation\nof: {name}\nlocale: sv\nsegments: {{}}\n".encode(),
    }
    assert [one.file for one in reader.read_files(files).problems] == [f"courses/tiny/{pack}"]


def test_a_translation_among_the_banks_is_not_sent_to_the_module_of_its_name(tiny_with, today):
    path = "quizzes/tiny/i18n/fi/m2-short.yaml"
    text = "kind: translation\nof: m2-short\nlocale: fi\nsegments: {}\n"
    assert [str(one) for one in check.check(tiny_with(path, new=text), today)] == [
        f"{path}:2:1: error S121: a translation of 'm2-short', which does not exist"
        "  -> did you mean 'm1-blocks'?"
    ]


def test_a_misspelt_fact_of_the_source_is_not_told_to_its_translators(tiny_with, today):
    catalogue = tiny_with("quizzes/tiny/m1-blocks.yaml", "{{ emergency }}", "{{ emergncy }}")
    found = [one for one in check.check(catalogue, today) if one.severity == "error"]
    assert [one.code for one in found] == ["S121"]


@pytest.mark.parametrize(
    ("path", "said", "name"),
    [
        ("courses/tiny/i18n/FI/m2-short.yaml", "of: m2-short\nlocale: sv", "sv"),
        ("courses/tiny/countries/se/pack.yaml", "id: SE\nof: tiny", "SE"),
        ("courses/tiny/M3.yaml", "id: m3\ntitle: x", "m3"),
    ],
)
def test_nobody_is_told_to_write_the_name_of_a_folder_that_is_no_name(path, said, name):
    kind = {"i18n": "translation\nsegments: {}", "countries": "country-pack"}.get(
        path.split("/")[2], "module"
    )
    more = {
        "country-pack": "made_for: 2.1.0\ntext_locale: sv\n",
        "module": "units: [{id: a, title: b, minutes: 1, blocks: [{id: a, type: text, text: b}]}]",
    }
    text = f"kind: {kind}\n{said}\n{more.get(kind, '')}"
    found = reader.read_files(files_of("tiny") | {path: text.encode()}).problems
    assert [one.next_step for one in found if one.sentence.startswith("'")] == [
        f"let the file, or its folder, be called '{name}'"
    ]


def test_both_files_of_an_organisation_name_the_same_parent(today):
    files = files_of("tiny")
    course, quizzes = "courses/tiny/orgs/club.yaml", "quizzes/tiny/orgs/club.yaml"
    pack = "kind: org-pack\nid: club\nof: tiny\nmade_for: 2.1.0\ntext_locale: fi\nparent: "
    files[course] = f"{pack}FI\n".encode()
    files[quizzes] = f"{pack}SE\n".encode()
    assert [str(one) for one in check.check(reader.read_files(files), today)] == [
        f"{quizzes}:6:1: error S120: 'parent' is 'SE', in {course} it is 'FI'"
        "  -> write the same in both files"
    ]


def test_an_organisation_below_one_that_cannot_be_read_is_not_told_as_well(today):
    pack = "kind: org-pack\nid: {}\nof: tiny\nmade_for: 2.1.0\ntext_locale: fi\nparent: {}\n"
    files = files_of("tiny") | {
        "courses/tiny/orgs/one.yaml": b"kind: [",
        "courses/tiny/orgs/two.yaml": pack.format("two", "one").encode(),
        "courses/tiny/orgs/three.yaml": pack.format("three", "two").encode(),
    }
    found = check.check(reader.read_files(files), today)
    assert [(one.file, one.code) for one in found] == [("courses/tiny/orgs/one.yaml", "Y002")]


def test_the_translation_of_a_renamed_unit_is_told_the_new_name(tiny_with, today):
    catalogue = tiny_with(
        "courses/tiny/m1-blocks.yaml",
        "  - id: words\n    title: Words\n    minutes: 3\n    was: [old-words]\n",
        "  - id: beginning\n    title: Words\n    minutes: 3\n    was: [old-words, words]\n",
    )
    path = "courses/tiny/i18n/fi/m1-blocks.yaml"
    found = [
        one for one in check.check(catalogue, today) if one.code == "T201" and one.file == path
    ]
    assert {one.next_step for one in found} == {
        "it has a new id: write 'beginning' in place of 'words'"
    }
