"""Names of devices, and the mark by which an owner's device is known again."""

import pytest

from mtd_learning.people import devices

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_two_words(agent, name):
    assert devices.device_name(agent) == name


def test_a_device_is_known_again_for_its_own_account_only():
    mark = devices.device_mark("vilma@example.org")
    assert devices.lane_of(mark, "vilma@example.org")
    assert devices.lane_of(mark, "tom@example.org") is None


@pytest.mark.parametrize("mark", ["", ".", "x", "x.y", ".abc", "ä.ö", "nonce." + "0" * 32])
def test_a_forged_mark_has_no_lane(mark):
    assert devices.lane_of(mark, "vilma@example.org") is None


def test_two_devices_of_one_owner_have_two_lanes():
    lanes = {devices.lane_of(devices.device_mark("v@example.org"), "v@example.org") for _ in "ab"}
    assert len(lanes) == 2
