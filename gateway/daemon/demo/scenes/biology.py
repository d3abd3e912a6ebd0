"""Three TSH of Rose over a year, from two laboratories that write its unit in two ways: one curve.

Invented; they come as any ORU^R01 does, through the intake (VAULT section 10, happy path).
"""

from datetime import datetime, timedelta

from gateway.daemon.demo.people import INS_TEST, DemoPerson
from gateway.daemon.rooms.house import House
from gateway.errors import RefusedError
from gateway.flows.receive import Delivery, read_for
from gateway.records.duration import PARIS
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Verdict
from gateway.settings.demo import DEMO_SENDER

CONTROL = "DEMO-TSH-{}"
CHARMES, PORT = "Laboratoire des Charmes", "Laboratoire du Port"
RESULTS = (
    (400, CHARMES, "6.8", "mUI/L", "H"),
    (220, CHARMES, "4.6", "mUI/L", "H"),
    (30, PORT, "3.1", "mIU/L", "N"),
)
"""Days ago, laboratory, value, unit, its flag."""


async def bring_results(house: House, people: tuple[DemoPerson, ...]) -> None:
    """Once in the life of a demo."""
    rose = next(one for one in people if one.identity.birth_given == "Rose")
    key = house.store.keys.patient_key(INS_TEST, rose.identity.ins or "")
    if await house.store.shelf.cards(key, current_only=False):
        return
    account = await house.store.people.sender_named(DEMO_SENDER)
    reading = read_for(house.settings.reading(), account)
    now = house.clock.now()
    for number, (days, *said) in enumerate(RESULTS, start=1):
        delivery = Delivery(
            sender=DEMO_SENDER,
            organization=account.organization if account else None,
            door=Door.MLLP,
            raw=_message(rose, number, now - timedelta(days=days), *said),
            reading=reading,
        )
        for one in await house.receive(delivery):
            if one.answer.verdict is not Verdict.ACCEPT:
                raise RefusedError("the demo's own results were not taken")


def _message(
    who: DemoPerson, number: int, at: datetime, laboratory: str, value: str, unit: str, flag: str
) -> bytes:
    one, control = who.identity, CONTROL.format(number)
    taken = at.astimezone(PARIS).strftime("%Y%m%d") + "0815"
    birth = (one.birth_date or "").replace("-", "")
    names = f"{one.birth_family}^{one.birth_given}^{one.birth_givens}^^^^L"
    segments = (
        f"MSH|^~\\&|SIL-DEMO|{laboratory}|GATEWAY|PASSERELLE|{taken}00||ORU^R01^ORU_R01|{control}"
        "|T|2.5|||||FRA|UNICODE UTF-8",
        f"PID|1||{one.ins}^^^ASIP-SANTE-INS-NIR&{one.ins_oid}&ISO^INS||{names}||{birth}|{one.sex}"
        f"|||^^^^^^BDL^^{one.birth_place}|||||||||||||||||||||VALI",
        f"OBR|1||{control}-A|3016-3^TSH^LN|||{taken}|||||||||||||||{taken}||LAB|F",
        f"OBX|1|NM|3016-3^TSH^LN||{value}|{unit}|0.4-4.0|{flag}|||F|||{taken}||^{laboratory}",
    )
    return "\r".join((*segments, "")).encode()
