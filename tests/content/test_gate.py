"""When a variant may be published."""

from mtd_learning.content import gate, reader, segments
from mtd_learning.content.compile import compile_variant
from mtd_learning.content.variant import Variant
from tests.content.conftest import files_of

COURSE = "courses/tiny/course.yaml"
BLOCKS = "courses/tiny/m1-blocks.yaml"


def told(catalogue, name, today, **more):
    return gate.problems(catalogue, "tiny", Variant.parse(name), today, **more)


def codes(found):
    return {problem.code for problem in found if problem.severity == "error"}


def test_the_source_language_without_a_country_is_open(tiny, today):
    assert gate.verdict(told(tiny, "en", today)) == "open"


def test_a_translation_whose_protected_texts_are_all_there_is_open(tiny, today):
    assert gate.verdict(told(tiny, "fi", today)) == "open"


def test_a_machine_draft_makes_a_pilot(tiny, today):
    found = told(tiny, "nl", today)
    assert gate.verdict(found) == "pilot"
    assert any("a draft that nobody has checked" in problem.sentence for problem in found)


def test_missing_and_unchecked_facts_make_a_pilot(tiny, today):
    found = told(tiny, "fi-FI", today)
    assert codes(found) == {"G404"}
    assert codes(told(tiny, "nl-BE", today)) == {"G401", "G403"}
    assert gate.verdict(found) == "pilot"


def test_a_fact_that_nobody_has_filled_in_is_told_where_the_facts_of_the_country_stand(tiny, today):
    [found] = [one for one in told(tiny, "nl-BE", today) if "'emergency'" in one.sentence]
    pack = "courses/tiny/countries/BE/pack.yaml"
    assert (found.file, found.line, found.column, found.code) == (pack, 8, 1, "G403")


def test_a_fact_that_a_country_may_leave_out_closes_nothing_unchecked(tiny_with, today):
    made = tiny_with(COURSE, "Where to read more, required: true", "Where to read more")
    found = told(made, "fi-FI", today)
    assert gate.verdict(found) == "open"
    assert any("'site' has not been checked" in one.sentence for one in found)


def test_a_number_that_an_organisation_leaves_empty_is_told_to_nobody_else(tiny_with, today):
    pack = "courses/tiny/orgs/saro.yaml"
    made = tiny_with(pack, '"09 456 (17–22)"', "null")

    def said(name):
        found = (one for one in told(made, name, today) if "'duty-number'" in one.sentence)
        return [(one.file, one.severity, one.code, one.next_step) for one in found]

    step = "find the value and its source, or ask the organisation"
    assert said("fi-FI+saro") == [(pack, "warning", "G403", step)]
    assert not said("fi-FI") and not said("nl-BE") and not said("en")


def test_a_fact_in_another_language_of_the_country_is_none_for_this_reader(tiny, today):
    [found] = [p for p in told(tiny, "sv-FI", today) if p.code == "G403" and "report-to" in str(p)]
    assert found.severity == "error" and "has no value for sv" in found.sentence


def test_a_protected_text_without_a_file_of_translations_is_told_where_it_is_written(tiny, today):
    found = [problem for problem in told(tiny, "sv", today) if problem.code == "G401"]
    assert [str(problem) for problem in found if problem.file == BLOCKS] == [
        f"{BLOCKS}:18:9: error G401: protected text 'words/safety/text' is missing in sv"
        "  -> translate the whole block, then stamp it"
    ]


def test_an_old_translation_of_what_a_country_protects_makes_a_pilot(tiny_with, today):
    pack = "courses/tiny/countries/FI/pack.yaml"
    changed = tiny_with(pack, "protect: [presence]", "protect: [wording]")
    assert "G401" not in codes(told(changed, "en-FI", today))
    files = {
        **files_of("tiny"),
        pack: changed.files[pack].text.replace("Öisin".encode(), b"Illoin"),
    }
    found = told(reader.read_files(files), "en-FI", today)
    assert [str(problem) for problem in found if problem.code in ("G401", "G402")] == [
        "courses/tiny/countries/FI/i18n/en.yaml:9:5: error G401: protected text "
        "'fi-night/what/text' is outdated in en  -> translate the whole block, then stamp it"
    ]


def test_a_local_text_is_told_at_its_change(tiny, today):
    pack = "courses/tiny/countries/FI/pack.yaml"
    found = [p for p in told(tiny, "sv-FI", today) if p.code == "G402" and p.file == pack]
    places = {problem.sentence.split("'")[1]: problem.line for problem in found}
    assert places == {"law/rule/text": 21, "fi-night/title": 29, "fi-night/what/text": 35}


def test_a_local_text_in_one_language_is_a_warning(tiny, today):
    found = [problem for problem in told(tiny, "sv-FI", today) if problem.code == "G402"]
    assert {problem.severity for problem in found} == {"warning"}
    assert len(found) == 8


def test_a_local_text_in_easy_words_of_the_language_is_not_missing(tiny_with, today):
    easy = files_of("tiny")["courses/tiny/countries/FI/i18n/en.yaml"].decode()
    path = "courses/tiny/countries/FI/i18n/en-easy.yaml"
    catalogue = tiny_with(path, new=easy.replace("locale: en", "locale: en-easy"))
    found = told(catalogue, "en-easy-FI", today)
    assert not [p for p in found if p.code == "G402" and p.file.startswith("courses/")]


