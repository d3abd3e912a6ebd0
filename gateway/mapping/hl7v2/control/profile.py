"""MSH-21: which version of which volet a message follows (XDM_HL7V2 sections A1 and A5)."""

from dataclasses import dataclass

from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.er7.splitter import Split

CREATOR, PRACTICE = "CISIS_CDA_HL7_V", "CISIS_CDA_HL7_LPS"


@dataclass(frozen=True, slots=True)
class Profile:
    """`2.1^CISIS_CDA_HL7_V2` (from a creator) or `1.1^CISIS_CDA_HL7_LPS` (to practice software);
    both "" where MSH-21 names neither."""

    version: str = ""
    name: str = ""

    @property
    def of_creator(self) -> bool:
        return self.name.startswith(CREATOR)

    @property
    def to_practice(self) -> bool:
        return self.name.startswith(PRACTICE)

    @property
    def since_2_1(self) -> bool:
        return self.of_creator and not self.before_2_1

    @property
    def before_2_1(self) -> bool:
        """1.2 and 2.0 of the creators' volet, 1.0 of the one to practice software."""
        older = ("1.", "2.0") if self.of_creator else ("1.0",)
        return (self.of_creator or self.to_practice) and self.version.startswith(older)


def profile_of(split: Split) -> Profile:
    """By the repetition of MSH-21 that names a volet of documents."""
    fields = split.fields(0)
    if len(fields) <= 20 or not fields[20]:
        return Profile()
    marks = split.marks
    for one in fields[20].split(marks.repetition) if marks.repetition else [fields[20]]:
        name = component(one, 2, marks).strip().upper()
        if name.startswith((CREATOR, PRACTICE)):
            return Profile(component(one, 1, marks).strip(), name)
    return Profile()
