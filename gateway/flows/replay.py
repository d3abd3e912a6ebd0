"""Replay: today's understanding of bytes received before.

What is held is judged again; what was filed keeps both understandings, and takes today's type and
label. A refused input stays refused: its sender was told, and sends again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from gateway import __version__
from gateway.clock import Clock
from gateway.flows.again import Again
from gateway.flows.difference import Difference, Understood, differences
from gateway.flows.identity.release import Release
from gateway.mapping.labels.decided import as_decided
from gateway.ports.documents.replays import Replays
from gateway.ports.documents.shelf import Shelf
from gateway.records.documents.document import Document
from gateway.records.documents.replayed import Relabelling, Replayed
from gateway.records.intake.filing import Answer, Receipt
from gateway.records.intake.finding import Finding, Verdict, verdict_of
from gateway.records.intake.understanding import Understanding
from gateway.records.patients.account import NewTrace

JUDGED = frozenset(
    {
        "vault-absent",
        "vihf-patient",
        "vihf-author",
        "xds-signer",
        "vault-opposed",
        "vault-closed",
        "key-reused",
        "already-filed",
        "unique-id-conflict",
        "document-withdrawn",
        "identity-mismatch",
        "deposit-denied",
        "replaced-unknown",
        "replaces-each-other",
        "replaced-elsewhere",
        "replaced-not-approved",
        "original-unknown",
        "version-not-latest",
        "not-author",
        "unmask-denied",
        "sender-differs",
        "recipient-mismatch",
        "local-id-conflict",
        "merge-two-ins",
        "merge-unqualified",
        "merge-closed",
        "merge-unknown",
        "set-aside",
        "several-records",
        "consent-unattached",
    }
)
"""Findings of the judge (flows/filing/findings), of who asks by a VIHF (flows/depositing/lot) and
of the mail envelope: the bytes alone do not cause them."""

RELABELLED = (
    "type_code",
    "type_system",
    "type_display",
    "class_code",
    "label",
    "label_text",
    "label_rule",
    "label_confidence",
    "label_doubt",
    "label_given",
)
VISIBLE = ("type_code", "class_code", "label")
WHY = ("label_rule", "label_confidence", "label_doubt", "label_given")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """`answer` is that of a new judgement, for what was held. `shown` are the documents of which
    readers would see another type or label, `relabelled` those of which they do now."""

    receipt: str
    before: Verdict
    after: Verdict
    differences: Sequence[Difference] = ()
    shown: Sequence[str] = ()
    relabelled: Sequence[str] = ()
    kept: bool = False
    answer: Answer | None = None


REPLAYED = "message-replayed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """The documents of a receipt that it filed itself, beside those of today's understanding."""

    ids: Sequence[str | None] = ()
    documents: Sequence[Document | None] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReceipt:
    shelf: Shelf
    replays: Replays
    again: Again
    release: Release
    clock: Clock

    async def compare(self, receipt: str) -> Replay:
        """What would change; nothing is written. Raises RefusedError (unknown, bytes dropped)."""
        return (await self._compared(receipt))[0]

    async def __call__(self, receipt: str, *, told: Callable[[Replay], NewTrace]) -> Replay:
        """Judges again what is held; else keeps today's understanding where it differs. `told` is
        what the log says of these differences; where it raises, nothing is done."""
        found, after, changes = await self._compared(receipt)
        if found.before is Verdict.HOLD:
            answer = await self.release(receipt)
            return replace(found, answer=answer)
        if not found.differences:
            return found
        act = told(found)
        replayed = Replayed(
            receipt=receipt,
            at=self.clock.now(),
            by=act.actor,
            software=__version__,
            verdict=after.verdict,
            findings=tuple(after.findings),
            documents=tuple(one for one in after.documents if one is not None),
        )
        await self.replays.keep(replayed, changes, act)
        return replace(found, kept=True, relabelled=found.shown)

    async def _compared(self, receipt: str) -> tuple[Replay, Understood, list[Relabelling]]:
        kept = await self.again(receipt)
        shelves = await self._shelves(kept.receipt, len(kept.understanding.documents))
        latest = await self.replays.latest(receipt)
        before = before_of(kept.receipt, shelves, latest)
        after = after_of(kept.understanding, before, shelves)
        if _unread(kept.receipt):
            before = after
        refused = after.verdict is Verdict.REFUSE
        changes = [] if refused else relabellings(after.documents, shelves)
        found = Replay(
            receipt=receipt,
            before=kept.receipt.answer.verdict,
            after=after.verdict,
            differences=differences(before, after),
            shown=[one.id for one in changes if one.shown],
        )
        return found, after, changes

    async def _shelves(self, receipt: Receipt, count: int) -> Shelves:
        """In the order of the answer, which is that of the bytes; a copy or a deletion filed
        nothing of its own."""
        filed = receipt.answer.documents
        if not filed:
            return Shelves(ids=[None] * count, documents=[None] * count)
        found = [await self.shelf.find(one.id) for one in filed]
        own = [one if one and one.card.receipt == receipt.id else None for one in found]
        return Shelves(
            ids=[one.card.id if one else None for one in own],
            documents=[one.document if one else None for one in own],
        )


