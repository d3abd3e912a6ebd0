"""Dated settings of access: where the sources disagree or are silent (ACCESS section 6)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Switch(Generic[T]):
    """A dated setting: `before` until the first entry, then the entry with the latest date."""

    before: T
    entries: tuple[tuple[datetime, T], ...] = ()

    def at(self, now: datetime) -> T:
        """The value in force; of two entries of one date the later written one."""
        value, latest = self.before, None
        for since, entry in self.entries:
            if since <= now and (latest is None or since >= latest):
                value, latest = entry, since
        return value


ON: Switch[bool] = Switch(before=True)
OFF: Switch[bool] = Switch(before=False)
OCCUPATIONAL = Switch("closed", ((datetime(2022, 3, 30, 22, tzinfo=UTC), "with_consent"),))
SOCIAL_COLUMNS = Switch("suspended", ((datetime(2025, 10, 14, 22, tzinfo=UTC), "in_force"),))


PATIENT_MAY_WRITE = Switch("known")
"""Whom a patient may write to first (VAULT POL-13): reply, known or known-and-pharmacies."""
RUBRIQUE_WORDING = Switch("list")
"""The words of the rubriques of the profile (VAULT POL-14): list or screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """Every point on which the sources disagree or are silent (ACCESS section 6)."""

    treating_sees_masked: Switch[bool] = ON
    administrators: Switch[bool] = ON
    team_consent: Switch[str] = Switch("initial")
    block_and_emergency: Switch[str] = Switch("except_samu")
    access_notice: Switch[str] = Switch("first")
    occupational: Switch[str] = OCCUPATIONAL
    social_columns: Switch[str] = SOCIAL_COLUMNS
    application_reading: Switch[bool] = OFF
    restricted_as_masked: Switch[bool] = ON
    minor_account_age: Switch[int | None] = Switch(None)
    strict_mail_matrix: Switch[bool] = OFF
    mail_through_grid: Switch[bool] = OFF
    mail_unqualified: Switch[bool] = OFF