def test_an_error_in_a_base_file_closes_every_variant(tiny_with, today):
    catalogue = tiny_with(BLOCKS, "minutes: 3", "minutes: three")
    found = told(catalogue, "en", today)
    assert gate.verdict(found) == "closed"
    assert "'minutes' must be a whole number" in found[0].sentence


def test_an_error_in_one_language_closes_only_that(tiny_with, today):
    catalogue = tiny_with("courses/tiny/i18n/fi/m1-blocks.yaml", "{{ helpline }}", "{{ helpine }}")
    assert gate.verdict(told(catalogue, "fi", today)) == "closed"
    assert gate.verdict(told(catalogue, "fi-FI", today)) == "closed"
    assert gate.verdict(told(catalogue, "en", today)) == "open"


def test_an_error_in_one_country_or_organisation_closes_only_that(tiny_with, today):
    catalogue = tiny_with(
        "courses/tiny/orgs/saro.yaml", "into: m2-short:rest", "into: m2-short:ret"
    )
    assert gate.verdict(told(catalogue, "fi-FI+saro-lahti", today)) == "closed"
    assert gate.verdict(told(catalogue, "fi-FI", today)) == "pilot"


def manifest(catalogue, today, name="en"):
    made = compile_variant(catalogue, "tiny", Variant.parse(name), pilot=False, today=today)
    return made.manifest


def test_too_small_a_step_of_the_version_closes_the_gate(tiny, tiny_with, today):
    before = manifest(tiny, today)
    files = files_of("tiny")
    files[BLOCKS] = files[BLOCKS].replace(b"id: words\n", b"id: other-words\n", 1)
    found = told(reader.read_files(files), "en", today, published=before)
    assert [str(problem) for problem in found if problem.code == "G405"] == [
        "courses/tiny/course.yaml:3:1: error G405: version 2.1.0 is too small a step: "
        "unit 'words' was removed  -> write 'version: 3.0.0'"
    ]
    assert gate.verdict(found) == "closed"
    files[COURSE] = files[COURSE].replace(b"version: 2.1.0", b"version: 3.0.0")
    assert not told(reader.read_files(files), "en", today, published=before)


def test_a_version_never_goes_back(tiny, tiny_with, today):
    older = tiny_with(COURSE, "version: 2.1.0", "version: 2.0.9")
    assert [
        str(problem) for problem in told(older, "en", today, published=manifest(tiny, today))
    ] == [
        f"{COURSE}:3:1: error G405: version 2.0.9 is lower than 2.1.0, which is published"
        "  -> write 'version: 2.1.0'"
    ]


def test_changed_words_need_no_new_version(tiny, tiny_with, today):
    changed = tiny_with(BLOCKS, "A door is", "The door is")
    assert not told(changed, "en", today, published=manifest(tiny, today))


def test_changed_protected_text_needs_a_second_person(tiny, tiny_with, today):
    changed = tiny_with(BLOCKS, "In danger call", "In danger first call")
    found = told(changed, "en", today, before=tiny)
    assert [str(problem) for problem in found] == [
        f"{BLOCKS}:18:9: error G406: protected text 'words/safety/text' was changed"
        "  -> ask a second person to approve it"
    ]
    assert gate.verdict(found) == "closed"
    assert not told(changed, "en", today, before=tiny, approved=True)


def test_taking_the_protection_away_needs_a_second_person_too(tiny, tiny_with, today):
    changed = tiny_with(BLOCKS, "        protect: [wording, presence]\n", "")
    assert "G406" in codes(told(changed, "en", today, before=tiny))


def test_a_file_that_goes_with_its_protected_texts_needs_a_second_person_too(tiny, today):
    files = files_of("tiny")
    bank = files.pop("quizzes/tiny/m1-blocks.yaml")
    files["quizzes/tiny/m3-other.yaml"] = bank.replace(b"id: m1-blocks", b"id: m3-other", 1)
    found = told(reader.read_files(files), "en", today, before=tiny)
    gone = [str(one) for one in found if one.code == "G406" and one.file == COURSE]
    assert f"{COURSE}:1:1: error G406: protected text 'call/text' was changed" in gone[-1]


def test_a_protected_text_that_is_said_to_mean_the_same_needs_a_second_person_too(
    tiny, tiny_with, today
):
    path = "courses/tiny/equivalent.yaml"
    entries = {
        address: f'    {address}: {{now: "{text.fingerprint}", was: ["0123456789"]}}\n'
        for address, text in segments.segments(tiny.course("tiny").modules["m1-blocks"]).items()
    }
    head = "kind: equivalent\nof: tiny\nsegments:\n  m1-blocks:\n"
    free = tiny_with(path, new=head + entries["words/door/alt"])
    assert not told(free, "en", today, before=tiny)
    said = tiny_with(path, new=head + entries["words/door/alt"] + entries["words/safety/text"])
    assert [str(problem) for problem in told(said, "en", today, before=free)] == [
        f"{path}:6:5: error G406: protected text 'words/safety/text' is said to mean the same as "
        "before  -> ask a second person to approve it"
    ]
    assert not told(said, "en", today, before=said)
    assert not told(said, "en", today, before=tiny, approved=True)


def test_other_words_need_nobody(tiny, tiny_with, today):
    changed = tiny_with(BLOCKS, "A door is", "The door is")
    assert not told(changed, "en", today, before=tiny)
