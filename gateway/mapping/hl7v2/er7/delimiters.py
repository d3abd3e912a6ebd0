"""The separators of one message, from its own MSH-1 and MSH-2 (HL7V2 section 4)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delimiters:
    """`escape` and `subcomponent` are "" where MSH-2 is too short to name them."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"
    truncation: str = ""
    """From 2.7 on; it separates nothing."""

    @property
    def sound(self) -> bool:
        """Distinct, visible, no letter and no digit; field and component are always named."""
        named = [mark for mark in (self.field, *self.encoding) if mark]
        distinct = len(set(named)) == len(named)
        return distinct and not any(_unfit(mark) for mark in named)

    @property
    def encoding(self) -> str:
        """MSH-2 as it would be written."""
        return self.component + self.repetition + self.escape + self.subcomponent


def _unfit(mark: str) -> bool:
    return not mark or mark.isalnum() or mark.isspace() or not mark.isprintable()


DEFAULT = Delimiters()


def delimiters_of(msh: str) -> Delimiters | None:
    """The separators named by an MSH segment; None where MSH-1 or MSH-2 separate nothing.

    An MSH-2 of two characters names no escape (HL7V2 section 4).
    """
    if len(msh) < 4 or _unfit(msh[3]):
        return None
    field = msh[3]
    if field == DEFAULT.field and msh.startswith("^~\\&|", 4):
        return DEFAULT
    marks = (msh[4:].split(field, 1)[0] + "     ")[:5]
    component, repetition, escape, subcomponent, truncation = (mark.strip() for mark in marks)
    if not component:
        return None
    named = "" if _unfit(truncation) else truncation
    return Delimiters(field, component, repetition, escape, subcomponent, named)
