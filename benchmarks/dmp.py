"""The DMP door: lots fed (ITI-41), and one record found (ITI-18).

dmp.py [LOTS]. A demo of its own, one physician's software over HTTP, one request after the other,
then four at a time; requests are signed before the clock runs. Answers come after the fsynced
commit. The processor time is the daemon's own, a request: other programs do not move it much.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

sys.path.extend(str(one) for one in (Path(__file__).parents[1] / "tests" / "rig").iterdir())

from daemon_rig import FREE, Daemon
from dmp_client import QUERY_ACTION, SERVICES, Software
from dmp_software import request
from papers import report

from gateway.clock import processor_seconds

LANES = 4
Request = tuple[str, str, bytes]


def asked(daemon: Daemon, one: Request) -> float:
    """Milliseconds to the answer."""
    path, kind, body = one
    began = time.perf_counter()
    reply = daemon.http("POST", f"{SERVICES}/{path}", body, {"Content-Type": kind})
    assert reply.status == 200, reply.body
    return (time.perf_counter() - began) * 1000


def told(name: str, daemon: Daemon, requests: Sequence[Request], lanes: int) -> None:
    began, used = time.perf_counter(), processor_seconds(daemon.places["pid"])
    with ThreadPoolExecutor(lanes) as pool:
        taken = sorted(pool.map(lambda one: asked(daemon, one), requests))
    rate = len(requests) / (time.perf_counter() - began)
    cost = (processor_seconds(daemon.places["pid"]) - used) / len(requests) * 1000
    p99 = taken[len(taken) * 99 // 100]
    print(
        f"{name}, {lanes} at once: {rate:.0f}/s  p50 {median(taken):.1f}  p99 {p99:.1f} ms", end=""
    )
    print(f"  processor {cost:.1f} ms")


def lots(software: Software, count: int) -> list[Request]:
    who, doctor = software.gateway.person(), software.doctor
    made = (report(who, author=doctor["id"], house=doctor["organization"]) for _ in range(count))
    return [("repository", *software.lot(one)) for one in made]


def queries(software: Software, body: str, count: int) -> list[Request]:
    kind = "application/soap+xml; charset=UTF-8"
    vihfs = (software.vihf() for _ in range(count))
    return [("registry", kind, request(body, action=QUERY_ACTION, vihf=one)) for one in vihfs]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory(prefix="dmp-") as folder:
        words = ["--demo", "--data", str(Path(folder) / "data"), *FREE]
        daemon = Daemon(Path(folder), words).start()
        try:
            run(daemon, count)
        finally:
            daemon.end()


def run(daemon: Daemon, count: int) -> None:
    professionals: list[dict[str, Any]] = daemon.demo["professionals"]
    doctor = next(one for one in professionals if one["profession"] == "G15_10/SM26")
    software = Software(daemon, doctor)
    for lanes in (1, LANES):
        told("lots of one document", daemon, lots(software, count), lanes)
    body = software.question()
    for lanes in (1, LANES):
        told(f"FindDocuments of {2 * count}", daemon, queries(software, body, 20), lanes)


if __name__ == "__main__":
    main()
