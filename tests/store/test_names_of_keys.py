"""Names made with the index key are HMAC-SHA256 (RFC 2104), cut to sixteen bytes."""

import hmac
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from gateway.store import Keys

INDEXES = st.binary(min_size=32, max_size=32)


@given(INDEXES, st.sampled_from((b"key", b"unique", b"local")), st.text())
def test_a_name_is_the_hmac_of_its_kind_and_text(index: bytes, kind: bytes, text: str) -> None:
    keys = Keys(master=bytes(32), index=index)
    said = kind + b"\x00" + text.encode("utf-8", "surrogatepass")

    assert keys.name(kind, text) == hmac.new(index, said, sha256).digest()[:16]
    assert keys.name(kind, text) == hmac.new(index, said, sha256).digest()[:16]
