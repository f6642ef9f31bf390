"""The check page: what a stranger is told, and what nobody is told."""

import re
from datetime import UTC, datetime

import pytest
from lxml import html
from sqlalchemy import func, select

from mtd_learning.base.db import db
from mtd_learning.certification import certificates
from mtd_learning.library import service as library
from mtd_learning.people import throttle
from mtd_learning.people.models import SignInTry


@pytest.fixture
def certificate(cast):
    """Return a certificate of Vilma Virtanen, whose page shows her initials."""
    edition = library.courses_for(library.variants_for("en", "FI"))[0]
    made = certificates.issue(
        holder=certificates.Holder(id=cast.vilma.id, name="Vilma Virtanen", email="v@example.org"),
        issuer=certificates.Issuer(key="saro", name="Särö", country="FI"),
        completed=certificates.Completed(
            manifest=edition.manifest,
            manifest_sha=edition.manifest_sha,
            edition_id=edition.id,
            at=datetime(2026, 11, 20, tzinfo=UTC),
            banks=[{"pass_percent": 80, "questions": [{"critical": True}]}],
        ),
        site=certificates.Site(name="Site", address="https://learn.example.org"),
        language="en",
        translate=str,
    )
    db.session.commit()
    return made


def misses() -> int:
    return db.session.scalar(
        select(func.count(SignInTry.id)).where(SignInTry.kind == "verify-miss")
    )


def test_the_code_box_leads_to_the_page_however_the_code_is_typed(client, certificate):
    typed = certificate.public_code.lower()
    answer = client.get("/verify", query_string={"code": f" {typed[:5]}-{typed[5:]} "})
    assert answer.status_code == 303
    assert answer.location.endswith(f"/verify/{certificate.public_code}")


def test_a_stranger_learns_what_the_certificate_says_and_no_name(client, certificate):
    page = client.get(f"/verify/{certificate.public_code}").text
    for words in (
        ">Valid<",
        certificate.course_title,
        certificate.course_version,
        "English",
        "Särö, Finland",
        "20 November 2026",
        "at least 80 %",
        "Safety core passed",
        "V. V.",
        "It does not replace the organisation",
    ):
        assert words in page
    for module in certificate.elements["modules"]:
        assert module["title"] in page
    for hidden in ("Vilma", "Virtanen", "v@example.org", certificate.number):
        assert hidden not in page


def test_a_pilot_edition_is_called_so(client, certificate):
    certificate.pilot = True
    db.session.commit()
    assert "Pilot edition" in client.get(f"/verify/{certificate.public_code}").text


def test_malformed_unknown_and_hidden_codes_get_the_same_page(client, certificate):
    certificates.hide_page(certificate, True)
    db.session.commit()
    pages = set()
    for code in ("nonsense", "0" * 20, certificate.public_code, certificate.number):
        answer = client.get(f"/verify/{code}")
        pages.add((answer.status_code, answer.text.replace(code, "CODE")))
    assert len(pages) == 1 and pages.pop()[0] == 404


def test_comparing_a_name_with_a_hidden_page_is_not_found_either(client, certificate):
    certificates.hide_page(certificate, True)
    db.session.commit()
    answer = client.post(f"/verify/{certificate.public_code}/name", data={"name": "Vilma Virtanen"})
    assert answer.status_code == 404 and "belongs to" not in answer.text


@pytest.mark.parametrize("path", ["/verify", "/verify/nonsense", "/verify/{code}"])
def test_no_search_engine_cache_or_next_site_hears_of_a_check(client, certificate, path):
    headers = client.get(path.format(code=certificate.public_code)).headers
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("vilma  VIRTANEN", "Yes, this certificate belongs to"),
        ("Vilma Virtane", "No, this is not the name"),
    ],
)
def test_a_name_can_be_compared_with_the_printed_one(client, certificate, typed, answer):
    page = client.post(f"/verify/{certificate.public_code}/name", data={"name": typed})
    assert page.status_code == 200 and answer in page.text
    assert "Vilma Virtanen" not in page.text


