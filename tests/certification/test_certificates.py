"""Issue, keep and verify certificates, on both databases."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select

from mtd_learning.base import audit, jobs
from mtd_learning.base.audit import AuditLine
from mtd_learning.base.db import db, expect_writing
from mtd_learning.base.jobs import Job
from mtd_learning.certification import certificates, press, rules
from mtd_learning.certification.models import Certificate
from mtd_learning.errors import Invalid, NotFound

TODAY = date(2100, 1, 1)


def test_a_certificate_is_a_snapshot_with_number_audit_line_job_and_letter(make_user, issue):
    vilma = make_user("Vilma")
    certificate = issue(vilma)
    year = certificate.valid_from.year
    assert certificate.number == f"SARO-{year}-00001"
    assert certificate.holder_name_snapshot == "Vilma" and certificate.issuer_name == "Särö ry"
    assert certificate.course_title == "Beside the child" and certificate.pilot
    assert certificate.valid_until is None and certificate.state == "valid"
    line = db.session.scalar(select(AuditLine).where(AuditLine.verb == "certificate.issue"))
    assert line.thing == certificate.number and "Vilma" not in str(line.details)
    work = {job.kind: job.values for job in db.session.scalars(select(Job))}
    assert work["certificate.typeset"] == {"certificate_id": certificate.id}
    assert work["mail"]["template"] == "certificate" and work["mail"]["to"] == vilma.email


def test_asking_twice_returns_the_first_certificate(make_user, issue):
    vilma = make_user("Vilma")
    first = issue(vilma)
    db.session.commit()
    second = issue(vilma, name="Another Name")
    assert second.id == first.id and second.holder_name_snapshot == "Vilma"
    assert db.session.scalar(select(func.count(Certificate.id))) == 1


def test_another_version_of_the_course_gives_another_certificate(make_user, issue):
    vilma = make_user("Vilma")
    assert issue(vilma).id != issue(vilma, version="2.0.0").id


def test_numbers_run_for_each_issuer_by_itself(make_user, issue):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    numbers = [issue(vilma), issue(tom), issue(vilma, key="other", version="2")]
    assert [c.number.rsplit("-", 1)[1] for c in numbers] == ["00001", "00002", "00001"]


@pytest.mark.parametrize("name", ["", "  \u200b ", "W" * 201, "Vilma 😀"])
def test_a_name_that_cannot_be_printed_is_refused_at_its_field(make_user, issue, name):
    vilma = make_user("Vilma")
    with pytest.raises(Invalid) as refusal:
        issue(vilma, name=name)
    assert refusal.value.field == "name"
    assert db.session.scalar(select(func.count(Certificate.id))) == 0


def test_eight_who_come_at_once_get_eight_numbers_in_a_row(app, make_user, issue):
    users = [make_user(f"User{n}") for n in range(8)]

    def one(user):
        with app.app_context():
            expect_writing(True)
            number = issue(user).number
            db.session.commit()
            db.session.remove()
            return number

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(one, users))
    assert [int(number.rsplit("-", 1)[1]) for number in numbers] == list(range(1, 9))


def test_one_person_in_six_windows_gets_one_certificate(app, make_user, issue):
    vilma = make_user("Vilma")

    def one(_):
        with app.app_context():
            expect_writing(True)
            found = issue(vilma).id
            db.session.commit()
            db.session.remove()
            return found

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(one, range(6)))) == 1
    assert db.session.scalar(select(func.count(Certificate.id))) == 1
    assert db.session.scalar(select(func.count(Job.id)).where(Job.kind == "mail")) == 1


def test_the_job_keeps_the_paper_once_and_it_is_the_paper_shown_before(make_user, issue):
    issued = issue(make_user("Vilma"))
    before = certificates.paper(issued)
    db.session.commit()
    certificates.typeset({"certificate_id": issued.id})
    kept = db.session.get(Certificate, issued.id)
    assert kept.pdf == before and certificates.paper(kept) == before
    assert kept.pdf_sha256 == hashlib.sha256(before).hexdigest()


def test_a_paper_that_is_kept_is_never_typeset_again(make_user, issue, monkeypatch):
    issued = issue(make_user("Vilma"))
    issued.pdf = b"%PDF kept"
    db.session.commit()
    monkeypatch.setattr(press, "typeset", lambda values: b"%PDF new")
    certificates.typeset({"certificate_id": issued.id})
    assert certificates.paper(db.session.get(Certificate, issued.id)) == b"%PDF kept"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "0.0.0.0:80", "[::1]:8000"])
def test_a_paper_that_led_to_this_machine_leads_to_the_site_once_it_has_an_address(
    make_user, issue, monkeypatch, host
):
    monkeypatch.setattr(press, "typeset", lambda values: values["address"].encode())
    issued = issue(make_user("Vilma"))
    code = issued.public_code
    issued.pdf, issued.page_address = b"%PDF kept", f"http://{host}/verify/{code}"
    assert certificates.paper(issued, "https://learn.example.org") == b"learn.example.org/verify"
    assert certificates.paper(issued, "http://localhost:8000") == b"%PDF kept"
    issued.page_address = f"https://old.example.org/verify/{code}"
    assert certificates.paper(issued, "https://learn.example.org") == b"%PDF kept"


def test_others_can_write_while_the_typesetter_works(app, make_user, issue, monkeypatch):
    issued = issue(make_user("Vilma"))
    db.session.commit()

    def work(values):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(write).result(timeout=60)
        return b"%PDF"

    def write():
        with app.app_context():
            expect_writing(True)
            audit.note("test", "somebody writes")
            db.session.commit()
            db.session.remove()

    monkeypatch.setattr(press, "typeset", work)
    certificates.typeset({"certificate_id": issued.id})
    assert certificates.paper(db.session.get(Certificate, issued.id)) == b"%PDF"


def test_the_worker_typesets_what_was_issued(make_user, issue):
    issued = issue(make_user("Vilma"))
    db.session.commit()
    for _ in range(3):
        jobs.work_once()
    assert db.session.get(Certificate, issued.id).pdf.startswith(b"%PDF")
    job = db.session.scalar(select(Job).where(Job.kind == "certificate.typeset"))
    assert job.done_at is not None


def test_the_job_keeps_the_paper_of_its_own_certificate_and_of_no_other(
    make_user, issue, monkeypatch
):
    vilmas, toms = issue(make_user("Vilma")), issue(make_user("Tom"))
    db.session.commit()
    monkeypatch.setattr(press, "typeset", lambda values: b"%PDF")
    certificates.typeset({"certificate_id": vilmas.id})
    assert db.session.get(Certificate, vilmas.id).pdf == b"%PDF"
    assert db.session.get(Certificate, toms.id).pdf is None


def test_no_paper_is_kept_of_one_who_was_forgotten_before_the_job_or_during_it(
    make_user, issue, monkeypatch
):
    before, during = issue(make_user("Vilma")), issue(make_user("Tom"))
    before.holder_name_snapshot = None
    db.session.commit()

    def work(values):
        expect_writing(True)
        db.session.get(Certificate, during.id).holder_name_snapshot = None
        db.session.commit()
        return b"%PDF"

    monkeypatch.setattr(press, "typeset", work)
    for one in (before, during):
        certificates.typeset({"certificate_id": one.id})
        assert db.session.get(Certificate, one.id).pdf is None


def test_a_job_for_a_certificate_that_is_gone_does_nothing(app):
    certificates.typeset({"certificate_id": "gone"})
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_a_certificate_is_verified_by_its_code_however_it_is_typed(make_user, issue):
    issue(make_user("Tom"))
    certificate = issue(make_user("Vilma Virtanen", email="v@example.org"))
    for typed in (
        certificate.public_code,
        certificate.public_code.lower(),
        rules.spaced_code(certificate.public_code),
    ):
        view = certificates.verify(typed, TODAY)
        assert view.certificate.id == certificate.id and view.standing == "valid"
    assert view.initials == "V. V." and view.name is None


def test_malformed_unknown_and_hidden_codes_are_refused_alike(make_user, issue):
    issue(make_user("Tom"))
    hidden = issue(make_user("Vilma"))
    certificates.hide_page(hidden, True)
    refusals = set()
    for typed in ("", "nonsense", "A" * 20, hidden.public_code, hidden.number):
        with pytest.raises(NotFound) as refusal:
            certificates.verify(typed, TODAY)
        refusals.add((refusal.value.message, str(refusal.value)))
    assert len(refusals) == 1


def test_the_holder_may_show_the_name_and_take_it_back(make_user, issue):
    certificate = issue(make_user("Vilma"))
    certificates.share_name(certificate, True)
    assert certificates.verify(certificate.public_code, TODAY).name == "Vilma"
    certificates.share_name(certificate, False)
    assert certificates.verify(certificate.public_code, TODAY).name is None


def test_a_hidden_page_can_be_shown_again(make_user, issue):
    certificate = issue(make_user("Vilma"))
    certificates.hide_page(certificate, True)
    certificates.hide_page(certificate, False)
    assert certificates.verify(certificate.public_code, TODAY).standing == "valid"


def test_a_forgotten_holder_leaves_a_page_without_a_name_and_no_paper(make_user, issue):
    certificate = issue(make_user("Vilma"))
    certificate.holder_id = certificate.holder_name_snapshot = None
    view = certificates.verify(certificate.public_code, TODAY)
    assert view.standing == "valid" and view.initials == "" and view.name is None
    assert not certificates.names_match(certificate, "")
    with pytest.raises(NotFound):
        certificates.paper(certificate)


def test_ones_own_certificates_are_told_apart_by_their_numbers_the_latest_first(make_user, issue):
    vilma = make_user("Vilma")
    first, second = issue(vilma, key="zoo"), issue(vilma, version="2.0.0")
    assert certificates.certificates_of(vilma.id) == [second, first]
    assert certificates.certificate_of(vilma.id, first.number) is first
    assert certificates.certificate_of(vilma.id, second.number) is second


def test_personal_data_holds_ones_own_certificates_and_nobody_elses(make_user, issue):
    vilma, tom = make_user("Vilma"), make_user("Tom")
    mine = issue(vilma)
    issue(tom)
    (kept,) = certificates.personal_data(vilma.id)
    assert (kept["number"], kept["code"], kept["name"]) == (mine.number, mine.public_code, "Vilma")


def test_other_peoples_certificates_are_not_found_by_their_number(make_user, issue):
    vilma, kostas = make_user("Vilma"), make_user("Kostas")
    certificate = issue(vilma)
    assert certificates.certificate_of(vilma.id, certificate.number).id == certificate.id
    with pytest.raises(NotFound):
        certificates.certificate_of(kostas.id, certificate.number)
