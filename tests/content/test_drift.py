"""Orphans, and changes that left the meaning as it was."""

import pytest

from mtd_learning.content import check, drift, overlay, reader, segments, unchanged, writer
from mtd_learning.content.variant import Variant
from mtd_learning.errors import Forbidden, Invalid, NotFound
from tests.content.conftest import files_of

BASE = "courses/tiny/m1-blocks.yaml"


def state(files, address, name="fi"):
    resolved = overlay.resolve(reader.read_files(files), "tiny", Variant.parse(name))
    return drift.states_of(resolved).get(address)


def edited(old, new, files=None):
    files = dict(files or files_of("tiny"))
    text = files[BASE].decode()
    assert old in text
    files[BASE] = text.replace(old, new).encode()
    return files


def test_a_text_whose_address_is_gone_is_orphaned():
    files = edited("{id: opening, type: text,", "{id: begin, type: text,")
    assert state(files, "m1-blocks:words/opening/text") == "orphaned"


def mark(files, address, old, **more):
    path, text = unchanged.mark_equivalent(reader.read_files(files), "tiny", address, old, **more)
    return {**files, path: text}


def test_only_a_comma_keeps_every_translation_current(today):
    old = segments.fingerprint("A door is **open**.")
    files = edited("A door is **open**.", "A door is **open**!")
    assert state(files, "m1-blocks:words/opening/text") == "outdated"
    files = mark(files, "m1-blocks:words/opening/text", old)
    assert state(files, "m1-blocks:words/opening/text") == "current"
    assert not [p for p in check.check(reader.read_files(files), today) if p.code == "T203"]


def test_a_second_comma_keeps_the_first():
    address = "m1-blocks:words/opening/text"
    first, second = "A door is **open**.", "A door is **open**!"
    files = mark(edited(first, second), address, segments.fingerprint(first))
    files = edited(second, "A door is **open**!!", files)
    files = mark(files, address, segments.fingerprint(second))
    assert state(files, address) == "current"


def test_what_means_the_same_as_one_older_text_means_the_same_as_all_its_equals():
    address = "m1-blocks:words/opening/text"
    first, second = "A door is **open**.", "A door is **open**!"
    marks = [segments.fingerprint(first), segments.fingerprint(second)]
    files = mark(edited(first, second), address, marks[0])
    files = mark(edited(second, "A door is **open**!!", files), address, marks[0])
    assert f'was: ["{marks[0]}", "{marks[1]}"]'.encode() in files["courses/tiny/equivalent.yaml"]


def test_a_new_meaning_ends_the_equivalence():
    address, path = "m1-blocks:words/opening/text", "courses/tiny/i18n/sv/m1-blocks.yaml"
    first, second = "A door is **open**.", "A door is **open**!"
    files = mark(edited(first, second), address, segments.fingerprint(first))
    files = edited(second, "A door is shut.", files)
    assert state(files, address) == "outdated"
    shut = segments.fingerprint("A door is shut.")
    swedish = f'opening/text: {{src: "{shut}", text: En dörr är stängd.}}'
    head = "kind: translation\nof: m1-blocks\nlocale: sv\nsegments:\n  words:\n    "
    files = edited("A door is shut.", "A door is shut!", {**files, path: (head + swedish).encode()})
    files = mark(files, address, shut)
    assert state(files, address) == "outdated" and state(files, address, "sv") == "current"


def test_protected_text_needs_a_second_person():
    files = edited("In danger call", "In danger, call")
    address = "m1-blocks:words/safety/text"
    old = segments.fingerprint("In danger call {{ emergency }}.\nThen tell your coordinator.")
    with pytest.raises(Forbidden, match="second person"):
        mark(files, address, old)
    files = mark(files, address, old, approved=True)
    assert state(files, address) == "current"


def test_an_entry_for_no_text_of_today_is_told_at_its_place(today):
    path = "courses/tiny/equivalent.yaml"
    marks = '{now: "0123456789", was: ["9876543210"]}'
    head = f"kind: equivalent\nof: tiny\nsegments:\n  m1-blocks:\n    words/door/alt: {marks}\n"
    rest = f"    words/dor/alt: {marks}\n  m9:\n    words/door/alt: {marks}\n"
    files = {**files_of("tiny"), path: (head + rest).encode()}
    found = [str(p) for p in check.check(reader.read_files(files), today) if p.file == path]
    now = segments.fingerprint("An open door")
    assert found == [
        f"{path}:5:5: warning T203: outdated: 'now' is 0123456789, the source is now {now}"
        "  -> compare; if it still fits: mtd content equivalent, else remove it",
        f"{path}:6:5: warning T201: orphaned: the source has no 'words/dor/alt'"
        "  -> did you mean 'words/door/alt'?",
        f"{path}:8:5: warning T201: orphaned: the source has no 'words/door/alt'  -> remove it",
    ]


def test_a_question_has_its_own_file_of_equivalents():
    bank = "quizzes/tiny/m1-blocks.yaml"
    files = files_of("tiny")
    files[bank] = files[bank].replace(b"A door opens.", b"The door opens.")
    old = segments.fingerprint("A door opens.")
    path, text = unchanged.mark_equivalent(
        reader.read_files(files), "tiny", "quizzes/m1-blocks:yes-no/text", old
    )
    assert path == "quizzes/tiny/equivalent.yaml"
    assert b'yes-no/text: {now: "' in text


def test_an_unknown_address_or_mark_is_refused(tiny):
    with pytest.raises(NotFound):
        unchanged.mark_equivalent(tiny, "tiny", "m1-blocks:words/nothing/text", "0123456789")
    for mark in ("short", "0123456789", "6e7d47f85a"):  # the last is that of today
        with pytest.raises(Invalid):
            unchanged.mark_equivalent(tiny, "tiny", "m1-blocks:words/opening/text", mark)


def test_who_follows_the_step_that_is_told_of_an_old_mark_gets_a_new_one(today):
    path, files = "courses/tiny/i18n/fi/m1-blocks.yaml", edited("A door is", "The door is")

    def told():
        return [(p.code, p.next_step) for p in check.check(reader.read_files(files), today)]

    step = "compare and stamp again: first take the old 'src' away"
    assert told() == [("T203", f"{step}; or, if it still fits: mtd content equivalent")]
    assert path not in writer.stamped(files)
    files[path] = files[path].replace(b'src: "6e7d47f85a", ', b"")
    assert told() == [("T203", "compare and stamp it")]
    files |= writer.stamped(files)
    assert told() == []
