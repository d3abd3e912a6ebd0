"""The judgement of one intake: copy, refusal, hold or filing, and all that follows from it.

Pure: the store calls it inside the filing transaction with the facts it read there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from msgspec import structs

from gateway.clock import Ids
from gateway.flows.filing.acts import RefusedDeposit, hidden_by, refused_deposits
from gateway.flows.filing.answered import accepted, answered
from gateway.flows.filing.arriving import entered
from gateway.flows.filing.consequences import mails
from gateway.flows.filing.forwards import answers_for_dmp, goes_elsewhere, open_ways, sent_on
from gateway.flows.filing.identities.admissions import admitted, names_of_all
from gateway.flows.filing.judging.findings import (
    OPPOSED,
    deposit_denied,
    key_reused,
    original_unknown,
    set_aside,
    several_records,
    vault_refusal,
)
from gateway.flows.filing.judging.people import (
    FORGETTING_STATES,
    Whose,
    identity_changes,
    space_finding,
    whose,
)
from gateway.flows.filing.judging.permission import DepositGate
from gateway.flows.filing.judging.together import places_of
from gateway.flows.filing.shelving import Shelves
from gateway.flows.sending.mails.report import reported
from gateway.flows.sending.messages.business import dmp_answer
from gateway.flows.sending.outcome import LONGEST_PATIENCE
from gateway.ports.people.people import PatientNames
from gateway.records.intake.filing import Answer, Earlier, Facts, Filing, Intake
from gateway.records.intake.finding import Finding, Severity, Verdict, verdict_of
from gateway.records.intake.keys import LOT_KEY, MAILED_KEY, READ_KEY
from gateway.records.messages.business_ack import BusinessAck
from gateway.records.messages.forward import ForwardRule
from gateway.records.messages.message import Header
from gateway.records.patients.account import AccountState, NewTrace, Person
from gateway.records.patients.index import DeskWord
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask

NOT_THEIRS = "D00"
KEPT_IN = {READ_KEY: "MSH-10", LOT_KEY: "SubmissionSet.uniqueId"}
CHOSEN = "Idempotency-Key"
"""Where a sender writes the key of an intake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingPolicy:
    """How long refused bytes stay with the operators (CONTRACT section 2), and what is sent on."""

    refused_bytes_kept: timedelta = timedelta(days=30)
    forwards: tuple[ForwardRule, ...] = ()


