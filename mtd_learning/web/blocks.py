"""The doors of blocks: their handlers, their files, and pictures of courses."""

import io
import mimetypes

from flask import Blueprint, Response, abort, current_app, request, send_from_directory
from flask_wtf.csrf import CSRFError, validate_csrf
from webob import Request
from webob import Response as BlockResponse
from werkzeug.datastructures import Headers
from werkzeug.exceptions import default_exceptions
from wtforms import ValidationError
from xblock.exceptions import DisallowedFileError, JsonHandlerError, NoSuchHandlerError, NoSuchUsage

from mtd_learning.base.db import begin_writing, db, let_go
from mtd_learning.base.settings import current_settings
from mtd_learning.blocks import pages
from mtd_learning.blocks.services import BLOCK_FILES
from mtd_learning.blocks.tree import KEY
from mtd_learning.errors import N_, Forbidden, NotFound, Unavailable
from mtd_learning.learning import player
from mtd_learning.learning.state import StaleState
from mtd_learning.library import service as library
from mtd_learning.web import reading, security
from mtd_learning.web.access import allow, keep_private

bp = Blueprint("blocks", __name__)

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]
MEDIA = ("image/", "audio/", "video/", "text/vtt")
# What a package brings; a course, whose authors write no code, brings media only.
SCRIPTS = ("text/javascript", "application/javascript", "application/json")
RESOURCES = (*MEDIA, *SCRIPTS, "font/", "text/css")


@bp.route("/x/<key>/handler/<name>", defaults={"suffix": ""}, methods=METHODS)
@bp.route("/x/<key>/handler/<name>/<path:suffix>", methods=METHODS)
@allow("learn")
def handler(key: str, name: str, suffix: str) -> Response:
    """Let a block answer. The body is taken first: the check below would empty the stream."""
    keep_private()
    body = request.get_data()
    _must_be_ours()
    if not KEY.match(key) or key.count(".") < 3:
        raise NotFound(N_("This part of the course does not exist any more."))
    course_key, module_id, unit_id = key.split(".")[:3]
    begin_writing()  # foreign blocks may write in a GET handler
    for left in reversed(range(player.TRIES)):
        try:
            reader = reading.reader()
            place = player.find(course_key, module_id, unit_id, reader.variants)
            said = player.answer(reader, place, key, name, suffix, Request(_environ(body)))
            db.session.commit()
            return _answer(said)
        except StaleState:
            let_go()
            if not left:
                raise
        except (NoSuchHandlerError, NoSuchUsage) as error:
            raise NotFound(N_("This part of the course cannot do that.")) from error
        except JsonHandlerError as error:
            let_go()
            return _answer(error.get_response())
    raise AssertionError("unreachable: the last try returns or raises")


def _must_be_ours() -> None:
    """Refuse a request that our own page did not send: blocks have no protection of their own.

    The browser's word is enough; one that says nothing must bring the token of our forms.
    """
    same = security.is_same_origin(request)
    if same is False:
        raise Forbidden(N_("This did not come from our own pages."))
    if same or request.method in ("GET", "HEAD") or not current_app.config["WTF_CSRF_ENABLED"]:
        return
    try:
        validate_csrf(request.headers.get("X-CSRFToken") or request.form.get("csrf_token"))
    except ValidationError as error:
        raise CSRFError(str(error)) from error


def _environ(body: bytes) -> dict[str, object]:
    """Return the request once more for WebOb, with a body that nobody has read."""
    environ = {
        k: v for k, v in request.environ.items() if not k.startswith(("werkzeug.", "flask."))
    }
    environ["wsgi.input"] = io.BytesIO(body)
    environ["webob.is_body_seekable"] = True  # WebOb would copy it first
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _answer(said: BlockResponse) -> Response:
    """Return a WebOb answer as one of ours, with its headers as they stand.

    A browser that sent a form and waits for a page gets a refusal as a page.
    """
    status = said.status_int
    if status >= 400 and security.wants_page():
        abort(status if status in default_exceptions else 400)
    headers = Headers([pair for pair in said.headerlist if pair[0].lower() != "content-length"])
    return Response(b"".join(said.app_iter), status=said.status, headers=headers)


@bp.get("/x-res/shared/<version>/<path:path>")
@allow("public")
def shared(version: str, path: str) -> Response:
    """Return a library that older blocks expect on a page."""
    return _file(pages.open_shared(path), path)


@bp.get("/x-res/<block_type>/<version>/<path:path>")
@allow("public")
def resource(block_type: str, version: str, path: str) -> Response:
    """Return a file that a block's package brings; the version makes it cacheable for ever."""
    try:
        found = reading.host().block_class(block_type).open_local_resource(path)
        return _file(found.read(), path)
    except (DisallowedFileError, OSError, Unavailable) as error:
        raise NotFound(N_("There is no such file.")) from error


@bp.get("/x-fs/<scope>/<path:name>")
@allow("learn")
def kept_file(scope: str, name: str) -> Response:
    """Return a file that a block wrote, to be saved and not shown: its content is anybody's."""
    folder = current_settings().instance / BLOCK_FILES
    return send_from_directory(
        folder, f"{scope}/{name}", as_attachment=True, mimetype="application/octet-stream"
    )


@bp.get("/media/<sha>/<name>")
@allow("public")
def media(sha: str, name: str) -> Response:
    """Return a picture or a recording of a course by its hash."""
    data = library.media(sha)
    answer = _file(data, name, MEDIA)
    # Some browsers play a film only from a server that gives parts of it.
    answer.make_conditional(request, accept_ranges=True, complete_length=len(data))
    # A drawing may carry a style of its own; alone on a page it may do nothing else.
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer.headers["Content-Security-Policy"] = policy
    return answer


def _file(data: bytes, name: str, kinds: tuple[str, ...] = RESOURCES) -> Response:
    kind = mimetypes.guess_type(name)[0] or ""
    shown = kind.startswith(kinds)
    answer = Response(data, mimetype=kind if shown else "application/octet-stream")
    answer.headers["Cache-Control"] = security.FOREVER
    return answer