def test_a_printed_check_shows_no_form_that_nobody_can_fill_in(client, certificate):
    page = client.get(f"/verify/{certificate.public_code}").text
    main = page[page.index("<main") : page.index("</main>")]
    printed = re.sub(r'<(div|span) class="noprint">.*?</\1>\s', "", main, flags=re.S)
    assert "The full name is not shown here." in printed
    assert "<form" in main and not re.search("<form|<input|You can compare", printed)


def test_a_name_can_be_compared_over_https_though_the_page_tells_no_referrer(app, certificate):
    browser = app.test_client()
    address = f"https://localhost/verify/{certificate.public_code}"
    page = browser.get(address)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    answer = browser.post(
        f"{address}/name",
        data={"name": "Vilma Virtanen", "csrf_token": token},
        headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    )
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert answer.status_code == 200


def test_an_empty_name_brings_the_box_back(client, certificate):
    page = client.post(f"/verify/{certificate.public_code}/name", data={"name": ""})
    assert page.status_code == 400 and 'href="#name"' in page.text


def test_the_answer_about_a_name_takes_the_focus_and_another_language_keeps_the_page(
    client, certificate
):
    address = f"/verify/{certificate.public_code}"
    page = html.fromstring(client.post(f"{address}/name", data={"name": "Nobody"}).text)
    assert page.xpath("//*[@role='status'][@data-focus]")
    assert page.xpath("//header//input[@name='next']/@value") == [address]


def test_a_code_that_is_not_found_is_described_by_what_is_said_of_it(client, app):
    page = html.fromstring(client.get("/verify?code=12345").text)
    field = page.get_element_by_id("code")
    said = [page.get_element_by_id(one).text for one in field.get("aria-describedby").split()]
    assert field.get("aria-invalid") == "true" and said[1].startswith("There is no certificate")
    assert page.findtext(".//title").startswith("Not found: ")


def test_names_cannot_be_guessed_for_long(client, certificate):
    most = throttle.MOST["name-compare"]["account"]
    address = f"/verify/{certificate.public_code}/name"
    answers = [client.post(address, data={"name": f"N{n}"}).status_code for n in range(most + 1)]
    assert answers == [200] * most + [429]


def test_codes_cannot_be_guessed_for_long_and_a_hit_is_not_counted(client, certificate):
    client.get(f"/verify/{certificate.public_code}")
    assert misses() == 0
    most = throttle.MOST["verify-miss"]["network"]
    answers = [client.get(f"/verify/guess-{n}").status_code for n in range(most + 1)]
    assert answers == [404] * most + [429]


def test_a_strange_code_is_shown_as_words(client, app):
    page = client.get("/verify/<script>x")
    assert page.status_code == 404 and "<script>x" not in page.text


def test_a_name_that_the_holder_shows_stands_on_the_page(client, certificate):
    certificates.share_name(certificate, True)
    db.session.commit()
    page = client.get(f"/verify/{certificate.public_code}").text
    assert "Vilma Virtanen" in page and "Compare the name" not in page


def test_a_forgotten_holder_is_not_named(client, certificate):
    certificate.holder_id = certificate.holder_name_snapshot = None
    db.session.commit()
    page = client.get(f"/verify/{certificate.public_code}")
    assert page.status_code == 200 and "no longer kept" in page.text


def test_what_no_longer_holds_is_said_in_a_word(client, certificate):
    certificate.valid_until = datetime(2026, 1, 1, tzinfo=UTC)
    db.session.commit()
    assert ">Expired<" in client.get(f"/verify/{certificate.public_code}").text
    certificate.state = "revoked"
    db.session.commit()
    assert ">Not valid<" in client.get(f"/verify/{certificate.public_code}").text


def test_the_page_speaks_finnish_dates_to_a_finnish_reader(client, certificate):
    page = client.get(f"/verify/{certificate.public_code}", headers={"Accept-Language": "fi"}).text
    assert "20. marraskuuta 2026" in page and "Suomi" in page
