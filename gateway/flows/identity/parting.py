"""Messages held for a person whose space is closed: they keep it from being erased.

Two people say that one is not of this person (it goes on waiting, and the erasure passes it over),
or that it is, and ends as the space does: what VAULT ACC-22 says of a deposit for a closed space.
"""

from gateway.flows.again import Kept
from gateway.flows.identity.qualify import Qualify, house_of, received_identity
from gateway.flows.identity.why import CannotBeError, Why, not_held
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.index import DeskAct

PARTING = frozenset({DeskAct.APART, DeskAct.ENDS})


async def closed_of(qualify: Qualify, kept: Kept) -> list[Person]:
    """Those of a closed space whom the message names, by INS or by a local identifier."""
    identity = received_identity(kept.understanding)
    if identity is None:
        return []
    named = await qualify.named(identity, house_of(kept))
    found = {one.key: one for one in named if one.state is AccountState.CLOSED}
    return list(found.values())


async def demand_parting(qualify: Qualify, receipt: str) -> tuple[Kept, list[Person]]:
    """Changes nothing. Raises RefusedError where the receipt waits for nobody of a closed space."""
    kept = await qualify.again(receipt)
    if kept.receipt.answer.verdict is not Verdict.HOLD:
        raise not_held(receipt)
    closed = await closed_of(qualify, kept)
    if not closed:
        said = f"receipt {receipt} waits for nobody whose space is closed"
        raise CannotBeError(said, Why.NOT_CLOSED)
    return kept, closed
