"""The envelope and its document say the same (volet, contraintes; ERR-5 903 to 906)."""

import base64

from conformance.bench import Bench, with_document
from conformance.check import Chapter
from conformance.checks.documents.deposit import VOLET, letter, made, not_filed, refused, taken
from conformance.made.cda import paper, spoiled
from conformance.made.hl7 import Draft, ins_id, oru
from conformance.requirement import Level, Volet
from conformance.verdict import SkippedError, expect

AGREE = Chapter(Volet.CDA_HL7V2, f"{VOLET}, contraintes sur PID, TXA et OBX")
DATA = Chapter(Volet.CDA_HL7V2, f"{VOLET}, OBX-5 (ED)")


def data_of(draft: Draft) -> tuple[str, str]:
    """OBX-5 before its data, and the data."""
    head, _, data = draft.row("OBX")[5].rpartition("^")
    return head, data


def with_data(draft: Draft, data: str) -> Draft:
    return draft.set("OBX", 5, f"{data_of(draft)[0]}^{data}")


@AGREE.asks(
    "TDC-30",
    "PID-3 is the INS of the CDA, else 904",
    fix="Compare PID-3 with patientRole/id before anything is filed; refuse with 207 and 904.",
    source=f"{VOLET}, PID-3; code 904",
)
def another_patient(bench: Bench) -> None:
    other = bench.target.second
    if other is None:
        raise SkippedError("a second patient of the target is needed")
    what = made(bench)
    refused(bench, letter(bench, what).set("PID", 3, ins_id(other)), "904")
    not_filed(bench, what)


@AGREE.asks(
    "TDC-31",
    "A CDA without INS: 903",
    fix="207 with 903 in ERR-5 when the document names no INS.",
    source=f"{VOLET}, code 903",
)
def no_ins(bench: Bench) -> None:
    what, who = made(bench), bench.who
    old = f'<id root="{who.oid}" extension="{who.ins}"/>'
    document = spoiled(what.cda(), old, '<id root="1.2.250.1.999.31" extension="L1"/>')
    refused(bench, with_document(letter(bench, what), document), "903")


@AGREE.asks(
    "TDC-32",
    "A CDA whose INS lacks traits: 905",
    fix="An INS goes with birth name, first given name, date, place and sex: say 905, file not.",
    source=f"{VOLET}, code 905",
)
def no_traits(bench: Bench) -> None:
    what = made(bench)
    old = f'<birthTime value="{bench.who.birth}"/>\n'
    ack = bench.ask(with_document(letter(bench, what), spoiled(what.cda(), old, "")))
    expect((ack.refused or ack.held) and ack.says("905"), ack)
    not_filed(bench, what)


@AGREE.asks(
    "TDC-33",
    "Something that is no CDA is refused",
    fix="Look at the bytes, not at OBX-5.3: 102, or 207 with 906.",
    source=f"{VOLET}, code 906; HL7 table 0357, 102",
)
def no_cda(bench: Bench) -> None:
    draft = with_document(letter(bench, made(bench)), "Document médical au format CDA…".encode())
    refused(bench, draft, "102", "906")


@AGREE.asks(
    "TDC-34",
    "A TXA-12 that names another document is said",
    fix="TXA-12 is ClinicalDocument/id: refuse another one, or warn.",
    source=f"{VOLET}, TXA-12",
    level=Level.SHOULD,
)
def other_id(bench: Bench) -> None:
    ack = bench.ask(letter(bench, made(bench)).set("TXA", 12, bench.serial.oid()))
    said = any(one.place.startswith("TXA^1^12") for one in ack.faults)
    expect(ack.refused or said, f"{ack} without a word about TXA-12")


@AGREE.asks(
    "TDC-35",
    "TXA-12 may have more components",
    fix="Compare the first component only: real messages add an organisation.",
    source="messages of the field",
    level=Level.SHOULD,
)
def id_with_more(bench: Bench) -> None:
    what = made(bench)
    taken(bench, letter(bench, what).set("TXA", 12, f"{what.id}^Organisation fictive"))


@AGREE.asks(
    "TDC-36",
    "An id with extension is written extension, root, ISO",
    fix="TXA-12.1 is the extension and TXA-12.3 the root when the CDA id has both.",
    source=f"{VOLET}, TXA-12",
)
def id_with_extension(bench: Bench) -> None:
    what = made(bench)
    old, new = f'<id root="{what.id}"/>', f'<id root="{what.id}" extension="A1"/>'
    draft = with_document(letter(bench, what), spoiled(what.cda(), old, new))
    ack = bench.ask(draft.set("TXA", 12, f"A1^^{what.id}^ISO"))
    expect(ack.positive, ack)


@AGREE.asks(
    "TDC-37",
    "A document without OBX-11 is refused",
    fix="OBX-11 is required: F, C or D.",
    source="HL7 v2.5, 7.4.2.11; volet, OBX-11",
)
def no_status(bench: Bench) -> None:
    refused(bench, letter(bench, made(bench)).set("OBX", 11, ""), "101", "103", "199")


