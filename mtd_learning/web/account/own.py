"""One's own account: what is kept, and how to change it."""

from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from mtd_learning.base import clock
from mtd_learning.base.db import db
from mtd_learning.base.settings import current_settings
from mtd_learning.certification import certificates
from mtd_learning.errors import Invalid
from mtd_learning.learning import service as learning
from mtd_learning.people import invitations, links, passwords, sessions, signing, throttle
from mtd_learning.people import service as people
from mtd_learning.people.countries import OTHER
from mtd_learning.people.roles import ROLE_NAMES
from mtd_learning.privacy import service as privacy
from mtd_learning.privacy.schedule import GOES_WITH_ACCOUNT, SCHEDULE
from mtd_learning.web import i18n
from mtd_learning.web.access import allow, network
from mtd_learning.web.account.door import DEVICE_COOKIE, Answer, bp, let_out, tell_of_letter
from mtd_learning.web.account.forms import AddressForm, NewPasswordForm, PresentForm, ProfileForm
from mtd_learning.web.errors import sentence_of


def _needs_present() -> bool:
    return current_user.has_password and not current_user.is_fresh(clock.now())


def _account_page(**bad: FlaskForm) -> str:
    me = current_user
    profile = ProfileForm(
        formdata=None,
        prefix="profile",
        name=me.name,
        language=me.language if me.language in i18n.languages() else i18n.language(),
        country=me.country or OTHER,
    )
    profile.offer()
    forms: dict[str, Any] = {
        "profile": profile,
        "address": AddressForm(formdata=None, prefix="address"),
        "password": NewPasswordForm(formdata=None, prefix="password"),
    } | bad
    if not _needs_present():
        for name in ("address", "password"):
            del forms[name].present
    return render_template(
        "account/account.html",
        **forms,
        wrong=next(iter(bad.values()), None),
        home=people.organisation_name(me.organisation_id),
        role_names=dict.fromkeys(ROLE_NAMES[held.role] for held in me.grants),
        devices=sessions.devices_of(me.id, me.token),
    )


@bp.get("/account")
@allow("learn")
def own() -> Answer:
    """Show what the site keeps about me, and let me change it."""
    return _account_page()


@bp.post("/account/profile")
@allow("learn")
def change_profile() -> Answer:
    """Change name, language and country."""
    form = ProfileForm(prefix="profile")
    form.offer()
    if not form.validate_on_submit():
        return _account_page(profile=form), 422
    people.change_profile(
        people.user(current_user.id),
        name=form.name.data or "",
        language=form.language.data,
        country=form.country.data,
        languages=i18n.languages(),
    )
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for(".own"), 303)


def _prove(form: PresentForm) -> bool:
    """Ask for the present password where one is needed; note on the form when it is wrong."""
    if not _needs_present():
        return True
    lane = f"{current_user.email} {current_user.id}"
    knocked = signing.knock(current_user.email, network=network(), lane=lane)
    db.session.commit()
    try:
        signing.prove(knocked, form.present.data or "")
    except Invalid:
        form.present.errors = [_("This is not your present password.")]
        return False
    db.session.commit()
    return True


@bp.post("/account/email")
@allow("learn")
def change_email() -> Answer:
    """Mail a link to a new address; it counts when that link is used."""
    form = AddressForm(prefix="address")
    if not form.validate_on_submit() or not _prove(form):
        return _account_page(address=form), 422
    address = people.clean_email(form.email.data or "")
    throttle.take("link", account=str(current_user.id), network=network())
    links.send_email_link(people.user(current_user.id), address)
    db.session.commit()
    return tell_of_letter(address, again=url_for(".own"))


@bp.post("/account/password")
@allow("learn")
def change_password() -> Answer:
    """Set a password, and sign out the other devices."""
    form = NewPasswordForm(prefix="password")
    if not form.validate_on_submit() or not _prove(form):
        return _account_page(password=form), 422
    new = form.password.data or ""
    try:
        passwords.refuse_weak(new, email=current_user.email, name=current_user.name)
    except Invalid as error:
        form.password.errors = [sentence_of(error)]
        return _account_page(password=form), 422
    db.session.commit()  # no lock is held while the password is hashed
    kept = passwords.hash_password(new)
    people.set_password(people.user(current_user.id), kept, but=current_user.token)
    db.session.commit()
    flash(_("Your password is set. All other devices are signed out."))
    return redirect(url_for(".own"), 303)


@bp.post("/account/sign-out-everywhere")
@allow("learn")
def sign_out_everywhere() -> Answer:
    """Sign out on every device, this one too."""
    sessions.end_all_sessions(current_user.id, actor_id=current_user.id)
    db.session.commit()
    return let_out(_("You are signed out on every device."), url_for(".sign_in"))


@bp.get("/account/my-data.json")
@allow("learn")
def my_data() -> Answer:
    """Give a person what the site keeps about them, as a file."""
    me = current_user.id
    response = make_response(
        {
            "people": people.personal_data(me),
            "invitations": invitations.personal_data(me),
            "learning": learning.personal_data(me),
            "certificates": certificates.personal_data(me),
            "site": privacy.personal_data(me, current_settings().instance),
            **privacy.personal_data_of_plugins(me),
        }
    )
    name = f"my-data-{clock.today().isoformat()}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/account/leave")
@allow("learn")
def leave() -> Answer:
    """Say what goes with an account and what stays, before it is deleted."""
    return _leave_page(PresentForm(formdata=None))


@bp.post("/account/leave")
@allow("learn")
def leave_now() -> Answer:
    """Delete the account at once."""
    form = PresentForm()
    if not form.validate_on_submit() or not _prove(form):
        return _leave_page(form), 422
    privacy.forget(current_user.id, actor_id=current_user.id)
    db.session.commit()
    words = _("Your account is deleted. Thank you for what you have given.")
    answer = let_out(words, url_for("home.index"))
    answer.delete_cookie(DEVICE_COOKIE, path=url_for(".sign_in"))
    return answer


def _leave_page(form: PresentForm) -> str:
    if not _needs_present():
        del form.present
    return render_template(
        "account/leave.html",
        form=form,
        goes=[one.what for one in SCHEDULE if one.name in GOES_WITH_ACCOUNT],
        certificates=certificates.certificates_of(current_user.id),
    )
