"""One of several daemons on one database, as a patient and a physician see it."""

from dataclasses import dataclass, replace

from daemon_rig import Daemon, Visitor
from papers import Person, report

from gateway.records.patients.account import Professional

ACCESS = "/parametres/acces"
DOCTOR = Professional(
    id="899900000026",
    name="Dr Paul Weber",
    profession="G15_10",
    specialty="SM40",
    organization="1690000018",
    organization_name="Centre hospitalier de la Passerelle",
)
SECRETS = {"patient": "session-of-the-patient", "professional": "session-of-dr-weber"}


@dataclass(frozen=True, kw_only=True)
class Node:
    """`record` is the patient's name inside; both are signed in already."""

    daemon: Daemon
    who: Person
    token: str
    record: str
    document: str = ""

    @property
    def patient(self) -> Visitor:
        return Visitor(self.daemon, {"session": SECRETS["patient"]})

    @property
    def doctor(self) -> Visitor:
        return Visitor(self.daemon, {"session": SECRETS["professional"]})

    def at(self, document: str) -> "Node":
        return replace(self, document=document)

    def choose(self, act: str, **fields: str) -> None:
        self.patient.fill(ACCESS, f"{ACCESS}/{act}", expects=303, **fields)

    def agree(self) -> None:
        self.choose("accord", pour="professionnel", id=DOCTOR.id)

    def take_back(self) -> None:
        self.choose("retrait", pour="professionnel", id=DOCTOR.id)

    def agree_with_team(self) -> None:
        self.choose("accord", pour="etablissement", id=DOCTOR.organization or "")

    def block(self) -> None:
        self.choose("blocage", professionnel=DOCTOR.id, bloque="oui")

    def unblock(self) -> None:
        self.choose("blocage", professionnel=DOCTOR.id, bloque="non")

    def treat(self) -> None:
        self.choose("traitant", medecin=DOCTOR.id)

    def treat_no_more(self) -> None:
        self.choose("traitant", medecin="")

    def open_emergency(self) -> None:
        self.choose("urgence", samu="oui", professionnels="oui")

    def shut_emergency(self) -> None:
        self.choose("urgence", samu="", professionnels="")

    def mask_new(self) -> None:
        self.choose("nouveaux", visibles="")

    def show_new(self) -> None:
        self.choose("nouveaux", visibles="oui")

    def mask(self) -> None:
        self._show("oui")

    def unmask(self) -> None:
        self._show("non")

    def hide(self) -> None:
        self._hide("oui")

    def hide_no_more(self) -> None:
        self._hide("non")

    def _hide(self, hidden: str) -> None:
        place = f"{ACCESS}/documents"
        whom = {"documents": self.document, "lecteur": f"p:{DOCTOR.id}", "masque": hidden}
        self.patient.fill(place, place, expects=303, etape="enregistrer", **whom)

    def _show(self, masked: str) -> None:
        page = f"/documents/{self.document}"
        self.patient.fill(page, f"{page}/visibilite", masque=masked)

    def file(self) -> str:
        """A new document through this node."""
        reply = self.daemon.post(report(self.who).document(), token=self.token)
        assert reply.status == 201, reply.body
        return str(reply.json["documents"][0]["id"])

    @property
    def sees(self) -> bool:
        """One request of the physician, here and now."""
        reply = self.doctor.get(f"/pro/patients/{self.record}")
        assert reply.status == 200, reply.body[:300]
        return f"/pro/documents/{self.document}" in reply.body.decode()

    def knocks(self, *, opens: bool) -> None:
        """The physician at the emergency door, which he shuts behind him."""
        record = f"/pro/patients/{self.record}"
        door, status = f"{record}/urgence", 303 if opens else 403
        self.doctor.fill(door, door, expects=status, motif="coma", incapable="oui")
        if opens:
            self.doctor.fill(record, f"{door}/fin")
