"""Trainer's notes: addresses, ids, layers; learners are never shown a word of them."""

import json

from mtd_learning.content import check, drift, gate, overlay, reader, segments, version, writer
from mtd_learning.content.compile import compile_variant
from mtd_learning.content.variant import Variant
from tests.content.conftest import files_of

FI = Variant("fi")
MODULE = "courses/tiny/m2-short.yaml"
NOTES = """requires: [m1-blocks]
trainer:
  - id: opening
    title: Before {{ emergency }}
    minutes: 20
    text: |
      ## You need
      Chairs. In danger call {{ emergency }}.
  - id: close
    title: The end
    text: Thank *everybody*.
"""
SHORT = (MODULE, "requires: [m1-blocks]\n", NOTES)


def said(catalogue, today):
    return [str(problem) for problem in check.check(catalogue, today) if "m2-short" in problem.file]


def test_a_note_has_a_title_and_a_text_at_an_address_of_its_own(tiny_with):
    found = segments.segments(tiny_with(*SHORT).course("tiny").modules["m2-short"])
    notes = {address: one for address, one in found.items() if "/trainer/" in address}
    assert list(notes) == [
        "_/trainer/opening/title",
        "_/trainer/opening/text",
        "_/trainer/close/title",
        "_/trainer/close/text",
    ]
    assert {one.group for one in notes.values()} == {"_/trainer/opening", "_/trainer/close"}
    assert not any(one.wording for one in notes.values())


def test_the_course_itself_may_have_notes_too(tiny):
    assert "_/trainer/before/text" in segments.segments(tiny.course("tiny").base)


def test_an_id_that_two_notes_share_is_refused(tiny_with, today):
    twice = tiny_with(MODULE, SHORT[1], NOTES.replace("id: close", "id: opening"))
    assert f"{MODULE}:12:5: error S120: the id 'opening' is used twice in 'trainer'" in "".join(
        said(twice, today)
    )


def test_no_module_may_be_called_trainer_because_its_address_is_taken(today):
    files = files_of("tiny")
    short, course = files[MODULE], files["courses/tiny/course.yaml"]
    files["courses/tiny/trainer.yaml"] = short.replace(b"id: m2-short", b"id: trainer")
    files["courses/tiny/course.yaml"] = course.replace(b", m2-short]", b", m2-short, trainer]")
    found = check.check(reader.read_files(files), today)
    assert [str(problem) for problem in found if problem.file.endswith("/trainer.yaml")] == [
        "courses/tiny/trainer.yaml:2:1: error S120: 'trainer' is the address of the trainer's "
        "notes  -> choose another id"
    ]


def test_a_fact_that_nobody_declared_is_refused_in_a_note(tiny_with, today):
    wrong = tiny_with(
        MODULE, SHORT[1], NOTES.replace("call {{ emergency }}", "call {{ emergncy }}")
    )
    assert f"{MODULE}:9:5: error S121: there is no fact called 'emergncy'" in "".join(
        said(wrong, today)
    )


def notes(catalogue, name, today, part="m1-blocks"):
    compiled = compiled_as(catalogue, name, today)
    manifest = compiled.manifest
    by_part = {module["id"]: module["trainer"] for module in manifest["modules"]}
    by_part["course"] = manifest["trainer"]
    blob = json.loads(compiled.blobs[by_part[part]])
    assert blob["part"] == part
    return {note["id"]: note for note in blob["notes"]}


def compiled_as(catalogue, name, today):
    variant = Variant.parse(name)
    return compile_variant(catalogue, "tiny", variant, pilot=True, today=today)


def test_notes_are_printed_clean_with_their_facts_filled_in(tiny, today):
    printed = notes(tiny, "en-FI", today)
    assert (printed["meeting"]["title"], printed["meeting"]["minutes"]) == (
        "A meeting of three hours",
        180,
    )
    assert '<a href="tel:112">112</a>' in printed["meeting"]["text"]
    assert '<td data-label="What">Welcome</td>' in printed["meeting"]["text"]
    assert "<script" not in printed["role-play"]["text"]
    assert "minutes" not in printed["role-play"]
    assert "116 111" in notes(tiny, "fi-FI", today, "course")["before"]["text"]


