"""What a search keeps of the documents that it read is bounded in number and in bytes."""

from gateway.mapping.fhir.clinical import Clinical
from gateway.vault.fhir.contents import Kept


def made(size: int) -> tuple[Clinical, ...]:
    return (Clinical("Observation", "x", frozenset(), "", "", "final", b"x" * size),)


def test_the_last_used_stay() -> None:
    kept = Kept(limit=2)
    kept.put("a", made(1))
    kept.put("b", made(1))
    assert kept.get("a") is not None
    kept.put("c", made(1))
    assert (kept.get("a"), kept.get("b")) == (made(1), None)


def test_large_ones_make_the_others_go_and_one_that_is_too_large_is_not_kept() -> None:
    kept = Kept(max_bytes=100)
    kept.put("a", made(60))
    kept.put("b", made(60))
    assert (kept.get("a"), kept.get("b")) == (None, made(60))
    kept.put("c", made(101))
    assert (kept.get("b"), kept.get("c")) == (None, None)
    kept.put("d", made(100))
    assert kept.get("d") == made(100)


def test_what_is_made_twice_counts_once() -> None:
    kept = Kept(max_bytes=100)
    for _ in range(3):
        kept.put("a", made(60))
    kept.put("b", made(40))
    assert None not in (kept.get("a"), kept.get("b"))
