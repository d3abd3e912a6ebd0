"""The content of a measure (VAULT section 8)."""

from datetime import datetime

from gateway.records.entries.content import EntryContent


class Measure(EntryContent, frozen=True, kw_only=True):
    """`code` is LOINC; `value` and `unit` (UCUM) canonical, beside `sent_code`, `sent_value` and
    `sent_unit` as they came. `value2` and `sent_value2` are the second of a pair. `moment` is a
    code of when it was taken, `days` over how many it was. Where only the day is known (`is_day`)
    `time` is its first second in UTC. `device` names what measured in words, `device_id` is its
    identifier, system and value joined by a bar."""

    code: str
    value: str
    unit: str
    time: datetime
    value2: str = ""
    sent_code: str = ""
    sent_value: str = ""
    sent_value2: str = ""
    sent_unit: str = ""
    moment: str = ""
    device: str = ""
    days: int | None = None
    reason: str = ""
    is_day: bool = False
    device_id: str = ""

    def part(self) -> str:
        return self.code

    def happened(self) -> datetime | None:
        return self.time

    def same(self) -> str:
        """MEA-03."""
        return f"{self.code} {self.time.isoformat()} {self.value} {self.value2}"
