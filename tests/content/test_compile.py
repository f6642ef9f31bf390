"""A variant as blobs and a manifest, as the rest of the house reads them."""

import hashlib
import json
import subprocess
import sys
from datetime import date

import pytest

from mtd_learning.content.compile import compile_variant
from mtd_learning.content.variant import Variant


def made(catalogue, name, today, **more):
    variant = Variant.parse(name)
    return compile_variant(catalogue, "tiny", variant, pilot=True, today=today, **more)


def units(compiled):
    return {
        unit["id"]: json.loads(compiled.blobs[unit["blob"]])
        for module in compiled.manifest["modules"]
        for unit in module["units"]
    }


def block(compiled, unit, name):
    return next(each for each in units(compiled)[unit]["blocks"] if each["id"] == name)


@pytest.fixture(scope="module")
def english(tiny):
    return made(tiny, "en-FI", date(2026, 11, 21))


def test_every_blob_is_kept_under_its_sha256(english):
    assert all(hashlib.sha256(data).hexdigest() == sha for sha, data in english.blobs.items())
    named = {unit["blob"] for m in english.manifest["modules"] for unit in m["units"]}
    named |= set(english.manifest["banks"].values()) | set(english.manifest["media"].values())
    notes = [english.manifest["trainer"], *(m["trainer"] for m in english.manifest["modules"])]
    named |= {sha for sha in notes if sha}
    assert named == set(english.blobs)


def test_a_number_in_the_title_of_a_course_is_filled_in(tiny_with, today):
    titled = tiny_with(
        "courses/tiny/course.yaml", "title: A tiny course", 'title: "Call {{ emergency }}"'
    )
    assert made(titled, "en-FI", today).manifest["title"] == "Call 112"


def test_the_manifest_says_what_the_variant_is(english):
    manifest = english.manifest
    assert {key: manifest[key] for key in ("course", "version", "variant", "language")} == {
        "course": "tiny",
        "version": "2.1.0",
        "variant": "en-FI",
        "language": "en",
    }
    assert (manifest["country"], manifest["org"], manifest["pilot"]) == ("FI", None, True)
    assert [module["id"] for module in manifest["modules"]] == ["m1-blocks", "m2-short"]
    first = manifest["modules"][0]
    assert first["outcomes"][0] == ["see", "You have <em>seen</em> one of each."]
    assert first["minutes"] == 12
    assert first["sources"] == [
        {"id": "book", "title": "A book", "url": "https://example.org/book", "year": "2024"}
    ]
    assert first["units"][0]["was"] == ["old-words"]
    assert first["units"][0]["protected"] is True
    assert first["units"][2]["keys"] == [
        "tiny.m1-blocks.doing.one-question",
        "tiny.m1-blocks.doing.choose",
        "tiny.m1-blocks.doing.story",
    ]
    assert manifest["quizzes"]["m1-blocks"]["critical"] == ["call"]


def test_a_pilot_says_so_in_words(tiny, today):
    said = made(tiny, "fi-FI", today, translate=lambda words, language: f"{language} {words}")
    assert said.manifest["notices"] == [
        "fi The numbers and rules for fi Finland have not been checked by a person there yet."
    ]
    assert "machine" in made(tiny, "nl", today).manifest["notices"][0]


def test_a_full_edition_has_no_notice(tiny, today):
    full = compile_variant(tiny, "tiny", Variant("en"), pilot=False, today=today)
    assert full.manifest["notices"] == []


def test_a_unit_blob_has_the_keys_that_pages_read(english):
    words = units(english)["words"]
    assert set(words) == {
        "id",
        "module",
        "title",
        "lang",
        "minutes",
        "revision",
        "protected",
        "blocks",
    }
    assert set(words["blocks"][0]) == {
        "id",
        "key",
        "type",
        "lang",
        "state",
        "note",
        "required",
        "fields",
    }
    assert words["blocks"][0]["key"] == "tiny.m1-blocks.words.opening"
    assert words["blocks"][0]["fields"] == {
        "text": "<p>A door is <strong>open</strong>.</p>",
        "role": "hook",
    }


