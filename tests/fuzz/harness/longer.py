"""`make fuzz`: every target for long, each in a process of its own; what breaks a law is kept.

`python longer.py [--seconds N] [--seed N] [TARGET…]`. First the kept cases, then our own mutations
and repetitions with time and memory measured, then atheris where it is installed. An input that
breaks a law goes to `tests/fuzz/cases/<target>/`, where every test run tries it again.
"""

import argparse
import faulthandler
import hashlib
import importlib.util
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from bounds import measured, timed
from mutation import crossed, mutated, pumped, pumped_twice
from registry import ALL, BY_NAME
from target import Target

HERE = Path(__file__).resolve().parent
CASES = HERE.parent / "cases"
KEPT = HERE.parents[2] / ".fuzz"
"""What atheris learned, kept between runs and out of the repository."""
hang_seconds = 120
"""By the clock on the wall, which a busy machine lets run on: the bound is `max_seconds`."""
PUMP_SIZES = (20_000, 100_000, 1_000_000)
OWN_SHARE = 0.4
"""Of the time of a target, where atheris has the rest."""


def main() -> int:
    parser = argparse.ArgumentParser(description="long fuzzing of every parser")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="all of them by default")
    parser.add_argument("--seconds", type=int, default=120, help="for each target")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of our own mutations")
    parser.add_argument("--own", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set(options.targets) - BY_NAME.keys()
    if unknown:
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(BY_NAME)}")
    chosen = [BY_NAME[name] for name in options.targets] or list(ALL)
    if options.own:
        return own(chosen[0], options.seconds, options.seed)
    guided = importlib.util.find_spec("atheris") is not None
    print(f"{len(chosen)} targets, {options.seconds} s each, seed {options.seed}")
    print("with atheris" if guided else "without atheris: our own mutations alone", flush=True)
    broken = [one.name for one in chosen if not both(one, options, guided=guided)]
    print("broken: " + ", ".join(broken) if broken else "no law was broken")
    return 1 if broken else 0


def both(target: Target, options: argparse.Namespace, *, guided: bool) -> bool:
    """Our own mutations, then atheris; True where every law held."""
    share = int(options.seconds * (OWN_SHARE if guided else 1)) or 1
    mine = [sys.executable, str(HERE / "longer.py"), target.name, "--own"]
    mine += ["--seconds", str(share), "--seed", str(options.seed)]
    status = subprocess.run(mine, check=False).returncode
    left = KEPT / f"{target.name}.current"
    if status and left.exists():  # the process hung, or died of it
        keep(target, left.read_bytes())
        left.unlink()
    if guided:
        folder, found = KEPT / target.name, CASES / target.name
        theirs = [sys.executable, str(HERE / "guided.py"), target.name]
        theirs += [str(options.seconds - share), str(folder), str(found)]
        log = KEPT / f"{target.name}.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("wb") as sink:
            status |= subprocess.run(theirs, check=False, stdout=sink, stderr=sink).returncode
        told = log.read_text(errors="replace")
        runs = told.rpartition("number_of_executed_units:")[2].split()[:1]
        print(f"{target.name:18} {'atheris':8} {runs[0] if runs else '?':>9} inputs  {log}")
    sys.stdout.flush()
    return status == 0


def own(target: Target, seconds: int, seed: int) -> int:
    """One target in this process, with our mutations."""
    current = KEPT / f"{target.name}.current"
    current.parent.mkdir(exist_ok=True)
    trial = Trial(target, current)
    seeds, chance = target.seeds(), Random(seed)  # noqa: S311 - inputs of a test
    for data in [*cases_of(target), *seeds]:
        trial.heavy(data)
    until = time.monotonic() + seconds
    while time.monotonic() < until and not trial.broken:
        if trial.count % 50 == 0:
            size = min(chance.choice(PUMP_SIZES), target.largest)
            grow = pumped if chance.random() < 0.5 else pumped_twice
            trial.heavy(grow(target, chance.choice(seeds), chance, size=size))
        elif chance.random() < 0.1:
            trial.light(crossed(chance.choice(seeds), chance.choice(seeds), chance))
        else:
            trial.light(mutated(chance.choice(seeds), target.words, chance))
    current.unlink(missing_ok=True)
    print(trial, flush=True)
    return 1 if trial.broken else 0


def cases_of(target: Target) -> list[bytes]:
    """The kept inputs of a target: found once, or made by hand."""
    return [path.read_bytes() for path in sorted((CASES / target.name).glob("*"))]


def keep(target: Target, data: bytes) -> str:
    """Writes an input that broke a law among the cases; its name."""
    folder = CASES / target.name
    folder.mkdir(parents=True, exist_ok=True)
    name = f"found-{hashlib.sha256(data).hexdigest()[:12]}"
    (folder / name).write_bytes(data)
    return name


class Trial:
    """Runs inputs one by one; the one in work lies in a file, for when the process dies of it."""

    def __init__(self, target: Target, current: Path) -> None:
        self.target, self.current = target, current
        self.count = 0
        self.slowest, self.largest = 0.0, 0.0
        self.broken = ""

    def __str__(self) -> str:
        cost = f"slowest {self.slowest:.3f} s, most {self.largest:.0f} MB"
        return f"{self.target.name:18} {'own':8} {self.count:9} inputs  {cost}  {self.broken}"

    def light(self, data: bytes) -> None:
        """Time only."""
        self._try(data, measure=False)

    def heavy(self, data: bytes) -> None:
        """Time and memory."""
        self._try(data, measure=True)

    def _try(self, data: bytes, *, measure: bool) -> None:
        self.count += 1
        self.current.write_bytes(data)
        faulthandler.dump_traceback_later(hang_seconds, exit=True)
        try:
            if measure:
                cost = measured(self.target.run, data)
                seconds, self.largest = cost.seconds, max(self.largest, cost.megabytes)
            else:
                seconds = timed(self.target.run, data)
            self.slowest = max(self.slowest, seconds)
        except Exception as error:  # noqa: BLE001 - whatever a parser raises is the finding
            name = keep(self.target, data)
            self.broken = f"{type(error).__name__}: {str(error)[:200]}; kept as {name}"
        finally:
            faulthandler.cancel_dump_traceback_later()


if __name__ == "__main__":
    sys.exit(main())
