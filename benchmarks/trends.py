"""`/resultats` of a patient with 500 documents, of which 200 hold 40 results each: the list of the
analyses, and one curve of 200 points; and the measures and the profile of that patient.

trends.py [ROUNDS]. A demo of its own. First what the very first page costs, which reads the results
out of the documents, then delays of whole answers beside the load of the machine and the processor
time of the daemon, as lists.py.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.extend(str(one) for one in (Path(__file__).parents[1] / "tests" / "rig").iterdir())

from daemon_rig import Daemon, Visitor
from lists import cookies, demo_of, measure, rest, spent
from papers import Person, message, msh, pid, report

DOCUMENTS, HOLDING, ROWS = 500, 200, 40
BESIDES = ("/mesures", "/profil")
"""Pages that read the results too: glucose and HbA1c stand among the measures."""
ANALYSES = [f"{2000 + n}" for n in range(ROWS)]


def loinc(number: str) -> str:
    """With its check digit (Luhn)."""
    digits = [int(d) * (2 if at % 2 == 0 else 1) for at, d in enumerate(reversed(number))]
    return f"{number}-{-sum(d // 10 + d % 10 for d in digits) % 10}"


def results(who: Person, n: int) -> bytes:
    day = f"20{10 + n // 24:02d}{1 + n // 2 % 12:02d}{1 + 14 * (n % 2):02d}0815"
    rows = (
        f"OBX|{at}|NM|{loinc(one)}^Analyse {one}^LN||{at}.{n % 10}|{('g/L', 'mg/dL')[n % 2]}"
        f"|{at}.1-{at + 5}.0|N|||F|||{day}"
        for at, one in enumerate(ANALYSES, start=1)
    )
    obr = f"OBR|1||T{n:06d}-A|58410-2^Bilan^LN|||{day}|||||||||||||||{day}||LAB|F"
    return message(msh("ORU^R01^ORU_R01", f"T{n:06d}"), pid(who), obr, *rows)


def fill(daemon: Daemon, who: Person) -> None:
    line = daemon.line()
    for n in range(HOLDING):
        answer = line.ask(results(who, n))
        assert answer.code == "AA", answer.raw
    line.close()
    for _ in range(DOCUMENTS - HOLDING):
        reply = daemon.post(report(who).document())
        assert reply.status == 201, reply.body[:300]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory(prefix="trends-") as folder:
        daemon = Daemon(Path(folder), demo_of(Path(folder))).start()
        try:
            one = daemon.lines(login=True)[0]
            fill(daemon, Person.of(one))
            patient = Visitor(daemon).sign_in(one)
            rest(daemon)
            before = spent(daemon)
            assert patient.get("/resultats").status == 200
            print(f"the first page: processor {1000 * (spent(daemon) - before):.0f} ms")
            for path in ("/resultats", f"/resultats/{loinc(ANALYSES[0])}", *BESIDES):
                for readers in (1, 4):
                    asyncio.run(measure(path, daemon, cookies(patient), path, rounds, readers))
        finally:
            daemon.end()


if __name__ == "__main__":
    main()
