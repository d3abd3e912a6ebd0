"""The patient index, accounts, credentials and choices."""

from collections.abc import Collection, Container, Sequence
from datetime import datetime
from typing import Protocol

from gateway.records.patients.account import (
    Choice,
    Login,
    NewTrace,
    Person,
    Professional,
    SenderAccount,
    Session,
    Tie,
    Trace,
)
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.readers.tries import Allowance, Counted
from gateway.records.task import NewTask


class PatientNames(Protocol):
    def patient_key(self, ins_oid: str, ins: str) -> PatientKey:
        """How a person is known inside: HMAC under the index key."""

    def local_key(self, identifier: str) -> bytes:
        """The same for a local identifier "root^extension"."""


class People(Protocol):
    async def person(self, patient: PatientKey) -> Person | None: ...

    async def persons_like(self, identity: PatientIdentity) -> list[Person]:
        """Those who bear one of the sets of traits by which a person is looked for."""

    async def choices(self, patient: PatientKey) -> list[Choice]: ...

    async def choose(
        self,
        patient: PatientKey,
        choice: Choice,
        *,
        act: NewTrace | None = None,
        then: Sequence[NewTask] = (),
        also: Sequence[Choice] = (),
    ) -> None:
        """Adds a dated fact; an open one of the same kind and target is ended at its start.
        `also` are further facts of the same act, each with its own entry.

        The choice and its entry in the log are one commit; `act` says who did it, through which
        door and by which rule, where the caller decided (else it is an import)."""

    async def login(self, login: str) -> Login | None: ...

    async def login_of(self, patient: PatientKey) -> Login | None: ...

    async def professional(self, token_hash: bytes) -> Professional | None: ...

    async def professionals(self) -> list[Professional]: ...

    async def professionals_at(self, addresses: Collection[str]) -> list[Professional]:
        """Those of one of these addresses of secure mail, in whatever case."""

    async def sender(self, token_hash: bytes) -> SenderAccount | None: ...

    async def sender_by_certificate(self, fingerprint: str) -> SenderAccount | None: ...

    async def sender_named(self, name: str) -> SenderAccount | None: ...


class Ties(Protocol):
    async def ties(self, person: PatientKey) -> list[Tie]:
        """Facts of other records that name this person representative or caregiver, or ask;
        oldest first, those that ended too. `choice.target` is the name that was given then."""


class Sessions(Protocol):
    async def open(self, session: Session) -> None: ...

    async def change(self, session: Session) -> None:
        """What it says from now on; one that was closed meanwhile stays closed."""

    async def find(self, id_hash: bytes) -> Session | None: ...

    async def touch(self, id_hash: bytes, *, seen_at: datetime) -> None: ...

    async def close(self, id_hash: bytes) -> None: ...

    async def keep_code(
        self, subject: str, purpose: str, *, salt: bytes, digest: bytes, expires_at: datetime
    ) -> None:
        """Keeps the salted hash of a one-time code; an older one of the same purpose dies."""

    async def take_code(self, subject: str, purpose: str) -> tuple[bytes, bytes, datetime] | None:
        """Salt, hash and end of the code that waits, or None."""

    async def spend_code(self, subject: str, purpose: str) -> bool:
        """Uses the code up: true for exactly one caller."""

    async def once(self, subject: str, purpose: str, *, until: datetime) -> bool:
        """Remembers what may be shown once: true for its first caller, false for all others
        until then, on every node."""

    async def count(self, allowances: Sequence[Allowance], *, at: datetime) -> Counted:
        """Counts one try of each subject before it is judged, or of none where one has no try left:
        one commit, so that of many at once, on all nodes, no more are counted than are allowed.
        Tries of a clock that was a window ahead count no more than those of a window ago."""

    async def take_back(self, numbers: Sequence[int], *, forget: str = "") -> None:
        """These tries were right: they count no more, nor do any of the subject `forget`."""

    async def tries(self, subject: str, *, since: datetime) -> list[datetime]:
        """Counted tries of a subject (a hashed person or address) since then, oldest first."""

    async def failed(self, subject: str, *, at: datetime) -> None:
        """Counts one, whatever was counted before."""


class Traces(Protocol):
    async def write(self, traces: Sequence[NewTrace], *, then: Sequence[NewTask] = ()) -> None:
        """Durable before the answer leaves (SECURITY law 2); `then` is what follows from the
        acts, in the same commit."""

    async def of_patient(
        self, patient: PatientKey, *, limit: int, before: int | None = None
    ) -> list[Trace]:
        """Newest first, those below the number `before` where it is given."""

    async def of_others(
        self,
        patient: PatientKey,
        own: str,
        *,
        besides: Container[str],
        limit: int,
        before: int | None = None,
    ) -> tuple[list[Trace], int | None]:
        """The same without what the actor `own` did, unless it is one of the acts `besides`; and
        the lowest number looked at, of which there are at most `limit` (None: no more)."""

    async def of_document(
        self, patient: PatientKey, document: str, *, limit: int, before: int | None = None
    ) -> list[Trace]:
        """The same, of one document."""
