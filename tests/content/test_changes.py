"""What a pack may change, and what it may not."""

import pytest

from mtd_learning.content import check, overlay, reader
from mtd_learning.content.variant import Variant
from tests.content.conftest import files_of

ORG = "courses/tiny/orgs/saro.yaml"
QUIZ_ORG = "quizzes/tiny/orgs/saro.yaml"
HEAD = (
    "kind: org-pack\nid: saro\nof: tiny\nmade_for: 2.1.0\nparent: FI\ntext_locale: fi\nchanges:\n"
)
REFUSED = {
    "{op: hide, at: 'm2-short:fi-night', reason: x}": (
        "P303",
        "'fi-night' must stay in this country (protected)",
    ),
    "{op: hide, at: 'm1-blocks:words', reason: x}": (
        "P303",
        "'words/safety' must stay in every country (protected)",
    ),
    "{op: hide, at: 'm1-blocks:test/quiz', reason: x}": (
        "P303",
        "'test/quiz' must stay in every country (protected)",
    ),
    "{op: move, at: 'm1-blocks:doing/list', after: 'm1-blocks:doing/think', reason: x}": (
        "P304",
        "'doing/list' must keep its place (protected)",
    ),
    "{op: move, at: 'm2-short:rest', after: 'm2-short:rest', reason: x}": (
        "P304",
        "'rest' can only move among its neighbours",
    ),
    "{op: hide, at: 'nothing:rest', reason: x}": ("P301", "there is no module called 'nothing'"),
    "{op: hide, at: m2-short, reason: x}": ("P301", "'m2-short' is the whole file"),
    "{op: hide, at: 'rest', reason: x}": ("P301", "there is no module called 'rest'"),
    "{op: hide, at: 'quizzes/m1-blocks:several', reason: x}": (
        "P301",
        "there is no module called 'quizzes/m1-blocks'",
    ),
    "{op: replace, at: 'm2-short:rest/titel', text: x, reason: x}": (
        "P301",
        "nothing called 'rest/titel' in m2-short",
    ),
    "{op: add, into: 'm2-short:rest/breathe', reason: x, block: {id: saro, type: text, text: x}}": (
        "P301",
        "a block cannot stand at 'm2-short:rest/breathe'",
    ),
    "{op: add, into: m2-short, reason: x, block: {id: saro, type: text, text: x}}": (
        "P301",
        "a block cannot stand at 'm2-short'",
    ),
}


@pytest.mark.parametrize("change", REFUSED)
def test_a_change_is_refused_in_these_words(tiny_with, today, change):
    catalogue = tiny_with(ORG, new=f"{HEAD}  - {change}\n")
    found = [(p.code, p.sentence) for p in check.check(catalogue, today) if p.file == ORG]
    assert found == [REFUSED[change]]


@pytest.mark.parametrize("path", [ORG, QUIZ_ORG])
def test_no_part_of_the_other_folder_is_offered(tiny_with, today, path):
    change = "{op: hide, at: 'quizzes/m2-shrt:rest', reason: x}"
    catalogue = tiny_with(path, new=f"{HEAD}  - {change}\n")
    [found] = [p for p in check.check(catalogue, today) if p.file == path]
    assert "quizzes/" not in found.next_step


def test_a_renamed_unit_is_offered_by_its_new_id(tiny_with, today):
    catalogue = tiny_with(ORG, new=hides("m1-blocks:old-words/opening"))
    assert [p.next_step for p in check.check(catalogue, today) if p.file == ORG] == [
        "it has a new id: write 'm1-blocks:words/opening'"
    ]


@pytest.mark.parametrize(
    "fields, told",
    [
        ("id: old-words", (8, "P306", "the id 'old-words' was that of 'words' before")),
        ("id: saro-x, was: [words]", (8, "S120", "the old id 'words' is in use")),
        ("id: saro-x, was: [saro-y, old-words]", (8, "S120", "the old id 'old-words' is in use")),
    ],
)
def test_a_pack_uses_no_id_again(tiny_with, today, fields, told):
    unit = f"{{{fields}, title: x, minutes: 1, blocks: [{{id: a, type: text, text: x}}]}}"
    change = f"  - {{op: add, into: m1-blocks, reason: x, unit: {unit}}}\n"
    catalogue = tiny_with(ORG, new=HEAD + change)
    found = [p for p in check.check(catalogue, today) if p.file == ORG]
    assert [(p.line, p.code, p.sentence) for p in found] == [told]


