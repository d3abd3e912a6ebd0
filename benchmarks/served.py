"""What a sender sees: acknowledgements a second and their delays, each after an fsynced commit.

Starts a demo on free ports in a temporary folder, sends invented messages over MLLP from this
process, and prints one line a case with the daemon's memory. Usage: served.py [SECONDS].
"""

import asyncio
import base64
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from disk import fsync_milliseconds

ROWS = 40
PDF_BYTES = 500_000
START, END = b"\x0b", b"\x1c\r"
FLAGS = ("MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REP_LEGAUX", "CONNEXION_SECRETE")
CDA = Path(__file__).parents[1] / "examples" / "04-consultation.xml"
Person = dict[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    connections: int
    make: Callable[[Person, int], bytes]


def header(kind: str, version: str, number: int) -> str:
    return (
        f"MSH|^~\\&|BENCH|SITE|GATEWAY|HERE|20260312090500||{kind}|BM{number:012d}|P|{version}"
        "|||||FRA|UNICODE UTF-8"
    )


def pid(person: Person) -> str:
    birth = person["birth_date"].replace("-", "")
    return (
        f"PID|1||{person['ins']}^^^ASIP-SANTE-INS-NIR&{person['ins_oid']}&ISO^INS||"
        f"{person['birth_family']}^{person['birth_given']}^{person['birth_givens']}^^^^L||{birth}|"
        f"{person['sex']}|||^^^^^^BDL^^{person['birth_place']}" + "|" * 21 + "VALI"
    )


def oru(person: Person, number: int) -> bytes:
    """Forty rows in four groups, about 5 KB."""
    lines = [header("ORU^R01^ORU_R01", "2.5", number), pid(person), "PV1|1|O"]
    for row in range(ROWS):
        if row % 10 == 0:
            lines.append(f"OBR|{row // 10 + 1}||BO{number}-{row // 10}^labo|58410-2^Hémogramme^LN")
        lines.append(
            f"OBX|{row + 1}|NM|718-7^Hémoglobine {row}^LN||{10 + row % 7}.{row % 10}|g/dL|12.0-16.0"
            "|N|||F|||20260312074500||^Laboratoire d'essai"
        )
    return "\r".join(lines).encode() + b"\r"


def document(person: Person, number: int, body: str) -> bytes:
    text = CDA.read_text("utf-8")
    for old, new in (
        ("284037511604282", person["ins"]),
        (">Durand<", f">{person['birth_family']}<"),
        (">Claire<", f">{person['birth_given']}<"),
        ('value="19840312"', f'value="{person["birth_date"].replace("-", "")}"'),
        ('code="F" codeSystem', f'code="{person["sex"]}" codeSystem'),
        (">75116<", f">{person['birth_place']}<"),
    ):
        text = text.replace(old, new)
    head, _, rest = text.partition('  <id root="2.25.')
    _, _, rest = rest.partition('"')
    text = f'{head}  <id root="2.25.9{number:030d}"{rest}'
    before, _, _ = text.partition("  <component><structuredBody>")
    return f"{before}<component>{body}</component></ClinicalDocument>".encode()


def mdm(person: Person, number: int, body: str) -> bytes:
    data = base64.b64encode(document(person, number, body)).decode()
    lines = [
        header("MDM^T02^MDM_T02", "2.6", number) + "|||2.1^CISIS_CDA_HL7_V2",
        "EVN||20260312090500",
        pid(person),
        "PV1|1|N",
        "ORC|NW",
        "OBR|1|||11488-4^Consultation^LN",
        f"TXA|1|11488-4|TEXT|||||||||2.25.9{number:030d}|||||AU",
        f"OBX|1|ED|11488-4^Consultation^LN||^text^XML^Base64^{data}||||||F",
    ]
    lines += [f"OBX|{n}|CWE|{flag}^^MetaDMPMSS||N||||||F" for n, flag in enumerate(FLAGS, 2)]
    return "\r".join([*lines, "OBX|9|CWE|DESTDMP^^MetaDMPMSS||Y||||||F"]).encode() + b"\r"


def structured(person: Person, number: int) -> bytes:
    """A CDA of about 140 KB: a narrative table and a coded observation for each of its rows."""
    rows = "".join(
        f"<tr><td>Analyse {n}</td><td>{n % 90}.{n % 10} g/L</td></tr>" for n in range(350)
    )
    entries = "".join(
        '<entry><observation classCode="OBS" moodCode="EVN"><code code="718-7" displayName='
        f'"Analyse {n}" codeSystem="2.16.840.1.113883.6.1"/><statusCode code="completed"/>'
        '<effectiveTime value="20260312"/><value xmlns:xsi="http://www.w3.org/2001/XMLSchema-'
        f'instance" xsi:type="PQ" value="{n % 90}.{n % 10}" unit="g/L"/></observation></entry>'
        for n in range(350)
    )
    section = f"<section><title>R</title><text><table><tbody>{rows}</tbody></table></text>{entries}"
    return mdm(
        person,
        number,
        f"<structuredBody><component>{section}</section></component></structuredBody>",
    )


def pdf(size: int) -> bytes:
    ballast = random.Random(size).randbytes(size)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        b"<< /Length %d >>\nstream\n" % len(ballast) + ballast + b"\nendstream",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + table
    return out + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


PAPER = base64.b64encode(pdf(PDF_BYTES)).decode()


def with_pdf(person: Person, number: int) -> bytes:
    """Level 1: a PDF of 500 KB inside the CDA."""
    text = f'<text mediaType="application/pdf" representation="B64">{PAPER}</text>'
    return mdm(person, number, f"<nonXMLBody>{text}</nonXMLBody>")


CASES = (
    Case("ORU, 40 rows", 16, oru),
    Case("ORU, 40 rows", 1, oru),
    Case("MDM, CDA of 140 KB", 16, structured),
)


async def connection(
    address: str, make: Callable[[int], bytes], numbers: list[int], until: float
) -> tuple[list[float], list[str]]:
    """One peer, one message at a time; delays in seconds, and what was not positive."""
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=2**22)
    delays, wrong = [], []
    while time.perf_counter() < until:
        numbers[0] += 1
        message = START + make(numbers[0]) + END
        begun = time.perf_counter()
        writer.write(message)
        answer = await reader.readuntil(END)
        delays.append(time.perf_counter() - begun)
        if b"\rMSA|AA|" not in answer:
            wrong.append(answer.decode("utf-8", "replace"))
    writer.close()
    return delays, wrong


