"""« Rejouer » (PAGES section 7): what today's code understands of a message, beside what was
understood of it then; applied on an operator's word, traced in the commit that does it.

Who follows messages has the role for it (VAULT DSK-01), and reads no title, label or trait here
either: of those a line says that it changed. What is held is settled with its identity instead.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from gateway.errors import RefusedError
from gateway.flows.desk.agent import act_of
from gateway.flows.desk.messages.listing import MessageDesk
from gateway.flows.desk.messages.masking import masked, masked_place
from gateway.flows.difference import ABSENT, CHANGED, NOTHING, PRESENT, Difference
from gateway.flows.replay import REPLAYED, Replay, ReplayReceipt
from gateway.records.documents.replayed import Replayed
from gateway.records.intake.finding import Verdict
from gateway.records.intake.messages import Envelope
from gateway.records.patients.account import NewTrace
from gateway.records.readers.access import Reader

SAID = frozenset({"action", "type_code", "body", "size", "hash_ok", "size_ok"})
"""Our own words, numbers, and the code that « Un message » shows."""
LABELS = frozenset(
    {"type_display", "label", "label_rule", "label_confidence", "label_doubt", "label_given"}
)
"""A sender's words for a document, and what no role may see (DSK-01)."""
NAME = re.compile(r"[a-z]+(?:[:/][A-Za-z0-9.+-]+)+")
"""A URN or a media type."""
CODED = re.compile(r"documents\[(\d{1,6})\]\.(.+)")


class HeldStillError(RefusedError):
    """What waits for an identity is judged again where identities are settled."""


class OtherwiseNowError(RefusedError):
    """What would be applied is not what was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`number` is the document's, from 1, None where the line is of the whole message; `name` is
    `verdict`, `documents`, `finding` or the name of a field."""

    number: int | None
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """`seen` names these differences: what is applied must still be they. `relabelled`,
    `renamed` and `veiled` count documents whose label readers would see change, and those of which
    the patient or the confidentiality is understood otherwise, which a replay never moves."""

    envelope: Envelope
    after: Verdict
    lines: tuple[Line, ...]
    seen: str
    relabelled: int
    renamed: int
    veiled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayDesk:
    messages: MessageDesk
    replay: ReplayReceipt

    async def compare(self, agent: Reader, receipt: str) -> Compared:
        """Nothing is written but that somebody looked. Raises DeniedError, HeldStillError, and
        RefusedError for a receipt that there is not or whose bytes were dropped."""
        envelope = await self._envelope(agent, receipt)
        return _compared(envelope, await self.replay.compare(receipt))

    async def apply(self, agent: Reader, receipt: str, *, seen: str) -> Compared:
        """Keeps today's understanding beside the first, and relabels. Raises as `compare`, and
        OtherwiseNowError where the differences are not those that `seen` names; when there are
        none left nothing is done."""
        envelope = await self._envelope(agent, receipt)

        def told(found: Replay) -> NewTrace:
            if _name_of(found) != seen:
                why = f"receipt {receipt} is understood otherwise than it was shown"
                raise OtherwiseNowError(why)
            return act_of(agent, REPLAYED, {"receipt": receipt, "relabelled": len(found.shown)})

        return _compared(envelope, await self.replay(receipt, told=told))

    async def latest(self, receipt: str) -> Replayed | None:
        return await self.replay.replays.latest(receipt)

    async def _envelope(self, agent: Reader, receipt: str) -> Envelope:
        envelope = (await self.messages.show(agent, receipt)).envelope
        if envelope.verdict is Verdict.HOLD:
            raise HeldStillError(f"receipt {receipt} is held")
        return envelope


def _compared(envelope: Envelope, found: Replay) -> Compared:
    lines = tuple(_line(one) for one in found.differences)
    return Compared(
        envelope=envelope,
        after=found.after,
        lines=lines,
        seen=_name_of(found),
        relabelled=len(found.shown),
        renamed=_documents(one for one in lines if one.name.startswith("patient.")),
        veiled=_documents(one for one in lines if one.name == "confidentiality"),
    )


def _name_of(found: Replay) -> str:
    """Of these differences, and of no others."""
    return sha256("\n".join(map(str, found.differences)).encode()).hexdigest()


def _documents(lines: Iterable[Line]) -> int:
    return len({one.number for one in lines})


def _line(one: Difference) -> Line:
    coded = CODED.fullmatch(one.what)
    if coded is None:
        shown = _finding if one.what == "finding" else str
        return Line(number=None, name=one.what, before=shown(one.before), after=shown(one.after))
    before, after = _shown(coded[2], one)
    return Line(number=int(coded[1]) + 1, name=coded[2], before=before, after=after)


def _shown(name: str, one: Difference) -> tuple[str, str]:
    """Codes as they are; of what could be a person's, whether it is there and another one."""
    if name in SAID:
        return one.before, one.after
    before, after = _code(one.before), _code(one.after)
    return _presence(one) if name in LABELS or before == after else (before, after)


def _code(said: str) -> str:
    return said if NAME.fullmatch(said) else masked(said)


def _presence(one: Difference) -> tuple[str, str]:
    """`absent`, `present` or `changed`, which the fields that are never quoted have already."""
    told = {ABSENT, PRESENT, CHANGED}
    if one.before in told and one.after in told:
        return one.before, one.after
    before = ABSENT if one.before == NOTHING else PRESENT
    if one.after == NOTHING:
        return before, ABSENT
    return before, PRESENT if before == ABSENT else CHANGED


def _finding(said: str) -> str:
    """« error date at PID-7 » with what its sender may have named masked."""
    words, at, where = said.partition(" at ")
    return f"{words}{at}{masked_place(where)}"