def test_facts_are_filled_in_and_shown_as_a_card(english):
    assert '<a href="tel:112">112</a>' in block(english, "words", "safety")["fields"]["text"]
    card = block(english, "words", "numbers")["fields"]["facts"]
    assert card[0] == {
        "name": "emergency",
        "label": "Emergency number",
        "value": "112",
        "lang": None,
        "href": "tel:112",
        "type": "phone",
        "missing": False,
    }
    assert card[3]["missing"] is True


def test_pictures_and_recordings_get_their_address(english, tiny):
    sha = tiny.course("tiny").media["door.svg"].sha
    assert block(english, "words", "door")["fields"]["src"] == f"/media/{sha}/door.svg"
    film = block(english, "doing", "shown")["fields"]
    assert film["captions"][0][0] == "en"
    assert film["captions"][0][1].endswith("/talk.vtt")
    assert block(english, "doing", "told")["fields"]["src"] is None


def test_media_that_is_kept_elsewhere_is_named_and_not_packed(tiny, today):
    compiled = made(tiny, "en", today, media={"door.svg": "ab" * 32})
    assert block(compiled, "words", "door")["fields"]["src"] == f"/media/{'ab' * 32}/door.svg"


def test_mappings_are_pairs_and_keep_their_order(english):
    assert block(english, "words", "talk")["fields"]["good"] == [
        ["listen", "Listen first."],
        ["thank", "Say thank you."],
    ]
    assert block(english, "doing", "list")["fields"]["items"][1] == ["coat", "Coat"]


def test_a_note_stands_before_its_block_and_is_no_field(english):
    heavy = block(english, "words", "heavy")
    assert heavy["note"] == "A child is hurt in this story."
    assert set(heavy["fields"]) == {"text", "role"}


def test_a_check_carries_its_question_with_the_id_of_the_block(english):
    question = block(english, "doing", "one-question")["fields"]["question"]
    assert (question["id"], question["type"], question["lang"]) == ("one-question", "single", "en")
    assert question["options"][0]["correct"] is True
    assert '<a href="tel:116111"' in question["options"][0]["feedback"]


def test_a_short_scenario_becomes_one_scene(english):
    story = block(english, "doing", "choose")["fields"]
    assert (story["start"], list(story["scenes"])) == ("start", ["start"])
    assert story["scenes"]["start"]["choices"][0] == {
        "id": "a",
        "text": "Say hello.",
        "feedback": "A good start.",
        "correct": True,
        "to": None,
        "set": {},
        "when": None,
    }
    branching = block(english, "doing", "story")["fields"]
    assert branching["start"] == "door"
    assert branching["scenes"]["end"]["end"] is True
    assert branching["scenes"]["door"]["choices"][0]["set"] == {"mood": "glad"}


def test_a_quiz_carries_its_bank_and_the_banks_hash(english):
    quiz = block(english, "test", "quiz")["fields"]
    assert json.loads(english.blobs[quiz["bank_sha"]]) == quiz["bank"]
    asked = {question["id"]: question for question in quiz["bank"]["questions"]}
    assert "several" not in asked
    assert asked["word"]["accept"] == ["key", "a key"]
    assert asked["gaps"]["gaps"] == [
        {"id": "thing", "accept": ["door"]},
        {"id": "part", "choices": [["a", "handle"], ["b", "wheel"]], "correct": "a"},
    ]
    assert asked["number"]["tolerance"] == "0.5"
    assert asked["fi-rule"]["lang"] == "en"
    assert quiz["bank"]["bands"]["high"] == {
        "from": 80,
        "text": "<p><strong>Well</strong> done.</p>",
    }


