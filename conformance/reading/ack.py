"""An acknowledgement as the sender of the message reads it."""

from dataclasses import dataclass

from conformance.reading.hl7 import Message, Segment, UnreadableError, read_message


@dataclass(frozen=True, slots=True)
class Fault:
    """One ERR: severity (ERR-4), condition (ERR-3.1), application code (ERR-5.1), place (ERR-2)."""

    severity: str
    condition: str
    application: str
    place: str

    @classmethod
    def of(cls, row: Segment) -> "Fault":
        return cls(row.part(4), row.part(3), row.part(5), row.field(2))


@dataclass(frozen=True, slots=True)
class Ack:
    """`about` is MSA-2, `receipt` its own MSH-10."""

    message: Message

    @property
    def code(self) -> str:
        return self.message.get("MSA", 1)

    @property
    def about(self) -> str:
        found = self.message.first("MSA")
        return found.field(2) if found else ""

    @property
    def receipt(self) -> str:
        return self.message.control

    @property
    def faults(self) -> list[Fault]:
        return [Fault.of(row) for row in self.message.all("ERR")]

    @property
    def positive(self) -> bool:
        return self.code in ("AA", "CA")

    @property
    def held(self) -> bool:
        return self.positive and any(one.severity == "W" for one in self.faults)

    @property
    def refused(self) -> bool:
        return self.code in ("AE", "AR", "CE", "CR")

    def says(self, *codes: str) -> bool:
        """Whether an ERR has one of these as condition or application code."""
        return any({one.condition, one.application} & set(codes) for one in self.faults)

    def __str__(self) -> str:
        faults = ", ".join(
            "/".join(one for one in (fault.severity, fault.condition, fault.application) if one)
            + (f" at {fault.place}" if fault.place else "")
            for fault in self.faults
        )
        return f"{self.code or 'no MSA-1'}{f' ({faults})' if faults else ''}"


def read_ack(raw: bytes) -> Ack:
    """Raises UnreadableError when there is no MSH or no MSA."""
    message = read_message(raw)
    if message.first("MSA") is None:
        raise UnreadableError("the answer has no MSA")
    return Ack(message)
