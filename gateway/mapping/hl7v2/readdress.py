"""A message for somebody else: MSH-5 and MSH-6 replaced, every other byte as it came."""

from gateway.mapping.hl7v2.er7.delimiters import DEFAULT, Delimiters, delimiters_of
from gateway.mapping.hl7v2.er7.escapes import escape
from gateway.mapping.hl7v2.er7.splitter import begin_of

FRAME = b"\x0b\x1c"
"""Block characters of MLLP around an upload; they are no part of the message."""
HELD = "|~\\\r\n"
RECEIVER = {5: 4, 6: 5}
"""MSH-n -> its place in the segment split at its separator."""


def readdressed(
    raw: bytes, *, application: str | None = None, facility: str | None = None
) -> bytes:
    """`raw` with MSH-5 and MSH-6 as given, written with ^ and &, in the message's own separators;
    None leaves a field. Segments in are segments out.

    Raises ValueError where no MSH can be read, or what is given is no ASCII: every set that MSH-18
    names has that in common.
    """
    raw = raw.strip(FRAME)
    wanted = {5: application, 6: facility}
    if not all(value.isascii() for value in wanted.values() if value):
        raise ValueError("MSH-5 and MSH-6 are rewritten in ASCII only")
    if all(value is None for value in wanted.values()):
        return raw
    begin = begin_of(raw)
    ends = [at for at in (raw.find(b"\r", begin), raw.find(b"\n", begin)) if at >= 0]
    stop = min(ends, default=len(raw))
    msh = raw[begin:stop].decode("latin-1")
    marks = delimiters_of(msh)
    if begin is None or marks is None:
        raise ValueError("no MSH at the beginning")
    fields = msh.split(marks.field)
    fields += [""] * (6 - len(fields))
    for number, value in wanted.items():
        if value is not None:
            fields[RECEIVER[number]] = _written(value, marks)
    return raw[:begin] + marks.field.join(fields).encode("latin-1") + raw[stop:]


def _written(value: str, marks: Delimiters) -> str:
    """An HD as an operator writes it, its separators those of the message and no leaf holding
    one. Without a mark for subcomponents they stay one leaf."""
    if marks is DEFAULT and not any(mark in value for mark in HELD):
        return value
    return marks.component.join(_component(one, marks) for one in value.split("^"))


def _component(value: str, marks: Delimiters) -> str:
    leaves = value.split("&") if marks.subcomponent else [value]
    return marks.subcomponent.join(escape(leaf, marks) for leaf in leaves)
