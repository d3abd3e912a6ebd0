"""Coded facts that stay in a document's own bytes, read when somebody may open it."""

from collections.abc import Sequence

from gateway.mapping import cda
from gateway.mapping.understand import format_of
from gateway.records.documents.fact import Fact
from gateway.records.documents.relative import Relative
from gateway.records.intake.understanding import Format


def facts_in(body: bytes) -> Sequence[Fact]:
    """The facts of a stored body: of a structured CDA; () where it is anything else."""
    return cda.facts_in(body) if format_of(body) is Format.CDA else ()


def relatives_in(body: bytes) -> Sequence[Relative]:
    """Whom a stored CDA says to call; () where it is anything else."""
    return cda.relatives_in(body) if format_of(body) is Format.CDA else ()
