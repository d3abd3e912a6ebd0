"""The pages of one full space: 500 documents among others, 20,000 measures, 2,000 appointments, 300
entries of the profile, 300 letters, 10,000 entries of the access log.

spaces.py [ROUNDS [AMONG [WORD…]]]. A demo of its own, filled before it starts and while it runs;
each page as lists.py measures it. WORD: only the pages whose address holds one of these.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

sys.path.extend(str(one) for one in (Path(__file__).parents[1] / "tests" / "rig").iterdir())

from daemon_rig import Daemon, Visitor
from disk import fsync_milliseconds
from furnished import furnish
from lists import cookies, crowd, demo_of, fill, measure, rest
from papers import Person

from gateway.clock import SystemClock, SystemIds
from gateway.daemon.demo.people import CLAIRE, INS_TEST
from gateway.daemon.demo.professionals import WEBER
from gateway.daemon.rooms.judged import judged_store
from gateway.records.agenda.appointment import Appointment, Meeting
from gateway.records.entries.content import EntryContent
from gateway.records.entries.entry import Entry, Writer, WriterRole
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.measure import Measure
from gateway.records.entries.medical import Allergy, Condition, Hospitalisation, Medication
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.settings.demo import demo_settings
from gateway.store import Store

MEASURES, APPOINTMENTS, AHEAD, LETTERS, LOGGED, AT_ONCE = 20_000, 2_000, 100, 300, 10_000, 500
BY_OTHERS = 10
"""Every tenth entry of the log is of somebody else."""
WEIGHT, HEART, GLUCOSE = "29463-7", "8867-4", "2345-7"
KINDS = ((WEIGHT, "kg", 70), (HEART, "/min", 60), (GLUCOSE, "mg/dL", 90))
IDS, CLOCK = SystemIds(), SystemClock()
NOW = CLOCK.now()


def entry(who: PatientKey, kind: EntryKind, content: EntryContent, role: WriterRole) -> Entry:
    return Entry(
        id=IDS.identifier(),
        patient=who,
        kind=kind,
        content=content,
        writer=Writer(role=role),
        added_at=NOW,
        written_at=NOW,
    )


def taken(who: PatientKey) -> list[Entry]:
    """Half an hour between two, so 416 days of them."""
    made = []
    for number in range(MEASURES):
        code, unit, least = KINDS[number % len(KINDS)]
        at = NOW - timedelta(minutes=30 * number)
        one = Measure(code=code, value=str(least + number % 30), unit=unit, time=at)
        made.append(entry(who, EntryKind.MEASURE, one, WriterRole.APPLICATION))
    return made


def profile(who: PatientKey) -> list[Entry]:
    contents = [
        *((EntryKind.CONDITION, Condition(name=f"Maladie {n}", onset="2015")) for n in range(100)),
        *((EntryKind.ALLERGY, Allergy(substance=f"Substance {n}")) for n in range(50)),
        *((EntryKind.MEDICATION, Medication(name=f"Médicament {n}")) for n in range(100)),
        *((EntryKind.HOSPITALISATION, Hospitalisation(title=f"Séjour {n}")) for n in range(50)),
    ]
    return [entry(who, kind, content, WriterRole.SELF) for kind, content in contents]


def act(who: PatientKey, number: int) -> NewTrace:
    """Of its owner mostly, who looks at this or that."""
    other = number % BY_OTHERS == 0
    return NewTrace(
        patient=who,
        action="list",
        permitted=True,
        rule="P10" if other else "P01",
        kind="professional" if other else "patient",
        actor="899700000001" if other else who.hex(),
        actor_name="Dr Inventé" if other else "Claire Durand",
        profession="G15_10/SM26" if other else None,
        details=b'{"grid":"0123456789abcdef"}',
        kept=b'{"refused":0,"shown":12}',
    )


async def furnish_space(store: Store) -> None:
    who = store.keys.patient_key(INS_TEST, CLAIRE)
    entries = [*taken(who), *profile(who)]
    for place in range(0, len(entries), AT_ONCE):
        await store.entries.synchronise(entries[place : place + AT_ONCE], at=NOW, acts=())
    for number in range(APPOINTMENTS):
        wall = (NOW + timedelta(days=AHEAD - number)).replace(tzinfo=None)
        meeting = Meeting(wall=wall, minutes=20, who=f"Dr Inventé {number}", place="Cabinet")
        one = Appointment(
            id=IDS.identifier(), patient=who, meeting=meeting, made_at=NOW, changed_at=NOW
        )
        await store.agendas.add(one, act=act(who, number))
    acts = [act(who, number) for number in range(LOGGED - APPOINTMENTS)]
    for place in range(0, len(acts), AT_ONCE):
        await store.traces.write(acts[place : place + AT_ONCE])


async def fill_before(data: Path) -> None:
    store = judged_store(demo_settings(data), clock=CLOCK, ids=IDS)
    try:
        await furnish_space(store)
    finally:
        await store.close()


def write_letters(daemon: Daemon, domain: str) -> None:
    to = f"{CLAIRE}@{domain}"
    with daemon.smtp() as door:
        for number in range(LETTERS):
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = WEBER.mail, to, f"Lettre {number}"
            mail["Message-ID"] = f"<bs{number}@demo.mssante.fr>"
            mail.set_content(f"Lettre {number}. " + "Venez avec vos derniers résultats. " * 20)
            door.send_message(mail)


def subscribed(patient: Visitor) -> str:
    """The path at which a calendar reads the agenda."""
    page = "/agenda/abonnement"
    said = patient.fill(page, page, expects=200, details="oui").body.decode()
    found = re.search(r"/agenda/abonnement/[A-Za-z0-9_-]{43}\.ics", said)
    assert found, said[:500]
    return found[0]


def pages(one: dict[str, str], feed: str) -> Sequence[tuple[str, bool]]:
    """The address, and whether the physician asks."""
    who = f"patient.identifier=urn:oid:{one['ins_oid']}|{one['ins']}"
    return (
        ("/", False),
        ("/documents", False),
        ("/documents?q=hemoglobine", False),
        ("/notifications", False),
        ("/mesures", False),
        (f"/mesures/{WEIGHT}", False),
        (f"/mesures/{WEIGHT}?periode=mois", False),
        (f"/fhir/Observation?{who}", True),
        (f"/fhir/Observation?{who}&code={WEIGHT}", True),
        ("/profil", False),
        ("/agenda", False),
        (feed, False),
        ("/messagerie", False),
        ("/messagerie?q=resultats", False),
    )


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    among = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
    with tempfile.TemporaryDirectory(prefix="spaces-") as folder:
        print(f"fsync of 4 KB: {fsync_milliseconds(Path(folder)):.2f} ms")
        data = Path(folder) / "data"
        furnish(data)
        asyncio.run(fill_before(data))
        words = [*demo_of(Path(folder)), "--patients", "200"]
        daemon = Daemon(Path(folder), words).start()
        try:
            run(daemon, rounds, among)
        finally:
            daemon.end()


def run(daemon: Daemon, rounds: int, among: int) -> None:
    one = next(line for line in daemon.lines(login=True) if line["ins"] == CLAIRE)
    fill(daemon, Person.of(one))
    write_letters(daemon, demo_settings(daemon.folder / "data").mssante.patient_domain)
    patient = Visitor(daemon).sign_in(one)
    crowd(daemon, among - 500)
    rest(daemon)
    for path, physician in pages(one, subscribed(patient)):
        if sys.argv[3:] and not any(word in path for word in sys.argv[3:]):
            continue
        headers = daemon.doctor if physician else cookies(patient)
        asyncio.run(measure(path[:40], daemon, headers, path, rounds, 1))


if __name__ == "__main__":
    main()
