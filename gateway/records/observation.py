"""One discrete result: an OBX row, a CDA entry or a FHIR Observation (HL7V2 section 8)."""

from typing import NamedTuple


class Observation(NamedTuple):
    """A named tuple, not a dataclass: forty of them are made on the path of one acknowledgement.

    `value` is text as received; `unit` UCUM or as received; `range` free text; `flag` N L H HH A;
    `status` P F C D X; `time` ISO 8601 or None; `group` and `group_text` the code and name of the
    OBR or battery; `group_id` the filler order number; `sub_id` OBX-4; `note` the NTE below it.
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
