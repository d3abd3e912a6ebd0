"""Parsers of a lot at the DMP door: the request of ITI-41 as it is kept, and its signature."""

from dataclasses import replace

from dmp_authority import DmpAuthority
from dmp_lot import signed_manifest
from laws import hold
from lot_sample import FIRST, LOT, NOTE, entity
from seeds import corpus
from target import ELEMENT, Target, vocabulary

from gateway.mapping.xds.lot.signature import BrokenSignatureError, verified
from gateway.mapping.xds.understand import understand_xds
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING, Reading

READINGS = (DEFAULT_READING, Reading(strict=True))
SIGNER = DmpAuthority().signer()
SIGNED = replace(LOT, documents=(replace(FIRST, body=b"<a/>"), NOTE), signer=SIGNER)


def lot(data: bytes) -> None:
    """Understood or refused; where a document lies in the message, its bytes lie there."""
    answer = understand_xds(data, READINGS[len(data) % 2])
    hold(answer)
    for content in answer.contents:
        if content.piece is not None:
            assert data[content.piece.start : content.piece.stop] == content.body
    if answer.verdict is not Verdict.REFUSE:
        assert answer.written_as


def signature(data: bytes) -> None:
    """What was signed, or why it does not hold."""
    try:
        signed = verified(data)
    except BrokenSignatureError as error:
        assert str(error)
        return
    assert signed.certificate == SIGNER.der


def _lots() -> list[bytes]:
    return [entity(LOT), entity(SIGNED), *corpus("xds/derived-*.http", "xds/tk2-raw-*")]


def _signatures() -> list[bytes]:
    return [signed_manifest(SIGNED, SIGNER)]


TARGETS = (
    Target(name="xds-lot", run=lot, seeds=_lots, words=vocabulary("rim", "soap"), unit=ELEMENT),
    Target(
        name="xds-signature",
        run=signature,
        seeds=_signatures,
        words=vocabulary("xml"),
        unit=ELEMENT,
    ),
)
