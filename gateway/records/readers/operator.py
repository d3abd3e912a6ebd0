"""Who works at the desk: a number for the patients to read, roles, and credentials."""

from dataclasses import dataclass
from enum import StrEnum


class OperatorRole(StrEnum):
    """VAULT DSK-01, and the auditor of ACCESS P53. None of them reads a document."""

    CONSEILLER = "conseiller"
    VALIDEUR = "valideur"
    GESTIONNAIRE = "gestionnaire"
    TECHNIQUE = "technique"
    AUDITEUR = "auditeur"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One person of the desk. `number` is what patients and the log read of him, never `name`;
    `password_hash` is argon2id; `roles` has at least one."""

    number: str
    login: str
    name: str
    password_hash: str
    roles: tuple[OperatorRole, ...]
    disabled: bool = False
