"""What a learner may claim: for each course joined, the certificate, or what is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from mtd_learning.base import clock
from mtd_learning.certification import certificates
from mtd_learning.certification.models import Certificate
from mtd_learning.errors import N_, Conflict, NotFound
from mtd_learning.learning import service as learning
from mtd_learning.library import service as library


@dataclass(frozen=True)
class Claim:
    """One course that a person has joined: certified, ready to be claimed, or under way."""

    course_key: str
    completion: learning.Completion
    certificate: Certificate | None


def claims_of(user_id: int, variants: Sequence[str]) -> list[Claim]:
    """Return the courses that a person has joined; those no longer published are left out."""
    held = {(c.course_key, c.course_version): c for c in certificates.certificates_of(user_id)}
    claims = []
    for course_key in learning.courses_of(user_id):
        try:
            completion = learning.completion_of(user_id, course_key, variants)
        except NotFound:
            continue
        certificate = held.get((course_key, completion.edition.version))
        claims.append(Claim(course_key, completion, certificate))
    return claims


def completed(user_id: int, course_key: str, variants: Sequence[str]) -> certificates.Completed:
    """Return the finished course as a certificate needs it, or Conflict when it is not finished."""
    completion = learning.completion_of(user_id, course_key, variants)
    if not completion.done:
        raise Conflict(
            N_("This course is not complete yet. Your certificates page says what is missing.")
        )
    if completion.completed_at is None:
        # Complete since an edition asks for less than before: note it, so that it stays so.
        learning.finish_if_complete(learning.standing_of(user_id, course_key), completion.edition)
    edition = completion.edition
    return certificates.Completed(
        manifest=completion.manifest,
        manifest_sha=edition.manifest_sha,
        edition_id=edition.id,
        at=completion.completed_at or clock.now(),
        banks=[library.document(sha) for sha in completion.manifest["banks"].values()],
    )
