"""What filing one ORU of 40 rows costs the writer's thread: judged, sealed, seven tables, fsynced.

filing.py [--units N] [--group N]
The judge is that of the house, every patient has an open space. Prints the processor time of the
writer's thread for one message: the median and the least of all groups, in microseconds.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import thread_time_ns

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "store"))

from store_house import NOW, OID, FixedClock

from gateway.clock import SystemIds
from gateway.flows.filing import FilingJudge
from gateway.flows.receive import Delivery, Here, Receive
from gateway.records.intake.filing import Door, IdentityChange, Intake
from gateway.records.patients.account import AccountState
from gateway.store import Keys, Store, migrate, open_store
from gateway.store.engine.writer import Writer

PATIENTS = 500
ROWS = 40
PID = (
    "PID|1||{ins}^^^ASIP-SANTE-INS-NIR&{oid}&ISO^INS||YGGDRASILL^URSULE^URSULE^^^^L||19500102|F"
    "|||1 rue Basse^^BREST^^29200^FRA^H~^^^^^^BDL^^29019" + "|" * 21 + "VALI"
)


def ins(serial: int) -> str:
    number = 2_500_129_019_000 + serial
    return f"{number}{97 - number % 97:02}"


def oru(number: int) -> bytes:
    """About 3 KB."""
    rows = (
        f"OBX|{n}|NM|718-7^Hémoglobine {n}^LN||{n}.5|g/dL|12-16|N|||F|||20260301083000"
        for n in range(1, ROWS + 1)
    )
    segments = (
        f"MSH|^~\\&|SIL|LABO|GW|GW|20260301083000+0100||ORU^R01^ORU_R01|C{number}|P|2.5|||||FRA"
        "|UNICODE UTF-8",
        PID.format(ins=ins(number % PATIENTS), oid=OID),
        f"OBR|1||F{number}^labo|58410-2^Hémogramme^LN|||20260301080000",
        *rows,
    )
    return "".join(f"{one}\r" for one in segments).encode()


async def admit(store: Store, intakes: Sequence[Intake]) -> None:
    """Everybody is known and has an open space."""
    for intake in intakes:
        identity = intake.understanding.documents[0].patient
        key = store.keys.patient_key(OID, identity.ins or "")
        change = IdentityChange(
            key=key, identity=identity, qualified=True, state=AccountState.ACTIVE
        )
        await store.people.change_identity(change)


def timed() -> list[float]:
    """Microseconds a message of each group that the writer commits from now on."""
    taken: list[float] = []
    commit = Writer._commit

    def watched(self: Writer, jobs: list) -> list:  # type: ignore[type-arg]
        begun = thread_time_ns()
        outcomes = commit(self, jobs)
        taken.append((thread_time_ns() - begun) / len(jobs) / 1000)
        return outcomes

    Writer._commit = watched  # type: ignore[method-assign]  # the benchmark's own lens
    return taken


async def main(words: argparse.Namespace) -> None:
    ids, clock = SystemIds(), FixedClock(NOW)
    with tempfile.TemporaryDirectory() as name:
        url, keys = f"sqlite:///{name}/gateway.sqlite3", Keys.create(Path(name) / "keys", ids)
        await asyncio.to_thread(migrate, url)
        store = open_store(url, keys=keys, judge=FilingJudge(keys, ids), clock=clock)
        receive = Receive(store.journal, clock, ids, Here())

        def made(number: int) -> Intake:
            delivery = Delivery(sender="labo", door=Door.MLLP, raw=oru(number))
            return receive.intake(delivery, receive.understand(delivery)[0])

        await admit(store, [made(number) for number in range(PATIENTS)])
        taken = timed()
        for begun in range(0, words.units, words.group):
            group = [made(number) for number in range(begun, begun + words.group)]
            answers = await asyncio.gather(*map(store.journal.file, group))
            assert all(len(one.documents) == 1 for one in answers)
        print(
            f"{median(taken):.0f} µs a message, at least {min(taken):.0f}, {words.group} a commit"
        )
        await store.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=3_000)
    parser.add_argument("--group", type=int, default=6)
    asyncio.run(main(parser.parse_args()))
