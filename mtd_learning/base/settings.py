"""What an operator may set: one dataclass, a sentence a field, read once at the start."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any, get_origin

from babel import localedata
from flask import current_app
from sqlalchemy import URL

from mtd_learning.errors import N_, Invalid

DEMO_FOLDER = "instance/demo"
_POSTGRES = ("postgresql://", "postgresql+psycopg://", "postgres://")
MOST = 65535  # the highest port; nobody needs more days, minutes or threads either
_ADDRESS = r"[^\s@<>,;]+@[^\s@<>,;]+"
_SENDER = re.compile(rf'{_ADDRESS}|("[^"\r\n]+" ?|[^@<>",:;\r\n]+)<{_ADDRESS}>')


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting. Keys in `mtd.toml` are in capitals, environment names begin with MTD_."""

    instance: Path = field(
        metadata={"help": "Folder of this installation: database, secrets, files."}
    )
    secret_key: str = field(default="", metadata={"help": "Signs cookies; `mtd init` makes it."})
    database_url: str = field(
        default="", metadata={"help": "Empty: SQLite in the instance folder."}
    )
    base_url: str = field(
        default="",
        metadata={"help": "Public address, without a folder; letters and certificates lead there."},
    )
    site_name: str = field(
        default="Beside the child", metadata={"help": "Name in the page header."}
    )
    content: str = field(
        default="database",
        metadata={
            "help": "database: published editions. files: folders, read again at each change."
        },
    )
    content_dir: str = field(
        default="", metadata={"help": "Folder with courses/ and quizzes/; empty: the shipped one."}
    )
    xblock_types: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "Block types of other packages that courses may use; type@package where two "
            "packages bring one."
        },
    )
    xblock_settings: Mapping[str, Any] = field(
        default_factory=dict,
        metadata={"help": "For each block type the settings that its blocks may ask for."},
    )
    xblock_django: Mapping[str, Any] = field(
        default_factory=dict,
        metadata={"help": "Settings of Django that blocks of other packages need besides ours."},
    )
    languages: tuple[str, ...] = field(
        default=("en", "cs", "de", "el", "es", "fi", "fr", "it", "nl", "pt", "sk", "sl", "sv"),
        metadata={"help": "Languages of the interface."},
    )
    mail_host: str = field(
        default="", metadata={"help": "SMTP server; empty: letters go to the log."}
    )
    mail_port: int = field(default=25, metadata={"help": "SMTP port."})
    mail_user: str = field(
        default="", metadata={"help": "SMTP user, where the server asks for one."}
    )
    mail_password: str = field(default="", metadata={"help": "SMTP password."})
    mail_tls: bool = field(default=False, metadata={"help": "Use STARTTLS."})
    mail_from: str = field(default="noreply@localhost", metadata={"help": "Sender of letters."})
    contact: str = field(
        default="",
        metadata={"help": "Who runs the site, with an e-mail address: for the page on privacy."},
    )
    threads: int = field(default=8, metadata={"help": "Threads of the server."})
    host: str = field(default="127.0.0.1", metadata={"help": "Address the server listens on."})
    port: int = field(default=8000, metadata={"help": "Port the server listens on."})
    trusted_proxy: str = field(
        default="",
        metadata={"help": "IP address of the proxy whose X-Forwarded headers are believed."},
    )
    session_idle_days: int = field(
        default=14, metadata={"help": "Days without a visit until a sign-in ends."}
    )
    session_days: int = field(
        default=90, metadata={"help": "Days until a sign-in ends in any case."}
    )
    link_minutes: int = field(
        default=30, metadata={"help": "Minutes that a one-time sign-in link lives."}
    )
    invitation_days: int = field(default=30, metadata={"help": "Days that an invitation lives."})
    keep_accounts_months: int = field(
        default=24, metadata={"help": "Months after the last visit until an account is emptied."}
    )
    keep_answers_months: int = field(
        default=12, metadata={"help": "Months after the end of a course until answers are deleted."}
    )
    keep_certificates_years: int = field(
        default=10, metadata={"help": "Years until a certificate loses its holder's name."}
    )
    keep_audit_months: int = field(
        default=24, metadata={"help": "Months until the line that says who did what is deleted."}
    )
    safe_mode: bool = field(default=False, metadata={"help": "Start without any plugin."})
    demo: bool = field(
        default=False, metadata={"help": "Seeded demo; offers its five people for sign-in."}
    )
    secure_cookies: bool = field(
        default=False, metadata={"help": "Send cookies over https only; on when base_url is https."}
    )
    testing: bool = field(default=False, metadata={"help": "Set by tests only."})

    @property
    def types_allowed(self) -> tuple[str, ...]:
        """Return the block types of other packages that may be loaded: in safe mode none."""
        return () if self.safe_mode else self.xblock_types

    @property
    def database_uri(self) -> str:
        """Return the address of the database in SQLAlchemy's form."""
        # A folder may be called what means something in an address: "what?", "100%".
        ours = URL.create("sqlite", database=str(self.instance / "mtd.sqlite"))
        url = self.database_url or str(ours)
        return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)


