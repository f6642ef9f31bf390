"""Open a unit for a learner, hear what its blocks say, and note what is done."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DBAPIError
from webob import Request, Response
from xblock.core import XBlock

from mtd_learning.base.db import begin_writing, db
from mtd_learning.blocks import pages
from mtd_learning.blocks.addresses import Addresses
from mtd_learning.blocks.host import Host
from mtd_learning.blocks.olx import unit_of
from mtd_learning.blocks.runtime import MtdRuntime
from mtd_learning.blocks.services import Learner, Module, Words
from mtd_learning.blocks.state import ScratchState
from mtd_learning.blocks.tree import Unit, is_ours, type_name
from mtd_learning.errors import N_, NotFound
from mtd_learning.learning import rules, service
from mtd_learning.learning.state import LearnerState, StaleState
from mtd_learning.library import service as library

MOST_TREES = 1024
TRIES = 3
# Blocks that are done when they are read; what else a unit holds says so itself.
READ = frozenset(["text", "image", "video", "audio", "compare", "facts"])
_trees: OrderedDict[tuple[str, tuple[str, ...]], Unit] = OrderedDict()
_lock = threading.Lock()
_NOTHING: Mapping[str, float] = {}


@dataclass(frozen=True)
class Reader:
    """Who reads, and with what the machine speaks to them."""

    learner: Learner
    variants: tuple[str, ...]
    host: Host
    words: Words
    services: Mapping[str, Any]
    addresses: Addresses


@dataclass(frozen=True)
class Place:
    """One unit of the current edition, found by its address."""

    edition: library.Current
    module: rules.Module
    unit: rules.Unit

    @property
    def manifest(self) -> rules.Manifest:
        """Return the table of contents of the edition."""
        return self.edition.manifest

    @property
    def blob(self) -> Mapping[str, Any]:
        """Return the compiled unit."""
        return library.document(self.unit["blob"])

    @property
    def key(self) -> str:
        """Return the key under which progress is kept."""
        return rules.unit_key(self.module, self.unit)


@dataclass(frozen=True)
class Opened:
    """A unit laid out for a learner, with where they stand in the course."""

    place: Place
    standing: service.Standing
    page: pages.Page
    wrote: bool = False


@dataclass(frozen=True)
class Banks:
    """Banks of past editions, for a paper that was drawn before a new edition came.

    A browser names the hash, so that only the banks asked in this unit are handed out: a paper
    of an easier quiz must not count for this one.
    """

    course_key: str
    asked: frozenset[str]

    def get(self, sha: str) -> Mapping[str, Any] | None:
        """Return a compiled bank by its hash, or None when there is none for this unit."""
        try:
            found = library.document(sha)
        except (NotFound, ValueError):  # ValueError: these bytes are no document
            return None
        if not isinstance(found, dict) or "questions" not in found:
            return None
        ours = found.get("course") == self.course_key and found.get("id") in self.asked
        return found if ours else None


@dataclass(frozen=True)
class Media:
    """Addresses of the pictures and recordings that an edition uses."""

    shas: Mapping[str, str]

    def url(self, block: XBlock, file: str) -> str:
        """Return the address of a file by its name; an address stays as it is."""
        return f"/media/{self.shas[file]}/{file}" if file in self.shas else file


@dataclass(frozen=True)
class Modules:
    """The modules of an edition, for a result that leads back to them."""

    manifest: rules.Manifest
    addresses: Addresses

    def in_order(self) -> list[Module]:
        """Return each module with the address of its first unit."""
        course_key = self.manifest["course"]
        return [
            Module(
                one["id"],
                one["title"],
                one["lang"],
                self.addresses.unit(course_key, one["id"], one["units"][0]["id"]),
            )
            for one in self.manifest["modules"]
            if one["units"]
        ]


def find(course_key: str, module_id: str, unit_id: str, variants: tuple[str, ...]) -> Place:
    """Return a unit of the current edition by its present or a former id, or NotFound."""
    edition = library.edition_for(course_key, variants)
    for module in edition.manifest["modules"]:
        if module["id"] == module_id:
            for unit in module["units"]:
                if unit["id"] == unit_id or unit_id in unit.get("was", ()):
                    return Place(edition, module, unit)
    raise NotFound(N_("There is no such step in this course."))


def open_unit(reader: Reader, place: Place) -> Opened:
    """Return a unit for the screen; `note_opening` then keeps that it was opened."""
    standing = service.standing_of(reader.learner.user_id, place.edition.course_key)
    service.must_be_open(place.manifest, place.module, standing)
    return Opened(place, standing, *_lay_out(reader, place))


def note_opening(opened: Opened) -> bool:
    """Keep that a unit was opened, and say whether there was something to keep: the first time
    one mark, later that the reader came back, and nothing while they stay where they are, unless
    a block wrote while it was shown."""
    place, standing = opened.place, opened.standing
    if place.key in standing.progress.opened:
        return _note_coming_back(place, standing) or opened.wrote
    begin_writing()
    revision = place.unit.get("revision", 1)
    service.mark(standing, place.key, "opened", revision, place.edition.id)
    if standing.progress.went_back_to:
        service.go_back(standing, None)
    return True


def _note_coming_back(place: Place, standing: service.Standing) -> bool:
    """Keep where a person is now, unless they are there already or only read again what is done."""
    progress = standing.progress
    if progress.stopped_at == place.key or progress.is_done(place.module, place.unit):
        return False
    begin_writing()
    service.go_back(standing, place.key)
    return True


def _lay_out(reader: Reader, place: Place) -> tuple[pages.Page, bool]:
    """Return the page, and whether a block wrote something while it was shown."""
    for left in reversed(range(TRIES)):
        try:
            state = LearnerState(reader.learner.user_id)
            page = pages.lay_out(_runtime(reader, place, state))
            return page, state.wrote
        except StaleState:
            db.session.rollback()
            if not left:
                raise
    raise AssertionError("unreachable: the last try returns or raises")


def read_unit(reader: Reader, place: Place, *, on_screen: bool = False) -> pages.Page:
    """Return a unit on paper, for anybody: nothing to press, nothing kept."""
    return pages.on_paper(_runtime(reader, place, ScratchState()), on_screen=on_screen)


def answer(
    reader: Reader, place: Place, key: str, handler: str, suffix: str, request: Request
) -> Response:
    """Let a block answer a request and keep what it says.

    Graded work that completes its unit counts at once: a passed test is passed, whatever is
    pressed afterwards. Every other unit is done when its reader goes on, so that one who stops
    in the middle finds the same page again.
    """
    standing = service.standing_of(reader.learner.user_id, place.edition.course_key)
    service.must_be_open(place.manifest, place.module, standing)
    state = LearnerState(reader.learner.user_id, writing=True)
    ear = Ear(standing, place)
    runtime = _runtime(reader, place, state, ear)
    said = pages.answer(runtime, key, handler, request, suffix)
    _note_coming_back(place, standing)
    is_done = standing.progress.is_done(place.module, place.unit)
    keys = _to_answer(reader.host, place)
    if keys and not is_done and _all_done(keys, standing, ear.reached):
        _done(place, standing)
    return said


def go_on(reader: Reader, place: Place) -> bool:
    """Note a unit as done when nothing in it is left; say whether it is done."""
    standing = service.standing_of(reader.learner.user_id, place.edition.course_key)
    service.must_be_open(place.manifest, place.module, standing)
    if not _all_done(_to_answer(reader.host, place), standing):
        return False
    _done(place, standing)
    return True


class Ear:
    """Hears what blocks publish and keeps it as scores, attempts and events."""

    def __init__(self, standing: service.Standing, place: Place) -> None:
        self._standing = standing
        self._place = place
        self.reached: dict[str, float] = {}
        """How far the blocks have come that said something about it, 0 to 1."""

    def __call__(self, block: XBlock, kind: str, said: dict[str, Any]) -> None:
        key = str(block.scope_ids.usage_id)
        user_id = self._standing.user_id
        if kind == "grade":
            self._grade(user_id, key, said)
        elif kind == "completion":
            self._score(user_id, key, completion=said["completion"])
        else:
            service.record_event(user_id, key, kind, said)

    def _grade(self, user_id: int, key: str, said: dict[str, Any]) -> None:
        paper = said.get("paper")
        if paper is not None:
            service.record_attempt(self._standing, self._place.edition.id, paper)
        self._score(
            user_id,
            key,
            earned=said["value"],
            possible=said["max_value"],
            only_if_higher=bool(said.get("only_if_higher")),
            # A block of somebody else that only grades is done with its grade; our quiz
            # says itself when it is passed.
            completion=None if paper is not None else 1.0,
        )

    def _score(self, user_id: int, key: str, **values: Any) -> None:
        self.reached[key] = service.record_score(user_id, key, **values) or 0.0


def _all_done(
    keys: Sequence[str], standing: service.Standing, known: Mapping[str, float] = _NOTHING
) -> bool:
    asked = [key for key in keys if key not in known]
    reached = dict(known)
    if asked:
        reached |= service.completions(standing.user_id, asked)
    return all(reached.get(key, 0.0) >= 1.0 for key in keys)


def _to_answer(host: Host, place: Place) -> list[str]:
    """Return the required blocks that say themselves when they are done; to read is to go on."""
    if not place.unit["keys"]:
        return []
    blocks = (one for one in place.blob["blocks"] if one["required"])
    return [one["key"] for one in blocks if _says_when_done(host, one["type"])]


def _says_when_done(host: Host, kind: str) -> bool:
    return kind not in READ if is_ours(type_name(kind)) else host.says_when_done(kind)


def _done(place: Place, standing: service.Standing) -> None:
    service.mark(standing, place.key, "done", place.unit.get("revision", 1), place.edition.id)
    service.finish_if_complete(standing, place.edition)
    db.session.flush()


def _runtime(reader: Reader, place: Place, state: Any, ear: Ear | None = None) -> MtdRuntime:
    return MtdRuntime(
        reader.host,
        _tree(reader.host, place.unit["blob"]),
        state,
        learner=reader.learner,
        ear=ear,
        words=reader.words,
        services={
            "banks": Banks(place.edition.course_key, _quizzes(place)),
            "modules": Modules(place.manifest, reader.addresses),
            "media": Media(place.manifest.get("media", {})),
            **reader.services,
        },
        addresses=reader.addresses,
        let_through=(DBAPIError,),
    )


def _quizzes(place: Place) -> frozenset[str]:
    blocks = place.blob["blocks"]
    return frozenset(one["fields"]["quiz"] for one in blocks if one["type"] == "quiz")


def _tree(host: Host, sha: str) -> Unit:
    """Return the frozen tree of a unit, kept in memory by its hash and the types allowed."""
    key = (sha, host.types)
    with _lock:
        if key in _trees:
            _trees.move_to_end(key)
            return _trees[key]
    made = unit_of(host, library.document(sha))
    with _lock:
        _trees[key] = made
        if len(_trees) > MOST_TREES:
            _trees.popitem(last=False)
    return made
