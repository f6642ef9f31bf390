"""Changes go back into the file and leave the rest as it was."""

import pytest

from mtd_learning.content import events, reader, segments, writer
from mtd_learning.errors import Invalid, NotFound
from tests.content.conftest import changed_lines, files_of

MODULE = b"""# Top comment
kind: module
id: m
title: "One" # why

units:
  - id: a
    title: First
    minutes: 3
    blocks:
      - id: t
        type: text
        text: |
          Line one.
          Line two.
      - {id: u, type: text, text: Short.}   # note
"""


@pytest.mark.parametrize("folder", ["tiny", "example", "broken"])
def test_the_files_of_the_tests_are_in_form_already(folder):
    for path, text in files_of(folder).items():
        if path.endswith(".yaml"):
            assert writer.format_file(text) == text, path


def test_one_changed_title_changes_one_line():
    after = writer.change(MODULE, "a/title", "Second")
    assert changed_lines(MODULE, after) == ["-     title: First", "+     title: Second"]


@pytest.mark.parametrize(
    "words",
    ["yes: no", "# x", "- a", "'", '"', "a, b}", "null", "", "  a", "1e10", "ä\tb", "@x", "a #b"],
)
@pytest.mark.parametrize("address", ["a/title", "a/t/text", "a/u/text", "_/title"])
def test_any_words_come_back_as_they_were_written(address, words):
    after = writer.change(MODULE, address, words)
    tree = events.build(after).tree
    found = {f"_/{rest}": h[k] for rest, h, k, _ in segments.header_slots("module", tree)}
    unit = tree["units"][0]
    found["a/title"] = unit["title"]
    for each in unit["blocks"]:
        found[f"a/{each['id']}/text"] = each["text"]
    assert segments.fingerprint(found[address]) == segments.fingerprint(words)


def test_several_lines_stand_under_a_bar():
    after = writer.change(MODULE, "a/t/text", "One.\n\nTwo.")
    assert b"        text: |\n          One.\n\n          Two.\n" in after
    assert b"# note" in after


def test_texts_of_translations_and_packs_can_be_changed_too():
    files = files_of("tiny")
    path = "courses/tiny/i18n/fi/m1-blocks.yaml"
    after = writer.change(files[path], "words/opening/text", "Ovi on kiinni.")
    assert len(changed_lines(files[path], after)) == 2
    path = "courses/tiny/countries/FI/pack.yaml"
    after = writer.change(files[path], "changes/1/unit/what/text", "Toinen.")
    assert b'text: "Toinen."' in after


def test_an_unknown_address_and_a_broken_file_are_refused():
    with pytest.raises(NotFound, match="a/titel"):
        writer.change(MODULE, "a/titel", "x")
    with pytest.raises(Invalid):
        writer.change(b"a: [", "a/title", "x")


def test_a_stamp_renews_every_mark_and_nothing_else():
    files = files_of("tiny")
    module = "courses/tiny/m1-blocks.yaml"
    files[module] = files[module].replace(b"A door is **open**", b"The door is **open**")
    path = "courses/tiny/i18n/fi/m1-blocks.yaml"
    after = writer.stamp(reader.read_files(files), path)
    assert len(changed_lines(files[path], after)) == 2
    assert segments.fingerprint("The door is **open**.").encode() in after


def test_stamping_all_fills_in_what_has_no_mark_and_leaves_outdated_ones():
    files = files_of("tiny")
    path = "courses/tiny/i18n/fi/course.yaml"
    files[path] = (
        b"kind: translation\nof: course\nlocale: fi\nsegments:\n  _:\n"
        b'    title: {src: "0000000000", text: Kurssi}\n    summary: {text: Kaikki.}\n'
    )
    assert list(writer.stamped(files)) == [path]
    after = writer.stamped(files)[path]
    mark = segments.fingerprint("Everything a course can hold, as small as it can be.")
    assert f'summary: {{src: "{mark}", text: Kaikki.}}'.encode() in after
    assert b'"0000000000"' in after
    assert b'"0000000000"' not in writer.stamped(files, renew=True)[path]


def test_a_stamp_leaves_two_spaces_before_the_comment_of_a_line_that_grew():
    files = files_of("tiny")
    path = "courses/tiny/i18n/fi/course.yaml"
    files[path] = (
        b"kind: translation\nof: course\nlocale: fi  # Finnish\nsegments:\n  _:\n"
        b"    title: {text: Kurssi}  # why\n    # whole\n    summary: {text: Kaikki.} # note\n"
    )
    after = writer.stamped(files)[path]
    assert b"text: Kurssi}  # why\n    # whole\n" in after and b"text: Kaikki.} # note\n" in after
    assert b"locale: fi  # Finnish\n" in after


@pytest.mark.parametrize("words", ["One", "Onex", "Onexx", "Onexxx", "a longer title"])
def test_a_comment_keeps_its_distance_when_its_line_grows(words):
    apart = MODULE.replace(b"First\n", b"One  # as here\n")
    assert f"title: {words}  # as here\n".encode() in writer.change(apart, "a/title", words)


