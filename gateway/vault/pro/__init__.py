"""The professional's space `/pro` (PAGES section 6): sign in, find, agree, read, emergency."""

from gateway.vault.pro import documents, emergency, find, psc, record, signin

__all__ = ["documents", "emergency", "find", "psc", "record", "signin"]
