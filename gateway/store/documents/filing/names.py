"""What an intake is about, as hashed names: how filings of the same thing find each other."""

import re
from collections.abc import Iterable

from msgspec import Struct

from gateway.mapping.datatypes.local_ids import scoped
from gateway.records.intake.filing import Intake
from gateway.records.intake.finding import Verdict
from gateway.records.intake.keys import CHOSEN_KEY
from gateway.records.patients.admission import Admission
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.store.correspondence.rows import message_name, other_name
from gateway.store.keys.gateway_keys import Keys

OURS = re.compile(r"[0-9a-f]{32}").fullmatch
"""A public id of ours: how FHIR names what a document replaces (`DocumentReference/{id}`)."""


class MailNames(Struct, frozen=True):
    """By what a mail finds its conversation, and others find it: in whose box, the mails that it
    answers, sender and subject, and its own Message-ID."""

    box: PatientKey
    answers: tuple[bytes, ...]
    other: bytes
    own: bytes | None


class Names(Struct, frozen=True):
    """What an intake is about, as hashed names: what it reads, and what it may change. These are
    the questions of which `Facts` are the answers (`Gathering`).

    `digest` names the bytes where they may come under another key or none; else it is the
    key's. `teaches` is true of an ADT: it may change where `locals` lead.
    """

    key: bytes | None
    digest: bytes
    patients: tuple[PatientKey, ...]
    uniques: dict[bytes, str] = {}
    sets: dict[bytes, str] = {}
    locals: tuple[bytes, ...] = ()
    ids: tuple[str, ...] = ()
    sent: bytes | None = None
    teaches: bool = False
    mail: "MailNames | None" = None

    def filed(self) -> set[bytes]:
        """Names that a filing of this intake takes or changes."""
        own = {self.digest, *self.uniques, *self.sets, *(one.encode() for one in self.ids)}
        if self.mail is not None:
            own |= {*self.mail.answers, self.mail.other, self.mail.own or self.mail.other}
        return own | {self.key} if self.key else own

    def all(self) -> set[bytes]:
        return self.filed() | set(self.patients) | set(self.locals)


def names_of(intake: Intake, keys: Keys) -> Names:
    understood = intake.understanding
    identities = [document.patient for document in understood.documents]
    message = understood.message
    if message is not None and message.patient is not None:
        identities.append(message.patient)
    if message is not None and message.admission is not None:
        identities += _admitted(message.admission)
    uniques, sets = {}, {}
    for document in understood.documents:
        for text in (document.unique_id, document.replaces):
            if text:
                uniques[unique_name(keys, text)] = text
        for text in (document.set_id, document.number_alone):
            if text:
                sets[set_name(keys, text)] = text
    key = key_name(keys, intake)
    return Names(
        key=key,
        digest=key if key and not _is_named_by_bytes(intake) else digest_name(keys, intake),
        patients=tuple(_patients(identities, keys) | ({intake.box} if intake.box else set())),
        uniques=uniques,
        sets=sets,
        locals=tuple(_locals(intake, identities, keys)) if _asks_locals(intake) else (),
        ids=tuple(d.replaces for d in understood.documents if d.replaces and OURS(d.replaces)),
        sent=_answered(intake, keys),
        teaches=message is not None and message.admission is not None,
        mail=_mail_names(intake, intake.box, keys) if intake.box else None,
    )


def _mail_names(intake: Intake, box: PatientKey, keys: Keys) -> MailNames | None:
    letter = intake.understanding.letter
    if letter is None:
        return None
    return MailNames(
        box,
        tuple(message_name(keys, one) for one in letter.answers),
        other_name(keys, letter.answer_to, letter.subject),
        message_name(keys, letter.message_id) if letter.message_id else None,
    )


def _is_named_by_bytes(intake: Intake) -> bool:
    """A key out of the bytes (MSH-10) or with them (the envelope of a mail) comes again; software
    chooses an Idempotency-Key, while a form gives each act of a person a key of its own."""
    return not intake.key or (intake.key.startswith(CHOSEN_KEY) and intake.depositor is None)


def _asks_locals(intake: Intake) -> bool:
    """What is held may be known by a local identifier; an ADT says whose such identifiers are."""
    message = intake.understanding.message
    held = intake.released or intake.understanding.verdict is Verdict.HOLD
    return held or (message is not None and message.admission is not None)


def _admitted(admission: Admission) -> Iterable[PatientIdentity]:
    for one in admission.subjects:
        yield one.identity
        if one.prior is not None:
            yield one.prior


def _answered(intake: Intake, keys: Keys) -> bytes | None:
    message = intake.understanding.message
    ack = message.business_ack if message else None
    return sent_name(keys, ack.original) if ack else None


def _patients(identities: Iterable[PatientIdentity], keys: Keys) -> set[PatientKey]:
    pairs = {(one.ins_oid, one.ins) for one in identities if one.ins and one.ins_oid}
    return {keys.patient_key(oid or "", ins or "") for oid, ins in pairs}


def _locals(intake: Intake, identities: Iterable[PatientIdentity], keys: Keys) -> set[bytes]:
    texts = {scoped(text, intake.house) for one in identities for text in one.other_ids}
    return {keys.local_key(text) for text in texts}


def key_name(keys: Keys, intake: Intake) -> bytes | None:
    return key_of_sender(keys, intake.sender, intake.key) if intake.key else None


def key_of_sender(keys: Keys, sender: str, key: str) -> bytes:
    return keys.name(b"key", f"{sender}\x00{key}")


def digest_name(keys: Keys, intake: Intake) -> bytes:
    return digest_of_sender(keys, intake.sender, intake.digest)


def digest_of_sender(keys: Keys, sender: str, digest: bytes) -> bytes:
    return keys.name(b"digest", f"{sender}\x00{digest.hex()}")


def unique_name(keys: Keys, text: str) -> bytes:
    return keys.name(b"unique", text)


def set_name(keys: Keys, text: str) -> bytes:
    return keys.name(b"set", text)


def sent_name(keys: Keys, control_id: str) -> bytes:
    """What we sent, by the MSH-10 its receiver knows it by."""
    return keys.name(b"sent", control_id)


def control_name(keys: Keys, control_id: str) -> bytes:
    """What its sender calls it, whoever that is: for the desk, which looks among all of them."""
    return keys.name(b"control", control_id)
