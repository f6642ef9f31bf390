"""Ways in: an invitation, a link by mail, a password; and the way out."""

from flask import abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from mtd_learning.base.db import db
from mtd_learning.base.settings import current_settings
from mtd_learning.errors import Expired, Invalid
from mtd_learning.learning import service as learning
from mtd_learning.people import devices, invitations, links, sessions, signing, throttle
from mtd_learning.people import service as people
from mtd_learning.people.models import Invitation, User
from mtd_learning.people.roles import ROLE_NAMES, ROLES
from mtd_learning.web import i18n
from mtd_learning.web.access import allow, network
from mtd_learning.web.account.door import (
    DEVICE_COOKIE,
    Answer,
    bp,
    device,
    let_in,
    let_out,
    onward_from_address,
    tell_of_letter,
)
from mtd_learning.web.account.forms import JoinForm, LinkForm, PasswordForm
from mtd_learning.web.errors import sentence_of, status_of


def _course_or_home(user: User, course_key: str | None) -> str:
    if course_key is None:
        return onward_from_address() or url_for("home.index")
    learning.enrol(user.id, course_key)
    return url_for("learn.course", course_key=course_key)


@bp.errorhandler(Expired)
def over(error: Expired) -> tuple[str, int]:
    """Show that a link or an invitation opens nothing, with a way on."""
    words = render_template(
        "account/over.html",
        message=sentence_of(error),
        form=LinkForm(formdata=None, prefix="link"),
        next=onward_from_address(),
    )
    return words, status_of(error)


def _sign_in_page(link: LinkForm | None = None, password: PasswordForm | None = None) -> str:
    return render_template(
        "account/sign_in.html",
        link=link or LinkForm(formdata=None, prefix="link"),
        password=password or PasswordForm(formdata=None, prefix="password"),
        demo_people=_demo_people(),
        role_names=ROLE_NAMES,
        next=onward_from_address(),
    )


def _demo_people() -> list[tuple[str, User]]:
    if not current_settings().demo:
        return []
    found = [(role, people.find_user(f"{role}@demo.example")) for role in ROLES]
    return [(role, user) for role, user in found if user is not None]


@bp.route("/sign-in", methods=["GET", "POST"])
@allow("public")
def sign_in() -> Answer:
    """Offer the ways in; mail a link, and say the same whether or not the address is known."""
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(onward_from_address() or url_for("home.index"), 303)
        return _sign_in_page()
    form = LinkForm(prefix="link")
    if not form.validate_on_submit():
        return _sign_in_page(link=form), 422
    address = people.clean_email(form.email.data or "")
    throttle.take("link", account=address, network=network())
    invitations.send_way_in(address, onward=onward_from_address() or "")
    db.session.commit()
    return tell_of_letter(address, again=url_for(".sign_in"))


@bp.get("/sign-in/sent")
@allow("public")
def letter_sent() -> Answer:
    """Say that a letter is on its way."""
    return render_template(
        "account/letter_sent.html",
        address=session.get("letter_to", ""),
        again=session.get("letter_from") or url_for(".sign_in"),
        minutes=current_settings().link_minutes,
        sends_letters=bool(current_settings().mail_host),
    )


@bp.post("/sign-in/password")
@allow("public")
def sign_in_with_password() -> Answer:
    """Sign in with a password."""
    form = PasswordForm(prefix="password")
    if not form.validate_on_submit():
        return _sign_in_page(password=form), 422
    address = people.clean_email(form.email.data or "")
    lane = devices.lane_of(request.cookies.get(DEVICE_COOKIE, ""), address)
    knocked = signing.knock(address, network=network(), lane=lane)
    db.session.commit()  # the try counts, and no lock is held during the slow comparison
    try:
        token = signing.enter(knocked, form.password.data or "", device())
    except Invalid as error:
        form.password.errors = [sentence_of(error)]
        return _sign_in_page(password=form), 422
    return let_in(token, onward_from_address() or url_for("home.index"))


@bp.post("/sign-in/demo")
@allow("public")
def sign_in_demo() -> Answer:
    """Sign in as one of the five people of the demo."""
    user = dict(_demo_people()).get(request.form.get("role", ""))
    if user is None:
        abort(404)
    token = sessions.open_session(user, device(), way="demo")
    return let_in(token, onward_from_address() or url_for("home.index"))


@bp.route("/sign-in/<token>", methods=["GET", "POST"])
@allow("public")
def sign_in_by_link(token: str) -> Answer:
    """Show a button, and use the link up when it is pressed.

    Programs that look through mail open addresses, but press nothing.
    """
    if request.method == "GET":
        return render_template("account/open_link.html", link=links.look(token))
    entered = invitations.enter(token)
    onward = _course_or_home(entered.user, entered.course_key)
    return let_in(sessions.open_session(entered.user, device(), way="link"), onward)


@bp.route("/join/<token>", methods=["GET", "POST"])
@allow("public")
def join(token: str) -> Answer:
    """Ask a new person for four things, and let them in."""
    invitation = invitations.look(token)
    form = JoinForm(
        name="",
        email=invitation.email,
        language=i18n.language(),
        country=invitation.country or i18n.country(),
    )
    form.offer()
    if invitation.email:
        del form.email
    if not form.validate_on_submit():
        home = people.organisation_name(invitation.organisation_id)
        words = render_template("account/join.html", form=form, invitation=invitation, home=home)
        return words, 422 if form.is_submitted() else 200
    return _join(token, form, invitation)


def _join(token: str, form: JoinForm, invitation: Invitation) -> Answer:
    address = invitation.email or people.clean_email(form.email.data or "")
    throttle.take("join", account=address, network=network())
    joined = invitations.join(
        token, form.name.data or "", address, form.language.data, form.country.data
    )
    if joined.at_once:
        onward = _course_or_home(joined.user, joined.course_key)
        return let_in(sessions.open_session(joined.user, device(), way="invitation"), onward)
    db.session.commit()
    return tell_of_letter(address, again=request.path)


@bp.post("/sign-out")
@allow("learn")
def sign_out() -> Answer:
    """Sign this device out."""
    sessions.end_session(current_user.token)
    db.session.commit()
    return let_out(_("You are signed out."), url_for("home.index"))
