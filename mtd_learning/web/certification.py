"""My certificates: get one, open its paper, choose what its check page shows."""

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import InputRequired

from mtd_learning.base.db import db
from mtd_learning.base.settings import current_settings
from mtd_learning.certification import certificates, claims, designs, rules
from mtd_learning.certification.certificates import Holder, Issuer, Site
from mtd_learning.errors import Invalid
from mtd_learning.people import service as people
from mtd_learning.web import i18n
from mtd_learning.web.access import allow, keep_private
from mtd_learning.web.errors import sentence_of
from mtd_learning.web.mailer import site_address

bp = Blueprint("certification", __name__, url_prefix="/certificates")
bp.before_request(keep_private)

SITE_KEY = "mtd"  # begins the numbers of certificates that no organisation issues


class NameForm(FlaskForm):
    """The name as it will be printed."""

    name = StringField(
        lazy_gettext("Your name as it should stand on the certificate"),
        description=lazy_gettext("It cannot be changed on this certificate later."),
        validators=[
            InputRequired(lazy_gettext("Write your name as it should stand on the certificate."))
        ],
        render_kw={"autocomplete": "name", "maxlength": rules.LONGEST_NAME},
    )


@bp.get("")
@allow("learn")
def index() -> str:
    """Show my certificates, and for each course what is still missing."""
    return _page()


@bp.post("/<course_key>")
@allow("learn")
def issue(course_key: str) -> AnyResponse | tuple[str, int]:
    """Get the certificate of a finished course with a confirmed name."""
    form = _form(course_key, sent=True)
    completed = claims.completed(current_user.id, course_key, i18n.variants())
    if not form.validate():
        return _page(form, course_key), 400
    language = i18n.language()
    try:
        certificates.issue(
            holder=Holder(id=current_user.id, name=form.name.data or "", email=current_user.email),
            issuer=_issuer(),
            completed=completed,
            site=_site(),
            language=language,
            translate=lambda sentence: i18n.translate(sentence, language),
        )
    except Invalid as refusal:
        form.name.errors = [*form.name.errors, sentence_of(refusal)]
        return _page(form, course_key), 400
    db.session.commit()
    flash(_("Here is your certificate. Well done!"))
    return redirect(url_for(".index"), 303)


@bp.get("/<number>.pdf")
@allow("learn")
def paper(number: str) -> Response:
    """Give the holder the paper."""
    certificate = certificates.certificate_of(current_user.id, number)
    response = Response(
        certificates.paper(certificate, _site().address), mimetype="application/pdf"
    )
    response.headers["Content-Disposition"] = f'inline; filename="{certificate.number}.pdf"'
    return response


@bp.post("/<number>/share-name")
@allow("learn")
def share_name(number: str) -> AnyResponse:
    """Show my full name on the check page, or only initials."""
    certificate = certificates.certificate_of(current_user.id, number)
    certificates.share_name(certificate, request.form.get("on") == "yes")
    db.session.commit()
    return redirect(url_for(".index"), 303)


@bp.post("/<number>/hide-page")
@allow("learn")
def hide_page(number: str) -> AnyResponse:
    """Hide the check page from everybody, or give it back."""
    certificate = certificates.certificate_of(current_user.id, number)
    certificates.hide_page(certificate, request.form.get("on") == "yes")
    db.session.commit()
    return redirect(url_for(".index"), 303)


def _page(form: NameForm | None = None, wrong: str | None = None) -> str:
    found = claims.claims_of(current_user.id, i18n.variants())
    ready = [claim for claim in found if claim.completion.done and claim.certificate is None]
    return render_template(
        "certification/index.html",
        certificates=certificates.certificates_of(current_user.id),
        ready=[
            (claim, form if form and claim.course_key == wrong else _form(claim.course_key))
            for claim in ready
        ],
        under_way=[claim for claim in found if not claim.completion.done],
        wrong=form,
        day=lambda moment: designs.day(moment, i18n.language()),
        spaced_code=rules.spaced_code,
    )


def _form(course_key: str, *, sent: bool = False) -> NameForm:
    form = NameForm(name=current_user.name) if sent else NameForm(None, name=current_user.name)
    # Several courses may wait on one page; each field needs an id of its own.
    form.name.id = form.name.label.field_id = f"name-{course_key}"
    return form


def _issuer() -> Issuer:
    organisation = people.organisation(current_user.organisation_id)
    if organisation is None:
        return Issuer(key=SITE_KEY, name=current_settings().site_name, country=None)
    return Issuer(
        key=organisation.slug,
        name=organisation.name,
        country=organisation.country,
        organisation_id=organisation.id,
    )


def _site() -> Site:
    return Site(name=current_settings().site_name, address=site_address())
