"""Django as a template engine for strangers' blocks; touched only when an operator allows some."""

import importlib.util
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

_configuring = threading.Lock()


def is_installed() -> bool:
    """Return whether Django can be imported, without importing it."""
    return importlib.util.find_spec("django") is not None


def configure(extra: Mapping[str, Any] | None = None) -> None:
    """Give Django the few settings that blocks ask for, once a process; `extra` adds to them."""
    # Django is an optional extra: a lean process must never import it.
    import django
    from django.conf import settings

    with _configuring:
        if not settings.configured:
            settings.configure(**_settings(extra or {}))
            django.setup()


def render_template(folders: Sequence[str], name: str, values: Mapping[str, Any]) -> str:
    """Return a block's own Django template, filled."""
    from django.template import Context

    found = _engine(tuple(folders)).get_template(name)
    return str(found.render(Context(dict(values))))


def activate(language: str) -> None:
    """Let Django speak the learner's language in this thread."""
    from django.utils import translation

    translation.activate(language)


@lru_cache(maxsize=8)
def _engine(folders: tuple[str, ...]) -> Any:
    from django.template import Engine

    return Engine(dirs=list(folders), builtins=["django.templatetags.i18n"])


def _settings(extra: Mapping[str, Any]) -> dict[str, Any]:
    made = {**_defaults(), **extra}
    apps = (*_defaults()["INSTALLED_APPS"], *extra.get("INSTALLED_APPS", ()))
    return {**made, "INSTALLED_APPS": list(dict.fromkeys(apps))}


def _defaults() -> dict[str, Any]:
    apps = ["django.contrib.contenttypes", "django.contrib.auth"]
    if importlib.util.find_spec("statici18n"):
        apps.append("statici18n")
    return {
        # Nothing is signed with it: sessions, forms and passwords are not Django's here.
        "SECRET_KEY": "blocks-sign-nothing",
        "USE_I18N": True,
        "USE_TZ": True,
        "LANGUAGE_CODE": "en",
        "STATIC_URL": "/static/",
        "MEDIA_URL": "/media/",
        "MEDIA_ROOT": "",
        "DEFAULT_AUTO_FIELD": "django.db.models.AutoField",
        "FEATURES": {},
        "ENV_TOKENS": {},
        "LMS_ROOT_URL": "",
        "LMS_BASE": "",
        "SERVICE_VARIANT": "lms",
        "PLATFORM_NAME": "mtd_learning",
        "INSTALLED_APPS": apps,
        "DATABASES": {},
        "TEMPLATES": [
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
    }
