"""Trainer's notes: addresses, ids, layers; learners are never shown a word of them."""

from mtd_learning.content import check, segments

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


def test_the_course_itself_may_have_notes_too(tiny_with):
    more = NOTES.replace("requires: [m1-blocks]\n", "modules: [m1-blocks, m2-short]\n")
    made = tiny_with("courses/tiny/course.yaml", "modules: [m1-blocks, m2-short]\n", more)
    assert "_/trainer/close/text" in segments.segments(made.course("tiny").base)


def test_an_id_that_two_notes_share_is_refused(tiny_with, today):
    twice = tiny_with(MODULE, SHORT[1], NOTES.replace("id: close", "id: opening"))
    assert f"{MODULE}:12:5: error S120: the id 'opening' is used twice in 'trainer'" in "".join(
        said(twice, today)
    )


def test_a_fact_that_nobody_declared_is_refused_in_a_note(tiny_with, today):
    wrong = tiny_with(
        MODULE, SHORT[1], NOTES.replace("call {{ emergency }}", "call {{ emergncy }}")
    )
    assert f"{MODULE}:9:5: error S121: there is no fact called 'emergncy'" in "".join(
        said(wrong, today)
    )
