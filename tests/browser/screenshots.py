"""Take pictures of the main pages at two widths, light and dark, to be looked at by a person.

.venv/bin/python -m tests.browser.screenshots [FOLDER]
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser import people
from tests.browser.answers import COURSE, AnswerBook
from tests.browser.served import HOW_TO_GET_IT, BrowsedSite, browsed_site, chromium

WIDTHS = {1280: 900, 390: 844}
SCHEMES = ("light", "dark")


class Album:
    """The people and the pages of which pictures are taken."""

    def __init__(self, site: BrowsedSite, browser: Browser, folder: Path) -> None:
        self.site = site
        self.browser = browser
        self.folder = folder
        self.people = people.bring(site, browser, AnswerBook("en"))

    def paper(self) -> None:
        """Keep the certificate as PDF and as a picture."""
        pdf = self.folder / "certificate.pdf"
        pdf.write_bytes(self.people.paper)
        picture = str(self.folder / "certificate-paper")
        subprocess.run(["pdftoppm", "-png", "-r", "70", "-singlefile", pdf, picture], check=True)

    def pages(self) -> list[tuple[str, str, str]]:
        """Return name, person and address of each picture."""
        learn = f"/learn/{COURSE}"
        return [
            ("start", "stranger", "/"),
            ("start-signed-in", "busy", "/"),
            ("course", "stranger", f"/courses/{COURSE}"),
            ("my-course", "busy", learn),
            ("unit", "busy", "/".join((learn, *people.CHECK))),
            ("quiz-with-feedback", "busy", "/".join((learn, *people.QUIZ))),
            ("scenario", "busy", "/".join((learn, *people.STORY))),
            ("certificate", "grace", "/certificates"),
            ("verify", "stranger", "/verify/" + self.people.code),
            ("help-now", "stranger", "/help-now?country=FI"),
            ("account", "busy", "/account"),
            ("sign-in", "stranger", "/sign-in"),
        ]

    def take(self) -> int:
        """Take every picture; return how many."""
        self.paper()
        taken = 0
        for width, height in WIDTHS.items():
            for scheme in SCHEMES:
                for name, person, path in self.pages():
                    context = self.browser.new_context(
                        base_url=self.site.origin,
                        locale="en-GB",
                        storage_state=self.people.states[person],
                        color_scheme=scheme,  # type: ignore[arg-type]
                        viewport={"width": width, "height": height},
                    )
                    page = context.new_page()
                    page.goto(path)
                    page.wait_for_load_state("networkidle")
                    page.screenshot(
                        path=self.folder / f"{name}-{width}-{scheme}.png", full_page=True
                    )
                    context.close()
                    taken += 1
        return taken


def main(folder: Path) -> None:
    """Take the pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, tempfile.TemporaryDirectory() as instance:
        if browser is None:
            sys.exit(HOW_TO_GET_IT)
        with browsed_site(Path(instance)) as site:
            print(f"{Album(site, browser, folder).take()} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(tempfile.gettempdir()) / "shots"))
