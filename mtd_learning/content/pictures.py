"""How large a picture is, so that a page keeps its place free until it comes."""

import re
from io import BytesIO

import imagesize

# A drawing with proportions only has no size of its own: it is shown as wide as the text.
WIDTH_OF_TEXT = 760
_NUMBER = rb"(\d+(?:\.\d+)?)"
_DRAWING = re.compile(rb"<svg\b[^>]*")
_OWN_SIZE = re.compile(rb"\s(?:width|height)\s*=")
_PROPORTIONS = re.compile(
    rb"\sviewBox\s*=\s*[\"']\s*(?:[-+.\d]+[\s,]+){2}" + _NUMBER + rb"[\s,]+" + _NUMBER
)
_ITS_HEAD = 4096


def size_of(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels as a browser shows them, or None where nobody can say."""
    drawing = _DRAWING.search(data[:_ITS_HEAD])
    if drawing is None:
        size = imagesize.get(BytesIO(data))
        return size if min(size) > 0 else None
    found = _PROPORTIONS.search(drawing[0])
    if found is None or _OWN_SIZE.search(drawing[0]):
        return None
    width, height = (float(each) for each in found.groups())
    size = WIDTH_OF_TEXT, round(WIDTH_OF_TEXT * height / width) if width else 0
    return size if min(size) > 0 else None
