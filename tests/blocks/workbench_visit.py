"""Visit our blocks in xblock-sdk's workbench; run in a process and a folder of its own."""

import json
import re
import sys

import django
from django.core.management import call_command
from django.test import Client
from lxml import html

django.setup()
call_command("migrate", run_syncdb=True, verbosity=0)
client = Client(enforce_csrf_checks=False)


def page(scenario):
    """Return a scenario's page as elements."""
    answer = client.get(f"/scenario/{scenario}/")
    assert answer.status_code == 200, (scenario, answer.status_code)
    seen = html.fromstring(answer.content.decode())
    # Our style sheet is not there: a drawing without a size would fill the page.
    assert not seen.xpath("//svg[not(@width and @height)]"), scenario
    return seen


def send(form, **values):
    """Post a form with what it holds and what is filled in; return where it leads."""
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")}
    answer = client.post(
        form.get("action"), {**fields, **values}, HTTP_REFERER="http://testserver/scenario/x/"
    )
    assert answer.status_code == 303, (form.get("action"), answer.status_code, answer.content)
    return answer["Location"]


def forms(scenario):
    """Return the forms of a scenario's page."""
    return page(scenario).xpath("//form[contains(@action, '/handler/')]")


def words(scenario):
    """Return what a scenario's page says."""
    return re.sub(r"\s+", " ", page(scenario).text_content())


SEEN = {
    "mtd_text.0": "Listen first.",
    "mtd_unit.0": "Two.",
    "mtd_video.0": "Milo waits.",
    "mtd_audio.0": "Milo waits.",
    "mtd_compare.0": "Better to leave out",
    "mtd_facts.0": "112",
    "mtd_note.0": "Dad was asleep.",
}
for scenario, said in SEEN.items():
    assert said in words(scenario), (scenario, words(scenario))
assert page("mtd_image.0").xpath("//img/@alt") == ["Two people walk."]

assert "#" in send(forms("mtd_check.0")[0], **{"q.q": "b"})
assert "Not quite, and very human" in words("mtd_check.0")
send(forms("mtd_check.0")[0], **{"q.q": "a"})
assert "Yes, that is right" in words("mtd_check.0")

send(forms("mtd_quiz.0")[0])
assert "still wants an answer" in words("mtd_quiz.0")
send(forms("mtd_quiz.0")[0], **{"q.q1": "f"})
assert "must be right before you pass" in words("mtd_quiz.0")
send(forms("mtd_quiz.0")[0])
send(forms("mtd_quiz.0")[0], **{"q.q1": "t"})
assert "You have passed" in words("mtd_quiz.0")

send(forms("mtd_scenario.0")[0], choice="a")
assert "This puts him on trial." in words("mtd_scenario.0")
assert "Tell your coordinator." in words("mtd_scenario.0")

send(forms("mtd_reflection.0")[0], note="My grandmother")
assert page("mtd_reflection.0").xpath("//textarea")[0].text.strip() == "My grandmother"

send(forms("mtd_checklist.0")[0], item="a")
assert len(page("mtd_checklist.0").xpath("//input[@checked]")) == 1

send(forms("mtd_note.0")[0])
assert "You went on without this part" in words("mtd_note.0")

action = forms("mtd_reflection.0")[0].get("action")
answer = client.post(action, json.dumps({"note": "By script"}), content_type="application/json")
assert answer.status_code == 200 and "saved_at" in answer.json()

script = page("mtd_reflection.0").xpath("//script[contains(@src, 'cookie-token.js')]/@src")
assert client.get(script[0]).status_code == 200
print("visited", len(SEEN) + 7, file=sys.stdout)