@AGREE.asks(
    "TDC-38",
    "The same document under a new MSH-10 is not filed twice",
    fix="The id of the document is what must not be doubled, not the message.",
    source="IHE ITI TF-3, 4.2.3.2.26 (uniqueId)",
)
def filed_once(bench: Bench) -> None:
    what = made(bench)
    taken(bench, letter(bench, what))
    again = bench.ask(letter(bench, what))
    expect(again.positive, again)
    found = len(bench.filed(what.id))
    expect(found == 1, f"{found} current documents with one id")


@AGREE.asks(
    "TDC-39",
    "The same id with another content is refused",
    fix="An id is bound to its bytes: never overwrite in silence.",
    source="IHE ITI TF-3, 4.2.3.2.26; XDSNonIdenticalHash",
)
def other_content(bench: Bench) -> None:
    what = made(bench)
    taken(bench, letter(bench, what))
    refused(bench, letter(bench, what.but(text="Tout autre chose.")))


@DATA.asks(
    "TDC-40",
    "Base64 without its padding is taken",
    fix="Add the missing '=': the agency's own examples lack it.",
    level=Level.SHOULD,
)
def unpadded(bench: Bench) -> None:
    draft = letter(bench, made(bench))
    data = data_of(draft)[1]
    taken(bench, with_data(draft, data.rstrip("=")))


@DATA.asks(
    "TDC-41",
    "White space and \\.br\\ inside base64 are no error",
    fix="Take them out before decoding.",
    level=Level.SHOULD,
)
def broken_lines(bench: Bench) -> None:
    draft = letter(bench, made(bench))
    data = data_of(draft)[1]
    lines = [data[at : at + 76] for at in range(0, len(data), 76)]
    taken(bench, with_data(draft, "\\.br\\".join(lines)))


@DATA.asks(
    "TDC-42",
    "Base64 that was cut is refused: 102",
    fix="A length of 1 modulo 4 is a document cut in two.",
    source="HL7 table 0357, 102; Bugs5382/node-hl7-server issue 60",
)
def cut(bench: Bench) -> None:
    draft = letter(bench, made(bench))
    data = data_of(draft)[1].rstrip("=")
    data = data[: len(data) // 4 * 4 - 3]
    refused(bench, with_data(draft, data), "102")


@DATA.asks(
    "TDC-43",
    "What is not base64 is refused: 102",
    fix="Check the alphabet: a decoder that skips other characters makes another document.",
)
def not_base64(bench: Bench) -> None:
    draft = letter(bench, made(bench))
    refused(bench, with_data(draft, data_of(draft)[1][:400] + "!!! fin"), "102")


@DATA.asks(
    "TDC-44",
    "Encoding Hex is read",
    fix="ED.4 is A, Hex or Base64.",
    source="HL7 v2.5, 2.A.24.4, table 0299",
    level=Level.SHOULD,
)
def hexadecimal(bench: Bench) -> None:
    what = made(bench)
    taken(bench, letter(bench, what).set("OBX", 5, f"^text^XML^Hex^{what.cda().hex()}"))


@DATA.asks(
    "TDC-45",
    "A reference (OBX-2 RP) is not fetched",
    fix="Refuse: a gateway opens no address that stands in a message.",
    source="HL7 v2.5, 2.A.64; CI-SIS volet (ED only)",
)
def reference(bench: Bench) -> None:
    draft = letter(bench, made(bench)).set("OBX", 2, "RP")
    refused(bench, draft.set("OBX", 5, "http://127.0.0.1:9/document^KIT^XML^TEXT"))


@DATA.asks(
    "TDC-46",
    "OBX-5.2 may be TEXT or text",
    fix="Compare without case: ORU writes TEXT, MDM text.",
)
def case(bench: Bench) -> None:
    draft = letter(bench, made(bench))
    draft.set("OBX", 5, draft.row("OBX")[5].replace("^text^", "^TEXT^"))
    taken(bench, draft)
    other = oru(made(bench), bench.serial.control())
    taken(bench, other.set("OBX", 5, other.row("OBX")[5].replace("^TEXT^", "^text^")))


@DATA.asks(
    "TDC-47",
    "A document of another person inside one message is refused",
    fix="One message, one patient: every document is about PID.",
    source=f"{VOLET}, un message = un patient",
)
def one_patient(bench: Bench) -> None:
    draft = oru(made(bench), bench.serial.control())
    other = oru(paper(bench.nobody, bench.serial), "X").row("OBX") | {1: "2"}
    refused(bench, draft.add("OBX", other, after="PRT"))


@DATA.asks(
    "TDC-48",
    "A PDF in place of the CDA is refused",
    fix="The volet carries CDA; a PDF goes inside one (level 1).",
    source=f"{VOLET}, OBX-5; HL7 table 0357, 102",
)
def naked_pdf(bench: Bench) -> None:
    draft = letter(bench, made(bench))
    refused(bench, with_data(draft, base64.b64encode(b"%PDF-1.4 rien").decode()), "102", "906")
