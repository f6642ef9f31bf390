"""Keep passwords as argon2id hashes, judge new ones, and take equally long for nobody."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mtd_learning.errors import N_, Invalid

SHORTEST = 10
LONGEST = 200

# About 50 ms of one core and 19 MiB for each try.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

# All tries go through one thread: the C library keeps the memory of each thread that ever
# hashed, and eight of them would hold 150 MB for good. Thirty sign-ins a second remain.
_one_at_a_time = ThreadPoolExecutor(max_workers=1, thread_name_prefix="argon2")

# Made once from a random password that is forgotten: an unknown person costs the same time.
_NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$qJsLy5dRcjhnno/YrSBsRg$kPv+qe"
    "soUAwtYTkXeR1JfHgPlYURnOJNN/5R+ayLUuU"
)

# Long enough for the rule, and among the first that anybody would try.
# fmt: off
_FAMILIAR = frozenset(
    {
        "0123456789", "0987654321", "1111111111", "1234567890", "1234567891", "12345678910",
        "123456789a", "1q2w3e4r5t", "1qaz2wsx3edc", "a123456789", "abc1234567", "abcd123456",
        "abcdefghij", "administrator", "basketball", "changeme123", "iloveyou12", "iloveyou123",
        "letmein1234", "liverpool1", "passw0rd123", "password00", "password01", "password10",
        "password12", "password123", "password1234", "password12345", "password2024",
        "password2025", "password2026", "passwordpassword", "q1w2e3r4t5", "qazwsxedcr",
        "qwerty1234", "qwerty12345", "qwerty123456", "qwertyuiop", "qwertyuiop123",
        "salasana12", "salasana123", "salasana1234", "starwars123", "sunshine12", "superman123",
        "volunteer1", "volunteer12", "volunteer123", "welcome123", "welcome1234"
    }
)
# fmt: on


@dataclass(frozen=True)
class Verdict:
    """Whether the password is right, and whether its hash should be made anew."""

    right: bool
    outdated: bool = False


def refuse_weak(password: str, *, email: str, name: str) -> None:
    """Raise Invalid with a sentence when a new password would be guessed early."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise Invalid(
            N_("A password needs at least %(least)s characters. A sentence of yours is good."),
            field="password",
            least=SHORTEST,
        )
    if len(plain) > LONGEST:
        raise Invalid(
            N_("A password may have at most %(most)s characters."), field="password", most=LONGEST
        )
    folded = plain.casefold()
    own = {email.casefold(), email.split("@")[0].casefold(), name.casefold().replace(" ", "")}
    if folded in _FAMILIAR or len(set(folded)) < 4 or folded.replace(" ", "") in own:
        raise Invalid(
            N_("Others would guess this password early. Please choose another one."),
            field="password",
        )


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password. Slow on purpose: call it outside a transaction."""
    return _one_at_a_time.submit(_hasher.hash, _plain(password)).result()


def check(kept: str | None, password: str) -> Verdict:
    """Compare a password with the kept hash; without one it takes as long and is wrong."""
    if len(password) > LONGEST * 4:
        password = ""
    try:
        _one_at_a_time.submit(_hasher.verify, kept or _NOBODYS, _plain(password)).result()
    except (VerificationError, InvalidHashError):
        return Verdict(right=False)
    if kept is None:
        return Verdict(right=False)
    return Verdict(right=True, outdated=_hasher.check_needs_rehash(kept))


def _plain(password: str) -> str:
    # One keyboard writes ä as one character, another as two.
    return unicodedata.normalize("NFC", password)
