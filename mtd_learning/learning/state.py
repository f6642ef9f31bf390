"""The store of one learner for the block machine: one SELECT a page, one write a change."""

import json
from collections.abc import Iterable
from functools import cache
from math import ceil
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from mtd_learning.base import clock
from mtd_learning.base.db import begin_writing, db, execute
from mtd_learning.errors import N_, Conflict
from mtd_learning.learning.models import BlockState

_TABLE = BlockState.__table__
_UPDATE = (
    update(_TABLE)
    .where(
        _TABLE.c.user_id == bindparam("user"),
        _TABLE.c.block_key == bindparam("key"),
        _TABLE.c.rev == bindparam("seen"),
    )
    .values(fields=bindparam("text"), rev=bindparam("next"), updated_at=bindparam("now"))
)

EVERYBODY = 0
PLACES = 8  # a statement has places for so many keys, or twice so many, and so on

_STALE = N_("This was changed in another window. Please try again.")

Key = tuple[int, str]


class StaleState(Conflict):
    """Another request changed the same block in between; the door tries once more."""


class LearnerState:
    """What the blocks of a page remember of one learner, loaded at once and written at the end."""

    def __init__(self, user_id: int, *, writing: bool = False) -> None:
        self.user_id = user_id
        self._writing = writing
        self._documents: dict[Key, dict[str, Any]] = {}
        self._revisions: dict[Key, int] = {}
        self._dirty: set[Key] = set()
        self.wrote = False

    def prefetch(self, keys: Iterable[str]) -> None:
        """Load the documents of the blocks named, this learner's and the shared ones."""
        wanted = [key for key in keys if (self.user_id, key) not in self._documents]
        if not wanted:
            return
        for key in wanted:
            for user in (self.user_id, EVERYBODY):
                self._documents[user, key] = {}
                self._revisions[user, key] = 0
        places = ceil(len(wanted) / PLACES) * PLACES
        named = {f"key_{at}": wanted[min(at, len(wanted) - 1)] for at in range(places)}
        found: Iterable[Any] = execute(
            _documents(places, locked=self._writing), {"learner": self.user_id, **named}
        )
        for user_id, key, fields, rev in found:
            self._documents[user_id, key] = json.loads(fields)
            self._revisions[user_id, key] = rev

    def get(self, user_id: int, block_key: str) -> dict[str, Any]:
        """Return the document of a block; the caller changes it only through `set`."""
        if (user_id, block_key) not in self._documents:
            self.prefetch([block_key])
        return self._documents.setdefault((user_id, block_key), {})

    def set(self, user_id: int, block_key: str, field: str, value: Any) -> None:
        """Remember one field of a block until `flush`."""
        # As it will be read again; and a fifth of the cost of a deep copy.
        self.get(user_id, block_key)[field] = json.loads(json.dumps(value))
        self._dirty.add((user_id, block_key))

    def flush(self) -> None:
        """Write each changed document once; StaleState when somebody else was there first.

        A page that is only read may write too, such as a counter of views: its transaction
        becomes a writing one here, and not before.
        """
        if self._dirty:
            begin_writing()
            self.wrote = True
        now = clock.now()
        for user_id, key in sorted(self._dirty):
            text = json.dumps(self._documents[user_id, key], ensure_ascii=False)
            seen = self._revisions.get((user_id, key), 0)
            if seen == 0:
                self._insert(user_id, key, text, now)
            else:
                changed = execute(
                    _UPDATE,
                    {
                        "user": user_id,
                        "key": key,
                        "seen": seen,
                        "next": seen + 1,
                        "text": text,
                        "now": now,
                    },
                )
                if changed.rowcount != 1:
                    raise StaleState(_STALE)
            self._revisions[user_id, key] = seen + 1
        self._dirty.clear()

    def _insert(self, user_id: int, key: str, text: str, now: object) -> None:
        row = {"user_id": user_id, "block_key": key, "fields": text, "rev": 1, "updated_at": now}
        try:
            execute(insert(_TABLE), row)
        except IntegrityError as error:
            db.session.rollback()
            raise StaleState(_STALE) from error


@cache
def _documents(places: int, *, locked: bool) -> Select[Any]:
    """Return the statement for so many keys: a list of changing length would be written out at
    each call."""
    keys: list[BindParameter[str]] = [bindparam(f"key_{at}") for at in range(places)]
    found = select(_TABLE.c.user_id, _TABLE.c.block_key, _TABLE.c.fields, _TABLE.c.rev).where(
        _TABLE.c.user_id.in_([bindparam("learner"), bindparam("everybody", EVERYBODY)]),
        _TABLE.c.block_key.in_(keys),
    )
    if not locked:
        return found
    # In one order everywhere: two requests that lock the same rows must not wait for each other.
    return found.order_by(_TABLE.c.user_id, _TABLE.c.block_key).with_for_update()
