"""One discrete result: an OBX row, a CDA entry or a FHIR Observation (HL7V2 section 8)."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple, overload


class Observation(NamedTuple):
    """A named tuple, not a dataclass: forty of them are made on the path of one acknowledgement.

    `value` is text as received; `unit` UCUM or as received; `range` free text; `flag` N L H HH A;
    `status` P F C D X; `time` ISO 8601 or None; `group` and `group_text` the code and name of the
    OBR or battery; `group_id` the filler order number; `sub_id` OBX-4; `note` the NTE below it.
    The rest is what a CDA entry says more: `specimen` and `method` in words, `previous` the earlier
    values beside it, `group_note` the comment on the battery, `category` one of FHIR's
    (laboratory, vital-signs, social-history) or "", and its provenance: `section` the title of its
    section, `entry` the id of the entry, `anchor` the ID of its text in the narrative.
    """

    code: str
    system: str
    text: str
    value: str
    value_type: str
    unit: str
    range: str
    flag: str
    status: str
    time: str | None
    group: str
    group_text: str
    group_id: str
    sub_id: str
    producer: str
    note: str
    specimen: str = ""
    method: str = ""
    previous: str = ""
    group_note: str = ""
    category: str = ""
    section: str = ""
    entry: str = ""
    anchor: str = ""

    @property
    def is_heading(self) -> bool:
        """A row of HL7v2 that laboratories use as a title: a name, and neither type, value nor
        flag. It is shown as one, and is no result."""
        return self.status == "F" and not any(
            (
                self.value_type,
                self.value,
                self.unit,
                self.range,
                self.flag,
                self.section,
                self.entry,
            )
        )


class ResultsInBody(Sequence[Observation]):
    """Results that the document's own bytes hold whole (an ORU without a document).

    Only their number is known at intake; they are read when somebody asks, and the store keeps
    no second copy of them: `mapping.hl7v2.results_in` makes them of the body again.
    """

    def __init__(self, count: int, read: Callable[[], Sequence[Observation]]) -> None:
        self._count = count
        self._read = read

    @cached_property
    def _rows(self) -> Sequence[Observation]:
        return self._read()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Observation: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Observation]: ...
    def __getitem__(self, index: int | slice) -> Observation | Sequence[Observation]:
        return self._rows[index]
