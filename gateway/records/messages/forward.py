"""Which messages are sent on to a downstream system."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardRule:
    """One destination. Empty selects everything: `senders` by name, `types` by the first
    components of MSH-9 ("ORU", "ORU^R01"), `labels` by the label of any document.
    """

    name: str
    senders: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
