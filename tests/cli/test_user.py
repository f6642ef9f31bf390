"""`mtd user`: what an operator can do for people without a page."""

from mtd_learning.cli.user import user
from mtd_learning.people import service as people


def test_an_organisation_is_added_once_and_people_are_invited_to_it(app):
    def run(*words: str):
        return app.test_cli_runner().invoke(user, words)

    added = run("organisation", "saro", "Lahden SARO", "--country", "FI", "--pack", "lahti-saro")
    assert added.output == "saro: Lahden SARO\n"
    made = people.find_organisation("saro")
    assert (made.name, made.country, made.pack) == ("Lahden SARO", "FI", "lahti-saro")
    assert "There is an organisation saro already." in str(
        run("organisation", "saro", "Another").exception
    )
    to = ("invite", "eve@example.org", "--organisation", "saro", "--course", "tiny")
    invited = run(*to, "--role", "trainer")
    assert "/join/" in invited.output
