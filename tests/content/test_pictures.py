"""How large a picture is."""

import struct
from io import BytesIO

import pytest
import segno

from mtd_learning.content.pictures import WIDTH_OF_TEXT, size_of


def _drawing(attributes: str, before: str = "") -> bytes:
    shape = "<rect width='5' height='6'/>"
    return f"{before}<svg xmlns='http://www.w3.org/2000/svg'{attributes}>{shape}</svg>".encode()


def _photo(width: int, height: int, orientation: int) -> bytes:
    """The head of a JPEG: which way up it was taken (EXIF), and its size."""
    tag = struct.pack("<HHIHxx", 0x0112, 3, 1, orientation) + b"\0\0"
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + tag[:12] + struct.pack("<I", 0)
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\x01\x11\x00" * 3
    parts = ((b"\xff\xe1", exif), (b"\xff\xc0", frame))
    body = b"".join(mark + struct.pack(">H", len(data) + 2) + data for mark, data in parts)
    return b"\xff\xd8" + body + b"\xff\xd9"


@pytest.mark.parametrize("box", ["0 0 200 50", "-10 -2.5 200 50", "0,0,200,50", " 0, 0  200.0 50 "])
def test_a_drawing_is_as_wide_as_the_text_and_keeps_its_proportions(box):
    assert size_of(_drawing(f" viewBox='{box}'")) == (WIDTH_OF_TEXT, WIDTH_OF_TEXT / 4)


def test_a_drawing_may_begin_with_a_declaration():
    found = size_of(_drawing(' viewBox="0 0 10 10"', before='<?xml version="1.0"?>\n<!-- a -->\n'))
    assert found == (WIDTH_OF_TEXT, WIDTH_OF_TEXT)


@pytest.mark.parametrize("attributes", ["", " viewBox='0 0 0 0'", " viewBox='wide'", " width='9'"])
def test_the_size_of_a_shape_is_not_the_size_of_the_drawing(attributes):
    assert size_of(_drawing(attributes)) is None


@pytest.mark.parametrize("own", ["width='24' height='24'", "width='50%'", "height='3em'"])
def test_a_drawing_that_says_how_large_it_is_keeps_that_size(own):
    assert size_of(_drawing(f" {own} viewBox='0 0 24 24'")) is None
    assert size_of(_drawing(f" viewBox='0 0 24 24' {own}")) is None


def test_a_photo_has_its_pixels():
    png = BytesIO()
    code = segno.make("x", micro=False)
    code.save(png, kind="png", scale=4)
    assert size_of(png.getvalue()) == code.symbol_size(scale=4)


def test_a_photo_taken_upright_is_measured_as_it_is_shown():
    assert size_of(_photo(640, 480, orientation=1)) == (640, 480)
    assert size_of(_photo(640, 480, orientation=6)) == (480, 640)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM"])
def test_what_cannot_be_measured_has_no_size(data):
    assert size_of(data) is None
