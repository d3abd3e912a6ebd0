"""Good things that a sender sends, and how to hand spoiled ones to the kit's court."""

from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage

from conformance.bench import with_document
from conformance.made import fhir, hl7, mail, xdm
from conformance.made.cda import Paper, paper, paper_of_pdf, spoiled
from conformance.made.hl7 import Draft
from conformance.made.person import invented
from conformance.made.serial import Serial
from conformance.reading.frames import Framed
from conformance.sender.court import Court
from conformance.sender.subjects import Request

Case = Callable[[Court], object]
Change = tuple[str, int, str]
SERIAL = Serial(11, "unit")
WHO = invented(SERIAL)
BOX = f"{WHO.ins}@patient.mssante.fr"
HEADERS = {"authorization": "Bearer t", "idempotency-key": "k"}
KINDS = {"xml": "application/xml", "zip": "application/zip", "fhir": "application/fhir+json"}


def made(**changes: str) -> Paper:
    return paper(WHO, SERIAL, **changes)


def mdm(*changes: Change, action: str = "create", what: Paper | None = None) -> Draft:
    """A right MDM with these fields set."""
    return changed(hl7.mdm(what or made(), SERIAL.control(), action=action), *changes)


def results(*changes: Change) -> Draft:
    return changed(hl7.results(WHO, SERIAL.control()), *changes)


def changed(draft: Draft, *changes: Change) -> Draft:
    for name, number, value in changes:
        draft.set(name, number, value)
    return draft


def sent(draft: Draft) -> Case:
    return lambda court: court.framed(Framed(draft.raw()))


def bytes_sent(raw: bytes) -> Case:
    return lambda court: court.framed(Framed(raw))


def carrying(document: bytes) -> Case:
    """The document in an MDM."""
    return sent(with_document(mdm(), document))


def without(old: str, new: str = "") -> Case:
    """A CDA in which one place is spoiled."""
    holes = {"id": "", "ins": WHO.ins, "oid": WHO.oid, "birth": WHO.birth, "sex": WHO.sex,
             "place": WHO.place, "given": WHO.given}  # fmt: skip
    what = made()
    holes |= {"id": what.id, "set_id": what.set_id}
    return carrying(spoiled(what.cda(), old.format(**holes), new.format(**holes)))


def flags(**values: str) -> Draft:
    return hl7.with_flags(mdm(), kind="CWE", **values)


def posted(body: bytes, kind: str, **headers: str) -> Case:
    told = HEADERS | {"content-type": KINDS.get(kind, kind)}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda court: court.request(Request("POST", "/documents", told, body))


def archive(*entries: xdm.Entry) -> xdm.Archive:
    return xdm.Archive(list(entries) or [xdm.Entry(made())], SERIAL.oid())


def entry(**lies: str) -> Case:
    one = xdm.Entry(made())
    for name, value in lies.items():
        setattr(one, name, value)
    return zipped(archive(one))


def zipped(what: xdm.Archive) -> Case:
    return posted(what.zip(), "zip")


def metadata(old: str, new: str = "") -> Case:
    """An archive whose METADATA.XML is spoiled."""
    what = archive()
    name = "IHE_XDM/SUBSET01/METADATA.XML"
    text = what.members()[name].decode()
    assert old in text, old
    what.files[name] = text.replace(old, new, 1).encode()
    return zipped(what)


def letter(raw: bytes | None = None, what: Paper | None = None) -> EmailMessage:
    what = what or made()
    body = archive(xdm.Entry(what)).zip() if raw is None else raw
    return mail.mail(what, body, sender="labo@exemple.test", mailbox=BOX)


def mailed(
    message: EmailMessage | bytes, *, sender: str = "labo@exemple.test", box: str = BOX
) -> Case:
    raw = message if isinstance(message, bytes) else mail.written(message)
    return lambda court: court.mail(sender, [box], raw)


def header(name: str, value: str) -> EmailMessage:
    """A right mail with one header replaced, or taken away."""
    message = letter()
    del message[name]
    if value:
        message[name] = value
    return message


def bundle(spoil: Callable[[fhir.Transaction], object] | None = None) -> Case:
    what = fhir.transaction(made(), serial=SERIAL)
    if spoil:
        spoil(what)
    return posted(what.raw(), "fhir")


def good_things() -> list[Case]:
    pdf = paper_of_pdf(WHO, SERIAL)
    newer = made().next(SERIAL)
    to_patient = flags(DESTMSSANTEPAT="Y", DESTMSSANTEPS="Y").add(
        "PRT", hl7.recipient_row(BOX), after="PRT"
    )
    to_patient.add("PRT", hl7.recipient_row("docteur@exemple.mssante.fr"), after="PRT")
    return [
        sent(mdm()),
        sent(mdm(what=newer, action="replace")),
        sent(mdm(action="delete")),
        sent(hl7.oru(pdf, SERIAL.control())),
        sent(results()),
        sent(hl7.adt(WHO, SERIAL.control())),
        sent(to_patient),
        posted(made().cda(), "xml"),
        zipped(archive(xdm.Entry(made()), replace(xdm.Entry(made()), file="DOC0002.XML"))),
        bundle(),
        mailed(letter()),
    ]
