"""A list of 500 documents decided, traced and rendered: one reader, then four at once.

lists.py [ROUNDS [AMONG]]. A demo of its own, 500 results of one patient, and of others so many that
there are AMONG documents in all; the patient's page and the physician's search. Delays of whole
answers in milliseconds, beside the load of the machine and the processor time of the daemon.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.extend(str(one) for one in (Path(__file__).parents[1] / "tests" / "rig").iterdir())

from daemon_rig import FREE, Daemon, Visitor
from line import Line
from papers import Person, results

DOCUMENTS = 500
WARM = 20
LANES, PATIENTS = 8, 200
AT_REST = 0.1
"""Seconds of processor in a second."""


def crowd(daemon: Daemon, count: int) -> None:
    """Documents of other patients, by several connections."""
    others = [Person.of(one) for one in daemon.lines()[1:]]

    def send(lane: int) -> None:
        line = daemon.line()
        for number in range(lane, count, LANES):
            answer = line.ask(results(others[number % len(others)], f"BM{number:06d}"))
            assert answer.code == "AA", answer.raw
        line.close()

    with ThreadPoolExecutor(LANES) as lanes:
        list(lanes.map(send, range(LANES)))


def spent(daemon: Daemon) -> float:
    """Seconds of processor that the daemon has used."""
    assert daemon.process
    fields = Path(f"/proc/{daemon.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rest(daemon: Daemon) -> None:
    """Until what follows from the deposits is done: notices leave for a while."""
    before = -1.0
    while spent(daemon) - before > AT_REST:
        before = spent(daemon)
        time.sleep(1)


def fill(daemon: Daemon, who: Person) -> None:
    line = daemon.line()
    for number in range(DOCUMENTS):
        answer = line.ask(results(who, f"BL{number:06d}"))
        assert answer.code == "AA", answer.raw
    line.close()


def cookies(visitor: Visitor) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())}


async def reader(line: Line, path: str, rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        answer = await line.get(path)
        assert answer.status == 200, answer
        taken.append(answer.seconds * 1000)
    return taken


async def measure(
    name: str, daemon: Daemon, headers: dict[str, str], path: str, rounds: int, readers: int
) -> None:
    base = str(daemon.places["http"])
    lines = [await Line.to(base, headers) for _ in range(readers)]
    await reader(lines[0], path, WARM)
    before = spent(daemon)
    taken = await asyncio.gather(*(reader(line, path, rounds) for line in lines))
    for line in lines:
        line.close()
    cost = 1000 * (spent(daemon) - before) / (rounds * readers)
    words = said([one for some in taken for one in some])
    print(f"{name}, {readers} at once: {words}  processor {cost:.1f} ms each", flush=True)


def said(taken: Sequence[float]) -> str:
    ordered = sorted(taken)
    p50, p99 = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
    return f"p50 {p50:.1f}  p99 {p99:.1f} ms  load {os.getloadavg()[0]:.1f}"


def demo_of(folder: Path) -> list[str]:
    return ["--demo", "--data", str(folder / "data"), *FREE]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    among = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with tempfile.TemporaryDirectory(prefix="lists-") as folder:
        daemon = Daemon(Path(folder), [*demo_of(Path(folder)), "--patients", str(PATIENTS)]).start()
        try:
            one = daemon.lines(login=True)[0]
            fill(daemon, Person.of(one))
            patient = Visitor(daemon).sign_in(one)
            crowd(daemon, among - DOCUMENTS)
            rest(daemon)
            for readers in (1, 4):
                asyncio.run(
                    measure("patient", daemon, cookies(patient), "/documents", rounds, readers)
                )
            words = f"patient.identifier=urn:oid:{one['ins_oid']}|{one['ins']}"
            search = f"/fhir/DocumentReference?{words}"
            for readers in (1, 4):
                asyncio.run(measure("FHIR search", daemon, daemon.doctor, search, rounds, readers))
        finally:
            daemon.end()


if __name__ == "__main__":
    main()
