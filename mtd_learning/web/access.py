"""Who may enter: each view names a right, and what one may not see is not found."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from mtd_learning.errors import N_, Forbidden
from mtd_learning.people import roles, throttle
from mtd_learning.people.sessions import SessionView
from mtd_learning.web import security

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "learn"


def allow(right: str) -> Callable[[View], View]:
    """Let a view be entered with `right` only; `public` is everybody's, `learn` the signed-in's.

    The signed-out are sent to the sign-in page and come back after it.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            if right != PUBLIC and not current_user.is_authenticated:
                return _to_the_door()
            if right not in (PUBLIC, SIGNED_IN) and not holds(right):
                raise Forbidden(N_("You do not have the right to open this page."))
            return view(*args, **values)

        guarded.right = right  # type: ignore[attr-defined]
        return cast(View, guarded)

    return mark


def _to_the_door() -> Response:
    """Lead to the sign-in page, and from there back to the page on which one stands.

    A script, which would take that page for an answer, is refused.
    """
    if not security.wants_page():
        abort(401)
    if request.method == "GET":
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")), 303)
    flash(_("You are signed out."), "note")
    page = urlsplit(request.referrer or "")
    back = page.path if page.netloc == request.host else None
    return redirect(url_for("account.sign_in", next=back), 303)


def signed_in() -> SessionView | None:
    """Return who is signed in, looked up once for all that is asked about them; else None."""
    found = current_user._get_current_object()
    return found if found.is_authenticated else None


def holds(right: str) -> bool:
    """Say whether the signed-in person holds a right anywhere."""
    me = signed_in()
    return me is not None and roles.may(me.grants, right)


def keep_private() -> None:
    """Keep what is one's own out of every cache: for a view, or all views of a blueprint."""
    g.private = True


def network() -> str:
    """Return the network that this request comes from; it is only ever kept as a keyed hash."""
    return throttle.network_of(request.remote_addr)
