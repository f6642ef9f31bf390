"""The forms of coming in and of one's own account."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from mtd_learning.errors import Invalid
from mtd_learning.people import service as people
from mtd_learning.people.countries import COUNTRIES, OTHER, OTHER_NAME
from mtd_learning.web import i18n
from mtd_learning.web.errors import sentence_of


def _fit_for(clean: Callable[[str], str]) -> Callable[[FlaskForm, StringField], None]:
    """Return a validator that refuses what `clean` refuses, in its words."""

    def check(form: FlaskForm, field: StringField) -> None:
        try:
            clean(field.data or "")
        except Invalid as error:
            raise ValidationError(sentence_of(error)) from error

    return check


def _email_field() -> EmailField:
    return EmailField(
        __("E-mail address"),
        [
            InputRequired(__("Please write your e-mail address.")),
            Length(max=254),
            _fit_for(people.clean_email),
        ],
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )


class LinkForm(FlaskForm):
    """An address to which a sign-in link goes."""

    email = _email_field()


class PasswordForm(FlaskForm):
    """An address and its password."""

    email = _email_field()
    password = PasswordField(
        __("Password"),
        [InputRequired(__("Please write your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class JoinForm(FlaskForm):
    """The one page between an invitation and the course."""

    name = StringField(
        __("Your name"),
        [InputRequired(__("Please write your name.")), _fit_for(people.clean_name)],
        description=__("As it shall stand on your certificate."),
        render_kw={"autocomplete": "name"},
    )
    email = _email_field()
    language = SelectField(__("Language"), [InputRequired()])
    country = SelectField(
        __("Country where you help"),
        [InputRequired(__("Please choose a country from the list."))],
        description=__("Rules and help numbers of this country are shown to you."),
    )

    def offer(self) -> None:
        """Fill the two lists in the reader's language; without a country, none is chosen yet."""
        self.language.choices = [(code, i18n.name_of(code)) for code in i18n.languages()]
        named = sorted((_(name), code) for code, name in COUNTRIES.items())
        self.country.choices = [(code, name) for name, code in named] + [(OTHER, _(OTHER_NAME))]
        if not self.country.data:
            self.country.choices.insert(0, ("", _("Choose …")))


class ProfileForm(JoinForm):
    """What the site says and keeps of a person; another address needs a letter first."""

    email = None


class PresentForm(FlaskForm):
    """Asks for the present password, where a change needs it."""

    present = PasswordField(
        __("Your present password"), render_kw={"autocomplete": "current-password"}
    )


class AddressForm(PresentForm):
    """A new e-mail address."""

    email = _email_field()


class NewPasswordForm(PresentForm):
    """A new password."""

    password = PasswordField(
        __("New password"),
        [InputRequired(__("Please write a password."))],
        description=__("At least 10 characters. A sentence of yours is good."),
        render_kw={"autocomplete": "new-password"},
    )
