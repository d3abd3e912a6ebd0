"""Honest inputs to start from: invented ones always, the shared corpora where they are there."""

import io
import json
import zipfile
from functools import cache
from pathlib import Path

from cda_sample import pdf
from fhir_sample import bundle, reference
from papers import Person, adt, archive, mail, mdm, message, msh, pid, report, results

ROOT = Path(__file__).resolve().parents[3]
CORPUS = ROOT.parent / "shared" / "corpus"
MOST, LARGEST = 60, 60_000
WHO = Person(
    "255089999999966", "1.2.250.1.213.1.4.10", "PATTE", "Ana", "Ana Lise", "19550815", "F", "51215"
)


@cache
def report_of_tests() -> bytes:
    return report(WHO).next().document()


def corpus(*patterns: str) -> list[bytes]:
    """Small files of the shared corpora and of `examples`, at most sixty of them."""
    roots = ((CORPUS, patterns), (ROOT / "examples", tuple(Path(one).name for one in patterns)))
    found = (path for root, names in roots for name in names for path in sorted(root.glob(name)))
    small = (path for path in found if path.stat().st_size <= LARGEST)
    return [path.read_bytes() for path, _ in zip(small, range(MOST), strict=False)]


def hl7_seeds() -> list[bytes]:
    replaced = report(WHO).next()
    own = [results(WHO, "M1", local="L1"), mdm(replaced, "M2", action="replace")]
    own += [adt(WHO, "M3", local="L1"), merge_and_consent()]
    return own + corpus("hl7v2/*.hl7", "hl7v2-world/*/*", "hostile/hl7/*")


def merge_and_consent() -> bytes:
    """An ADT with every segment that says who is who, or what somebody agreed to."""
    return message(
        msh("ADT^A40^ADT_A39", "M4"),
        "EVN||20260115101500||||20260115090000",
        pid(WHO, local="L1"),
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
    return [archive(report(WHO)), *corpus("xdm/*.ZIP")]


def xdm_seeds() -> list[bytes]:
    return [*archives(), *corpus("hostile/zip/*.zip")]


def metadata_seeds() -> list[bytes]:
    found = (members_of(raw).items() for raw in archives())
    return [raw for one in found for name, raw in one if "METADATA" in name]


def fhir_seeds() -> list[bytes]:
    own = [json.dumps(one).encode() for one in (bundle(), reference())]
    return own + corpus("fhir/derived/*", "fhir/mhd/*", "fhir/pdsm/*", "hostile/fhir/*")


def mail_seeds() -> list[bytes]:
    return [mail(report(WHO), "labo@demo.mssante.fr").as_bytes(), *corpus("hostile/smtp/*")]


def pdf_seeds() -> list[bytes]:
    return [pdf(), *corpus("hostile/pdf/*")]
