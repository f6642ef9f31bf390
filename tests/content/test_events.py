"""No file can do harm, and every refusal says where and what next."""

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtd_learning.content import events, reader

MEGABYTE = 1024 * 1024
HOSTILE = {
    "brackets": b"[" * MEGABYTE,
    "brackets below the limit": b"[" * (500 * 1024),
    "braces below the limit": b"{" * (500 * 1024),
    "nested levels": b"[" * 20_000 + b"]" * 20_000,
    "indented levels": b"".join(b" " * n + b"a:\n" for n in range(900)),
    "dashes": b"- " * 200_000,
    "tags": b"- !!python/object:os.system x\n" * 16_000,
    "aliases": b"a: &a [x]\n" + b"b: [*a, *a, *a]\n" * 30_000,
    "laughs": b"a: &a [x, x]\n" + b"".join(b"b%d: &b%d [*a, *a]\n" % (n, n) for n in range(9000)),
    "equal keys": b"a: 1\n" * 100_000,
    "many values": b"- x\n" * 120_000,
    "question marks": b"? " * 200_000,
    "colons": b": " * 200_000,
    "quotes": b'"' * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_quickly_and_in_little_memory(name):
    events.build(b"a: b")
    tracemalloc.start()
    begun = time.process_time()
    source, problems = reader.read_source("courses/x/m.yaml", HOSTILE[name])
    spent = time.process_time() - begun
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert source is None
    assert problems[0].code.startswith(("Y", "S100"))
    assert spent < 2
    assert peak < 200 * MEGABYTE


def test_each_equal_key_is_told_but_not_a_hundred_thousand_times():
    built = events.build(b"a: 1\n" * 10_000)
    assert {fault.code for fault in built.faults} == {"Y008"}
    assert len(built.faults) == events.MAX_FAULTS + 1


def test_a_file_of_more_than_512_kb_is_refused_unread():
    built = events.build(b"# x\n" * 131_073)
    assert [(f.code, f.sentence) for f in built.faults] == [
        ("Y001", "the file is larger than 512 kB")
    ]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("no: no", {"no": "no"}),
        ("a: 0800 96 116", {"a": "0800 96 116"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 1.10", {"a": "1.10"}),
        ("a: 2026-11-01", {"a": "2026-11-01"}),
        ("a: null\nb: ~\nc:\nd: 'null'", {"a": None, "b": None, "c": None, "d": "null"}),
        ("[a, {b: c}]", ["a", {"b": "c"}]),
    ],
)
def test_every_scalar_is_a_text_and_only_a_plain_null_is_nothing(text, tree):
    assert events.build(text.encode()).tree == tree


def test_places_are_those_of_keys_and_of_list_items():
    places = events.build(b"a: x\nb:\n  - c: y\n  - d\n", with_places=True).places
    assert places == {
        ("a",): (1, 1),
        ("b",): (2, 1),
        ("b", 0): (3, 5),
        ("b", 0, "c"): (3, 5),
        ("b", 1): (4, 5),
    }


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (b"a: \xff\xfe", "Y002", (1, 4)),
        (b"\xef\xbb\xbfa: \xc3\xa4\xff", "Y002", (1, 5)),
        (b"a: b\x00", "Y002", (1, 5)),
        ("a: ä\nb: ää\x07".encode(), "Y002", (2, 6)),
        ("a: b\nc: ä\u2028d: e".encode(), "Y002", (2, 5)),
        (b'a: b\nc: "d\\0e"', "Y002", (2, 4)),
        (b'"a\\x1b": b', "Y002", (1, 1)),
        (b'- a\n- "\\x7f"', "Y002", (2, 3)),
        (b"a: b\tc", "Y002", (1, 5)),
        (b"a:\tb", "Y002", (1, 3)),
        ("# \t\na: 'ä\t'\t# \t".encode(), "Y002", (2, 8)),
        (b"a: b\nname\nc: d", "Y002", (2, 1)),
        (b"a: b\n---\nc: d\n", "Y002", (2, 1)),
        (b'a: "b\nc: d\n', "Y002", (1, 4)),
        (b"a: b\n  c: d", "Y002", (2, 4)),
        (b'a: "b\nc: d\ne: x "f" y\n', "Y002", (1, 4)),
        (b'- {a: "b}\n- {a: "b"}\n', "Y002", (1, 7)),
        (b"a: 'b\nc: it's\n", "Y002", (1, 4)),
        (b'a: "b" c\n', "Y002", (1, 8)),
        (b"", "Y004", (1, 1)),
        (b"!x a: b", "Y005", (1, 1)),
        (b"a: *b", "Y006", (1, 4)),
        (b"{a: b}: c", "Y007", (1, 1)),
    ],
)
def test_what_yaml_or_we_refuse_has_a_code_and_a_place(text, code, place):
    fault = events.build(text).faults[0]
    assert (fault.code, fault.place) == (code, place)
    assert fault.next_step


def test_a_quotation_mark_that_is_left_out_is_told_where_the_text_begins():
    [fault] = events.build(b'a: "b\nc: d\ne: x "f" y\n').faults
    assert fault.sentence == "the text in quotes goes on to line 3"
    assert fault.next_step == "close the quotation mark where the text ends"


@pytest.mark.parametrize(
    ("text", "step"),
    [
        (b'a: "No" he said', "put the whole text in quotes, single ones around double ones"),
        (b"a: 'It's so'", "put the whole text in quotes, double ones around single ones"),
        (b'a: "50 \\% of it"', "write the backslash twice, or put the text in single quotes"),
        (b"a: > 50 %", "put the text in quotes, or begin it on the next line"),
        (b"a: [now] or later", "put the text in quotes"),
    ],
)
def test_signs_that_mean_something_in_yaml_are_told_with_what_to_write(text, step):
    [fault] = events.build(text).faults
    assert (fault.code, fault.next_step) == ("Y002", step)


def test_who_begins_a_text_with_a_fact_is_told_to_put_it_in_quotes():
    [fault] = events.build(b"a: {{ emergency }} helps\n").faults
    assert (fault.code, "'{{' stands in quotes" in fault.next_step) == ("Y007", True)


@pytest.mark.parametrize(
    "text", ["a: b # \tc\n# \td\n", "a: 'b\tc'\n", 'a: "b\tc"\n', "a: |\n  b\tc\n# \td\n"]
)
def test_a_tab_may_stand_in_a_comment_in_quotes_and_in_a_text_of_several_lines(text):
    assert events.build(text.encode()).faults == []


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_random_bytes_never_break_the_reader(text):
    source, problems = reader.read_source("courses/x/m.yaml", text)
    assert source is None
    assert problems


ODD = st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,?\n \t0~", max_size=120)


@settings(max_examples=300)
@given(ODD)
def test_random_yaml_signs_never_break_the_reader(text):
    built = events.build(text.encode(), with_places=True)
    assert (built.tree is None) or not built.faults or {f.code for f in built.faults} == {"Y008"}


@settings(max_examples=200)
@given(ODD, st.sampled_from(["course", "module", "quiz", "translation", "country-pack"]))
def test_a_known_kind_followed_by_anything_is_read_or_explained(text, kind):
    source, problems = reader.read_source("x.yaml", f"kind: {kind}\n{text}".encode())
    assert (source is None) == bool(problems)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)
