"""Who may do what, where: the table of roles and the places of a grant."""

import pytest

from mtd_learning.people import roles
from mtd_learning.people.roles import Grant, Home, may, may_for_texts

TABLE = {
    "learn": "volunteer localiser trainer coordinator admin",
    "content.see": "localiser trainer coordinator admin",
    "notes.see": "localiser trainer coordinator admin",
    "people.see": "trainer coordinator admin",
    "people.invite": "coordinator admin",
    "certificate.see": "coordinator admin",
    "people.grant": "admin",
    "site.run": "admin",
}


@pytest.mark.parametrize("right", sorted(roles.RIGHTS))
def test_each_right_belongs_to_the_roles_of_the_table(right):
    holders = {role for role in roles.ROLES if may([Grant(role)], right)}
    assert holders == set(TABLE[right].split())


def test_the_written_table_says_the_same_as_the_code():
    rows = [line.split("|")[1:-1] for line in (roles.__doc__ or "").splitlines() if "| `" in line]
    order = ("volunteer", "localiser", "trainer", "coordinator", "admin")
    written = {
        row[0].strip(" `"): {
            role for role, cell in zip(order, row[1:], strict=True) if "yes" in cell
        }
        for row in rows
    }
    assert written == {right: set(names.split()) for right, names in TABLE.items()}


def test_a_grant_for_one_organisation_does_not_reach_another():
    carla = [Grant("coordinator", organisation_id=1)]
    assert may(carla, "people.see", organisation=1)
    assert not may(carla, "people.see", organisation=2)


def test_a_grant_for_one_organisation_does_not_reach_people_without_one():
    assert not may([Grant("coordinator", organisation_id=1)], "people.see", organisation=None)


def test_a_grant_for_one_country_does_not_reach_another():
    kostas = [Grant("coordinator", country="GR")]
    assert may(kostas, "people.see", organisation=7, country="GR")
    assert not may(kostas, "people.see", organisation=7, country="FI")
    assert not may(kostas, "people.see", organisation=7, country=None)


def test_a_grant_for_an_organisation_in_a_country_needs_both_to_fit():
    grant = [Grant("coordinator", organisation_id=1, country="FI")]
    assert may(grant, "people.see", organisation=1, country="FI")
    assert not may(grant, "people.see", organisation=1, country="GR")


TEXTS = {
    "fi": (None, None),
    "fi-FI": ("FI", None),
    "fi-FI+saro": ("FI", "saro"),
    "fi-FI+other": ("FI", "other"),
    "el-GR": ("GR", None),
    "el-GR+saro": ("GR", "saro"),
}
HOMES = {1: Home("FI", "saro"), 2: Home("FI", None), 3: Home(None, "saro")}


@pytest.mark.parametrize(
    ("grant", "reached"),
    [
        (Grant("localiser"), set(TEXTS)),
        (Grant("localiser", country="FI"), {"fi", "fi-FI", "fi-FI+saro", "fi-FI+other"}),
        (Grant("trainer", 1, "FI"), {"fi", "fi-FI", "fi-FI+saro"}),
        (Grant("trainer", 1, "GR"), {"fi", "el-GR", "el-GR+saro"}),
        (Grant("trainer", 2), {"fi", "fi-FI"}),
        (Grant("trainer", 3), {"fi", "fi-FI+saro", "el-GR+saro"}),
        (Grant("volunteer"), set()),
    ],
)
def test_a_grant_with_a_place_reaches_the_texts_of_that_place_and_those_of_none(grant, reached):
    found = {
        name
        for name, (country, pack) in TEXTS.items()
        if may_for_texts([grant], "content.see", HOMES, country=country, pack=pack)
    }
    assert found == reached


def test_several_grants_reach_what_each_of_them_does():
    grants = [Grant("trainer", 2), Grant("localiser", country="GR"), Grant("volunteer")]
    for country, pack, reaches in (("FI", None, True), ("FI", "saro", False), ("GR", "x", True)):
        found = may_for_texts(grants, "content.see", HOMES, country=country, pack=pack)
        assert found is reaches


def test_without_a_place_the_question_is_whether_anywhere_at_all():
    assert may([Grant("coordinator", organisation_id=1)], "people.see")
    assert not may([Grant("volunteer")], "people.see")


def test_nobody_may_do_anything_without_a_grant_or_with_an_unknown_role():
    assert not may([], "learn")
    assert not may([Grant("king")], "learn")
    assert not may([Grant("admin")], "fly")
