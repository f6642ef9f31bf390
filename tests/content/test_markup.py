"""Markdown becomes HTML that can do no harm."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtd_learning.content import markup
from mtd_learning.errors import Invalid

HARMFUL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,AAAA)",
    "[x](vbscript:x)",
    "![x](https://example.org/x.png)",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe src=//example.org></iframe>",
    "<style>p{}</style>",
    '[x](https://example.org "onmouseover=alert(1)")',
    '<https://example.org/"onclick=alert(1)>',
    "[x]: javascript:alert(1)\n[x]",
]


@pytest.mark.parametrize("text", HARMFUL)
@pytest.mark.parametrize("way", [markup.clean, markup.inline])
def test_nothing_harmful_gets_through(way, text):
    made = way(text)
    tags = re.findall(r"<([a-z0-9]+)", made)
    assert set(tags) <= markup.TAGS
    assert "javascript:" not in re.sub(r">[^<]*<", "><", f">{made}<").lower()
    assert not re.search(r"<[^>]*\son\w+=", made)


def test_what_a_course_needs_stays():
    made = markup.clean("# A\n\nB **c** *d*\n\n- e\n- f\n\n[g](https://h.org) [i](tel:112)")
    assert "<strong>c</strong> <em>d</em>" in made
    assert "<li>e</li>" in made
    assert '<a href="https://h.org" rel="noopener noreferrer">g</a>' in made
    assert 'href="tel:112"' in made
    assert "<h1" not in made


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# A\n\n## B\n\n### C\n\n#### D", ["2", "3", "4", "4"]),
        ("A\n===\n\nwords", ["2"]),
        ("## A\n\n### B", ["2", "3"]),
        ("## A\n\n##### B\n\n###### C", ["2", "4", "4"]),
    ],
)
def test_a_heading_of_any_level_stays_one_below_the_title_of_the_page(text, levels):
    made = markup.clean(text)
    assert re.findall(r"<h(\d)>", made) == re.findall(r"</h(\d)>", made) == levels


def test_one_line_has_no_paragraph():
    assert markup.inline("a *b*\n\nc") == "a <em>b</em><br>c"
    assert markup.inline("- not a list") == "- not a list"


def test_plain_text_has_no_marks():
    assert markup.plain("A **b**\n\n- c & d\n- <e>") == "A b c & d <e>"


def test_a_fact_and_a_gap_stay_as_they_are():
    assert markup.clean("{{ emergency }} [[gap]]") == "<p>{{ emergency }} [[gap]]</p>"


@pytest.mark.parametrize("way", [markup.clean, markup.inline, markup.plain])
def test_more_than_64_kb_are_refused(way):
    with pytest.raises(Invalid):
        way("ä" * 33_000)


@pytest.mark.parametrize(
    "sign",
    ["[", "*a ", "_", "`", "> ", "![", "<", "&", "- ", "a\n", "|", "\\", "**a", "[a](", "<a "],
)
def test_no_text_takes_long(sign):
    begun = time.process_time()
    markup.clean((sign * 20_000)[:20_000])
    assert time.process_time() - begun < 5


@settings(max_examples=150)
@given(st.text(max_size=200))
def test_no_text_leads_to_a_tag_that_is_not_allowed(text):
    assert set(re.findall(r"<([a-z0-9]+)", markup.clean(text))) <= markup.TAGS


def test_cells_of_a_table_name_their_column():
    made = markup.labelled(markup.clean('| *A* "b" | C |\n|---|---|\n| 1 | 2 |\n| 3 |\n\nAnd <td>'))
    assert made.startswith('<div class="sheet"><table>') and made.endswith("<p>And &lt;td&gt;</p>")
    assert made.count('<td data-label="A &quot;b&quot;">') == 2
    assert '<td data-label="C">2</td>' in made and '<td data-label="C"></td>' in made


def test_a_text_without_a_table_stays_as_it_is():
    assert markup.labelled("<p>A</p>") == "<p>A</p>"


def test_a_number_never_breaks_over_two_lines():
    assert markup.clean("12 percent is 13 % of 46 881.") == (
        "<p>12 percent is 13\N{NO-BREAK SPACE}% of 46\N{NO-BREAK SPACE}881.</p>"
    )
    assert markup.inline("In 2015 there were 1 376 of them") == (
        "In 2015 there were 1\N{NO-BREAK SPACE}376 of them"
    )
    assert markup.plain("13 %") == "13 %"


@given(st.lists(st.sampled_from(["word", "5", " ", "\n", *"*_`[]()<>|#-+.,:;?!&~\\\"'", "&nbsp;"])))
def test_no_text_has_more_words_than_are_told_beforehand(signs):
    text = "".join(signs)
    assert len(markup.plain(text).split()) <= markup.most_words(text)


@pytest.mark.parametrize("text", ["<https://a.example/b%20c>", "|a|b|\n|-|-|\n|c|d|", "a&#32;b"])
def test_words_are_also_parted_by_what_is_no_space(text):
    assert 1 < len(markup.plain(text).split()) <= markup.most_words(text)