def before_of(receipt: Receipt, shelves: Shelves, latest: Replayed | None) -> Understood:
    """The last understanding kept, without what only the store could notice.

    Its labels are those that stand now: an operator's word came later, or was taken back.
    """
    if latest is not None:
        stored = shelves.documents
        pairs = zip_longest(latest.documents, stored[: len(latest.documents)])
        documents = [as_decided(one, own) for one, own in pairs if one is not None]
        return Understood(verdict=latest.verdict, findings=latest.findings, documents=documents)
    findings = _of_the_bytes(receipt.answer.findings)
    return Understood(verdict=verdict_of(findings), findings=findings, documents=shelves.documents)


def after_of(understood: Understanding, before: Understood, shelves: Shelves) -> Understood:
    """Today's, as it is compared: what was qualified since does not hold again."""
    verdict = understood.verdict
    known = {one.code for one in before.findings}
    holding = {one.code for one in understood.findings if one.holds}
    if verdict is Verdict.HOLD and before.verdict is Verdict.ACCEPT and holding <= known:
        verdict = Verdict.ACCEPT
    documents = [
        as_decided(_as_qualified(new, old), old)
        for new, old in zip(understood.documents, _padded(shelves, understood), strict=True)
    ]
    return Understood(
        verdict=verdict, findings=_of_the_bytes(understood.findings), documents=documents
    )


def relabellings(today: Sequence[Document | None], shelves: Shelves) -> list[Relabelling]:
    """The filed documents whose type, class or label is another one today."""
    if len(shelves.documents) != len(today):
        return []
    changes = []
    for identifier, old, new in zip(shelves.ids, shelves.documents, today, strict=True):
        if identifier is None or old is None or new is None:
            continue
        shown, why = _differ(old, new, VISIBLE), _differ(old, new, WHY)
        if shown or why:
            values = {name: getattr(new, name) for name in RELABELLED}
            document = replace(old, **values)
            changes.append(Relabelling(id=identifier, document=document, shown=shown))
    return changes


def _differ(old: Document, new: Document, names: Sequence[str]) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in names)


def _padded(shelves: Shelves, understood: Understanding) -> Sequence[Document | None]:
    count = len(understood.documents)
    return shelves.documents if len(shelves.documents) == count else [None] * count


def _as_qualified(new: Document, old: Document | None) -> Document:
    """An INS that an operator added is no difference of understanding."""
    if old is None or new.patient.ins is not None:
        return new
    patient = replace(new.patient, ins=old.patient.ins, ins_oid=old.patient.ins_oid)
    return replace(new, patient=patient)


def _unread(receipt: Receipt) -> bool:
    """A key used again is refused before anything else is said of the bytes."""
    return any(one.code == "key-reused" for one in receipt.answer.findings)


def _of_the_bytes(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(one for one in findings if one.code not in JUDGED)
