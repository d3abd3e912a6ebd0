"""A lot at the DMP door (TD2.1): the one intake flow, with what its VIHF proves (XDS.md 8).

Nothing is filed beside that flow, and what the assertion contradicts is kept as any refusal is. A
card or an identity provider proves a person, in whose name the lot is filed; an establishment files
in its own.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gateway.access.dmp.rights import is_professional
from gateway.flows.receive import Delivery, Receive, Received, read_for
from gateway.mapping.understand import with_findings
from gateway.mapping.vihf.prove import is_about
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Finding, Severity
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Format, Understanding
from gateway.records.patients.account import SenderAccount
from gateway.records.readers.access import Reader
from gateway.records.readers.vihf import Authentication, Vihf

Trusts = Callable[[bytes], bool]
"""Whether a certificate, in DER, is one that a VIHF may be signed with now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositLot:
    """`reading` is that of the door, strict where the door is."""

    receive: Receive
    reading: Reading
    trusts: Trusts

    async def __call__(
        self, raw: bytes, sender: SenderAccount, vihf: Vihf, reader: Reader
    ) -> Received:
        """`raw` is the kept entity of the request, `reader` who asks by `vihf`, of whom the DMP's
        table was asked before. Durable when this returns. Raises DeferredError when nothing could
        be made durable."""
        delivery = Delivery(
            sender=sender.name,
            organization=sender.organization or vihf.structure,
            door=Door.DMP,
            raw=raw,
            reading=read_for(self.reading, sender),
            declared=Format.XDS,
            depositor=reader if is_professional(vihf) else None,
        )
        [read] = await self.receive.understood(delivery, self.receive.begin(delivery))
        found = list(_of_vihf(read, vihf, severity_in(delivery.reading)))
        if not self._is_known(read.signed_by, vihf):
            found.append(another_signer(severity_in(delivery.reading)))
        return (await self.receive.file_all(delivery, [with_findings(read, found)]))[0]

    def _is_known(self, signed_by: bytes | None, vihf: Vihf) -> bool:
        if signed_by is None:
            return True
        return hashlib.sha256(signed_by).hexdigest() == vihf.certificate or self.trusts(signed_by)


def severity_in(reading: Reading) -> Severity:
    return Severity.ERROR if reading.strict else Severity.WARNING


def _of_vihf(understood: Understanding, vihf: Vihf, severity: Severity) -> Iterator[Finding]:
    if understood.documents and not is_of_patient(understood, vihf):
        yield another_patient()
    if vihf.authentication is Authentication.INDIRECT and not is_by_structure(understood, vihf):
        yield another_author(severity)


def is_of_patient(understood: Understanding, vihf: Vihf) -> bool:
    """Every document is of the patient whom the assertion names."""
    patients = [one.patient for one in understood.documents]
    return all(is_about(vihf, one.ins or "", one.ins_oid or "") for one in patients)


def is_by_structure(understood: Understanding, vihf: Vihf) -> bool:
    """An author of every document is of the structure that asks [T]."""
    return all(
        any(author.organization_id == vihf.structure for author in one.authors)
        for one in understood.documents
    )


def another_patient() -> Finding:
    return Finding(
        code="vihf-patient",
        severity=Severity.ERROR,
        where="VIHF resource-id",
        message="The patient of the VIHF is not the patient of the lot.",
    )


def another_author(severity: Severity) -> Finding:
    return Finding(
        code="vihf-author",
        severity=severity,
        where="DocumentEntry.author",
        message="No authorInstitution is the structure of the VIHF (Identifiant_Structure).",
    )


def another_signer(severity: Severity) -> Finding:
    return Finding(
        code="xds-signer",
        severity=severity,
        where="Signature",
        message="The lot is signed by a certificate that is neither the VIHF's nor trusted.",
    )
