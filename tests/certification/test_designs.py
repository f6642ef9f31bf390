"""The paper: what it says, and that whatever is written on it stays words."""

import io
import subprocess
import sys

import pypdf
import pytest

from mtd_learning.certification import certificates, designs, press
from mtd_learning.errors import Unavailable


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def words_of(pdf: bytes) -> str:
    return " ".join(read(pdf).pages[0].extract_text().replace("\u200b", "").split())


def test_the_paper_says_what_a_certificate_must_say(draw_up):
    said = words_of(certificates.paper(draw_up()))
    for words in (
        "This is to certify that",
        "Vilma Virtanen",
        "Completed online course",
        "Beside the child",
        "Module 2",
        "3 h 5 min",
        "Live meetings: none",
        "Safety core passed",
        "at least 80 %",
        "Särö ry, Finland",
        "20 November 2026",
        "SARO-2026-00001",
        "Pilot edition",
        "It does not replace the organisation's own decision on suitability",
        "learn.example.org/verify",
    ):
        assert words in said
    assert "%(" not in said


def test_the_paper_is_one_tagged_page_that_can_be_archived(draw_up):
    certificate = draw_up()
    found = read(certificates.paper(certificate))
    root = found.trailer["/Root"]
    metadata = found.xmp_metadata.rdf_root.toxml()
    assert len(found.pages) == 1
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfaid" in metadata and "pdfuaid" in metadata
    assert found.metadata.title == "Certificate: Completed online course – Beside the child"


def test_the_same_certificate_gives_the_same_bytes(draw_up):
    certificate = draw_up()
    assert certificates.paper(certificate) == certificates.paper(certificate)


@pytest.mark.parametrize(
    "name",
    [
        '#read("/etc/passwd")',
        "<script>alert(1)</script>",
        "$ x^2 $ *bold* _thin_ `code` \\ @ref [a](b)",
        '"; #panic("x") //',
        "Příliš žluťoučký kůň",
        "Ελένη Παπαδοπούλου",
    ],
)
def test_a_name_is_printed_letter_by_letter_and_never_obeyed(draw_up, name):
    assert " ".join(name.split()) in words_of(certificates.paper(draw_up(name)))


def test_an_arabic_name_is_on_the_paper(draw_up):
    said = words_of(certificates.paper(draw_up("فاطمة")))
    assert set("فاطمة") <= set(said)


@pytest.mark.parametrize("name", ["W" * 200, "Vilma " * 33 + "V", "أ" * 200])
def test_a_name_of_two_hundred_letters_stays_on_the_page(draw_up, name):
    certificate = draw_up(name)
    pdf = certificates.paper(certificate)
    page = read(pdf).pages[0]
    assert len(read(pdf).pages) == 1
    assert words_of(pdf).replace(" ", "").count(name[0]) >= name.count(name[0])
    ends = []
    page.extract_text(visitor_text=lambda text, _, matrix, *__: ends.append(matrix[4]))
    assert max(ends) < 842


def test_twenty_modules_with_long_titles_stay_on_one_page(draw_up, manifest):
    module = manifest["modules"][0]
    many = [
        module | {"id": f"m{n}", "title": "A very long title of a module " * 5} for n in range(20)
    ]
    pdf = certificates.paper(draw_up(modules=many, title="A long title of a course " * 8))
    assert len(read(pdf).pages) == 1
    assert "and 8 more" in words_of(pdf)
    assert "SARO-2026-00001" in words_of(pdf)


def test_a_picture_in_a_title_does_not_stop_the_paper(draw_up, manifest):
    manifest["modules"][0]["title"] = "Module 漢 one 😀"
    said = words_of(certificates.paper(draw_up(title="Beside the child 🏠")))
    assert "Module one" in said and "Beside the child" in said


def test_words_of_the_paper_come_in_the_language_of_the_certificate(draw_up):
    finnish = {designs.FIXED: "Tämä todistus vahvistaa koulutuksen.", "Issued by": "Myöntäjä"}
    certificate = draw_up(language="fi", translate=lambda s: finnish.get(s, s))
    pdf = certificates.paper(certificate)
    assert certificate.language == "fi" and read(pdf).trailer["/Root"]["/Lang"] == "fi"
    assert "Myöntäjä" in words_of(pdf) and "20. marraskuuta 2026" in words_of(pdf)
    assert "Suomi" in words_of(pdf)


def test_a_language_without_words_gives_an_english_paper(draw_up):
    certificate = draw_up(language="el")
    assert certificate.language == "en"
    assert "20 November 2026" in words_of(certificates.paper(certificate))


def test_the_code_in_the_square_is_the_address_of_the_check_page(draw_up):
    certificate = draw_up()
    values = designs.values(certificate)
    assert certificate.page_address == (
        f"https://learn.example.org/verify/{certificate.public_code}"
    )
    assert values["qr"] == designs.qr(certificate.page_address)
    assert values["qr"].startswith("<svg")


def test_pass_marks_are_said_only_as_they_were_asked():
    def said(*banks):
        return [sentence["say"] for sentence in designs.assessment(banks)]

    critical = {"questions": [{"critical": True}]}
    assert said() == [designs.EXERCISES]
    assert said({"pass_percent": 80} | critical) == [designs.PASS_MARK, designs.SAFETY]
    assert said({"pass_percent": 80, "questions": [{}]}) == [designs.PASS_MARK]
    assert said({"pass_percent": 80, "critical_percent": 90} | critical) == [designs.PASS_MARK]
    lowest = designs.assessment([{"pass_percent": "80"}, {"pass_percent": "70"}])
    assert lowest[0]["values"] == {"percent": 70}


def test_a_typesetter_that_hangs_is_a_refusal_in_words(draw_up, monkeypatch):
    def hang(*args, **values):
        raise subprocess.TimeoutExpired("typeset", values["timeout"])

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(Unavailable, match="try again later"):
        certificates.paper(draw_up())


def test_the_server_itself_never_loads_the_typesetter():
    program = (
        "import sys; from mtd_learning.certification import certificates; "
        "sys.exit('typst' in sys.modules or 'segno' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=press.PACKAGE, check=False)
    assert done.returncode == 0