def test_what_an_organisation_protects_is_told_at_its_place(tiny_with, today):
    blocks = "[{id: a, type: text, text: x}, {id: b, type: text, protect: [order], text: x}]"
    unit = f"{{id: saro-x, title: x, minutes: 1, blocks: {blocks}}}"
    change = f"  - {{op: add, into: m1-blocks, reason: x, unit: {unit}}}\n"
    catalogue = tiny_with(ORG, new=HEAD + change)
    [found] = [p for p in check.check(catalogue, today) if p.file == ORG]
    assert found.sentence.startswith("an organisation may not protect")
    assert change[found.column - 1 :].startswith("protect: [order]")


@pytest.mark.parametrize("protect", ["presence", "wording"])
def test_no_organisation_hides_a_part_of_what_its_country_protects(tiny_with, today, protect):
    pack = "courses/tiny/countries/FI/pack.yaml"
    catalogue = tiny_with(pack, "protect: [presence]", f"protect: [{protect}]")
    files = {**files_of("tiny"), pack: catalogue.files[pack].text}
    files[ORG] = hides("m2-short:fi-night/what").encode()
    found = [p for p in check.check(reader.read_files(files), today) if p.file == ORG]
    assert [(p.code, p.sentence) for p in found] == [
        ("P303", "'fi-night/what' must stay in this country (protected)")
    ]


def test_of_two_units_with_one_id_nothing_false_is_told(tiny_with, today):
    path = "courses/tiny/m2-short.yaml"
    block = "{id: more, type: text, text: x}"
    second = f"  - {{id: rest, title: x, minutes: 1, blocks: [{block}]}}\n"
    files = files_of("tiny")
    files[path] += second.encode()
    files[ORG] = hides("m2-short:rest/more").encode()
    files_told = (path, ORG, "courses/tiny/i18n/nl/m2-short.yaml")
    found = [p for p in check.check(reader.read_files(files), today) if p.file in files_told]
    assert [(p.file, p.code) for p in found] == [(path, "S120")]


def test_a_refused_change_is_not_made(tiny_with):
    catalogue = tiny_with(ORG, new=HEAD + "  - {op: hide, at: 'm1-blocks:words', reason: x}\n")
    resolved = overlay.resolve(catalogue, "tiny", Variant.parse("fi-FI+saro"))
    assert "words" in [item.id for _, item in resolved.units]


def test_an_item_can_be_added_at_the_end_of_a_module_and_moved(tiny_with):
    unit = "{id: saro-end, title: End, minutes: 1, blocks: [{id: a, type: text, text: x}]}"
    catalogue = tiny_with(
        ORG,
        new=f"{HEAD}  - {{op: add, into: m1-blocks, reason: x, unit: {unit}}}\n"
        "  - {op: move, at: 'm1-blocks:saro-end', after: 'm1-blocks:words', reason: x}\n",
    )
    resolved = overlay.resolve(catalogue, "tiny", Variant.parse("fi-FI+saro"))
    assert [item.id for _, item in resolved.units][:2] == ["words", "saro-end"]


def test_a_question_that_must_be_present_cannot_be_hidden(tiny_with, today):
    catalogue = tiny_with(QUIZ_ORG, new=HEAD + "  - {op: hide, at: 'm1-blocks:call', reason: x}\n")
    found = [p.code for p in check.check(catalogue, today) if p.file == QUIZ_ORG]
    assert found == ["P303"]