def test_a_note_without_its_whole_translation_is_shown_in_the_source_language(tiny_with, today):
    fi = "courses/tiny/i18n/fi/m1-blocks.yaml"
    title = "    trainer/role-play/title: {text: Ovella}\n"
    made = tiny_with(fi, "    trainer/meeting/title:", title + "    trainer/meeting/title:")
    printed = notes(made, "fi", today)
    said = {name: (note["lang"], note["state"]) for name, note in printed.items()}
    assert said == {"meeting": ("fi", "current"), "role-play": ("en", "held")}
    assert printed["role-play"]["title"] == "At the door"
    assert printed["meeting"]["title"] == "Kolmen tunnin tapaaminen"


def test_a_pack_may_replace_the_text_of_a_note(tiny_with, today):
    place = "changes:\n"
    change = "  - {op: replace, at: m1-blocks:_/trainer/meeting/text, reason: R, text: Ovi.}\n"
    made = tiny_with("courses/tiny/countries/FI/pack.yaml", place, place + change)
    here, elsewhere = (notes(made, name, today)["meeting"] for name in ("fi-FI", "fi"))
    assert (here["title"], here["text"]) == ("Kolmen tunnin tapaaminen", "<p>Ovi.</p>")
    assert (here["state"], elsewhere["state"]) == ("adapted", "current")


def test_what_has_no_notes_names_none(tiny, today):
    modules = {one["id"]: one for one in compiled_as(tiny, "en", today).manifest["modules"]}
    assert modules["m2-short"]["trainer"] is None


def test_notes_stand_in_blobs_of_their_own_and_in_nothing_that_a_learner_reads(tiny, today):
    compiled = compiled_as(tiny, "en", today)
    holding = {sha for sha, data in compiled.blobs.items() if b"three hours" in data}
    assert holding == {compiled.manifest["modules"][0]["trainer"]}
    assert b"three hours" not in compiled.manifest_blob
    units = {unit["blob"] for one in compiled.manifest["modules"] for unit in one["units"]}
    assert not holding & units


def test_another_word_in_a_note_leaves_every_unit_as_it_was(tiny, tiny_with, today):
    before = compiled_as(tiny, "en", today).manifest
    changed = tiny_with("courses/tiny/m1-blocks.yaml", "of three hours", "of two hours")
    after = compiled_as(changed, "en", today).manifest
    assert [one["units"] for one in before["modules"]] == [one["units"] for one in after["modules"]]
    assert before["modules"][0]["trainer"] != after["modules"][0]["trainer"]
    assert version.smallest_step(before, after) == "patch"


def test_missing_and_outdated_translations_are_counted_and_close_no_gate(tiny_with, today):
    changed = tiny_with("courses/tiny/m1-blocks.yaml", "of three hours", "of two hours")
    states = drift.states_of(overlay.resolve(changed, "tiny", Variant.parse("fi")))
    assert states["m1-blocks:_/trainer/meeting/title"] == "outdated"
    assert states["m1-blocks:_/trainer/role-play/text"] == "missing"
    assert gate.verdict(gate.problems(changed, "tiny", Variant.parse("fi"), today)) == "open"


def test_a_changed_note_asks_for_no_second_person(tiny, tiny_with, today):
    changed = tiny_with("courses/tiny/m1-blocks.yaml", "of three hours", "of two hours")
    found = gate.problems(changed, "tiny", Variant.parse("en"), today, before=tiny)
    assert not [problem for problem in found if problem.code == "G406"]


def test_flatten_shows_notes_as_it_shows_every_other_text(tiny):
    rows = {row["address"]: row for row in overlay.flatten(overlay.resolve(tiny, "tiny", FI))}
    assert rows["m1-blocks:_/trainer/meeting/title"] == {
        "address": "m1-blocks:_/trainer/meeting/title",
        "words": "Kolmen tunnin tapaaminen",
        "language": "fi",
        "layer": "fi",
        "state": "current",
    }
    assert rows["m1-blocks:_/trainer/role-play/title"]["state"] == "missing"


def test_an_editor_changes_a_note_in_its_file(tiny):
    text = tiny.course("tiny").modules["m1-blocks"].text
    changed = writer.change(text, "_/trainer/role-play/title", "At the gate")
    assert changed == text.replace(b"title: At the door", b"title: At the gate")
