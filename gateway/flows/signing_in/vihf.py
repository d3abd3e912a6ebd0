"""Who asks at the DMP door, and whose software sends it (XDS.md section 8; decision 041).

The assertion was verified; now the sender is found, and what binds the structure that the
assertion names: its certificate, the sender, or the professional whom we know. An assertion is
spent by the first request that it proves, on every node and over restarts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType

from msgspec import structs

from gateway.access.dmp.rights import is_occupational, is_of_profession, is_professional
from gateway.access.question import OCCUPATIONAL_PHYSICIAN
from gateway.flows.reading.decided.facts import professional_reader
from gateway.mapping.vihf.fields import Window
from gateway.mapping.vihf.prove import Proved, belongs, holder_of, is_bound
from gateway.mapping.vihf.refusal import NotVihfError, Why
from gateway.ports.oidc import Directory
from gateway.ports.proving import SenderNames, SpentOnce
from gateway.records.patients.account import Professional, SenderAccount
from gateway.records.readers.access import Circumstances, Mode, Reader, ReaderKind
from gateway.records.readers.vihf import Software, Vihf

DOOR = "dmp"
PURPOSE = "vihf-id"
KEPT_BEYOND = timedelta(minutes=1)
"""Clocks of our own nodes differ by less."""
SECRET_FLAGS: Mapping[str, bool] = MappingProxyType({"CONNEXION_SECRETE": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a request shows beside its message: the sender behind its client certificate or its
    token, whether it is that of the certificate, and the certificate itself in DER."""

    sender: SenderAccount | None = None
    by_certificate: bool = False
    certificate: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provers:
    """`software` is by name of the sender account. `mutual` asks for a client certificate that
    belongs to who asks: everywhere but in the demo. `centre15` are the structures of the SAMU."""

    people: SenderNames
    directory: Directory
    sessions: SpentOnce
    window: Window
    software: Mapping[str, Software]
    mutual: bool = True
    centre15: frozenset[str] = frozenset()

    async def believed(self, proved: Proved, shown: Shown) -> tuple[SenderAccount, Vihf]:
        """Whose software sends what this assertion proves, which is spent by it; and who asks,
        under the name by which we know the person: a card proves a number, and the name beside it
        is what software writes. Patients read it in their history.

        Raises NotVihfError: SENDER, PROFESSION, STRUCTURE, CONNECTION, ALGORITHM, MODE, REPLAY.
        """
        known = await self._known(proved.vihf)
        workplace = frozenset({known.organization or ""} - {""} if known else ())
        sender = shown.sender or await self._signing(proved, workplace)
        if sender is None or sender.disabled:
            raise NotVihfError(Why.SENDER)
        software = self.software.get(sender.name, Software(sender=sender.name))
        own = software.structures | frozenset({sender.organization or ""} - {""})
        if not is_bound(proved, own | workplace):
            raise NotVihfError(Why.STRUCTURE)
        self._check_connection(shown, proved, own)
        self._check_open(proved, software)
        await self._spend(proved.vihf)
        if known is None and is_professional(proved.vihf):
            await self.directory.add_professional(professional_of(proved.vihf))
        name = known.name if known else ""
        return sender, structs.replace(proved.vihf, name=name or proved.vihf.name)

    async def _known(self, vihf: Vihf) -> Professional | None:
        """The professional whom a card or Pro Santé Connect proves, as we know him. A card does
        not say a profession: software does, and it is the one that we know, or the first told."""
        if not is_professional(vihf):
            return None
        known = await self.directory.professional_by_id(vihf.subject)
        if known is not None and not is_of_profession(vihf, known.profession):
            raise NotVihfError(Why.PROFESSION)
        return known

    async def _signing(self, proved: Proved, workplace: frozenset[str]) -> SenderAccount | None:
        """The sender whose software signs with this certificate, or whose structure it is."""
        vihf, named = proved.vihf, list(self.software.values())
        known = [one for one in named if vihf.certificate in one.certificates]
        if not known and is_bound(proved, workplace):
            known = [one for one in named if vihf.structure in one.structures]
        if len(known) != 1:
            return None
        return await self.people.sender_named(known[0].sender)

    def _check_connection(self, shown: Shown, proved: Proved, own: frozenset[str]) -> None:
        if not self.mutual:
            return
        if shown.certificate is None:
            raise NotVihfError(Why.CONNECTION)
        bound = own if shown.by_certificate else frozenset()
        if not belongs(holder_of(shown.certificate), proved, bound):
            raise NotVihfError(Why.CONNECTION)

    def _check_open(self, proved: Proved, software: Software) -> None:
        vihf = proved.vihf
        if proved.weak and not software.sha1:
            raise NotVihfError(Why.ALGORITHM)
        if vihf.authentication not in software.authentications:
            raise NotVihfError(Why.MODE)
        if vihf.mode is Mode.SAMU and vihf.structure not in self.centre15:
            raise NotVihfError(Why.MODE)

    async def _spend(self, vihf: Vihf) -> None:
        until = vihf.issued_at + self.window.age + KEPT_BEYOND
        if not await self.sessions.once(f"{vihf.certificate}.{vihf.id}", PURPOSE, until=until):
            raise NotVihfError(Why.REPLAY)


def reader_of(vihf: Vihf, *, address: str = "") -> Reader:
    """Who asks, as an access decision knows readers: a professional whom a card or Pro Santé
    Connect proves, else a system of the structure. The structure is the team, and centre 15 is
    found by it. `address` is that of the network."""
    if not is_professional(vihf):
        return Reader(
            kind=ReaderKind.SYSTEM,
            id=vihf.subject,
            name=vihf.name or vihf.software,
            organisation=vihf.structure,
            door=DOOR,
            address=address,
        )
    return replace(
        professional_reader(professional_of(vihf)),
        function=OCCUPATIONAL_PHYSICIAN if is_occupational(vihf) else None,
        door=DOOR,
        address=address,
    )


def professional_of(vihf: Vihf) -> Professional:
    """As patients find who may be named, blocked and read of in a history."""
    profession, _, specialty = vihf.profession.partition("/")
    return Professional(
        id=vihf.subject,
        name=vihf.name,
        profession=profession,
        specialty=specialty or None,
        organization=vihf.structure,
    )


def circumstances_of(vihf: Vihf) -> Circumstances:
    """The mode of access that the VIHF declares, its reason, and the secret connection."""
    flags = SECRET_FLAGS if vihf.is_secret else {}
    return Circumstances(mode=vihf.mode, reason=vihf.reason, flags=flags)
