"""Which records name a professional or his team: the other side of a patient's choices."""

from collections.abc import Mapping
from typing import Protocol

from gateway.records.patients.account import ChoiceKind, Tie


class Authorising(Protocol):
    async def naming(self, targets: Mapping[ChoiceKind, str], *, limit: int) -> list[Tie]:
        """Facts of these kinds about these targets, newest first, those that ended too; those of
        erased persons are left out. `patient` is the record as it is called now."""
