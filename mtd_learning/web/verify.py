"""Check a certificate by its code, without an account and without learning a name."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import InputRequired

from mtd_learning.base import clock
from mtd_learning.base.db import begin_writing, db
from mtd_learning.certification import certificates, designs, rules
from mtd_learning.errors import NotFound
from mtd_learning.people import throttle
from mtd_learning.web import i18n
from mtd_learning.web.access import allow, keep_private, network
from mtd_learning.web.errors import database_trouble, sentence_of

bp = Blueprint("verify", __name__, url_prefix="/verify")
bp.before_request(keep_private)

Page = str | tuple[str, int]


class CompareForm(FlaskForm):
    """The name as it stands on the paper."""

    name = StringField(
        lazy_gettext("Name on the paper"),
        description=lazy_gettext(
            "Type it as it is printed; small or capital letters do not matter."
        ),
        validators=[InputRequired(lazy_gettext("Type the name that stands on the paper."))],
        render_kw={"autocomplete": "off", "maxlength": rules.LONGEST_NAME},
    )


@bp.after_request
def keep_unlisted(response: Response) -> Response:
    """Keep check pages out of search engines and the next site's log."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("")
@allow("public")
def index() -> Page | AnyResponse:
    """Ask for a code, and go to its page."""
    typed = request.args.get("code", "").strip()
    code = rules.read_code(typed)
    if code:
        return redirect(url_for(".show", code=code), 303)
    if typed:
        _view(typed)  # is not found: what cannot be a code has no certificate
    return render_template("verify/index.html", typed="", refusal=None)


@bp.get("/<code>")
@allow("public")
def show(code: str) -> str:
    """Say what a stranger may know about a certificate."""
    return _page(_view(code), CompareForm(formdata=None))


@bp.post("/<code>/name")
@allow("public")
def compare(code: str) -> Page:
    """Say whether a typed name is the printed one."""
    view = _view(code)
    form = CompareForm()
    if not form.validate():
        return _page(view, form), 400
    throttle.take("name-compare", account=view.certificate.id, network=network())
    db.session.commit()
    return _page(view, form, certificates.names_match(view.certificate, form.name.data or ""))


@bp.errorhandler(NotFound)
def missed(refusal: NotFound) -> ResponseReturnValue:
    """Count the miss, and ask for the code again."""
    typed = (request.view_args or {}).get("code") or request.args.get("code", "").strip()
    try:
        begin_writing()
        throttle.count("verify-miss", network=network())
        db.session.commit()
    except SQLAlchemyError as error:
        return database_trouble(error)  # what an error handler raises is handled by no other
    sentence = sentence_of(refusal)
    return render_template("verify/index.html", typed=typed[:100], refusal=sentence), 404


def _view(code: str) -> certificates.View:
    throttle.check("verify-miss", network=network())
    return certificates.verify(code, clock.today())


def _page(view: certificates.View, form: CompareForm, matches: bool | None = None) -> str:
    language = i18n.language()
    certificate = view.certificate
    return render_template(
        "verify/show.html",
        view=view,
        certificate=certificate,
        elements=certificate.elements,
        form=form,
        matches=matches,
        country=designs.country_name(certificate.issuer_country, language),
        course_language=designs.language_name(certificate.course_locale, language),
        course_lang=certificate.elements["title_language"],
        kind=_(designs.KINDS[certificate.kind]),
        day=lambda moment: designs.day(moment, language),
        duration=duration,
        fixed=designs.FIXED,
        code=rules.spaced_code(certificate.public_code),
    )


def duration(minutes: int) -> str:
    """Return minutes as people say them, in the reader's language."""
    words = {key: _(designs.WORDS[key]) for key in ("none", "minutes", "hours", "hours_minutes")}
    return designs.duration(minutes, words)
