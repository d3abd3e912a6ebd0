"""ITI-57: what a request says of what stands is held against it (XDS.md section 7)."""

import pytest
from dmp_update import availability
from reading_twins import NOW
from update_twins import ONE, OPERATION, SHA1, SLOTS, VERSION, Ward, version, ward_of

from gateway.records.documents.shelved import DocumentStatus


@pytest.fixture
def ward() -> Ward:
    return ward_of()


@pytest.mark.parametrize(
    ("changes", "before"),
    [
        ({"archived_at": NOW}, "Approved"),
        ({}, "Archived"),
        ({"status": DocumentStatus.WITHDRAWN}, "Approved"),
        ({"status": DocumentStatus.SUPERSEDED}, "Approved"),
    ],
)
async def test_the_original_status_is_the_one_that_stands(
    ward: Ward, changes: dict[str, object], before: str
) -> None:
    ward.put(ONE, **changes)
    assert await ward.send(availability(ONE, before, "Deleted")) == [OPERATION]


async def test_a_version_follows_the_current_one(ward: Ward) -> None:
    ward.put(metadata_version=3)
    assert await ward.send(version("N", "MASQUE_PS", previous="2")) == [VERSION]
    assert await ward.send(version("N", "MASQUE_PS", previous="3")) == []
    ward.put(status=DocumentStatus.SUPERSEDED)
    assert await ward.send(version("N"), lot="1.2.4") == ["XDSMetadataUpdateError"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unique_id": "1.2.9"}, "XDSMetadataIdentifierError"),
        ({"ins": "2"}, "XDSPatientIDReconciliationError"),
        ({"slots": SLOTS | {"hash": "0" * 40}}, "UnmodifiableMetadataError"),
        ({"slots": SLOTS | {"size": "11"}}, "UnmodifiableMetadataError"),
        ({"slots": SLOTS | {"repositoryUniqueId": "1.2"}}, "UnmodifiableMetadataError"),
        ({"slots": {"hash": SHA1}}, "XDSRegistryMetadataError"),
        (
            {"slots": SLOTS | {"sourcePatientId": "9^^^&amp;1.2&amp;ISO^PI"}},
            "UnmodifiableMetadataError",
        ),
        ({"slots": SLOTS | {"languageCode": "de-DE"}}, "UnmodifiableMetadataError"),
        ({"attributes": {"mimeType": "text/plain"}}, "UnmodifiableMetadataError"),
    ],
)
async def test_nothing_but_the_codes_may_change(
    ward: Ward, changes: dict[str, object], code: str
) -> None:
    assert await ward.send(version("N", "MASQUE_PS", **changes)) == [code]
    assert ward.card().codes == ("N",)