_FIELDS = {one.name: one for one in fields(Settings)}


def current_settings() -> Settings:
    """Return the settings of the site for which this page, job or command is."""
    return current_app.extensions["mtd"].settings


def is_only_here(address: str) -> bool:
    """Say whether an address leads nowhere but to the machine that it was written on."""
    return bool(re.match(r"http://(localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\])(:|/|$)", address))


def load(given: Mapping[str, object] | None = None) -> Settings:
    """Return the settings: defaults, then mtd.toml, then MTD_… variables, then what is given.

    Raises Invalid with the key, the value and a sentence when a value cannot be used.
    """
    given = dict(given or {})
    environment = {
        name: os.environ[key] for key, name in _in_environment().items() if name in _FIELDS
    }
    for key in ("DATABASE_URL", "PORT"):  # as hosts of applications name them
        if os.environ.get(key):
            environment.setdefault(key.lower(), os.environ[key])
    instance = Path(str(given.get("instance") or environment.get("instance") or _folder()))
    instance = instance.absolute()
    file = instance / "mtd.toml"
    values = {**environment, **given, "instance": instance}
    written = {key: one for key, one in _from_file(file).items() if key not in values}
    try:
        typed = _usable(written)
    except Invalid as refusal:
        raise _unreadable(file, refusal) from refusal
    typed |= _usable(values)
    if str(typed.get("base_url", "")).startswith("https://"):
        typed.setdefault("secure_cookies", True)
    if not typed.get("secret_key"):
        typed["secret_key"] = _secret(instance)
    return Settings(**typed)


def unknown() -> list[str]:
    """Return a sentence for each MTD_… variable that sets nothing, with the nearest that does."""
    known = {f"MTD_{name}".upper() for name in _FIELDS}
    wrong = [key for key, name in _in_environment().items() if f"MTD_{name}".upper() not in known]
    return [f"{key} sets nothing.{_nearest(key, known)}" for key in wrong]


def _nearest(key: str, known: set[str]) -> str:
    # Loaded where it is used: no start needs it where all names are right.
    from difflib import get_close_matches

    found = get_close_matches(key, known, n=1)
    return f" Was it to be {found[0]}?" if found else ""


def _in_environment() -> dict[str, str]:
    """Return the setting that each MTD_… variable names, by the variable."""
    return {key: key[4:].lower().replace("__", "_") for key in os.environ if key.startswith("MTD_")}


