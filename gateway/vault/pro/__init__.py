"""The professional's space `/pro` (PAGES section 6): sign in, find, agree, read, emergency."""

from gateway.vault.pro import documents, emergency, find, record
from gateway.vault.pro.signing_in import psc, signin

__all__ = ["documents", "emergency", "find", "psc", "record", "signin"]
