"""The MLLP door: listeners and connections around the framing of `mllp_protocol`."""

from gateway.adapters.hl7v2.mllp.door import MllpDoor
from gateway.adapters.hl7v2.mllp.settings import MllpPeer, MllpSettings, Watch
from gateway.adapters.hl7v2.mllp.tls import tls_context

__all__ = ["MllpDoor", "MllpPeer", "MllpSettings", "Watch", "tls_context"]
