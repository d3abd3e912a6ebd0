"""The content of a vaccination (VAULT section 11)."""

from datetime import datetime

from gateway.records.entries.content import EntryContent, first_instant, named_as


class Immunization(EntryContent, frozen=True, kw_only=True):
    """`vaccine` is its name, `code` a CIS or CIP where known; `valences` codes of what it is
    against."""

    date: str
    vaccine: str
    code: str | None = None
    valences: tuple[str, ...] = ()
    dose: str = ""
    lot: str = ""
    place: str = ""
    vaccinator: str = ""
    contraindicated: bool = False
    """It was not given: a professional says that it must not be (VAC-05); why is said nowhere."""

    def happened(self) -> datetime | None:
        return first_instant(self.date)

    def same(self) -> str:
        """VAC-02: same day and same valences, or the same name where none are known."""
        if self.contraindicated:
            return ""
        return f"{self.date} {' '.join(sorted(self.valences)) or named_as(self.vaccine)}"
