"""Mails of a conversation as rows, and back; nothing of them is clear but ids and times."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.mapping.mail.letter import plain_subject
from gateway.records.correspondence.conversation import Delivery, Reason, Way
from gateway.records.correspondence.letter import KeptMail, Letter
from gateway.records.patients.patient import PatientKey
from gateway.records.words import fold
from gateway.store.columns import instant, instant_or_none, micros, micros_or_none, pack, unpack
from gateway.store.keys.gateway_keys import Keys
from gateway.store.keys.sealing import bound, seal, unseal

MAIL = "number id patient conversation at read_at message_name other_name sealed"
READ = "number id patient conversation at read_at sealed fate"
NUMBERS = "mail"

AnyRow = Any  # a row; its columns are named in READ


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packed:
    """What is sealed of a mail when it is written."""

    way: Way
    letter: Letter
    documents: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    to: str = ""
    by: str = ""
    by_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fate:
    """What became of it since."""

    delivery: Delivery
    reason: Reason | None = None


def message_name(keys: Keys, message_id: str) -> bytes:
    return keys.name(b"mail", message_id)


def other_name(keys: Keys, address: str, subject: str) -> bytes:
    """Of sender and subject, for a mail that answers none (MSG-02)."""
    return keys.name(b"mailed", f"{address.lower()}\x00{fold(plain_subject(subject))}")


def mail_row(mail: KeptMail, number: int, ciphers: Mapping[bytes, AESGCM], keys: Keys) -> Any:
    """In the order of MAIL."""
    letter = mail.letter
    packed = _Packed(
        way=mail.way,
        letter=letter,
        documents=mail.documents,
        under=mail.under,
        titles=mail.titles,
        to=mail.to,
        by=mail.by,
        by_name=mail.by_name,
    )
    return (
        number,
        mail.id,
        mail.patient,
        mail.conversation,
        micros(mail.at),
        micros_or_none(mail.read_at),
        message_name(keys, letter.message_id) if letter.message_id else None,
        other_name(keys, mail.other, letter.subject),
        seal(ciphers[mail.patient], pack(packed), _bound(mail.patient, mail.id)),
    )


def kept_of(row: AnyRow, cipher: AESGCM) -> KeptMail:
    packed = unpack(_Packed, unseal(cipher, row.sealed, _bound(row.patient, row.id)))
    fate = None
    if row.fate is not None:
        fate = unpack(_Fate, unseal(cipher, row.fate, _fate_bound(row.patient, row.id)))
    waits = Delivery.WAITING if packed.way is Way.OUT else None
    return KeptMail(
        id=row.id,
        patient=PatientKey(row.patient),
        conversation=row.conversation,
        way=packed.way,
        at=instant(row.at),
        letter=packed.letter,
        documents=packed.documents,
        under=packed.under,
        titles=packed.titles,
        to=packed.to,
        by=packed.by,
        by_name=packed.by_name,
        read_at=instant_or_none(row.read_at),
        delivery=fate.delivery if fate else waits,
        reason=fate.reason if fate else None,
    )


def fate_of(
    cipher: AESGCM, patient: bytes, mail: str, delivery: Delivery, reason: Reason | None
) -> bytes:
    plain = pack(_Fate(delivery=delivery, reason=reason))
    return seal(cipher, plain, _fate_bound(patient, mail))


def _bound(patient: bytes, mail: str) -> bytes:
    return bound(b"mail", patient, mail.encode())


def _fate_bound(patient: bytes, mail: str) -> bytes:
    return bound(b"mail fate", patient, mail.encode())
