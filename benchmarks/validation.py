"""What others wait for while one sender's messages are validated by hl7apy.

Starts a configured gateway with two listeners, a strict one and a normal one, on SQLite. Four
normal peers send results at a steady pace; a fifth peer sends flat out: to nobody, to the normal
listener, or to the strict one. The three take turns in one run, because the machine is shared.
Prints the others' delays a turn, then over all turns. Usage: validation.py [SECONDS] [TURNS].
"""

import asyncio
import contextlib
import itertools
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from disk import fsync_milliseconds
from served import END, START, Person, oru

PEERS, PAUSE_SECONDS = 4, 0.01
WHO: Person = {
    "ins": "284037511604282",
    "ins_oid": "1.2.250.1.213.1.4.10",
    "birth_family": "DURAND",
    "birth_given": "CLAIRE",
    "birth_givens": "CLAIRE",
    "birth_date": "1984-03-12",
    "sex": "F",
    "birth_place": "75116",
}
TOML = """profile = "test"
[http]
listen = "127.0.0.1:0"
[metrics]
listen = "127.0.0.1:0"
[[mllp]]
name = "normal"
listen = "127.0.0.1:{normal}"
sender = "normal"
results_only = true
[[mllp]]
name = "strict"
listen = "127.0.0.1:{strict}"
sender = "strict"
results_only = true
strict = true
"""
numbers = itertools.count(1)


@dataclass
class Turn:
    """Delays in seconds of the four, and how many answers the fifth had."""

    delays: list[float] = field(default_factory=list)
    fifth: int = 0
    seconds: float = 0.0

    def line(self, name: str) -> str:
        ordered = sorted(self.delays)
        p50, p99 = ordered[len(ordered) // 2] * 1000, ordered[len(ordered) * 99 // 100] * 1000
        rate, fifth = len(ordered) / self.seconds, self.fifth / self.seconds
        return (
            f"{name:26} others {rate:5.0f}/s  p50 {p50:6.1f} ms  p99 {p99:6.1f} ms"
            f"  max {ordered[-1] * 1000:6.1f} ms   the fifth {fifth:6.1f}/s"
        )


async def peer(port: int, until: float, *, pause: float) -> list[float]:
    """One message at a time, then a pause."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    delays = []
    while time.perf_counter() < until:
        message = START + oru(WHO, next(numbers)) + END
        begun = time.perf_counter()
        writer.write(message)
        answer = await reader.readuntil(END)
        delays.append(time.perf_counter() - begun)
        if b"\rMSA|AA|" not in answer:
            raise SystemExit(answer.decode("utf-8", "replace"))
        await asyncio.sleep(pause)
    writer.close()
    return delays


async def take(normal: int, fifth: int | None, seconds: float) -> Turn:
    until = time.perf_counter() + seconds
    others = [peer(normal, until, pause=PAUSE_SECONDS) for _ in range(PEERS)]
    flat_out = [peer(fifth, until, pause=0)] if fifth else []
    done = await asyncio.gather(*others, *flat_out)
    delays = [delay for one in done[:PEERS] for delay in one]
    return Turn(delays, sum(map(len, done[PEERS:])), seconds)


def together(turns: Iterable[Turn]) -> Turn:
    whole = Turn()
    for one in turns:
        whole.delays += one.delays
        whole.fifth += one.fifth
        whole.seconds += one.seconds
    return whole


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def gateway(*words: str) -> None:
    command = [sys.executable, "-m", "gateway", *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def prepare(folder: Path, normal: int, strict: int) -> Path:
    """A gateway with two senders and one person whose space is open."""
    gateway("init", str(folder))
    config = folder / "gateway.toml"
    config.write_text(TOML.format(normal=normal, strict=strict), "utf-8")
    gateway("migrate", "--config", str(config))
    for name in ("normal", "strict"):
        gateway("sender", "add", name, "--config", str(config))
    traits = ("--family", WHO["birth_family"], "--givens", WHO["birth_givens"], "--sex", "F")
    birth = ("--birth-date", WHO["birth_date"], "--place", WHO["birth_place"])
    why = ("--by", "benchmark", "--reason", "benchmark", "--config", str(config))
    gateway("person", "open", "--ins", WHO["ins"], *traits, *birth, *why)
    return config


def measure(normal: int, strict: int, seconds: float, rounds: int) -> None:
    fifths = {
        "alone": None,
        "beside a normal sender": normal,
        "beside a validated sender": strict,
    }
    asyncio.run(take(normal, strict, 2.0))  # the worker has started
    turns: dict[str, list[Turn]] = {name: [] for name in fifths}
    for _ in range(rounds):
        for name, fifth in fifths.items():
            turns[name].append(asyncio.run(take(normal, fifth, seconds)))
            print(turns[name][-1].line(name), flush=True)
    print("all turns")
    for name, some in turns.items():
        print(together(some).line(name))


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory(prefix="validation-") as name:
        folder = Path(name) / "house"
        normal, strict = free_ports(2)
        config, ready = prepare(folder, normal, strict), Path(name) / "ready.json"
        words = ["serve", "--config", str(config), "--ready-file", str(ready)]
        daemon = subprocess.Popen(
            [sys.executable, "-m", "gateway", *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not ready.exists() and daemon.poll() is None:
                time.sleep(0.05)
            print(f"fsync of 4 KB: {fsync_milliseconds(folder):.2f} ms")
            measure(normal, strict, seconds, rounds)
        finally:
            daemon.terminate()
            daemon.wait(20)


if __name__ == "__main__":
    main()
