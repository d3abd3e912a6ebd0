"""Mails that carry an IHE_XDM.ZIP (référentiel socle MSSanté #2, ECO.2.1 to 2.4)."""

from email.message import EmailMessage

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.made.cda import Paper, paper
from conformance.made.mail import ARCHIVE, mail, written
from conformance.made.xdm import Archive, Entry
from conformance.requirement import Level, Volet
from conformance.verdict import SkippedError, expect
from conformance.wire.smtp import Said

MSS = Chapter(Volet.MAIL, "Référentiel socle MSSanté #2, ECO.2.1")
DOT = b"\r\n.une ligne qui commence par un point\r\n"


def zipped(bench: Bench, what: Paper, *, digest: str = "") -> bytes:
    return Archive([Entry(what, hash=digest)], bench.serial.oid()).zip()


def letter(bench: Bench, what: Paper, archive: bytes, *, name: str = ARCHIVE) -> EmailMessage:
    mailbox = bench.mailbox(what.who)
    return mail(what, archive, sender=bench.mail_from, mailbox=mailbox, name=name)


def sent(bench: Bench, raw: bytes, *, sender: str | None = None) -> Said:
    """The final reply for the known patient's mailbox, or the first refusal."""
    commands = [f"MAIL FROM:<{bench.mail_from if sender is None else sender}>",
                f"RCPT TO:<{bench.mailbox(bench.who)}>"]  # fmt: skip
    with bench.session() as session:
        for command in commands:
            said = session.ask(command)
            if said.code != 250:
                return said
        return session.content(raw)


def accepted(bench: Bench, made: EmailMessage) -> None:
    said = sent(bench, written(made))
    expect(said.code == 250, said)


def shelved(bench: Bench, what: Paper, made: EmailMessage) -> None:
    """Accepted, and there once, where a reader can look."""
    accepted(bench, made)
    found = len(bench.filed(what.id)) if bench.looks else 1
    expect(found == 1, f"250, and {found} current documents with its id")


def refused(bench: Bench, made: EmailMessage) -> None:
    said = sent(bench, written(made))
    expect(500 <= said.code < 600, said)


@MSS.asks(
    "MSS-01",
    "A mail with an archive files its document",
    fix="Read IHE_XDM.ZIP, file what is in it, and say 250 only then.",
    source="Référentiel socle MSSanté #2, ECO.2.1; RFC 5321, 6.1",
)
def filed(bench: Bench) -> None:
    what = paper(bench.who, bench.serial)
    shelved(bench, what, letter(bench, what, zipped(bench, what)))


@MSS.asks(
    "MSS-02",
    "The archive's name is found without looking at case",
    fix="Sources write IHE_XDM.ZIP and IHE_XDM.zip: compare without case.",
)
def other_case(bench: Bench) -> None:
    what = paper(bench.who, bench.serial)
    shelved(bench, what, letter(bench, what, zipped(bench, what), name="IHE_XDM.zip"))


@MSS.asks(
    "MSS-03",
    "The same mail again creates nothing",
    fix="A server repeats after a lost 250: answer 250 and file once.",
    source="RFC 5321, 4.5.4.1; RFC 1047",
)
def again(bench: Bench) -> None:
    what = paper(bench.who, bench.serial)
    made = letter(bench, what, zipped(bench, what))
    for _ in range(2):
        accepted(bench, made)
    found = len(bench.filed(what.id))
    expect(found == 1, f"{found} current documents with one id")


@MSS.asks(
    "MSS-04",
    "Another patient's archive is refused",
    fix="The patient is that of METADATA.XML; the mailbox must be theirs.",
    source="Référentiel socle MSSanté #2, ECO.2.1.2",
)
def other_patient(bench: Bench) -> None:
    if bench.target.second is None:
        raise SkippedError("a second patient of the target is needed")
    what = paper(bench.target.second, bench.serial)
    refused(bench, letter(bench, what, zipped(bench, what)))


@MSS.asks(
    "MSS-05",
    "The subject does not decide on the patient",
    fix="Read METADATA.XML; a subject may name anybody.",
    source="Référentiel socle MSSanté #2, ECO.2.1.2",
)
def other_subject(bench: Bench) -> None:
    what = paper(bench.who, bench.serial)
    made = letter(bench, what, zipped(bench, what))
    made.replace_header("Subject", "XDM/1.0/DDM+CR AUTRE Personne 01/01/1950")
    shelved(bench, what, made)


@MSS.asks(
    "MSS-06",
    "X-MSS-INS: N is not filed as qualified",
    fix="The sender says that the INS is not qualified: hold the document.",
    source="Référentiel socle MSSanté #2, ECO.2.4.2",
)
def not_qualified(bench: Bench) -> None:
    what = paper(bench.who, bench.serial)
    made = letter(bench, what, zipped(bench, what))
    made.replace_header("X-MSS-INS", "N")
    sent(bench, written(made))
    expect(not bench.filed(what.id), "filed as a qualified identity")


@MSS.asks(
    "MSS-07",
    "An archive whose hash lies is refused",
    fix="5xx: the sender must know that nothing was filed.",
    source="IHE ITI TF-3, 4.2.3.2.10",
)
def false_hash(bench: Bench) -> None:
    what = paper(bench.who, bench.serial)
    refused(bench, letter(bench, what, zipped(bench, what, digest="0" * 40)))


@MSS.asks(
    "MSS-08",
    "Two archives in one mail are refused",
    fix="Exactly one IHE_XDM.ZIP a mail.",
    level=Level.SHOULD,
)
def two_archives(bench: Bench) -> None:
    what = paper(bench.who, bench.serial)
    archive = zipped(bench, what)
    made = letter(bench, what, archive)
    made.add_attachment(archive, maintype="application", subtype="zip", filename=ARCHIVE)
    refused(bench, made)


@MSS.asks(
    "MSS-09",
    "An archive that is no ZIP is refused",
    fix="5xx, naming the attachment.",
)
def no_zip(bench: Bench) -> None:
    refused(bench, letter(bench, paper(bench.who, bench.serial), b"ceci n'est pas une archive"))


@MSS.asks(
    "MSS-10",
    "Doubled dots are undone",
    fix="A line that begins with a dot travels with two: take one away before hashing anything.",
    source="RFC 5321, 4.5.2",
)
def dots(bench: Bench) -> None:
    what = paper(bench.who, bench.serial)
    raw = written(letter(bench, what, zipped(bench, what)))
    said = sent(bench, raw.replace(b"\r\nUn document", DOT + b"Un document", 1))
    expect(said.code == 250, said)


@MSS.asks(
    "MSS-11",
    "From is the sender of the envelope",
    fix="Refuse a header that names another domain than the envelope.",
    source="RFC 7489, 3.1 (identifier alignment)",
    level=Level.SHOULD,
)
def forged(bench: Bench) -> None:
    what = paper(bench.who, bench.serial)
    made = letter(bench, what, zipped(bench, what))
    made.replace_header("From", "quelquun@autre.exemple.test")
    refused(bench, made)


@MSS.asks(
    "MSS-12",
    "A sender of another domain is refused",
    fix="5xx at MAIL or RCPT for a domain that is not of the trust space.",
    source="MSSanté, liste blanche",
)
def stranger(bench: Bench) -> None:
    what = paper(bench.who, bench.serial)
    made = letter(bench, what, zipped(bench, what))
    made.replace_header("From", "quelquun@exemple.test")
    said = sent(bench, written(made), sender="quelquun@exemple.test")
    expect(500 <= said.code < 600, said)
