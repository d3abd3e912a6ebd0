"""What is sent on to a downstream system, or to a DMP."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardRule:
    """One destination. Empty selects everything: `senders` by name, `types` by the first
    components of MSH-9 ("ORU", "ORU^R01"), `labels` by the label of any document.

    `to_dmp`: its CDA documents go, of a message that asks for it (DESTDMP, XDM_HL7V2 A5); of what
    is no message and cannot ask, those of the senders that are named.
    """

    name: str
    senders: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    to_dmp: bool = False
