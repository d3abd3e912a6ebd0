"""What an entry of a lot replaces: the target of its RPLC association (XDS.md section 4)."""

import re
from collections.abc import Sequence

from gateway.mapping.xdm.ebrim.metadata import Metadata, RegistryEntry
from gateway.mapping.xds.lot.request import error, place
from gateway.records.intake.finding import Finding

ENTRY_UUID = re.compile(
    r"urn:uuid:([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})",
    re.IGNORECASE,
)
"""As we give it: our document's id, 32 hexadecimal digits, written as a UUID (decision 040)."""


def replaced_by(
    metadata: Metadata, registry: RegistryEntry
) -> tuple[str | None, Sequence[Finding]]:
    """Our id or the uniqueId of what it replaces, None where it replaces nothing; an association
    whose target is neither here nor in the lot resolves to nothing."""
    named = metadata.replaced_by(registry)
    if named is None:
        return None, ()
    targets = [
        one.target for one in metadata.relations if one.kind == "RPLC" and one.source == registry.id
    ]
    if len(targets) > 1:
        message = "Replace one document an entry."
        return None, (error("xds-relation", f"{place(registry)}: RPLC", message),)
    if named:
        return named, ()
    if found := ENTRY_UUID.fullmatch(targets[0].strip()):
        return "".join(found.groups()).lower(), ()
    message = "The target of RPLC is the entryUUID of a document that is registered here."
    return None, (error("replaced-unknown", f"{place(registry)}: RPLC", message),)
