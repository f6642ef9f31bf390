"""A small visitor: keeps cookies and a connection, reads forms, fills and sends them."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
    "Accept-Language": "en-GB,en;q=0.9",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
    "Upgrade-Insecure-Requests": "1",
}
"""What every browser of these years says with each request."""


@dataclass
class Form:
    """A form of a page: where it goes, its hidden values, and the choices of each field."""

    action: str
    method: str
    hidden: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    def filled(self, choice: int = 0) -> dict[str, str]:
        """Return values for every field: the given choice of each, a word in each text field.

        Selects of one question (`q.<id>.<part>`) get one option after the other.
        """
        values = dict(self.hidden)
        seen: dict[str, int] = {}
        for name, options in self.choices.items():
            question = ".".join(name.split(".")[:2])
            values[name] = options[(choice + seen.get(question, 0)) % len(options)]
            seen[question] = seen.get(question, 0) + 1
        values.update(dict.fromkeys(self.texts, "112"))
        return values


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.select: str | None = None
        self.assets: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "link" and given.get("rel") in ("stylesheet", "icon"):
            self.assets.append(given["href"])
        if tag in ("script", "img") and given.get("src"):
            self.assets.append(given["src"])
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        if not self.forms:
            return
        form, name, kind = self.forms[-1], given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and given.get("value"):
            form.choices.setdefault(self.select, []).append(given["value"])
        elif tag == "input" and name:
            if kind == "hidden":
                form.hidden[name] = given.get("value", "")
            elif kind in ("radio", "checkbox"):
                form.choices.setdefault(name, []).append(given.get("value", "on"))
            else:
                form.texts.append(name)
        elif tag == "textarea" and name:
            form.texts.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = None


@dataclass
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def parsed(self) -> _Forms:
        """Return the forms and the files that the page asks for."""
        parser = _Forms()
        parser.feed(self.body.decode("utf-8", "replace"))
        return parser

    def form(self, part: str) -> Form:
        """Return the form whose address holds `part`."""
        return next(form for form in self.parsed.forms if part in form.action)


class Visitor:
    """One browser with one connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """Open a page, redirects followed."""
        return self._open("GET", path, None)

    def send(self, form: Form, values: Mapping[str, str], *, follow: bool = False) -> Answer:
        """Send a form."""
        return self._open("POST", form.action, urlencode(values).encode(), follow=follow)

    def sign_in(self, path: str) -> None:
        """Use a one-time sign-in address."""
        self.send(self.get(path).form("/sign-in/"), self.get(path).form("/sign-in/").filled())

    def close(self) -> None:
        """Drop the connection, as after a lost line."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _open(self, method: str, path: str, body: bytes | None, *, follow: bool = True) -> Answer:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = BROWSER | {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://127.0.0.1:{self.port}"
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            answer = Answer(response.status, dict(response.getheaders()), response.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                cookie = value.split(";", 1)[0]
                key, _, content = cookie.partition("=")
                self.cookies[key] = content
        location = answer.headers.get("Location")
        if follow and answer.status in (301, 302, 303) and location:
            parts = urlsplit(location)
            return self._open("GET", parts.path + (f"?{parts.query}" if parts.query else ""), None)
        return answer
