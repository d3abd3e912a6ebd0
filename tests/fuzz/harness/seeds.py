"""Honest inputs to start from: invented ones always, the shared corpora where they are there."""

import io
import json
import zipfile
from functools import cache
from pathlib import Path

from cda_sample import pdf
from fhir_sample import bundle, reference
from listening_peer import ack
from papers import ANA, adt, archive, mail, mdm, message, msh, pid, report, results
from receipts import dsn, mdn

ROOT = Path(__file__).resolve().parents[3]
CORPUS = ROOT.parent / "shared" / "corpus"
MOST, LARGEST = 60, 60_000


@cache
def report_of_tests() -> bytes:
    return report(ANA).next().document()


def corpus(*patterns: str) -> list[bytes]:
    """Small files of the shared corpora and of `examples`, at most sixty of them."""
    roots = ((CORPUS, patterns), (ROOT / "examples", tuple(Path(one).name for one in patterns)))
    found = (path for root, names in roots for name in names for path in sorted(root.glob(name)))
    small = (path for path in found if path.stat().st_size <= LARGEST)
    return [path.read_bytes() for path, _ in zip(small, range(MOST), strict=False)]


def hl7_seeds() -> list[bytes]:
    replaced = report(ANA).next()
    own = [results(ANA, "M1", local="L1"), mdm(replaced, "M2", action="replace")]
    own += [adt(ANA, "M3", local="L1"), merge_and_consent(), business_ack()]
    return own + corpus("hl7v2/*.hl7", "hl7v2-world/*/*", "hostile/hl7/*")


def business_ack() -> bytes:
    """A ZAM for a mail that did not arrive."""
    return message(
        msh("ZAM^Z02^ZAM_Z01", "M5", version="2.6"),
        "EVN||20260115101500",
        "OBX|1|CWE|ACK_RECEPTION_MSS^x^AckMetierZAM|M2|N^^expandedYes-NoIndicator||||||F",
        "OBX|2|XTN|DESTINATAIRE_MSS^x^AckMetierZAM|899|^^X.400^dr@exemple.mssante.fr||||||F",
        "ERR|||207^x^messageErrorCondition|E|550^x^SMTPERRORCODE",
    )


def ack_seeds() -> list[bytes]:
    """What receivers answer."""
    asked = results(ANA, "M1")
    error = "ERR||PID^1^3|207^x^HL70357|E|904^x^HL70533||inconnu"
    return [ack(asked), ack(asked, "AE", error), ack(asked, "CR", "ERR|PID^1^3^207"), asked]


def merge_and_consent() -> bytes:
    """An ADT with every segment that says who is who, or what somebody agreed to."""
    return message(
        msh("ADT^A40^ADT_A39", "M4"),
        "EVN||20260115101500||||20260115090000",
        pid(ANA, local="L1"),
        "MRG|L2^^^CHARMES&1.2.250.1.999.31&ISO^PI~L3^^^CHARMES",
        "ZBE|312^CHU-X|20260115||UPDATE|Y|A01",
        "ZFA|ACTIF|20260115|||||||IO|20260115101500+0100|INC|2026",
        "ZFD|||Y|N|INSI|20211201",
    )


def cda_seeds() -> list[bytes]:
    return [report_of_tests(), *corpus("cda/*.xml", "hostile/cda/*", "hostile/xml/*")]


def members_of(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def archives() -> list[bytes]:
    """Honest ones: each may be opened by anybody."""
    return [archive(report(ANA)), *corpus("xdm/*.ZIP")]


def xdm_seeds() -> list[bytes]:
    return [*archives(), *corpus("hostile/zip/*.zip")]


def metadata_seeds() -> list[bytes]:
    found = (members_of(raw).items() for raw in archives())
    return [raw for one in found for name, raw in one if "METADATA" in name]


def fhir_seeds() -> list[bytes]:
    own = [json.dumps(one).encode() for one in (bundle(), reference())]
    return own + corpus("fhir/derived/*", "fhir/mhd/*", "fhir/pdsm/*", "hostile/fhir/*")


def mail_seeds() -> list[bytes]:
    ours = f"<{'0123456789abcdef' * 2}.0@demo.mssante.fr>"
    own = [mail(report(ANA), "labo@demo.mssante.fr").as_bytes(), dsn(ours), mdn(ours)]
    return own + corpus("hostile/smtp/*")


def pdf_seeds() -> list[bytes]:
    return [pdf(), *corpus("hostile/pdf/*")]
