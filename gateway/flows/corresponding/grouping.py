"""Mails as conversations: folders, counts, and why one is shut. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.mapping.mail.letter import plain_subject
from gateway.records.correspondence.conversation import (
    Conversation,
    Correspondent,
    Draft,
    Folder,
    Shut,
    Way,
)
from gateway.records.correspondence.letter import NO_NOTE, KeptMail, Note
from gateway.records.patients.account import Professional
from gateway.records.words import fold

NO_SUBJECT = "(sans objet)"
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`directory` are professionals by address in lower case, `refused` senders likewise,
    `writable` the addresses that may be written to first."""

    directory: Mapping[str, Professional]
    refused: frozenset[str]
    writable: frozenset[str]


def conversations_of(
    mails: Iterable[KeptMail], notes: Mapping[str, Note], known: Known
) -> list[Conversation]:
    """The latest first. A draft alone is one too; a note of what this reader does not see is
    none."""
    by_id = by_conversation(mails)
    found = [conversation(id_, some, notes.get(id_, NO_NOTE), known) for id_, some in by_id.items()]
    for id_, note in notes.items():
        if id_ not in by_id and note.draft is not None and note.draft.conversation is None:
            found.append(_of_a_draft(id_, note.draft, note, known))
    return sorted(found, key=lambda one: one.last_at, reverse=True)


def by_conversation(mails: Iterable[KeptMail]) -> dict[str, list[KeptMail]]:
    found: dict[str, list[KeptMail]] = {}
    for mail in mails:
        found.setdefault(mail.conversation, []).append(mail)
    return found


def conversation(
    identifier: str, mails: Sequence[KeptMail], note: Note, known: Known
) -> Conversation:
    """`mails` are all of it that a reader may see, the oldest first, and not empty."""
    last = mails[-1]
    came = [one for one in mails if one.way is Way.IN]
    senders = {one.letter.sender.lower() for one in came}
    is_refused = not known.refused.isdisjoint(senders or {last.other.lower()})
    return Conversation(
        id=identifier,
        subject=plain_subject(mails[0].letter.subject) or NO_SUBJECT,
        correspondent=correspondent_of(came[-1] if came else last, known.directory),
        last_at=last.at,
        unread=sum(one.read_at is None for one in mails),
        count=len(mails),
        folders=_folders(mails, note),
        shut=_shut(came, last, known, is_refused=is_refused),
        has_draft=note.draft is not None,
        is_refused=is_refused,
    )


def correspondent_of(mail: KeptMail, directory: Mapping[str, Professional]) -> Correspondent:
    """By the directory, else the name that the mail bears, else the address (MSG-02)."""
    display = ""
    addresses = [mail.other]
    if mail.way is Way.IN:
        display, addresses = mail.letter.display, [mail.letter.sender, mail.other]
    return correspondent_at(mail.other, display, directory, addresses)


def correspondent_at(
    address: str,
    display: str,
    directory: Mapping[str, Professional],
    addresses: Sequence[str] = (),
) -> Correspondent:
    known = (directory.get(one.lower()) for one in (*addresses, address))
    found = next(filter(None, known), None)
    if found is None:
        return Correspondent(address=address, name=display or address)
    return Correspondent(
        address=address,
        name=found.name,
        profession=found.profession,
        organization=found.organization_name,
    )


def _folders(mails: Sequence[KeptMail], note: Note) -> frozenset[Folder]:
    """What came since brings an archived one, or one thrown away, back."""
    last = mails[-1].at
    if _holds(note.binned_at, last):
        return frozenset({Folder.BIN})
    ways = {one.way for one in mails}
    folders = {Folder.DRAFTS} if note.draft is not None else set()
    if _holds(note.archived_at, last):
        return frozenset({Folder.ARCHIVED, *folders})
    if Way.IN in ways:
        folders.add(Folder.RECEIVED)
    if Way.OUT in ways:
        folders.add(Folder.SENT)
    return frozenset(folders)


def _holds(since: datetime | None, last: datetime) -> bool:
    return since is not None and since >= last


def _shut(
    came: Sequence[KeptMail], last: KeptMail, known: Known, *, is_refused: bool
) -> Shut | None:
    if is_refused:
        return Shut.REFUSED
    if _has_left(came[-1] if came else last, known.directory):
        return Shut.GONE
    if came:
        return Shut.ENDED if came[-1].letter.is_last else None
    return None if last.other.lower() in known.writable else Shut.NEVER_WROTE


def _of_a_draft(identifier: str, draft: Draft, note: Note, known: Known) -> Conversation:
    to = draft.to or ""
    may = not to or to.lower() in known.writable
    kept = draft.saved_at or NEVER
    return Conversation(
        id=identifier,
        subject=draft.subject or NO_SUBJECT,
        correspondent=correspondent_at(to, "", known.directory),
        last_at=kept,
        unread=0,
        count=0,
        folders=frozenset({Folder.BIN if _holds(note.binned_at, kept) else Folder.DRAFTS}),
        shut=None if may else Shut.NEVER_WROTE,
        has_draft=True,
    )


def known_correspondents(
    mails: Iterable[KeptMail], refused: frozenset[str], directory: Mapping[str, Professional]
) -> dict[str, Correspondent]:
    """Who wrote before and did not end it (MSG-04), by address in lower case: what each wrote last
    counts, in whatever conversation."""
    last = {one.other.lower(): one for one in mails if one.way is Way.IN}
    return {
        address: correspondent_of(mail, directory)
        for address, mail in last.items()
        if not mail.letter.is_last
        and mail.letter.sender.lower() not in refused
        and not _has_left(mail, directory)
    }


def _has_left(mail: KeptMail, directory: Mapping[str, Professional]) -> bool:
    """Whether who would be answered, at an address of his own, left practice (MSG-11)."""
    found = directory.get(mail.other.lower())
    return found is not None and found.left


def ended_by(mails: Iterable[KeptMail], address: str) -> bool:
    """Whether this correspondent's last mail said FIN."""
    came = [one for one in mails if one.way is Way.IN and one.other.lower() == address.lower()]
    return bool(came) and came[-1].letter.is_last


def said_in(mails: Iterable[KeptMail], shown: Conversation, note: Note) -> str:
    """What a search looks through, folded (MSG-07)."""
    other = shown.correspondent
    words = [shown.subject, other.name, other.organization or "", other.address]
    for one in mails:
        words += [one.letter.subject, one.letter.text, one.letter.display, one.by_name]
        words += [*one.titles, *(file.name for file in one.letter.attached)]
    if note.draft is not None:
        words += [note.draft.subject, note.draft.text]
    return fold(" ".join(words))
