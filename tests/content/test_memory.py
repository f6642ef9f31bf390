"""What was worked out from the same files is not worked out again, and is never out of date."""

import gc
import re
from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from mtd_learning.content import check, gate, overlay, reader
from mtd_learning.content.compile import MEANING, compile_variant
from mtd_learning.content.memory import Memory
from mtd_learning.content.problems import errors
from mtd_learning.content.variant import Variant
from tests.content.conftest import files_of

TODAY = date(2026, 11, 21)


def test_equal_inputs_are_worked_out_once():
    asked = []
    memory: Memory[int] = Memory(10)
    for _ in range(3):
        assert memory.of(("a", 1), lambda: asked.append(1) or 7) == 7
    assert asked == [1]


def test_the_least_recently_used_result_goes_first():
    memory: Memory[str] = Memory(2)
    memory.of(("a",), lambda: "a")
    memory.of(("b",), lambda: "b")
    memory.of(("a",), lambda: "another")
    memory.of(("c",), lambda: "c")
    assert memory.of(("a",), lambda: "forgotten") == "a"
    assert memory.of(("b",), lambda: "forgotten") == "forgotten"


@given(st.lists(st.integers(0, 5), max_size=30))
def test_a_memory_never_grows_beyond_its_size(keys):
    memory: Memory[int] = Memory(3)
    for key in keys:
        assert memory.of((key,), lambda key=key: key) == key
    assert len(memory._results) <= 3


def _compiled(files):
    catalogue = reader.read_files(files)
    return {
        str(variant): compile_variant(catalogue, "tiny", variant, pilot=True, today=TODAY)
        for variant in catalogue.course("tiny").variants()
    }


def _told(files):
    return check.check(reader.read_files(files), TODAY)


def _forget():
    """Forget all that was worked out from files."""
    for one in gc.get_objects():
        if isinstance(one, Memory):
            one._results.clear()


def _with_another_word(path, files):
    """Return the files with one word changed in one of them, still readable."""
    data = files[path]
    for found in re.finditer(rb"(?<=[ \"])[a-z]{4,}(?=[ .,\"])", data):
        changed = {**files, path: data[: found.start()] + b"Qqqqq" + data[found.end() :]}
        if not errors(check.check(reader.read_files(changed), TODAY)):
            return changed
    return None


def test_whatever_file_changes_an_edition_is_the_same_as_if_nothing_had_been_remembered():
    files = files_of("tiny")
    _compiled(files)
    changed = [
        (path, new)
        for path in files
        if path.endswith(".yaml") and (new := _with_another_word(path, files))
    ]
    assert len(changed) > 8
    seen = 0
    for _, new in changed:
        remembered = _compiled(new), _told(new)
        _forget()
        afresh = _compiled(new)
        assert remembered == (afresh, _told(new))
        seen += afresh != _compiled(files)
    assert seen > 8


def test_what_the_gate_compiled_to_judge_the_version_is_not_compiled_again(tiny):
    asked: Counter[str] = Counter()

    def translate(sentence, language):
        asked[sentence] += 1
        return sentence

    of = (tiny, "tiny", Variant("fi"))
    published = compile_variant(*of, pilot=False, today=TODAY).manifest
    gate.problems(*of, TODAY, published=published, translate=translate)
    units = asked[MEANING]
    compile_variant(*of, pilot=True, today=TODAY, translate=translate)
    assert asked[MEANING] == units > 0


def test_only_the_unit_that_changed_is_made_again_and_once_for_all_who_read_the_same_in_it(
    tiny_with,
):
    asked: list[str] = []

    def translate(sentence, language):
        asked.append(sentence)
        return sentence

    def made(*change):
        """Return how many units were made, and what is read in the unit `rest`, by variant."""
        catalogue = tiny_with("courses/tiny/m2-short.yaml", *change)
        read = []
        asked.clear()
        for variant in catalogue.course("tiny").variants():
            of = (catalogue, "tiny", variant)
            compile_variant(*of, pilot=True, today=TODAY, translate=translate)
            texts = overlay.flatten(overlay.resolve(*of))
            rest = [str(text) for text in texts if text["address"].startswith("m2-short:rest/")]
            read.append((variant.language, *rest))
        return asked.count(MEANING), read

    assert made("kind: module", "kind: module")[0] > 0
    assert made("kind: module", "# A note.\nkind: module")[0] == 0
    units, read = made("title: Rest", "title: A rest")
    assert units == len(set(read)) < len(read)