def test_a_country_may_protect_and_an_organisation_may_not_reword_it(tiny_with, today):
    pack = "courses/tiny/countries/FI/pack.yaml"
    catalogue = tiny_with(pack, "protect: [presence]", "protect: [presence, wording]")
    assert not [p for p in check.check(catalogue, today) if p.file == pack]
    files = files_of("tiny")
    files[pack] = catalogue.files[pack].text
    change = "{op: replace, at: 'm2-short:fi-night/what/text', text: x, reason: x}"
    files[ORG] = f"{HEAD}  - {change}\n".encode()
    found = [p for p in check.check(reader.read_files(files), today) if p.file == ORG]
    assert [p.code for p in found] == ["P302"]
    assert "the country's pack" in found[0].sentence


def test_a_circle_of_parents_is_refused(tiny_with, today):
    catalogue = tiny_with(ORG, "parent: FI", "parent: saro-lahti")
    found = [p for p in check.check(catalogue, today) if p.file == ORG]
    assert ("S121", "the parents of 'saro' never lead to a country") in [
        (p.code, p.sentence) for p in found
    ]


def hides(*places):
    return HEAD + "".join(f"  - {{op: hide, at: '{place}', reason: x}}\n" for place in places)


def test_a_unit_keeps_a_block_for_its_readers(tiny_with, today):
    catalogue = tiny_with(ORG, new=hides("m2-short:rest/breathe"))
    assert [str(p) for p in check.check(catalogue, today) if p.file == ORG] == [
        f"{ORG}:8:16: error S110: nothing is left in 'rest'"
        "  -> keep one of those that this pack hides"
    ]


def test_a_block_may_be_hidden_where_the_pack_adds_one_of_its_own(tiny_with, today):
    block = "{id: saro-in, type: text, text: x}"
    own = f"  - {{op: add, into: 'm2-short:rest', reason: x, block: {block}}}\n"
    catalogue = tiny_with(ORG, new=hides("m2-short:rest/breathe") + own)
    assert not [p for p in check.check(catalogue, today) if p.file == ORG]


def test_an_answer_that_a_pack_would_hide_is_told_once(tiny_with, today):
    catalogue = tiny_with(ORG, new=hides("m1-blocks:doing/list/a"))
    assert [p.code for p in check.check(catalogue, today) if p.file == ORG] == ["P301"]


def test_a_fact_holds_no_other_fact(tiny_with, today):
    pack = "courses/tiny/countries/BE/pack.yaml"
    catalogue = tiny_with(pack, "het vertrouwenscentrum", '"bel {{ emergency }}"')
    assert [str(p) for p in check.check(catalogue, today) if p.file == pack] == [
        f"{pack}:10:10: error S110: 'value' names a fact: it would be shown as it is written"
        "  -> write the words or the number themselves"
    ]


def test_a_fact_is_not_named_in_the_label_of_another(tiny_with, today):
    course = "courses/tiny/course.yaml"
    catalogue = tiny_with(course, "A line to call", '"A line besides {{ emergency }}"')
    assert [str(p) for p in check.check(catalogue, today) if p.file == course] == [
        f"{course}:10:27: error S110: 'label' names a fact: it would be shown as it is written"
        "  -> write the words themselves"
    ]


def test_a_country_does_not_speak_for_an_organisation(tiny_with, today):
    pack = "courses/tiny/countries/BE/pack.yaml"
    own = 'facts:\n  duty-number:\n    "*": {value: "02 3", source: x, year: 2026}\n'
    catalogue = tiny_with(pack, "facts:\n", own)
    assert [str(p) for p in check.check(catalogue, today) if p.file == pack] == [
        f"{pack}:9:3: error S110: 'duty-number' is an organisation's own, and no country's"
        "  -> move it to packs in 'orgs'"
    ]


def test_what_an_organisation_may_leave_empty_is_not_required(tiny_with, today):
    course = "courses/tiny/course.yaml"
    catalogue = tiny_with(course, "owner: organisation", "owner: organisation, required: true")
    said = [p.sentence for p in check.check(catalogue, today) if p.file == course]
    assert said == ["an organisation may leave its own facts empty"]


CHILD = "courses/tiny/orgs/saro-lahti.yaml"
ITS_HEAD = HEAD.replace("id: saro", "id: saro-lahti").replace("parent: FI", "parent: saro")


