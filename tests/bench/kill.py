"""kill -9 of the server during 1,000 quiz submissions by 8 clients: nothing that was
acknowledged may be lost, nothing may be stored twice.

    .venv/bin/python tests/bench/kill.py            # SQLite and PostgreSQL
"""

import http.client
import json
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.bench.run import open_paper
from tests.bench.site import Site, postgres
from tests.bench.visitor import Form, Visitor

CLIENTS, EACH, KILLS = 8, 125, 8

_STORED = """
import json
from sqlalchemy import select
from mtd_learning.app import create_app
from mtd_learning.base.db import db
from mtd_learning.learning.models import Attempt, Enrolment
app = create_app()
with app.app_context():
    rows = db.session.execute(
        select(Enrolment.user_id, Attempt.number)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    ).all()
    print(json.dumps([list(row) for row in rows]))
"""


def submit(
    visitor: Visitor,
    paper: tuple[Form, dict[str, str]],
    acknowledged: list[int],
    retried: list[int],
) -> None:
    """Hand in paper after paper; after a lost line send the same paper again."""
    form, values = paper
    first = int(values["number"])
    for number in range(first, first + EACH):
        values["number"] = str(number)
        while True:
            try:
                answer = visitor.send(form, values)
                if answer.status == 303:
                    acknowledged.append(number)
                    break
                raise OSError(f"status {answer.status}")
            except (OSError, http.client.HTTPException):
                retried.append(number)
                visitor.close()
                time.sleep(0.05)


def ready_paper(visitor: Visitor, tries: int = 24) -> tuple[Form, dict[str, str]]:
    """Return the form of the quiz with answers for every question of its bank.

    Each try draws another paper; after some tries all questions were seen.
    """
    known: dict[str, str] = {}
    for _ in range(tries):
        form = open_paper(visitor)
        known |= form.filled()
        visitor.send(form, form.filled())
    form = open_paper(visitor)
    return form, known | form.filled()


def drill(name: str, database_url: str) -> bool:
    """Run the drill on one database; print and return whether nothing was lost or doubled."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), database_url)
        site.mtd("init")
        site.start()
        visitors = [Visitor(site.port) for _ in range(CLIENTS)]
        for visitor, link in zip(visitors, site.make_learners(CLIENTS), strict=True):
            visitor.sign_in(link)
        papers = [ready_paper(visitor) for visitor in visitors]
        firsts = [int(values["number"]) for _, values in papers]
        acknowledged: list[list[int]] = [[] for _ in visitors]
        retried: list[int] = []
        threads = [
            threading.Thread(target=submit, args=(visitor, paper, said, retried))
            for visitor, paper, said in zip(visitors, papers, acknowledged, strict=True)
        ]
        for thread in threads:
            thread.start()
        kills = 0
        while any(thread.is_alive() for thread in threads):
            done = sum(map(len, acknowledged))
            if kills < KILLS and done >= (kills + 1) * CLIENTS * EACH // (KILLS + 1):
                site.kill()
                kills += 1
                site.start()
            time.sleep(0.02)
        site.kill()
        stored = [tuple(row) for row in json.loads(site.run(_STORED))]
    by_user = {user: sorted(n for u, n in stored if u == user) for user in {u for u, _ in stored}}
    lasts = sorted(first + EACH - 1 for first in firsts)
    lost = sum(lasts) - len(set(stored))
    doubled = len(stored) - len(set(stored))
    whole = sorted(map(len, by_user.values())) == lasts and all(
        found == list(range(1, len(found) + 1)) for found in by_user.values()
    )
    print(
        f"{name}: {sum(map(len, acknowledged))} acknowledged, {lost} lost, {doubled} doubled, "
        f"{len(retried)} sent again, {kills} kills, every number once: {whole}",
        flush=True,
    )
    return lost == 0 and doubled == 0 and whole


def main() -> None:
    """Run the drill on both databases."""
    fine = drill("SQLite", "")
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder)) as url:
        fine = drill("PostgreSQL", url) and fine
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