def _from_file(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    try:
        tree = tomllib.loads(path.read_text("utf-8"))
    except ValueError as error:  # not TOML, or not even UTF-8
        raise _unreadable(path, error) from error
    flat: dict[str, object] = {}
    for key, value in tree.items():
        whole = _FIELDS.get(key.lower())
        if isinstance(value, dict) and not (whole and _is_table(whole.type)):
            # [MAIL] HOST = … nests as mail_host
            flat.update({f"{key}_{inner}".lower(): item for inner, item in value.items()})
        else:
            flat[key.lower()] = value
    if "instance" in flat:
        why = "INSTANCE names the folder of this very file; set it as MTD_INSTANCE"
        raise _unreadable(path, why)
    for key, value in flat.items():
        if key not in _FIELDS:
            raise Invalid(
                N_("%(path)s: there is no setting called %(key)s (it was to be %(value)r)."),
                path=path,
                key=key.upper(),
                value=value,
            )
    return flat


def _usable(values: Mapping[str, object]) -> dict[str, Any]:
    """Return the values in the types of their settings, or refuse the first that cannot be."""
    typed: dict[str, Any] = {}
    for name, value in values.items():
        if name not in _FIELDS:
            raise Invalid(
                N_("There is no setting called %(key)s (it was to be %(value)r)."),
                key=name.upper(),
                value=value,
            )
        try:
            typed[name] = _typed(value, _FIELDS[name].type)
            kind = _kind_missed(name, typed[name])
        except (TypeError, ValueError):
            kind = _name_of(_FIELDS[name].type)
        if kind is not None:
            shown = typed.get(name, value)
            if name == "database_url":  # what stands behind may be a password
                shown = str(value).partition(":")[0]
            raise Invalid(
                N_("The setting %(key)s cannot be %(value)r: it must be %(kind)s."),
                key=name.upper(),
                value=shown,
                kind=kind,
            )
    return typed


def _kind_missed(name: str, value: object) -> str | None:
    """Return what a value of the right type should have been, or None when it is good."""
    said = str(value)
    if name == "content" and said not in ("database", "files"):
        return "database or files"
    if name == "languages" and not _are_languages(value):
        return "one language or more, by codes such as en, fi or pt-BR"
    if name == "database_url" and said:
        if not said.startswith(("sqlite:///", *_POSTGRES)):
            return "an address that begins with sqlite:/// or postgresql://"
        if said.startswith(_POSTGRES) and find_spec("psycopg") is None:
            return "an address whose driver is there: install the extra postgres"
    if name == "base_url" and said and not re.fullmatch(r"https?://[^\s/?#]+/?", said):
        return "an address that begins with https:// or http:// and has no folder behind its host"
    if name in ("host", "site_name") and not said.strip():
        return "a text that is not empty"
    if name == "trusted_proxy" and said not in ("", "*") and not _is_ip(said):
        return "one IP address, or * for any"
    if name == "mail_from" and not _SENDER.fullmatch(said):
        return "a sender: name@example.org, or Name <name@example.org>"
    # A letter goes out 30 days before an account is emptied; not to somebody just here.
    least = 2 if name == "keep_accounts_months" else 1
    if type(value) is int and not least <= value <= MOST:
        return f"a whole number from {least} to {MOST}"
    return None


def _are_languages(codes: object) -> bool:
    code = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
    return (
        isinstance(codes, tuple)
        and bool(codes)
        and all(code.fullmatch(one) and localedata.exists(one.replace("-", "_")) for one in codes)
    )


def _is_ip(address: str) -> bool:
    try:
        return bool(ip_address(address))
    except ValueError:
        return False


def _folder() -> str:
    """Return `instance`; where only the demo was made, its folder, so that `mtd` speaks of it."""
    has_demo = Path(DEMO_FOLDER, "secret_key").exists()
    return DEMO_FOLDER if has_demo and not Path("instance/secret_key").exists() else "instance"


def _secret(instance: Path) -> str:
    path = instance / "secret_key"
    try:
        return path.read_text("ascii").strip() if path.is_file() else ""
    except UnicodeDecodeError as error:
        raise _unreadable(path, error.reason) from error


def _unreadable(path: Path, why: object) -> Invalid:
    return Invalid(N_("%(path)s cannot be read: %(why)s"), path=path, why=why)


def _typed(value: object, kind: Any) -> object:
    if kind is Path:
        return Path(str(value))
    if kind is bool:
        return _truth(value)
    if kind is int:
        return int(str(value))
    if _is_table(kind):
        if not isinstance(value, Mapping):
            raise TypeError(value)
        return value
    if get_origin(kind) is tuple:
        items = value.replace(",", " ").split() if isinstance(value, str) else value
        return tuple(str(item) for item in items)  # type: ignore[attr-defined]
    return str(value)


def _truth(value: object) -> bool:
    said = str(value).lower()
    if said in ("", "0", "false", "no", "off"):
        return False
    return said in ("1", "true", "yes", "on") or int(said) > 0


def _is_table(kind: Any) -> bool:
    return get_origin(kind) is Mapping


def _name_of(kind: Any) -> str:
    if _is_table(kind):
        return "a table in mtd.toml"
    return {int: "a whole number", bool: "true or false"}.get(kind, "a text")
