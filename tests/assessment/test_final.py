"""The final assessment as it is shipped: whatever is drawn, nothing that matters is missing."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from mtd_learning.assessment import banks
from mtd_learning.content import reader
from mtd_learning.content.compile import compile_variant
from mtd_learning.content.variant import Variant

ROOT = Path(__file__).parents[2]
MODULES = {
    "a1-role",
    "a2-addiction",
    "a3-child",
    "a4-words",
    "a5-safety",
    "a6-boundaries",
    "a7-meeting",
    "a8-helpers",
    "a9-yourself",
    "a10-ending",
}


@pytest.fixture(scope="module")
def final():
    catalogue = reader.read_folder(ROOT)
    made = compile_variant(
        catalogue, "beside-the-child", Variant("en"), pilot=True, today=date(2026, 11, 21)
    )
    return banks.from_compiled_bank(json.loads(made.blobs[made.manifest["banks"]["final"]]))


def test_a_thousand_papers_have_twenty_questions_every_module_and_every_critical_topic(final):
    assert len(final.critical_topics) == 7 and len(final.questions) >= 80
    drawn = Counter()
    for seed in range(1000):
        asked = [one.about for one in banks.draw(final, seed).questions]
        assert len(asked) == len({about.id for about in asked}) == 20
        assert {tag for about in asked for tag in about.tags} >= MODULES
        critical = {tag for about in asked if about.critical for tag in about.tags}
        assert critical >= set(final.critical_topics)
        drawn.update(about.id for about in asked)
    assert set(drawn) == {one.about.id for one in final.questions}
