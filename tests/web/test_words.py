"""Every sentence of a page is marked for translation: nothing is written past the catalogue."""

import re
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "mtd_learning"
# Names and marks that are the same in every language.
SAME = {"PDF", "EUPL", "CC", "BY", "SA", "QR", "JSON", "Ctrl", "C"}


def unmarked(template: str) -> list[str]:
    """Return words that stand in a template outside of its expressions, tags and attributes."""
    template = re.sub(r"\{% block body_class %\}.*?\{% endblock %\}", " ", template)
    template = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", template, flags=re.S)
    template = re.sub(
        r"<!--.*?-->|<svg.*?</svg>|<style.*?</style>|<[^>]*>", " ", template, flags=re.S
    )
    template = re.sub(r"&[a-z]+;", " ", template)
    return [word for word in re.findall(r"[^\W\d_]{2,}", template) if word not in SAME]


def test_no_template_of_a_page_or_block_holds_an_unmarked_word():
    found = {}
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        words = unmarked(path.read_text("utf-8"))
        if words:
            found[str(path.relative_to(PACKAGE))] = words
    assert not found


def test_the_search_finds_an_unmarked_word():
    assert unmarked("<p>{{ _('Marked') }} forgotten</p>") == ["forgotten"]
