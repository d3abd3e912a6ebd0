"""The stored queries of ITI-18 and their parameters (ITI TF-2 3.18.4.1.2.3.7, XDS.md section 6)."""

from collections.abc import Mapping

from msgspec import Struct

ENTRY, SET = "$XDSDocumentEntry", "$XDSSubmissionSet"
STATUS, TYPE, LOGICAL_ID = f"{ENTRY}Status", f"{ENTRY}Type", f"{ENTRY}LogicalID"
ENTRY_UUID, UNIQUE_ID = f"{ENTRY}EntryUUID", f"{ENTRY}UniqueId"
ENTRY_PATIENT, SET_PATIENT, FOLDER_PATIENT = (
    f"{ENTRY}PatientId",
    f"{SET}PatientId",
    "$XDSFolderPatientId",
)
ANY_PATIENT = "$patientId"
PATIENTS = (ENTRY_PATIENT, SET_PATIENT, FOLDER_PATIENT, ANY_PATIENT)
SET_STATUS, SET_UUID, SET_UNIQUE_ID = f"{SET}Status", f"{SET}EntryUUID", f"{SET}UniqueId"
UUID, KINDS = "$uuid", "$AssociationTypes"
REFERENCES = f"{ENTRY}ReferenceIdList"
AUTHOR, SET_AUTHOR = f"{ENTRY}AuthorPerson", f"{SET}AuthorPerson"
EVENTS, CONFIDENTIALITY, FORMAT = (
    f"{ENTRY}EventCodeList",
    f"{ENTRY}ConfidentialityCode",
    f"{ENTRY}FormatCode",
)
CONTENT_TYPE, SOURCE_ID = f"{SET}ContentType", f"{SET}SourceId"
SUBMITTED = f"{SET}SubmissionTime"
CODES = (
    f"{ENTRY}ClassCode",
    f"{ENTRY}TypeCode",
    f"{ENTRY}PracticeSettingCode",
    f"{ENTRY}HealthcareFacilityTypeCode",
    EVENTS,
    CONFIDENTIALITY,
    FORMAT,
)
TIMES = (f"{ENTRY}CreationTime", f"{ENTRY}ServiceStartTime", f"{ENTRY}ServiceStopTime")
BOUNDS = tuple(f"{time}{end}" for time in (*TIMES, SUBMITTED) for end in ("From", "To"))
CODED = frozenset({*CODES, CONTENT_TYPE})
REPEATED = frozenset({EVENTS, CONFIDENTIALITY, REFERENCES})
"""A second Slot of the same name is one condition more; of any other parameter it is an error."""
SINGLE = frozenset({*BOUNDS, *PATIENTS, SET_AUTHOR})
"""What takes one value, in every query that has it."""
FILTERS = (TYPE, AUTHOR, *CODES, *BOUNDS[:6])


class StoredQuery(Struct, frozen=True, kw_only=True):
    """`required` parameters, and `one_of`: exactly one of these. `single` take one value here."""

    name: str
    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    single: tuple[str, ...] = ()

    @property
    def known(self) -> frozenset[str]:
        return frozenset({*self.required, *self.one_of, *self.optional, *PATIENTS})


FOUND_BY = (ENTRY_UUID, UNIQUE_ID)
FOLDER_ID = ("$XDSFolderEntryUUID", "$XDSFolderUniqueId", "$XDSFolderLogicalID")

QUERIES: Mapping[str, StoredQuery] = {
    "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d": StoredQuery(
        name="FindDocuments", required=(STATUS,), optional=FILTERS
    ),
    "urn:uuid:12941a89-e02e-4be5-967c-ce4bfc8fe492": StoredQuery(
        name="FindDocumentsByReferenceId", required=(STATUS, REFERENCES), optional=FILTERS
    ),
    "urn:uuid:f26abbcb-ac74-4422-8a30-edb644bbc1a9": StoredQuery(
        name="FindSubmissionSets",
        required=(SET_STATUS,),
        optional=(SOURCE_ID, *BOUNDS[6:], SET_AUTHOR, CONTENT_TYPE),
    ),
    "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4": StoredQuery(
        name="GetDocuments", one_of=(*FOUND_BY, LOGICAL_ID)
    ),
    "urn:uuid:51224314-5390-4169-9b91-b1980040715a": StoredQuery(
        name="GetSubmissionSets", required=(UUID,)
    ),
    "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155": StoredQuery(
        name="GetAssociations", required=(UUID,)
    ),
    "urn:uuid:bab9529a-4a10-40b3-a01f-f68a615d247a": StoredQuery(
        name="GetDocumentsAndAssociations", one_of=FOUND_BY
    ),
    "urn:uuid:e8e3cb2c-e39c-46b9-99e4-c12f57260b83": StoredQuery(
        name="GetSubmissionSetAndContents",
        one_of=(SET_UUID, SET_UNIQUE_ID),
        optional=(FORMAT, CONFIDENTIALITY, TYPE),
        single=(SET_UUID, SET_UNIQUE_ID),
    ),
    "urn:uuid:d90e5407-b356-4d91-a89f-873917b4b0e6": StoredQuery(
        name="GetRelatedDocuments",
        required=(KINDS,),
        one_of=FOUND_BY,
        optional=(TYPE,),
        single=FOUND_BY,
    ),
    "urn:uuid:10b545ea-725c-446d-9b95-8aeb444eddf3": StoredQuery(
        name="GetAll",
        required=(STATUS, SET_STATUS, "$XDSFolderStatus"),
        optional=(FORMAT, CONFIDENTIALITY, TYPE),
    ),
    "urn:uuid:958f3006-baad-4929-a4de-ff1114824431": StoredQuery(
        name="FindFolders", required=("$XDSFolderStatus",)
    ),
    "urn:uuid:5737b14c-8a1a-4539-b659-e03a34a5e1e4": StoredQuery(
        name="GetFolders", one_of=FOLDER_ID
    ),
    "urn:uuid:b909a503-523d-4517-8acf-8e5834dfc4c7": StoredQuery(
        name="GetFolderAndContents", one_of=FOLDER_ID[:2]
    ),
    "urn:uuid:10cae35a-c7f9-4cf5-b61e-fc3278ffb578": StoredQuery(
        name="GetFoldersForDocument", one_of=FOUND_BY, single=FOUND_BY
    ),
}
"""Those of one patient. We keep no folder: the last four find nothing (XDS.md section 6)."""