def test_a_file_with_line_ends_of_windows_is_written_as_any_other():
    assert writer.format_file(MODULE.replace(b"\n", b"\r\n")) == MODULE
    files = files_of("tiny")
    path = "courses/tiny/i18n/fi/course.yaml"
    text = files[path].replace(b"locale: fi\n", b"locale: fi  # Finnish\n")
    files[path] = text.replace(b"8ecb40c6b0", b"0000000000").replace(b"\n", b"\r\n")
    assert writer.stamped(files, renew=True)[path] == text


def test_single_addresses_can_be_stamped():
    files = files_of("tiny")
    path = "courses/tiny/i18n/fi/course.yaml"
    files[path] = files[path].replace(b"src:", b'src: "0000000000" #')
    files[path] = (
        b"kind: translation\nof: course\nlocale: fi\nsegments:\n  _:\n"
        b"    title: {text: Kurssi}\n    summary: {text: Kaikki.}\n"
    )
    after = writer.stamp(reader.read_files(files), path, only=["_/title"])
    assert after.count(b"src:") == 1


def test_a_replacement_of_a_replacement_is_stamped_with_the_words_beneath_it():
    files = files_of("tiny")
    path = "courses/tiny/orgs/saro-lahti.yaml"
    files[path] = files[path].replace(b'    src: "', b'    src: "0000000000" # "')
    after = writer.stamped(files, renew=True)[path]
    assert segments.fingerprint("Kerro omalle ohjaajallesi.").encode() in after


def test_a_file_that_cannot_be_read_keeps_its_form():
    assert writer.format_file(b"a: [") == b"a: ["


def test_form_is_brought_into_order():
    assert writer.format_file(b"a:\n- b\n-   c\n") == b"a:\n  - b\n  - c\n"


@pytest.mark.parametrize(
    "text", ["a: {b, c: d}", "a: {b: , c: d}", "a: {b: ~, c: null}", "a:\nb:", "? a\n# c\n: b"]
)
def test_the_houses_form_says_the_same(text):
    form = writer.format_file(text.encode())
    assert events.build(form).tree == events.build(text.encode()).tree
    assert writer.format_file(form) == form


@pytest.mark.parametrize(
    "text",
    [
        b"? kind\n# why\n: module\ntitle: One\n",
        b"%YAML 1.1\n---\nkind: module\ntitle: One\nother: {a: Who?, b: c}\n",
    ],
)
def test_a_change_that_cannot_be_written_is_refused(text):
    assert events.build(text).faults == []
    assert writer.format_file(text) == text
    with pytest.raises(Invalid, match="cannot be changed"):
        writer.change(text, "_/title", "Two")


TRANSLATION = b"""# Top comment
kind: translation
of: m
locale: fi
segments:
  a:
    # about the title
    title: {src: "0000000000", text: Yksi}   # why
    t/text:
      src: "0000000000"
      text: |
        Rivi.

        # Otsikko

    # about u
    u/text: {src: "0000000000", text: "Kaksi"}

  # about c
  c:
    title: {src: "0000000000", text: Kolme}
"""
ORDER = ["_/title", "a/title", "a/s/text", "a/t/text", "a/t2/text", "a/u/text", "b/title"]
ORDER += ["b/t/text", "c/title", "c/t/text"]
MARK = "1234567890"


def test_new_texts_of_a_translation_stand_where_the_source_has_them():
    new = dict.fromkeys(("_/title", "a/s/text", "a/t2/text", "b/t/text"), (MARK, "Uusi."))
    after = writer.translate(TRANSLATION, new, ORDER)
    kept = after.decode().splitlines()
    for line in TRANSLATION.decode().splitlines():
        kept = kept[kept.index(line) + 1 :]
    assert b"\n    # about u\n    u/text" in after and b"\n  # about c\n  c:" in after
    built = events.build(after).tree["segments"]
    assert [f"{unit}/{rest}" for unit, entries in built.items() for rest in entries] == [
        *("_/title", "a/title", "a/s/text", "a/t/text", "a/t2/text", "a/u/text"),
        *("b/t/text", "c/title"),
    ]
    assert built["a"]["t/text"]["text"] == "Rivi.\n\n# Otsikko\n"


def test_a_text_of_a_translation_that_changes_takes_its_new_mark_along():
    after = writer.translate(TRANSLATION, {"a/u/text": (MARK, "Kaksi!")}, ORDER)
    assert changed_lines(TRANSLATION, after) == [
        '-     u/text: {src: "0000000000", text: "Kaksi"}',
        '+     u/text: {src: "1234567890", text: "Kaksi!"}',
    ]


@pytest.mark.parametrize(
    "form",
    [
        b"segments:\n  a: {title: {text: Yksi}}\n",
        b"segments: {a: {title: {text: Yksi}}, b: {}}",
        b"segments: {}\n",
        b"",
    ],
)
def test_new_texts_go_into_a_translation_in_braces_or_without_any(form):
    head = b"kind: translation\nof: m\nlocale: fi\n"
    new = {at: (MARK, f"{at}: # 'x'\n\n y") for at in ("a/u/text", "b/title", "c/title")}
    built = events.build(writer.translate(head + form, new, ORDER)).tree["segments"]
    assert {at: built[at[0]][at[2:]]["text"].strip("\n") for at in new} == {
        at: words for at, (_, words) in new.items()
    }
    assert ("title" in built["a"]) is (b"Yksi" in form)
