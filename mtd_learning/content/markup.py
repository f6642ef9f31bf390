"""Markdown to clean HTML, to one clean line, or to plain text."""

import html
import re
from functools import cache, lru_cache
from typing import Any

from mtd_learning.errors import N_, Invalid

MAX_BYTES = 64 * 1024
SCHEMES = {"http", "https", "mailto", "tel"}
INLINE_TAGS = {"a", "br", "code", "em", "strong"}
TAGS = INLINE_TAGS | {
    "blockquote",
    "h2",
    "h3",
    "h4",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
_TAG = re.compile(r"<[^>]*>")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


@lru_cache(maxsize=20_000)
def clean(text: str) -> str:
    """Return Markdown as HTML with only the tags and links that a course may have."""
    return _cleaned(_parser().render(_allowed(text)), TAGS)


@lru_cache(maxsize=20_000)
def inline(text: str) -> str:
    """Return Markdown as one line of HTML without paragraphs."""
    lines = _PARAGRAPHS.split(_allowed(text).strip())
    return _cleaned("<br>".join(_parser().renderInline(line) for line in lines), INLINE_TAGS)


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Return the words of a Markdown text without any marks."""
    return " ".join(html.unescape(_TAG.sub(" ", clean(text))).split())


def _allowed(text: str) -> str:
    if len(text.encode()) > MAX_BYTES:
        raise Invalid(N_("This text is longer than 64 kB."))
    return text


@cache
def _parser() -> Any:
    # Imported here because pages are served from ready HTML and need no parser.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def _cleaned(text: str, tags: set[str]) -> str:
    import nh3

    return nh3.clean(
        text,
        tags=tags,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    ).strip()
