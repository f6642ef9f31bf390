"""What the schema objects to is told in plain words, once for each cause."""

import pytest

from mtd_learning.content import reader

MODULE = (
    "kind: module\nid: m\ntitle: T\nunits:\n  - id: a\n    title: A\n    minutes: 1\n"
    "    blocks:\n      - "
)
QUIZ = "kind: quiz\nid: m\ncourse: c\ntitle: T\npass_percent: 80\nquestions:\n  - "
PACK = "kind: country-pack\nid: FI\nof: c\nmade_for: 1.0.0\ntext_locale: fi\n"
WORDS = "kind: translation\nof: m\nlocale: fi\nsegments:\n  a:\n    "
TOLD = {
    MODULE + "{id: b, type: text, text: x, protect: wording}": (
        "9:38: error S110: 'protect' must be a list of '- ' lines"
        "  -> write it in brackets: [wording]"
    ),
    MODULE + "{id: b, type: text, text: x, protect: [words]}": (
        "9:48: error S103: 'words' is not one of wording, presence, order"
        "  -> did you mean 'wording'?"
    ),
    MODULE + "just words": (
        "9:9: error S110: 'item 1 of blocks' must be a mapping of 'name: value' lines"
        "  -> check the indentation and the '-' signs here"
    ),
    MODULE + "{id: b, type: text, text: x, rol: hook}": (
        "9:38: error S102: unknown field 'rol'  -> did you mean 'role'?"
    ),
    MODULE + "{id: b, type: text, txt: x}": (
        "9:29: error S102: unknown field 'txt'  -> did you mean 'text'?"
    ),
    MODULE + "{id: b, type: text, text: Talk, or football.}": (
        "9:41: error S102: unknown field 'or football.'"
        "  -> put the text before it in quotes: in braces a comma ends it"
    ),
    MODULE + "{id: b, type: text, text: Talk, colour: }": (
        "9:41: error S102: unknown field 'colour'  -> remove 'colour'"
    ),
    MODULE + "{id: b, type: checklist, items: [one, two]}": (
        "9:34: error S110: 'items' must be a mapping of 'name: value' lines"
        "  -> write a short name with a colon in place of each '-', such as 'a: …'"
    ),
    MODULE + "{id: b, type: facts, facts: []}": (
        "9:30: error S110: 'facts' needs at least 1  -> add one"
    ),
    MODULE + "{id: b, type: image, file: ../x.svg, alt: y}": (
        "9:30: error S110: 'file' must be the name of a picture without spaces, such as door.svg "
        "(or png, jpg, webp, avif, gif)  -> '../x.svg' does not fit; write it again"
    ),
    MODULE + "{id: b, type: image, file: x.heic, alt: y}": (
        "9:30: error S110: 'file' must be the name of a picture without spaces, such as door.svg "
        "(or png, jpg, webp, avif, gif)  -> 'x.heic' does not fit; write it again"
    ),
    MODULE + "{id: b, type: video, title: x, transcript: y, file: x.mov, captions: {en: a.vtt}}": (
        "9:55: error S110: 'file' must be the name of a film without spaces, such as talk.mp4 "
        "(or webm, ogv)  -> 'x.mov' does not fit; write it again"
    ),
    MODULE + "{id: b, type: video, title: x, transcript: y, file: x.mp4, captions: {en: a.srt}}": (
        "9:79: error S110: 'en' must be the name of a file of captions, such as talk.vtt"
        "  -> 'a.srt' does not fit; write it again"
    ),
    MODULE + "{id: b, type: audio, title: x, transcript: y, file: x.wma}": (
        "9:55: error S110: 'file' must be the name of a recording without spaces, such as "
        "talk.mp3 (or m4a, ogg, opus, wav)  -> 'x.wma' does not fit; write it again"
    ),
    MODULE + "{id: b, type: check, question: {id: q, type: single, text: x}}": (
        "9:41: error S110: a question inside a check has no 'id'  -> remove the question's 'id'"
    ),
    MODULE + "{id: b, type: check, question: {type: single, text: x, options: "
    "[{id: a, text: x, feedback: y}]}}": (
        "9:64: error S110: 'options' needs at least 2  -> add one"
    ),
    MODULE + "{id: b, type: scenario, text: x, debrief: y}": (
        "9:9: error S110: a scenario has either 'choices' or 'scenes'  -> keep one of them"
    ),
    QUIZ.replace("80", "120") + "{id: a, type: short, text: x, accept: {a: b}, feedback: c, "
    "otherwise: d}": (
        "5:1: error S110: 'pass_percent' must be at most 100, not 120  -> change the number"
    ),
    QUIZ + "{id: a, type: numeric, text: x, answer: four, feedback: c, otherwise: d}": (
        "7:37: error S110: 'answer' must be a number such as 2.5"
        "  -> 'four' does not fit; write it again"
    ),
    QUIZ + "{id: a, type: numeric, text: x, answer: 4, tolerance: -1, feedback: c, otherwise: d}": (
        "7:48: error S110: 'tolerance' must be at least 0, not -1"
        "  -> write how far off an answer may be"
    ),
    QUIZ + "{id: a, type: match, text: x, pairs: [{id: b, text: y, match: v}, "
    "{id: c, text: y, match: w}], feedback: c, otherwise: d}": (
        "7:79: error S110: two of the 'pairs' have the same words in 'text'  -> change one of them"
    ),
    QUIZ + "{id: a, type: single, text: x, options: [{id: b, text: y, correct: true}, "
    "{id: c, text: y}]}": (
        "7:87: error S110: two of the 'options' have the same words in 'text'"
        "  -> change one of them"
    ),
    QUIZ + "{id: a, type: multiple, text: x, options: [{id: b, text: y, correct: true}, "
    "{id: c, text: ' y '}]}": (
        "7:89: error S110: two of the 'options' have the same words in 'text'"
        "  -> change one of them"
    ),
    QUIZ + "{id: a, type: order, text: x, items: [{id: b, text: y}, {id: c, text: y}], "
    "feedback: c, otherwise: d}": (
        "7:69: error S110: two of the 'items' have the same words in 'text'  -> change one of them"
    ),
    QUIZ + "{id: a, type: gap, text: 'a [[b]]', gaps: [{id: c, accept: {a: x}}], "
    "feedback: c, otherwise: d}": (
        "7:5: error S110: the text has the places ['b'] and the gaps are ['c']"
        "  -> write each gap's id once as [[id]] in the text"
    ),
    PACK.replace("1.0.0", "1.0"): (
        "4:1: error S110: 'made_for' must be a version such as 1.2.0"
        "  -> '1.0' does not fit; write it again"
    ),
    PACK.replace("1.0.0", "01.2.0"): (
        "4:1: error S110: 'made_for' must be a version such as 1.2.0"
        "  -> '01.2.0' does not fit; write it again"
    ),
    PACK.replace("1.0.0", "١.٢.٠"): (
        "4:1: error S110: 'made_for' must be a version such as 1.2.0"
        "  -> '١.٢.٠' does not fit; write it again"
    ),
    PACK + "languages: [nl-BE]": (
        "6:13: error S110: 'item 1 of languages' must be a language such as fi, without a country"
        "  -> 'nl-BE' does not fit; write it again"
    ),
    PACK.replace("id: FI", "id: Finland"): (
        "2:1: error S110: 'id' must be a country in two capitals, such as FI"
        "  -> 'Finland' does not fit; write it again"
    ),
    PACK + "facts: {emergency: {FI: {value: x}}}": (
        "6:21: error S110: 'FI' must be a language such as fi, or \"*\""
        "  -> 'FI' does not fit; write it again"
    ),
    PACK + "facts: {emergency: {fi: {value: x, checked_on: yesterday}}}": (
        "6:36: error S110: 'checked_on' must be a date such as 2026-11-01"
        "  -> write year, month and day: 2026-11-01"
    ),
    PACK + "facts: {emergency: {fi: {value: x, checked_on: 20261101}}}": (
        "6:36: error S110: 'checked_on' must be a date such as 2026-11-01"
        "  -> write year, month and day: 2026-11-01"
    ),
    PACK + "facts: {emergency: {fi: {value: x, checked_on: 2026-W44-1}}}": (
        "6:36: error S110: 'checked_on' must be a date such as 2026-11-01"
        "  -> write year, month and day: 2026-11-01"
    ),
    PACK + "facts: {emergency: {value: x, source: y}}": (
        "6:21: error S110: 'value' stands one level too high: a fact has its languages first"
        '  -> write "*": {value: …} for all languages, or fi: {value: …}'
    ),
    PACK + "changes:\n  - {op: add, reason: y, block: {id: b, type: reflection, text: x}}": (
        "7:5: error S101: 'after' is missing  -> add 'after:' or, for a last place, 'into:'"
    ),
    PACK + "changes:\n  - {op: add, into: x, reason: y}": (
        "7:5: error S110: an addition has one 'unit', 'block' or 'question'  -> add one of them"
    ),
    PACK + "changes:\n  - {at: x, reason: y}": "7:5: error S101: 'op' is missing  -> add 'op:'",
    PACK + "facts: {emergency: {fi: 112}}": (
        "6:21: error S110: 'fi' must be a mapping of 'name: value' lines"
        "  -> write below it: value, source, year, checked_on, checked_by, note"
    ),
    MODULE + "{id: b, type: text, \N{NO-BREAK SPACE}text: x}": (
        "9:29: error S102: unknown field 'text'  -> delete what stands beside it and is not seen"
    ),
    MODULE + "{id: b, type: text\N{NO-BREAK SPACE}, text: x}": (
        "9:17: error S103: 'text' is not one of text, image, video, audio, compare, facts, check, "
        "quiz, scenario, reflection, checklist, xblock  -> delete what stands beside it and is not "
        "seen"
    ),
    MODULE.replace("minutes: 1", "minutes: 1\N{ZERO WIDTH SPACE}")
    + "{id: b, type: text, text: x}": (
        "7:5: error S110: 'minutes' must be a whole number"
        "  -> delete what stands beside it and is not seen"
    ),
    WORDS.replace("  a:\n    ", "  ") + "a/b/text: {text: x}": (
        "5:3: error S110: 'a/b/text' stands one level too high: a text stands below its unit"
        "  -> write 'a:' and below it 'b/text: {text: …}'"
    ),
    WORDS.replace("  a:\n    ", "  ") + "title: {text: x}": (
        "5:3: error S110: 'title' stands one level too high: a text stands below its unit"
        "  -> write '_:' and below it 'title: {text: …}'"
    ),
    WORDS + "text: Kysymys": (
        "6:5: error S110: 'text' must be a mapping of 'name: value' lines  -> write below it: text"
    ),
    WORDS + "title: Otsikko": (
        "6:5: error S110: 'title' must be a mapping of 'name: value' lines  -> write below it: text"
    ),
    WORDS + 'title: {text: "  "}': (
        "6:13: error S110: 'text' is empty  -> write a text, or remove the line"
    ),
    WORDS + 'title: {src: "12", text: x}': (
        "6:13: error S110: 'src' must be 10 signs of 0-9 and a-f, in quotes"
        "  -> '12' does not fit; write it again"
    ),
}


