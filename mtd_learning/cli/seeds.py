"""The people of the demo: invented, with addresses that lead nowhere."""

from mtd_learning.learning import service as learning
from mtd_learning.people import links
from mtd_learning.people import service as people

COURSE = "beside-the-child"
PEOPLE = (
    ("volunteer", "Vilma Demo", True),
    ("trainer", "Tom Demo", True),
    ("coordinator", "Carla Demo", True),
    ("localiser", "Lena Demo", False),
    ("admin", "Ada Demo", False),
)


def demo() -> str:
    """Make the five people and their organisation where they are missing; return a one-time
    token with which the volunteer signs in."""
    home = people.find_organisation("demo") or people.create_organisation(
        "demo", "Demo organisation", "FI", pack="lahti-saro"
    )
    for role, name, belongs in PEOPLE:
        email = f"{role}@demo.example"
        if people.find_user(email) is None:
            made = people.create_user(
                email, name, "en", "FI", organisation=home if belongs else None
            )
            people.grant(made, role, organisation=home if belongs else None)
            if belongs:
                learning.enrol(made.id, COURSE)
    volunteer = people.find_user("volunteer@demo.example")
    assert volunteer is not None
    return links.make_link(volunteer)