@pytest.mark.parametrize(
    "change",
    [
        "{op: replace, at: 'm2-short:rest/breathe/text', text: x, reason: x}",
        "{op: hide, at: 'm2-short:rest', reason: x}",
        "{op: move, at: 'm2-short:rest', after: 'm2-short:law', reason: x}",
        "{op: add, into: 'm2-short:rest', reason: x, block: BLOCK}",
        "{op: add, after: 'm2-short:rest/breathe', reason: x, block: BLOCK}",
    ],
)
def test_a_change_within_what_a_pack_beneath_hides_is_told_to_be_seen_by_nobody(today, change):
    files = files_of("tiny")
    files[ORG] = hides("m2-short:rest").encode()
    change = change.replace("BLOCK", "{id: lahti-in, type: text, text: x}")
    files[CHILD] = f"{ITS_HEAD}  - {change}\n".encode()
    found = [p for p in check.check(reader.read_files(files), today) if p.code == "P301"]
    assert [(p.file, p.line, p.severity, p.sentence) for p in found] == [
        (CHILD, 8, "warning", "'m2-short:rest' is hidden by 'saro': nobody sees this change")
    ]


def test_what_is_added_beside_something_hidden_is_seen(today):
    files = files_of("tiny")
    files[ORG] = hides("m2-short:rest").encode()
    unit = "{id: lahti-end, title: x, minutes: 1, blocks: [{id: a, type: text, text: x}]}"
    change = f"{{op: add, after: 'm2-short:rest', reason: x, unit: {unit}}}"
    files[CHILD] = f"{ITS_HEAD}  - {change}\n".encode()
    assert not [p for p in check.check(reader.read_files(files), today) if p.file == CHILD]


def test_a_pack_is_translated_into_languages_of_its_country(tiny_with, today):
    path = "courses/tiny/countries/FI/i18n/de.yaml"
    text = "kind: translation\nof: FI\nlocale: de\nsegments: {}\n"
    assert [str(p) for p in check.check(tiny_with(path, new=text), today)] == [
        f"{path}:3:1: warning S121: 'de' is no language of this pack"
        "  -> write one of en, fi, sv, or add it to the country's 'languages'"
    ]


BANK = "quizzes/tiny/m1-blocks.yaml"
LACKS = {
    (
        "draw: 5",
        "draw: 8",
        "several",
    ): "'draw' asks for 8 questions, 'm1-blocks' keeps 7",
    ("{safety: 1}", "{safety: 2}", "several"): (
        "'draw_tags' asks for 2 questions tagged 'safety', 'm1-blocks' keeps 1"
    ),
    ("draw_tags: {safety: 1}", "critical_topics: [doors]", "several"): (
        "'critical_topics' names 'doors', and no critical question of it is left"
    ),
}


@pytest.mark.parametrize("old, new, hidden", LACKS)
def test_a_bank_keeps_the_questions_that_it_asks_for(tiny_with, today, old, new, hidden):
    files = files_of("tiny")
    files[BANK] = (
        files[BANK]
        .replace(old.encode(), new.encode())
        .replace(b"[safety]\n", b"[safety, doors]\n    critical: true\n")
    )
    files[QUIZ_ORG] = hides(f"m1-blocks:{hidden}").encode()
    del files["quizzes/tiny/countries/FI.yaml"]
    found = [p for p in check.check(reader.read_files(files), today) if p.file in (BANK, QUIZ_ORG)]
    assert [(p.file, p.code, p.sentence) for p in found] == [
        (QUIZ_ORG, "S110", LACKS[old, new, hidden])
    ]


def test_a_bank_keeps_a_question(tiny_with, today):
    files = files_of("tiny")
    bank = files[BANK].decode().partition("  - id: several")[0]
    for line in ("draw: 5\n", "draw_tags: {safety: 1}\n", "    protect: [wording, presence]\n"):
        bank = bank.replace(line, "")
    files[BANK] = bank.encode()
    files[QUIZ_ORG] = hides("m1-blocks:call").encode()
    del files["quizzes/tiny/countries/FI.yaml"]
    found = [p for p in check.check(reader.read_files(files), today) if p.file == QUIZ_ORG]
    assert [p.sentence for p in found] == ["no question is left in 'm1-blocks'"]
