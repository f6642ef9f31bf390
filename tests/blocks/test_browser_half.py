"""The browser half of the machine, in a real browser: what scripts of strangers rely on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, sync_playwright

from mtd_learning.blocks import pages

SITE = "http://blocks.test"
CHROMIUM = Path("/usr/bin/chromium")

BODY = """<!doctype html><html lang="en"><head><title>t</title>
<meta name="csrf-token" content="t0ken">
<script src="/js/vendor/jquery.min.js"></script>
<script src="/js/vendor/jquery-migrate.min.js"></script>
<script src="/js/vendor/underscore-min.js"></script>
<script src="/xblock.js"></script></head><body>
<div class="xblock xblock-v1" id="outer" data-init="Outer" data-runtime-version="1"
     data-usage="c.outer" data-handler-base="/x/c.outer/handler/">
  <div class="xblock xblock-v1" id="bad" data-init="Bad" data-usage="c.bad" data-name="bad"></div>
  <div class="xblock xblock-v1" id="inner" data-init="Inner" data-name="inner" data-usage="c.inner"
       data-handler-base="/x/c.inner/handler/"><p>x</p>
    <script type="json/xblock-args" class="xblock_json_init_args">
      {"said": "\\u003c/script>"}</script>
  </div>
  <div class="xblock xblock-v1" id="missing" data-init="NotThere" data-usage="c.missing"></div>
</div>
<script>
window.order = [];
function Outer(runtime, element) { order.push("outer"); this.runtime = runtime; this.el = element;
  this.kids = runtime.children(element).map(function (one) { return one.name; });
  window.outer = this; }
function Bad() { throw new Error("on purpose"); }
function Inner(runtime, element, args) { order.push("inner"); this.args = args; this.plain =
  element instanceof HTMLElement; this.url = runtime.handlerUrl(element, "vote", "a", "b=c");
  this.isNew = this instanceof Inner; window.inner = this; }
</script></body></html>"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """Return a page with blocks of strangers on it; what they send is answered with its header."""
    with sync_playwright() as play:
        path = str(CHROMIUM) if CHROMIUM.exists() else None
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.route("**/*", _answer)
        page.goto(f"{SITE}/unit")
        page.wait_for_function("window.outer !== undefined")
        yield page
        browser.close()


def _answer(route: Route) -> None:
    request = route.request
    path = request.url.partition("/unit")[0].removeprefix(SITE)
    if request.url == f"{SITE}/unit":
        route.fulfill(body=BODY, content_type="text/html")
    elif path.endswith(".js"):
        script = pages.open_shared(path.strip("/"))
        route.fulfill(body=script, content_type="text/javascript")
    else:
        sent = request.headers.get("x-csrftoken", "none")
        route.fulfill(
            body=sent,
            headers={"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"},
        )


def _run(page: Page, code: str) -> Any:
    return page.evaluate(code)


def test_children_start_before_their_parents_and_one_failure_stops_nobody(page: Page):
    assert _run(page, "order") == ["inner", "outer"]


def test_a_script_gets_new_a_plain_element_and_its_arguments(page: Page):
    told = _run(page, "[inner.isNew, inner.plain, inner.args.said]")
    assert told == [True, True, "</script>"]


def test_an_address_is_made_of_the_handler_its_suffix_and_its_query(page: Page):
    assert _run(page, "inner.url") == "/x/c.inner/handler/vote/a?b=c"
    assert _run(page, "outer.runtime.handlerUrl($('#inner p'), 'x')") == "/x/c.inner/handler/x"


def test_a_parent_knows_its_children_by_name(page: Page):
    assert _run(page, "outer.kids") == ["bad", "inner", None]
    assert _run(page, "outer.runtime.childMap(outer.el, 'inner') === inner")
    assert _run(page, "$('#outer').prop('xblock_children').length") == 3


def test_blocks_tell_each_other(page: Page):
    said = _run(
        page,
        """new Promise(done => { outer.runtime.listenTo('save', done);
                         outer.runtime.notify('save', {state: 'end'}); })""",
    )
    assert said == {"state": "end"}


@pytest.mark.parametrize(
    "code",
    [
        "fetch('/x/1', {method: 'POST', body: '{}'}).then(answer => answer.text())",
        "new Promise(done => $.post('/x/1', '{}').success(done))",
        """new Promise(done => { const x = new XMLHttpRequest(); x.open('POST', '/x/1');
           x.onload = () => done(x.responseText); x.send('{}'); })""",
    ],
)
def test_every_way_of_sending_carries_the_token(page: Page, code: str):
    assert _run(page, code) == "t0ken"


@pytest.mark.parametrize(
    "code",
    [
        "fetch('/x/1').then(answer => answer.text())",
        "fetch('http://elsewhere.test/', {method: 'POST'}).then(answer => answer.text())",
    ],
)
def test_the_token_stays_here_and_is_not_needed_to_read(page: Page, code: str):
    assert _run(page, code) == "none"


def test_what_older_scripts_expect_is_there(page: Page):
    assert _run(page, "interpolate('%s of %(n)s', ['1']) + gettext('x')") == "1 of %(n)sx"
    assert _run(page, "interpolate('%(n)s', {n: 2}, true) + ngettext('a', 'b', 2)") == "2b"
    assert _run(page, "_.template('<%= a %>')({a: 3})") == "3"
    assert _run(page, "typeof Logger.log") == "function"
