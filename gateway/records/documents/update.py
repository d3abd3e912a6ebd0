"""An update of stored metadata (ITI-57): what stood, what shall stand, and the lot that asked."""

from enum import StrEnum

from msgspec import Struct


class Availability(StrEnum):
    """The last word of an XDS availabilityStatus, of those that a DMP updates (XDS.md section 7).

    `Archived` is a document in force that default lists leave out, `Deleted` a withdrawn one.
    """

    APPROVED = "Approved"
    ARCHIVED = "Archived"
    DELETED = "Deleted"


class Lot(Struct, frozen=True, kw_only=True):
    """The SubmissionSet of an update: `unique_id` is used once for ever, `said` is all that the
    request asks and who asks, as one text, so that the same one again is known."""

    unique_id: str
    said: str


class Update(Struct, frozen=True, kw_only=True):
    """What one document becomes, if it still stands as it was read.

    `stood` is its availability then, `version` its metadata version; `becomes` its availability
    from now on. `codes` are the sender's own confidentiality codes where they change, `announces`
    says that the patient may see what waited: each is a new metadata version.
    """

    id: str
    stood: Availability
    version: int
    becomes: Availability
    codes: tuple[str, ...] | None = None
    announces: bool = False


class Outcome(StrEnum):
    """`again`: this very lot was written before; `used`: another one was, under its uniqueId;
    `moved`: a document does not stand any more as it was read. Only `done` writes."""

    DONE = "done"
    AGAIN = "again"
    USED = "used"
    MOVED = "moved"
