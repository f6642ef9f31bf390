"""What a page must never do while it is looked at: call elsewhere, break its policy, complain."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request


class Watch:
    """Listens to every page of a browser context."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.origin = origin
        self.faults: list[str] = []
        self.dialogs: list[str] = []
        context.on("page", self._follow)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("dialog", self._dialog)

    def _follow(self, page: Page) -> None:
        page.on("crash", lambda: self.faults.append("the page crashed"))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.faults.append(f"request to another place: {request.url[:200]}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        # The browser notes every page that answers 4xx; that a refusal is one is no fault.
        own = message.page is not None and message.location.get("url") == message.page.url
        if own and message.text.startswith("Failed to load resource"):
            return
        self.faults.append(f"console {message.type}: {message.text[:300]}")

    def _dialog(self, dialog: object) -> None:
        self.dialogs.append(dialog.message)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    def check(self) -> None:
        """Raise when something was heard that must not be."""
        heard, self.faults = self.faults + [f"dialog: {one}" for one in self.dialogs], []
        assert not heard, "\n".join(heard)