def test_a_foreign_block_goes_under_its_own_name(english):
    strange = block(english, "test", "strange")
    assert strange["type"] == "thumbs"
    assert strange["fields"] == {"display_name": "Thumbs", "tags": ["votes"]}
    assert (strange["lang"], strange["state"]) == ("en", "source")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("fields: {tags: [votes]}", ("en", "missing")),
        ("olx: <thumbs>Hello</thumbs>", ("en", "missing")),
        ("fields: {most: 3, lid: true}", ("fi", "current")),
        ("fields: {}", ("fi", "current")),
    ],
)
def test_words_inside_a_foreign_block_are_in_the_language_of_their_author(
    tiny_with, today, given, told
):
    changed = tiny_with(
        "courses/tiny/m1-blocks.yaml", "title: Thumbs, fields: {tags: [votes]}", given
    )
    strange = block(made(changed, "fi-FI", today), "test", "strange")
    assert (strange["lang"], strange["state"]) == told


def test_words_inside_a_foreign_block_of_a_pack_are_in_its_language(tiny_with, today):
    added = tiny_with(
        "courses/tiny/countries/FI/pack.yaml",
        "      blocks:\n        - {id: what,",
        "      blocks:\n        - {id: own, type: xblock, block: thumbs, fields: {tags: [x]}}\n"
        "        - {id: what,",
    )
    told = [block(made(added, name, today), "fi-night", "own") for name in ("fi-FI", "en-FI")]
    assert [(one["lang"], one["state"]) for one in told] == [("fi", "local"), ("fi", "missing")]


def test_a_block_that_fell_back_says_language_and_state(tiny, today):
    finnish = made(tiny, "fi", today)
    assert (
        block(finnish, "words", "opening")["lang"],
        block(finnish, "words", "opening")["state"],
    ) == ("fi", "current")
    assert (block(finnish, "words", "talk")["lang"], block(finnish, "words", "talk")["state"]) == (
        "en",
        "held",
    )
    assert block(finnish, "doing", "think")["state"] == "missing"


def test_a_text_in_another_language_than_its_block_is_marked(tiny_with, today):
    catalogue = tiny_with(
        "courses/tiny/orgs/saro.yaml",
        "changes:\n",
        "changes:\n  - op: replace\n    at: m1-blocks:words/talk/good/thank\n    reason: x\n"
        "    text: Kiitä.\n",
    )
    good = block(made(catalogue, "en-FI+saro", today), "words", "talk")["fields"]["good"]
    assert good[1] == ["thank", '<span lang="fi">Kiitä.</span>']


def test_a_missing_fact_is_told_in_the_text(tiny, today):
    text = block(made(tiny, "nl-BE", today), "law", "duty")["fields"]["text"]
    assert (
        "(not yet filled in for this country; your coordinator knows. In danger call 112)" in text
    )


def test_serving_modules_import_neither_yaml_nor_pydantic():
    names = "overlay, facts, markup, variant, segments, version, drift, compile"
    code = (
        f"from mtd_learning.content import {names}; import sys; "
        "print({'yaml', 'pydantic', 'ruamel', 'markdown_it'} & set(sys.modules))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.strip() == "set()"


def test_the_first_mention_of_a_word_of_the_field_is_linked_in_each_unit(tiny_with, today):
    path, note = "courses/tiny/m1-blocks.yaml", "content_note: A child is hurt in this story., "
    behind = tiny_with(path, "text: The story.", "text: A volunteer.")
    link = '<a class="term" href="/words#volunteer-coordinator" title="'
    assert block(made(behind, "en", today), "words", "safety")["fields"]["text"].count(link) == 1
    gated = block(made(behind, "en", today), "words", "heavy")["fields"]["text"]
    assert "<a" not in gated, "who skips the block behind its note would miss the link"
    opened = tiny_with(path, f"{note}text: The", "text: A volunteer tells a volunteer the")
    story = block(made(opened, "en", today), "words", "heavy")["fields"]["text"]
    assert story.count('href="/words#volunteer"') == 1


def test_a_word_is_linked_in_the_language_that_it_stands_in(tiny, today):
    page = units(made(tiny, "fi", today, translate=lambda words, language: f"{language} {words}"))
    text = next(one for one in page["words"]["blocks"] if one["id"] == "safety")["fields"]["text"]
    assert '<a class="term" href="/words#volunteer-coordinator" title="Työntekijä' in text
