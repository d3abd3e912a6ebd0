"""The nine rubriques: their words, where they stand, and which entries are in them."""

from dataclasses import dataclass

from gateway.records.entries.kind import DIRECTIVES, WISHES, EntryKind

LIST, SCREEN = "list", "screen"
"""POL-14: the words of the guide's list, or of its screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubrique:
    """`slug` is its place under the profile, "" where another room shows it: at `room`, beside the
    profile. `none` are the words that there is nothing to add, `papers` the types of the documents
    that it names (PRO-04)."""

    slug: str
    title: str
    room: str = ""
    on_screen: str = ""
    kinds: tuple[EntryKind, ...] = ()
    none: str = ""
    papers: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What a form calls it."""
        return self.slug or self.room.lstrip("/")

    @property
    def none_of_another(self) -> str:
        return self.none.replace("Je n'ai pas", "Pas")

    def words(self, wording: str) -> str:
        return (self.on_screen or self.title) if wording == SCREEN else self.title


ILLNESSES = Rubrique(
    slug="maladies",
    title="Maladies et sujets de santé",
    kinds=(EntryKind.CONDITION,),
    none="Je n'ai pas de maladie ni de sujet de santé à ajouter",
)
AROUND = Rubrique(
    slug="entourage",
    title="Entourage et volontés",
    kinds=(
        EntryKind.CONTACT,
        EntryKind.TRUSTED_PERSON,
        EntryKind.DIRECTIVES,
        EntryKind.ORGAN_DONATION,
    ),
    papers=(WISHES, DIRECTIVES),
)
RUBRIQUES: tuple[Rubrique, ...] = (
    ILLNESSES,
    Rubrique(
        slug="soins",
        title="Historique de soin",
        on_screen="Historique de soins",
        papers=("REMB",),
    ),
    AROUND,
    Rubrique(
        slug="allergies",
        title="Allergies",
        kinds=(EntryKind.ALLERGY,),
        none="Je n'ai pas d'allergie à ajouter",
    ),
    Rubrique(
        slug="traitements",
        title="Traitements",
        kinds=(EntryKind.MEDICATION,),
        none="Je n'ai pas de traitement à ajouter",
    ),
    Rubrique(
        slug="",
        room="/vaccination",
        title="Vaccination",
        on_screen="Vaccinations",
        kinds=(EntryKind.IMMUNIZATION,),
    ),
    Rubrique(
        slug="hospitalisations",
        title="Hospitalisations et chirurgies",
        kinds=(EntryKind.HOSPITALISATION,),
        none="Je n'ai pas d'hospitalisation ni de chirurgie à ajouter",
    ),
    Rubrique(slug="", title="Mesures", kinds=(EntryKind.MEASURE,), room="/mesures"),
    Rubrique(
        slug="antecedents-familiaux",
        title="Antécédents familiaux",
        kinds=(EntryKind.FAMILY_HISTORY,),
        none="Je n'ai pas d'antécédent familial à ajouter",
    ),
)
ABOUT_ME = Rubrique(
    slug="informations-personnelles",
    title="Mes informations personnelles",
    kinds=(EntryKind.ABOUT_ME,),
)
"""PRO-08: beside the nine."""
SHOWN = {one.slug: one for one in (*RUBRIQUES, ABOUT_ME) if one.slug}
OF_KIND = {kind: one for one in (*RUBRIQUES, ABOUT_ME) for kind in one.kinds}
ADD = {
    EntryKind.CONDITION: "Ajouter une maladie ou un sujet de santé",
    EntryKind.ALLERGY: "Ajouter une allergie",
    EntryKind.MEDICATION: "Ajouter un traitement",
    EntryKind.HOSPITALISATION: "Ajouter une hospitalisation ou une chirurgie",
    EntryKind.FAMILY_HISTORY: "Ajouter un antécédent familial",
    EntryKind.CONTACT: "Ajouter un contact",
    EntryKind.TRUSTED_PERSON: "Ajouter une personne de confiance",
    EntryKind.DIRECTIVES: "Écrire mes directives anticipées",
    EntryKind.ORGAN_DONATION: "Noter mon souhait sur le don d'organes",
    EntryKind.ABOUT_ME: "Compléter mes informations",
}
"""Kinds that these pages write."""
ADD_FOR_ANOTHER = ADD | {
    EntryKind.DIRECTIVES: "Écrire des directives anticipées",
    EntryKind.ORGAN_DONATION: "Noter un souhait sur le don d'organes",
    EntryKind.ABOUT_ME: "Compléter ces informations",
}
"""Said to who is not the holder of the profile, as `none_of_another` (PAGES section 2, rule 4)."""
HEADINGS = {
    EntryKind.CONTACT: "Contacts",
    EntryKind.TRUSTED_PERSON: "Personne de confiance",
    EntryKind.DIRECTIVES: "Directives anticipées",
    EntryKind.ORGAN_DONATION: "Don d'organes",
}
"""Of the kinds of a rubrique that has several."""