@pytest.mark.parametrize("text", TOLD, ids=range(len(TOLD)))
def test_a_fault_is_told_in_these_words_and_once(text):
    _, problems = reader.read_source("f.yaml", f"{text}\n".encode())
    said = [str(problem).removeprefix("f.yaml:") for problem in problems]
    assert TOLD[text] in said
    assert len(said) == len({(problem.line, problem.column) for problem in problems})


def test_a_text_longer_than_64_kb_is_refused():
    _, problems = reader.read_source(
        "f.yaml", (MODULE + "{id: b, type: text, text: " + "x" * 70_000 + "}").encode()
    )
    assert problems[0].sentence == "'text' is longer than 65536 characters"


@pytest.mark.parametrize(("signs", "told"), [(32_768, []), (32_769, ["S110 at line 9"])])
def test_a_text_is_measured_in_bytes_as_at_publication(signs, told):
    text = MODULE + "{id: b, type: text, text: " + "ä" * signs + "}"
    _, problems = reader.read_source("f.yaml", text.encode())
    assert [f"{problem.code} at line {problem.line}" for problem in problems] == told
    assert all(problem.sentence == "'text' is longer than 64 kB" for problem in problems)


def test_a_thousand_faults_are_cut_off():
    text = "kind: module\n" + "".join(f"field{n}: x\n" for n in range(1_000))
    _, problems = reader.read_source("f.yaml", text.encode())
    assert 50 < len(problems) <= 100
