"""What counts as done, what is missing, where to go on: pure rules, held for any course."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mtd_learning.learning import rules
from mtd_learning.learning.rules import Progress


def unit(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "title": name.title(), "lang": "en", "minutes": 5, "required": True} | more


def course(*modules: tuple[str, list[dict[str, Any]], list[str]]) -> dict[str, Any]:
    return {
        "modules": [
            {"id": name, "title": name.title(), "lang": "fi", "units": units, "requires": requires}
            for name, units, requires in modules
        ]
    }


COURSE = course(
    ("m1", [unit("a"), unit("b", required=False), unit("c")], []),
    ("m2", [unit("d"), unit("e")], ["m1"]),
)
KEYS = [rules.unit_key(module, one) for module, one in rules.units(COURSE)]


def done(*keys: str) -> Progress:
    return Progress(dict.fromkeys(keys, 1), tuple(keys))


marks = st.dictionaries(st.sampled_from(KEYS), st.integers(1, 3))
small = st.lists(st.sampled_from("abc"), min_size=1, unique=True)


@st.composite
def courses(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a course of up to three modules, each of which may require those before it."""
    modules, names = [], []
    for number in range(draw(st.integers(1, 3))):
        units = [
            unit(name, required=draw(st.booleans()), revision=draw(st.integers(1, 2)))
            for name in draw(small)
        ]
        wanted = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
        names.append(f"m{number}")
        modules.append((names[-1], units, wanted))
    return course(*modules)


@st.composite
def courses_with_marks(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, int], dict[str, int]]:
    made = draw(courses())
    keys = st.sampled_from([rules.unit_key(*pair) for pair in rules.units(made)])
    some = st.dictionaries(keys, st.integers(1, 2))
    return made, draw(some), draw(some)


@given(courses_with_marks())
def test_one_more_mark_never_makes_something_undone(drawn):
    made, before, more = drawn
    less = Progress(before)
    after = Progress({key: max(before.get(key, 0), more.get(key, 0)) for key in {*before, *more}})
    for module, one in rules.units(made):
        assert after.is_done(module, one) >= less.is_done(module, one)
        assert rules.is_open(made, module, after) >= rules.is_open(made, module, less)
    assert rules.is_complete(made, after) >= rules.is_complete(made, less)
    assert len(rules.missing(made, after)) <= len(rules.missing(made, less))


@given(courses_with_marks())
def test_a_course_is_complete_exactly_when_nothing_is_missing(drawn):
    made, marked, _ = drawn
    progress = Progress(marked)
    assert rules.is_complete(made, progress) == (not rules.missing(made, progress))


@given(courses_with_marks())
def test_the_next_unit_is_open_and_not_done_and_there_is_one_while_something_is_missing(drawn):
    made, marked, opened = drawn
    progress = Progress(marked, tuple(opened))
    found = rules.next_unit(made, progress)
    if found is None:
        assert not rules.missing(made, progress)
        return
    module, one = next(
        pair for pair in rules.units(made) if (pair[0]["id"], pair[1]["id"]) == found
    )
    assert rules.is_open(made, module, progress) and not progress.is_done(module, one)


def test_a_unit_that_was_done_has_changed_when_its_revision_rose_and_a_new_one_has_not():
    risen, module = unit("a", revision=2, was=["old"]), COURSE["modules"][0]
    assert done("m1/a").has_changed(module, risen) and done("m1/old").has_changed(module, risen)
    assert not Progress().has_changed(module, risen)
    assert not Progress({"m1/a": 1, "m1/old": 2}).has_changed(module, risen)


def test_a_unit_is_begun_when_it_was_opened_under_this_or_a_former_id():
    module = {"id": "m1"}
    opened = Progress(opened=("m1/a",))
    assert opened.is_begun(module, unit("a")) and not opened.is_done(module, unit("a"))
    assert opened.is_begun(module, unit("z", was=["a"]))
    assert not opened.is_begun(module, unit("b")) and not opened.is_begun({"id": "m2"}, unit("a"))


def test_somebody_new_begins_at_the_beginning():
    assert rules.next_unit(COURSE, Progress()) == ("m1", "a")


def test_one_goes_on_where_one_stopped():
    assert rules.next_unit(COURSE, Progress({}, ("m1/a", "m1/c"))) == ("m1", "c")


def test_after_a_finished_unit_comes_the_next_one_that_is_not_done():
    assert rules.next_unit(COURSE, Progress({"m1/c": 1}, ("m1/c",))) == ("m1", "a")
    assert rules.next_unit(COURSE, done("m1/a")) == ("m1", "b")


def test_who_went_back_to_a_unit_goes_on_there_until_it_is_done():
    opened = ("m1/a", "m1/b", "m1/c")
    assert rules.next_unit(COURSE, Progress({}, opened, "m1/b")) == ("m1", "b")
    assert rules.next_unit(COURSE, Progress({"m1/b": 1}, opened, "m1/b")) == ("m1", "c")
    assert rules.next_unit(COURSE, Progress({}, opened, "m1/gone")) == ("m1", "a")


def test_when_all_is_done_there_is_no_next_unit():
    assert rules.next_unit(COURSE, done(*KEYS)) is None


def test_one_who_stopped_in_a_unit_that_is_gone_begins_at_the_first_that_is_not_done():
    assert rules.next_unit(COURSE, Progress({"m1/a": 1}, ("m1/gone",))) == ("m1", "b")


def test_a_module_opens_when_the_required_units_before_it_are_done():
    second = COURSE["modules"][1]
    assert not rules.is_open(COURSE, second, done("m1/a"))
    assert rules.is_open(COURSE, second, done("m1/a", "m1/c"))


def test_a_module_that_is_required_but_not_in_this_variant_locks_nothing():
    alone = course(("m2", [unit("d")], ["m1"]))
    assert rules.is_open(alone, alone["modules"][0], Progress())


def test_a_renamed_unit_keeps_what_was_done_under_its_old_name():
    renamed = course(("m1", [unit("new", was=["old"])], []))
    assert rules.is_complete(renamed, done("m1/old"))


def test_a_raised_revision_asks_again():
    raised = course(("m1", [unit("a", revision=2)], []))
    assert not rules.is_complete(raised, Progress({"m1/a": 1}))
    assert rules.is_complete(raised, Progress({"m1/a": 2}))


def test_what_is_missing_is_told_with_titles_their_languages_and_minutes():
    found = rules.missing(COURSE, done("m1/a"))
    assert [(one.module_title, one.module_lang, one.units, one.minutes) for one in found] == [
        ("M1", "fi", (("c", "C", "en"),), 5),
        ("M2", "fi", (("d", "D", "en"), ("e", "E", "en")), 10),
    ]


def test_what_is_optional_counts_neither_as_done_nor_as_left():
    counts = rules.counts(COURSE["modules"], done("m1/a", "m1/b"))
    assert counts == {"done": 1, "total": 4, "minutes_left": 15}
