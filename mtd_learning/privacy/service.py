"""Let go of what is due: once a day by a job, and by hand with `mtd tidy`."""

from collections import Counter

from mtd_learning.base import audit, clock
from mtd_learning.base.db import begin_writing, db, expect_writing
from mtd_learning.base.settings import Settings
from mtd_learning.privacy.schedule import SCHEDULE

BATCH = 500  # nobody shall wait long for the write lock


def due(settings: Settings) -> dict[str, int]:
    """Return, for each purpose that has rows, how many are due; change nothing."""
    now = clock.now()
    return {
        purpose.name: sum(rows.count(purpose.period(settings).before(now)) for rows in purpose.rows)
        for purpose in SCHEDULE
        if purpose.rows
    }


def tidy(settings: Settings) -> dict[str, int]:
    """Let go of a batch of what is due; return how many rows of which purpose.

    The caller commits and asks again until nothing is returned. Nothing may be pending in the
    session before.
    """
    now = clock.now()
    expect_writing(False)  # looking takes longer than deleting, and must not hold up writers
    found = [
        (purpose.name, rows, before, keys)
        for purpose in SCHEDULE
        for rows in purpose.rows
        if (keys := rows.keys(before := purpose.period(settings).before(now), BATCH))
    ]
    begin_writing()
    counts: Counter[str] = Counter()
    for name, rows, before, keys in found:
        counts[name] += rows.let_go(keys, before)
    counts = +counts  # another worker may have been there first
    if counts:
        audit.note("privacy.tidy", "what was due", **counts)
        db.session.flush()
    return dict(counts)