async def run(case: Case, address: str, people: list[Person], seconds: float, first: int) -> str:
    numbers = [first]
    until = time.perf_counter() + seconds
    make = lambda number: case.make(people[number % len(people)], number)  # noqa: E731
    peers = (connection(address, make, numbers, until) for _ in range(case.connections))
    results = await asyncio.gather(*peers)
    delays = sorted(delay for one, _ in results for delay in one)
    wrong = [text for _, some in results for text in some]
    if wrong:
        raise SystemExit(f"{case.name}: {wrong[0]}")
    p50, p99 = delays[len(delays) // 2] * 1000, delays[len(delays) * 99 // 100] * 1000
    return (
        f"{case.name:20} {case.connections:3} connections  {len(delays) / seconds:8.0f}/s"
        f"  p50 {p50:6.1f} ms  p99 {p99:6.1f} ms"
    )


def memory_megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    with tempfile.TemporaryDirectory(prefix="served-") as name:
        folder = Path(name)
        ready = folder / "ready.json"
        words = ["serve", "--demo", "--data", str(folder / "data"), "--ready-file", str(ready)]
        ports = [f"--{door}=127.0.0.1:0" for door in ("http", "mllp", "smtp", "metrics")]
        daemon = subprocess.Popen(
            [sys.executable, "-m", "gateway", *words, *ports, "--patients", "200"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not ready.exists():
                time.sleep(0.05)
            doors = json.loads(ready.read_text())
            people = [one for one in doors["demo"]["patients"] if one["login"]][-200:]
            print(f"fsync of 4 KB: {fsync_milliseconds(folder):.2f} ms")
            print(f"memory after start: {memory_megabytes(doors['pid']):.0f} MB")
            cases = (*CASES, Case("MDM, PDF of 500 KB", 8, with_pdf))
            for place, case in enumerate(cases):
                line = asyncio.run(run(case, doors["mllp"], people, seconds, place * 10**7))
                print(f"{line}  memory {memory_megabytes(doors['pid']):.0f} MB")
        finally:
            daemon.terminate()
            daemon.wait(20)


if __name__ == "__main__":
    main()
