"""availabilityStatus: what its sender no longer holds for valid is not filed without a word."""

from dataclasses import replace

import pytest
from xdm_sample import (
    AT,
    EDITOR,
    METADATA,
    NOTE,
    SUBMISSION,
    archive,
    edited,
    members,
    understood,
    zipped,
)

from gateway.mapping.xdm.write import pack
from gateway.records.documents.document import Action
from gateway.records.intake.finding import Severity, Verdict
from gateway.records.intake.understanding import Understanding

STATUS = "urn:oasis:names:tc:ebxml-regrep:StatusType:"
KIND = "urn:oasis:names:tc:ebxml-regrep:AssociationType:RPLC"


def with_status(status: str, raw: bytes | None = None) -> bytes:
    files = members(raw or archive())
    text = files[METADATA].decode()
    entry = text.index("<rim:ExtrinsicObject")
    changed = text[:entry] + text[entry:].replace(f'status="{STATUS}Approved"', status, 1)
    return zipped(files | {METADATA: changed.encode()})


def statuses(answer: Understanding) -> list[tuple[str, Severity, str]]:
    return [(one.code, one.severity, one.where) for one in answer.findings if "status-" in one.code]


@pytest.mark.parametrize(
    "status",
    [f'status="{STATUS}Approved"', f'status="{STATUS}Submitted"', 'status="Approved"', ""],
)
def test_what_is_in_force_or_new_needs_no_remark(status: str) -> None:
    answer = understood(with_status(status))
    assert (answer.verdict, statuses(answer)) == (Verdict.ACCEPT, [])


def test_a_deprecated_document_waits_for_a_person() -> None:
    answer = understood(with_status(f'status="{STATUS}Deprecated"'))
    place = "DOC0001.XML: availabilityStatus"
    assert answer.verdict is Verdict.HOLD
    assert statuses(answer) == [("status-not-current", Severity.WARNING, place)]


def test_a_deleted_document_is_refused() -> None:
    answer = understood(with_status('status="urn:asip:ci-sis:2010:StatusType:Deleted"'))
    assert answer.verdict is Verdict.REFUSE
    assert statuses(answer)[0][:2] == ("status-not-current", Severity.ERROR)


@pytest.mark.parametrize("status", ["Deleted", "Deprecated"])
def test_one_that_is_to_be_deleted_may_say_so(status: str) -> None:
    gone = archive(b"Bonjour", replace(NOTE, action=Action.DELETE))
    answer = understood(with_status(f'status="{STATUS}{status}"', gone))
    assert statuses(answer) == []


@pytest.mark.parametrize("status", ["urn:asip:ci-sis:2010:StatusType:Archived", "Old"])
def test_another_status_is_not_kept_and_told(status: str) -> None:
    answer = understood(with_status(f'status="{status}"'))
    assert answer.verdict is Verdict.ACCEPT
    assert statuses(answer)[0][:2] == ("status-not-kept", Severity.WARNING)


def test_a_version_that_came_with_its_successor_is_filed_as_the_earlier_one() -> None:
    previous = replace(NOTE, unique_id="1.2.250.1.999.1.8")
    raw = pack([(previous, b"a"), (NOTE, b"b")], SUBMISSION, editor=EDITOR, at=AT)
    files = members(with_status(f'status="{STATUS}Deprecated"', raw))
    ids = [part.split('"')[0] for part in files[METADATA].decode().split('targetObject="')[1:]]
    link = (
        f'<rim:Association id="r1" associationType="{KIND}" sourceObject="{ids[1]}"'
        f' targetObject="{ids[0]}"/></rim:RegistryObjectList>'
    )
    answer = understood(edited(files, "</rim:RegistryObjectList>", link))
    assert answer.verdict is Verdict.ACCEPT
    assert statuses(answer)[0][:2] == ("status-not-current", Severity.INFO)
