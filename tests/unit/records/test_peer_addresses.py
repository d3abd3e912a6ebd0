"""The address that the access log shows, and whose tries are counted together."""

import pytest

from gateway.records.readers.callers import counted_as, peer_address


@pytest.mark.parametrize(
    ("forwarded", "told"),
    [
        ("", "10.0.0.9"),
        ("192.0.2.7", "192.0.2.7"),
        ("203.0.113.1, 192.0.2.7", "192.0.2.7"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%\udcff", "fe80::1"),
        ("unknown", "10.0.0.9"),
        ("\udcff\udcfe", "10.0.0.9"),
        ("<b>192.0.2.7</b>", "10.0.0.9"),
        ("1" * 5_000, "10.0.0.9"),
        ("192.0.2.7,", "10.0.0.9"),
    ],
)
def test_only_an_address_is_believed_of_what_a_proxy_forwards(forwarded: str, told: str) -> None:
    assert peer_address("10.0.0.9", forwarded, behind_proxy=True) == told
    assert peer_address("10.0.0.9", forwarded, behind_proxy=False) == "10.0.0.9"


def test_whoever_is_at_no_address_is_unknown() -> None:
    assert peer_address(None, "nobody", behind_proxy=True) == "unknown"


def test_all_addresses_of_one_network_of_ipv6_try_together() -> None:
    assert counted_as("2001:db8:1:2::1") == counted_as("2001:db8:1:2:ffff:ffff:ffff:ffff")
    assert counted_as("2001:db8:1:2::1") != counted_as("2001:db8:1:3::1")


@pytest.mark.parametrize("address", ["192.0.2.7", "unknown", ""])
def test_any_other_address_tries_for_itself(address: str) -> None:
    assert counted_as(address) == address
    assert counted_as("::ffff:192.0.2.7") == "192.0.2.7"
