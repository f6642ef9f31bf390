"""A real site on the shipped course, with a real post office, for a browser to visit."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, sync_playwright

from tests.bench.site import Site

CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REQUIRED = os.environ.get("MTD_REQUIRE_BROWSER", "") not in ("", "0")
HOW_TO_GET_IT = "Chromium is not here. To run the browser tests: apt install chromium"


class PostOffice:
    """An SMTP server that keeps every letter."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._server = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=60)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a letter, as aiosmtpd hands it over."""
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def open(self) -> None:
        """Begin to take letters."""
        self._server.start()

    def close(self) -> None:
        """Take no letter any more."""
        self._server.stop()

    def wait_for(self, address: str, seconds: float = 60) -> EmailMessage:
        """Return the next letter to an address, and hand it out only once."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for letter in self.letters:
                if address in str(letter["To"]):
                    self.letters.remove(letter)
                    return letter
            time.sleep(0.05)
        raise AssertionError(f"no letter came to {address} in {seconds} seconds")


def link_in(letter: EmailMessage) -> str:
    """Return the address that a letter asks its reader to open."""
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://\S+/sign-in/\S+", body.get_content())
    assert found, body.get_content()
    return found.group()


class BrowsedSite(Site):
    """The site, its post office, and its address."""

    def __init__(self, instance: Path, post: PostOffice) -> None:
        super().__init__(instance)
        self.post = post
        self.doors: dict[str, str] = {}
        self.origin = f"http://127.0.0.1:{self.port}"
        self.environment |= {
            "MTD_MAIL_HOST": "127.0.0.1",
            "MTD_MAIL_PORT": str(post.port),
            # As behind a proxy: a test may come from another network when it tries often.
            "MTD_TRUSTED_PROXY": "127.0.0.1",
        }
        self.environment.pop("MTD_CONTENT", None)

    def fill(self) -> None:
        """Make the tables, publish the course, make the people; keep a way in for each."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.browser.seed"],
            env=self.environment,
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        self.doors = dict(line.split() for line in done.stdout.splitlines())


@contextmanager
def browsed_site(instance: Path) -> Iterator[BrowsedSite]:
    """Serve the shipped course with the people of the demo and four learners of our own."""
    post = PostOffice()
    site = BrowsedSite(instance, post)
    post.open()
    try:
        site.fill()
        site.start()
        yield site
    finally:
        site.kill()
        post.close()


@contextmanager
def chromium() -> Iterator[Browser | None]:
    """Return the system's Chromium, or None where there is none."""
    found = shutil.which("chromium")
    if found is None:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGS)
        try:
            yield browser
        finally:
            browser.close()
