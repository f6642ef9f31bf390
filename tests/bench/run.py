"""Measure the site: CPU per request, waiting times, memory, bytes. `make bench` prints the table.

Each figure is of this machine; nothing here passes or fails.
"""

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.bench.site import COURSE, PASSWORD, Site
from tests.bench.visitor import Answer, Form, Visitor

UNIT = f"/learn/{COURSE}/a1-role/one-steady-adult"  # nine blocks and a drawing
SMALL = f"/learn/{COURSE}/a5-safety/concern-inside"  # six blocks
FOUR = "/learn/four-blocks/one/one-unit"  # four blocks, from tests/bench/catalogue
QUIZ = f"/learn/{COURSE}/a5-safety/test"
REQUESTS = 400
BATCHES = 10

Step = Callable[[Visitor], Answer]


def measure(
    site: Site,
    visitors: list[Visitor],
    step: Step,
    requests: int = REQUESTS,
    prepare: Callable[[Visitor, int], None] | None = None,
) -> str:
    """Return CPU ms per request, p50, p99 and requests per second with these visitors at once.

    CPU is counted in batches: the least of them is the cost while no neighbour of a shared
    machine was in the caches, the median is what happened. What `prepare` does for a number
    of steps of a visitor is not counted.
    """
    waits: list[float] = []
    each = max(1, requests // BATCHES // len(visitors))

    def visit(visitor: Visitor) -> None:
        for _ in range(each):
            begun = time.perf_counter()
            answer = step(visitor)
            waits.append(time.perf_counter() - begun)
            if answer.status >= 400:
                raise RuntimeError(f"{answer.status}: {answer.body[:400]!r}")

    def make_ready(steps: int) -> None:
        for visitor in visitors:
            if prepare:
                prepare(visitor, steps)

    make_ready(1)
    for visitor in visitors:
        step(visitor)
    costs, wall = [], 0.0
    for _ in range(BATCHES if requests >= BATCHES * len(visitors) else 1):
        make_ready(each)
        cpu, done, begun = site.cpu_seconds(), len(waits), time.perf_counter()
        threads = [threading.Thread(target=visit, args=(visitor,)) for visitor in visitors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wall += time.perf_counter() - begun
        costs.append((site.cpu_seconds() - cpu) / (len(waits) - done) * 1000)
    hundredths = statistics.quantiles(waits, n=100)
    return (
        f"{min(costs):6.2f} ms CPU (median {statistics.median(costs):6.2f})   "
        f"p50 {hundredths[49] * 1000:7.1f} ms   p99 {hundredths[98] * 1000:7.1f} ms   "
        f"{len(waits) / wall:6.0f}/s"
    )


def loop() -> float:
    """Return the CPU ms of a million additions: how fast the machine is just now.

    On a shared machine it changes by a factor of three; compare rows with the same figure.
    """
    begun, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number
    return (time.process_time() - begun) * 1000


def weigh(site: Site, visitor: Visitor, path: str) -> str:
    """Return bytes and requests of a first and of a second view of a page."""
    page = visitor.get(path)
    files = dict.fromkeys(page.parsed.assets)
    sizes = {name: len(visitor.get(name).body) for name in files}
    first = len(page.body) + sum(sizes.values())
    again = len(visitor.get(path).body)
    parts = ", ".join(
        f"{name.split('?')[0].rsplit('/', 1)[-1]} {size}" for name, size in sizes.items()
    )
    return (
        f"first view {first / 1000:.1f} kB in {1 + len(files)} requests "
        f"(html {len(page.body)}, {parts}); second view {again / 1000:.1f} kB in 1 request"
    )


def hand_in(visitor: Visitor) -> Answer:
    """Hand in a paper that was opened before, as a browser would."""
    visitor.cookies, form = visitor.papers.pop()  # type: ignore[attr-defined]
    return visitor.send(form, form.filled())


def open_papers(visitor: Visitor, count: int) -> None:
    """Open a paper for as many of this connection's learners."""
    visitor.papers = []  # type: ignore[attr-defined]
    for cookies in visitor.learners[:count]:  # type: ignore[attr-defined]
        visitor.cookies = cookies
        visitor.papers.append((cookies, open_paper(visitor)))  # type: ignore[attr-defined]


def open_paper(visitor: Visitor) -> Form:
    """Return the form of the next paper."""
    page = visitor.get(QUIZ).parsed
    for form in page.forms:
        if form.action.endswith("/handler/again"):
            visitor.send(form, form.hidden)
            page = visitor.get(QUIZ).parsed
    return next(form for form in page.forms if form.action.endswith("/handler/hand_in"))


def sign_in(visitor: Visitor) -> Answer:
    """Sign in with a password: argon2id is meant to cost."""
    visitor.cookies.clear()
    form = visitor.get("/sign-in").form("/sign-in/password")
    email = f"learner{visitor.number}@demo.example"  # type: ignore[attr-defined]
    typed = {"password-email": email, "password-password": PASSWORD}
    return visitor.send(form, form.hidden | typed)


def main() -> None:
    """Print the table."""
    print(f"loop {loop():3.0f} ms")
    with tempfile.TemporaryDirectory() as folder:
        author = Site(Path(folder) / "author")
        author.mtd("init")
        print(author.run("from tests.bench import content; content.main()"), flush=True)
        site = Site(Path(folder) / "site")
        site.mtd("init")
        site.mtd("content", "import", str(Path(__file__).parent / "catalogue"))
        site.mtd("content", "publish")
        seconds = site.start()
        print(f"cold start to the first answer: {seconds:.2f} s")
        try:
            show(site)
        finally:
            site.kill()


def show(site: Site) -> None:
    """Print what pages weigh and cost, and the memory at the end."""
    links = site.make_learners(32, (COURSE, FOUR.split("/")[2]))
    visitors = [Visitor(site.port) for _ in links]
    for number, (visitor, link) in enumerate(zip(visitors, links, strict=True)):
        visitor.number = number  # type: ignore[attr-defined]
        visitor.sign_in(link)
        visitor.get(UNIT)
        visitor.get(SMALL)
        visitor.get(FOUR)
    print(f"memory after a start and 32 sign-ins: {site.pss_megabytes():.0f} MB PSS")
    print(f"unit page: {weigh(site, visitors[0], UNIT)}")
    steps: list[tuple[str, Step]] = [
        ("nothing at all", lambda visitor: visitor.get("/healthz")),
        ("unit, 4 blocks", lambda visitor: visitor.get(FOUR)),
        ("unit, 9 blocks", lambda visitor: visitor.get(UNIT)),
        ("unit, 6 blocks", lambda visitor: visitor.get(SMALL)),
        ("course page", lambda visitor: visitor.get(f"/learn/{COURSE}")),
        ("sign-in page", lambda visitor: visitor.get("/sign-in")),
    ]
    for name, step in steps:
        for clients in (1, 8, 32):
            said = measure(site, visitors[:clients], step)
            print(f"loop {loop():3.0f} ms   {name:15s} {clients:3d} clients {said}", flush=True)
    learners = [visitor.cookies for visitor in visitors]
    for clients in (1, 8, 32):
        for number, visitor in enumerate(visitors[:clients]):
            visitor.learners = learners[number::clients]  # type: ignore[attr-defined]
        said = measure(site, visitors[:clients], hand_in, 10 * len(learners), open_papers)
        print(
            f"loop {loop():3.0f} ms   {'quiz submit':15s} {clients:3d} clients {said}", flush=True
        )
    strangers = [Visitor(site.port) for _ in visitors[:8]]
    for number, visitor in enumerate(strangers):
        visitor.number = number  # type: ignore[attr-defined]
    said = measure(site, strangers, sign_in, requests=24)
    print(f"loop {loop():3.0f} ms   {'sign-in':15s}   8 clients {said}")
    print(f"memory after all that: {site.pss_megabytes():.0f} MB PSS")


if __name__ == "__main__":
    main()
