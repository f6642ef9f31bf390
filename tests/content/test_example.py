"""The example of the content format resolves to the table that stands beside it."""

from collections import Counter
from pathlib import Path

import pytest

from mtd_learning.content import drift, overlay, reader
from mtd_learning.content.variant import Variant

EXAMPLE = Path(__file__).parents[1] / "courses" / "example"
BASE_ORDER = ["notice", "act-now", "reporting-law", "pause"]
FINLAND = ["notice", "pause", "act-now", "reporting-law", "fi-paivystys"]
TABLE = {
    "en": (BASE_ORDER, {"source": 20}),
    "fi": (BASE_ORDER, {"current": 9, "held": 2, "missing": 9}),
    "fi-FI": (FINLAND, {"current": 8, "adapted": 1, "local": 2, "held": 2, "missing": 9}),
    "fi-FI+lahti-saro": (
        ["notice", "act-now", "reporting-law", "fi-paivystys"],
        {"current": 8, "adapted": 1, "local": 3, "held": 2, "missing": 9},
    ),
    "sv-FI": (FINLAND, {"adapted": 1, "local": 2, "missing": 19}),
}


@pytest.mark.parametrize("name", TABLE)
def test_each_variant_of_the_example_is_as_the_format_says(name):
    units, counts = TABLE[name]
    catalogue = reader.read_folder(EXAMPLE)
    resolved = overlay.resolve(catalogue, "beside-the-child", Variant.parse(name))
    states = drift.states_of(resolved)
    assert catalogue.problems == []
    assert [item.id for _, item in resolved.units] == units
    assert Counter(s for a, s in states.items() if a.startswith("m05-safety:")) == counts
