"""`If-None-Exist` and `ifNoneExist` (R4 http, conditional create).

The one condition that is kept is the one that holds for every deposit: a document under the same
masterIdentifier creates nothing. Any other would be passed over, and a second document made of it.
"""

from urllib.parse import parse_qsl

from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.values import text

MESSAGE = "Leave the condition out, or look for the masterIdentifier that you send."


def is_kept(condition: str, resource: Json) -> bool:
    """Whether filing this resource does what the condition asks."""
    system = text(resource, "masterIdentifier", "system")
    value = text(resource, "masterIdentifier", "value")
    asked = parse_qsl(condition.partition("?")[2] or condition, keep_blank_values=True)
    return bool(value) and asked in (
        [("identifier", value)],
        [("identifier", f"{system or ''}|{value}")],
    )
