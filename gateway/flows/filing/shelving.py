"""What the documents of one intake put on the shelf, take from it, and announce."""

from datetime import datetime

from gateway.access.rules.rule import PATIENT_SIDE
from gateway.flows.filing.consequences import notices
from gateway.flows.filing.judging.versions import Place, hidden_since
from gateway.mapping.labels.doubts import guessed
from gateway.records.documents.document import Action, Document
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Filed, Intake, Known, Shelving, StatusChange
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask


class Shelves:
    """Collects, document by document, in the order in which they are filed."""

    def __init__(self, intake: Intake, patient: PatientKey, *, masked: bool = False) -> None:
        self._intake = intake
        self._patient = patient
        self._masked = masked
        self._filed: dict[int, Filed] = {}
        self.shelvings: list[Shelving] = []
        self.changes: list[StatusChange] = []
        self.tasks: list[NewTask] = []

    @property
    def filed(self) -> tuple[Filed, ...]:
        """In the order of the understanding."""
        return tuple(one for _, one in sorted(self._filed.items()))

    def put(self, index: int, document: Document, place: Place) -> None:
        if place.twin is not None:
            self._filed[index] = self._filed[place.twin]
        elif place.known is not None:
            self._filed[index] = self._answer(place.known.id, document, place.known)
        elif document.action is Action.DELETE:
            self._withdraw(index, document, place)
        else:
            self._shelve(index, document, place)

    def _answer(self, identifier: str, document: Document, known: Known | None = None) -> Filed:
        return Filed(
            id=identifier,
            label=document.label,
            unique_id=document.unique_id,
            type_code=document.type_code,
            at=known.deposited_at if known else self._intake.at,
            known=known is not None,
        )

    def _withdraw(self, index: int, document: Document, place: Place) -> None:
        target = place.target
        assert target is not None  # noqa: S101 - place_of gives a deletion its target or an error
        self._change(target.id, DocumentStatus.WITHDRAWN, None)
        self._filed[index] = self._answer(target.id, document)
        self._tell(document, target.id, target, target.hidden_from)

    def _shelve(self, index: int, document: Document, place: Place) -> None:
        at, identifier = self._intake.at, place.id
        if place.target is not None:
            self._change(place.target.id, DocumentStatus.SUPERSEDED, identifier)
        author = document.authors[0] if document.authors else None
        hidden_from = hidden_since(document, place.target, at)
        self.shelvings.append(
            Shelving(
                index=index,
                id=identifier,
                patient=self._patient,
                document=document,
                deposited_at=at,
                hidden_from=hidden_from,
                organization=(author.organization_id if author else None)
                or self._intake.organization,
                by_patient=self._by_patient,
                guessed=guessed(document),
                masked=self._masked,
            )
        )
        self._filed[index] = self._answer(identifier, document)
        self._tell(document, identifier, place.target, hidden_from)

    def _change(self, identifier: str, status: DocumentStatus, by: str | None) -> None:
        self.changes.append(
            StatusChange(
                id=identifier, patient=self._patient, status=status, by=by, at=self._intake.at
            )
        )

    @property
    def _by_patient(self) -> bool:
        """Brought on the patient's side: by himself, or by who acts for him."""
        depositor = self._intake.depositor
        return depositor is not None and depositor.kind in PATIENT_SIDE

    def _tell(
        self,
        document: Document,
        identifier: str,
        target: Known | None,
        hidden_from: datetime | None,
    ) -> None:
        if self._by_patient:
            return  # own acts make no notice to oneself (VAULT NOT-05)
        announced = target is not None and target.announced_at is not None
        since = None if announced else hidden_from
        told = notices(document.action, identifier, self._patient, self._intake.at, since=since)
        self.tasks += told
