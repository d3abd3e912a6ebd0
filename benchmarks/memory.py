"""Resident memory of a daemon and of its helpers: at rest, after many messages, after large ones.

memory.py [COUNT [REST]]. A demo of its own as a user starts it, on SQLite; COUNT messages of 40
rows by 16 connections (20,000), then REST seconds of quiet (30) after these and after each large
message: a PDF of 25 MB that is refused, an MDM of 24 MB that is filed. Also the peak so far.
"""

import base64
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.extend(str(one) for one in (Path(__file__).parents[1] / "tests" / "rig").iterdir())

from daemon_rig import FREE, Daemon
from served import Person, mdm, memory_megabytes, oru, pdf

CONNECTIONS = 16
REFUSED_BYTES = 25_000_000
PDF_BYTES = 13_500_000
"""Twice in base64, which makes 24 MB."""


def send(daemon: Daemon, people: list[Person], count: int) -> None:
    def lane(first: int) -> None:
        line = daemon.line()
        for number in range(first, count, CONNECTIONS):
            answer = line.ask(oru(people[number % len(people)], number))
            assert answer.code == "AA", answer.raw
        line.close()

    with ThreadPoolExecutor(CONNECTIONS) as lanes:
        list(lanes.map(lane, range(CONNECTIONS)))


def large(person: Person) -> bytes:
    """Level 1: a PDF inside a CDA inside an MDM."""
    paper = base64.b64encode(pdf(PDF_BYTES)).decode()
    text = f'<text mediaType="application/pdf" representation="B64">{paper}</text>'
    return mdm(person, 10**9, f"<nonXMLBody>{text}</nonXMLBody>")


def refuse(daemon: Daemon) -> None:
    answer = daemon.post(pdf(REFUSED_BYTES), "application/pdf")
    assert answer.status == 415, answer.body


def file(daemon: Daemon, person: Person) -> None:
    answer = daemon.mllp(large(person))
    assert answer.code == "AA", answer.raw


def tell(daemon: Daemon, when: str) -> None:
    number = int(daemon.places["pid"])
    tasks = Path(f"/proc/{number}/task").glob("*/children")
    helpers = [int(one) for file in tasks for one in file.read_text().split()]
    peak = Path(f"/proc/{number}/status").read_text().partition("VmHWM:")[2].split()[0]
    also = "".join(f" + {memory_megabytes(one):.0f} of a helper" for one in helpers)
    said = f"{memory_megabytes(number):.0f}{also} MB, peak {int(peak) / 1024:.0f}"
    print(f"{when:24} {said}", flush=True)


def measure(daemon: Daemon, count: int, rest: float) -> None:
    people = daemon.lines(login=True)
    time.sleep(2)
    tell(daemon, "after start")
    begun = time.monotonic()
    send(daemon, people, count)
    tell(daemon, f"after {count} messages")
    print(f"{'':24} {count / (time.monotonic() - begun):.0f}/s", flush=True)
    time.sleep(rest)
    tell(daemon, f"{rest:g} s later")
    refuse(daemon)
    time.sleep(rest)
    tell(daemon, f"{rest:g} s after 25 MB refused")
    file(daemon, people[0])
    time.sleep(rest)
    tell(daemon, f"{rest:g} s after 24 MB filed")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rest = float(sys.argv[2]) if len(sys.argv) > 2 else 30.0
    with tempfile.TemporaryDirectory(prefix="memory-") as name:
        folder = Path(name)
        words = ["--demo", "--data", str(folder / "data"), *FREE]
        daemon = Daemon(folder, words, cold=True).start()
        try:
            measure(daemon, count, rest)
        finally:
            daemon.end()


if __name__ == "__main__":
    main()
