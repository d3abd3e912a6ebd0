"""The sending side of MLLP: a client for business answers, forwards and `gateway send`."""

from gateway.adapters.hl7v2.mllp_client.client import MllpClient, Receiver
from gateway.adapters.hl7v2.mllp_client.tls import client_context

__all__ = ["MllpClient", "Receiver", "client_context"]
