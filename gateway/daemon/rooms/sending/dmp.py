"""The DMPs that this house feeds: one software each, with the card that signs for it."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gateway.adapters.dmp_software import Software
from gateway.adapters.hl7v2.mllp_client import client_context
from gateway.clock import Clock, Ids
from gateway.errors import DeferredError, RefusedError
from gateway.mapping.vihf.card import Card, card_of
from gateway.records.readers.access import Mode
from gateway.settings import parse_dmp
from gateway.settings.sections.dmp import PREFIX
from gateway.settings.sections.dmp_forward import DmpForward

MAX_ANSWER_BYTES = 10_000_000
"""Who feeds is answered in metadata alone; no daemon is to be filled by a DMP gone wrong."""


@dataclass(slots=True)
class Dmps:
    """Satisfies what `FeedDmp` asks for its software; the files are read when first needed."""

    forwards: Sequence[DmpForward]
    clock: Clock
    ids: Ids
    _made: dict[str, Software] = field(default_factory=dict)

    def __call__(self, name: str) -> Software:
        if name not in self._made:
            self._made[name] = self._software(name)
        return self._made[name]

    def _software(self, name: str) -> Software:
        """Files that an operator is just replacing are tried again later."""
        one = next((each for each in self.forwards if each.name == name), None)
        if one is None:
            raise RefusedError(f"no [[dmp.forward]] {name} is configured")
        where = parse_dmp(one.to)
        try:
            card = _card(one.card, one.card_key)
            tls = _context(one) if where.tls else None
        except (OSError, ValueError) as error:
            raise DeferredError("The files of [[dmp.forward]] cannot be used.") from error
        structure = one.structure or card.structure
        if not structure:
            raise RefusedError(f"name the structure of [[dmp.forward]] {name}")
        return Software(
            services=where.services + ("" if where.path else PREFIX),
            card=card,
            profession=one.profession,
            structure=structure,
            mode=Mode.NORMAL,
            reason=None,
            token="",
            timeout_seconds=one.answer_seconds,
            tls=tls,
            clock=self.clock,
            ids=self.ids,
            max_answer_bytes=MAX_ANSWER_BYTES,
        )


def _card(certificate: Path, key: Path | None) -> Card:
    held = certificate.read_bytes()
    return card_of(held, key.read_bytes() if key else held)


def _context(one: DmpForward) -> ssl.SSLContext:
    """Certificates of the web name their host."""
    context = client_context(ca=one.ca, certificate=one.certificate, key=one.key)
    context.check_hostname = True
    return context