@dataclass(frozen=True, slots=True)
class FilingJudge:
    """Hand it an intake and the facts; it answers with everything to commit."""

    names: PatientNames
    ids: Ids
    policy: FilingPolicy = FilingPolicy()
    gate: DepositGate = field(default_factory=DepositGate)

    def __call__(self, intake: Intake, facts: Facts) -> Filing:
        filing = self._judged(intake, facts)
        if intake.box is not None:
            filing = entered(intake, intake.box, filing, facts)
        return sent_on(intake, filing, ways) if (ways := self._ways(facts)) else filing

    def _ways(self, facts: Facts) -> Sequence[ForwardRule]:
        return open_ways(self.policy.forwards, facts.persons.values())

    def _judged(self, intake: Intake, facts: Facts) -> Filing:
        if facts.earlier is not None:
            return self._again(intake, facts.earlier)
        understood = intake.understanding
        if understood.verdict is Verdict.REFUSE:
            forget = any(one.state in FORGETTING_STATES for one in facts.persons.values())
            return self._refused(intake, understood.findings, drop=forget)
        if intake.desk is DeskWord.ENDS:
            closed = vault_refusal(AccountState.CLOSED, understood.format, elsewhere=False)
            return self._refused(intake, (*understood.findings, closed), drop=True)
        if intake.desk is DeskWord.SET_ASIDE:
            return self._refused(intake, (*understood.findings, set_aside()))
        message = understood.message
        if message is not None and message.business_ack is not None:
            return self._answered(intake, message.header, message.business_ack, facts)
        if understood.report is not None:
            return reported(intake, understood.report, self.policy.refused_bytes_kept)
        if understood.documents:
            return self._documents(intake, facts)
        return self._identity(intake, facts)

    def _answered(self, intake: Intake, header: Header, ack: BusinessAck, facts: Facts) -> Filing:
        found = intake.understanding.findings
        filing = answered(intake, header, ack, facts)
        return filing or self._refused(intake, (*found, original_unknown()))

    def _again(self, intake: Intake, earlier: Earlier) -> Filing:
        """The first answer for the same bytes; a key with other bytes is refused. The key of a mail
        holds what was written: other bytes are traces of another way."""
        key = intake.key or ""
        if earlier.same_bytes or key.startswith(MAILED_KEY):
            return Filing(answer=replace(earlier.answer, copy=True), store=False)
        where = next((name for start, name in KEPT_IN.items() if key.startswith(start)), CHOSEN)
        return self._refused(intake, (key_reused(where),))

    def _refused(
        self,
        intake: Intake,
        findings: Iterable[Finding],
        *,
        drop: bool = False,
        tasks: Iterable[NewTask] = (),
    ) -> Filing:
        found = tuple(findings)
        return Filing(
            answer=Answer(receipt=intake.receipt, verdict=Verdict.REFUSE, findings=found),
            tasks=tuple(tasks),
            keep_until=intake.at + self.policy.refused_bytes_kept,
            drop_bytes=drop,
        )

    def _held(
        self, intake: Intake, findings: Iterable[Finding], waits_for: tuple[bytes, ...]
    ) -> Filing:
        answer = Answer(receipt=intake.receipt, verdict=Verdict.HOLD, findings=tuple(findings))
        return Filing(answer=answer, waits_for=waits_for)

    def _identity(self, intake: Intake, facts: Facts) -> Filing:
        """An ADT: it feeds the patient index and releases what waited for this identity.

        What bears neither a document nor a message waits for a person to look.
        """
        understood = intake.understanding
        message = understood.message
        if message is None:
            if elses := self._of_another(intake, Whose()):
                return elses
            return self._held(intake, understood.findings, ())
        if message.admission is None:
            return Filing(answer=accepted(intake, understood.findings))
        if understood.verdict is Verdict.HOLD:
            waits = names_of_all(message.admission, self.names, intake.house)
            return self._held(intake, understood.findings, waits)
        return admitted(intake, message, facts, self.names, self.ids)

    def _documents(self, intake: Intake, facts: Facts) -> Filing:
        understood = intake.understanding
        held = understood.verdict is Verdict.HOLD
        if denied := self.gate.mail_denials(intake):
            return self._refused(intake, (*understood.findings, *denied))
        who = whose(intake, understood.documents[0].patient, facts, self.names, held=held)
        if elses := self._of_another(intake, who) or self._of_several(intake):
            return elses
        if who.findings or who.key is None:
            found = (*understood.findings, *who.findings)
            return self._held(intake, found, who.waits_for)
        findings = list(understood.findings)
        if held:
            findings = [replace(f, holds=False) if f.holds else f for f in findings]
        ways = self._ways(facts)
        elsewhere = goes_elsewhere(intake, ways)
        if space := space_finding(who.person, understood.format, elsewhere=elsewhere):
            return self._without_space(intake, who, [*findings, space], ways)
        if refusals := self._refusals(intake, who.person):
            return self._denied(intake, who, findings, refusals, ways)
        findings.extend(self.gate.sender_findings(intake))
        return self._file(intake, facts, who, who.key, findings)

    def _of_another(self, intake: Intake, who: Whose) -> Filing | None:
        """Who may act for one record is told nothing of any other, not even whether it is there,
        and nothing of his waits for a person; the try stands in the log of his own."""
        bound = intake.depositor.bound_to if intake.depositor else None
        own = who.person.key.hex() if who.person else None
        if bound is None or bound == own:
            return None
        understood = intake.understanding
        findings = (*understood.findings, deposit_denied(NOT_THEIRS, understood.format))
        his = PatientKey(bytes.fromhex(bound))
        told = refused_deposits(intake, his, (RefusedDeposit(NOT_THEIRS),))
        return structs.replace(self._refused(intake, findings), traces=told)

    def _of_several(self, intake: Intake) -> Filing | None:
        """The documents of an intake are filed together: one INS stands for all of them."""
        understood = intake.understanding
        people = (one.patient for one in understood.documents)
        if len({(one.ins, one.ins_oid) for one in people if one.ins}) < 2:
            return None
        return self._refused(intake, (*understood.findings, several_records(understood.format)))

    def _refusals(self, intake: Intake, person: Person | None) -> list[RefusedDeposit]:
        """The access rules that refuse this deposit, document by document."""
        if person is None:
            return []
        decided = (
            (self.gate.may_deposit(intake, document, person), hidden_by(document))
            for document in intake.understanding.documents
        )
        return [
            RefusedDeposit(decision.rule, hidden)
            for decision, hidden in decided
            if not decision.permitted
        ]

    def _denied(
        self,
        intake: Intake,
        who: Whose,
        findings: list[Finding],
        refusals: list[RefusedDeposit],
        ways: Sequence[ForwardRule],
    ) -> Filing:
        """Who opposed the feeding of the record did not oppose another leg; what the rules refuse
        of the document itself is refused altogether."""
        acts, form = refused_deposits(intake, who.key, refusals), intake.understanding.format
        rules = [one.rule for one in refusals]
        if set(rules) == {OPPOSED} and goes_elsewhere(intake, ways):
            told = replace(deposit_denied(OPPOSED, form), severity=Severity.INFO)
            return self._other_leg(intake, [*findings, told], acts, ways)
        found = [*findings, *(deposit_denied(rule, form) for rule in rules)]
        refused = self._refused(intake, found, tasks=self._told(intake, found))
        return structs.replace(refused, traces=acts)

    def _without_space(
        self, intake: Intake, who: Whose, findings: list[Finding], ways: Sequence[ForwardRule]
    ) -> Filing:
        """The other leg goes on (ACC-22); a vault-only message is refused."""
        acts = refused_deposits(intake, who.key, self._refusals(intake, who.person))
        if not goes_elsewhere(intake, ways):
            state = who.person.state if who.person else None
            drop = state in FORGETTING_STATES
            told = self._told(intake, findings)
            return structs.replace(
                self._refused(intake, findings, drop=drop, tasks=told), traces=acts
            )
        return self._other_leg(intake, findings, acts, ways)

    def _other_leg(
        self,
        intake: Intake,
        findings: list[Finding],
        acts: tuple[NewTrace, ...],
        ways: Sequence[ForwardRule],
    ) -> Filing:
        """Taken for what is not the vault, and kept for as long as that may take; the last of the
        findings says why nothing was filed."""
        answer = Answer(receipt=intake.receipt, verdict=Verdict.ACCEPT, findings=tuple(findings))
        tasks = mails(intake, None, ())
        if answers_for_dmp(intake, ways):
            tasks += self._told(intake, findings[-1:])
        until = intake.at + max(LONGEST_PATIENCE, self.policy.refused_bytes_kept)
        return Filing(answer=answer, tasks=tuple(tasks), keep_until=until, traces=acts)

    def _told(self, intake: Intake, findings: Iterable[Finding]) -> list[NewTask]:
        """The vault's own no, for a sender who asked to be told (ZAM^Z01 N)."""
        return dmp_answer(intake, self.ids, positive=False, findings=findings)

    def _file(
        self, intake: Intake, facts: Facts, who: Whose, key: PatientKey, findings: list[Finding]
    ) -> Filing:
        documents = intake.understanding.documents
        record = who.person.key if who.person else key
        places = places_of(intake, record, facts, self.ids)
        for _, place in sorted(places.items()):
            findings.extend(place.findings)
        if verdict_of(findings) is Verdict.REFUSE:
            return self._refused(intake, findings, tasks=self._told(intake, findings))
        shelf = Shelves(intake, key, masked=who.person is not None and who.person.masks_new)
        for index, place in places.items():
            shelf.put(index, documents[index], place)
        answer = Answer(
            receipt=intake.receipt,
            verdict=Verdict.ACCEPT,
            findings=tuple(findings),
            documents=shelf.filed,
        )
        tasks = [*shelf.tasks, *mails(intake, key, answer.documents)]
        if answers_for_dmp(intake, self._ways(facts)):
            tasks += dmp_answer(intake, self.ids, positive=True)
        return Filing(
            answer=answer,
            patient=key,
            shelvings=tuple(shelf.shelvings),
            changes=tuple(shelf.changes),
            identities=identity_changes(intake, key, documents[0], who),
            tasks=tuple(tasks),
        )
