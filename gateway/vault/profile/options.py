"""The words of the closed lists in the forms of the profile."""

from collections.abc import Mapping
from enum import Enum

from gateway.records.entries.around import ContactGroup, Language, Link, Wish
from gateway.records.entries.medical import (
    AllergyCategory,
    ConditionCategory,
    Relation,
    Severity,
)

Options = Mapping[Enum, str]
CATEGORIES: Options = {
    ConditionCategory.CONDITION: "Maladie ou sujet de santé",
    ConditionCategory.BLOOD_GROUP: "Groupe sanguin",
    ConditionCategory.DISABILITY: "Handicap",
}
ALLERGIES: Options = {
    AllergyCategory.MEDICATION: "médicament",
    AllergyCategory.FOOD: "aliment",
    AllergyCategory.OTHER: "autre",
}
SEVERITIES: Options = {
    Severity.MILD: "légère",
    Severity.MODERATE: "modérée",
    Severity.SEVERE: "sévère",
}
RELATIONS: Options = {
    Relation.MOTHER: "mère",
    Relation.FATHER: "père",
    Relation.SISTER: "sœur",
    Relation.BROTHER: "frère",
    Relation.MATERNAL_GRANDMOTHER: "grand-mère maternelle",
    Relation.MATERNAL_GRANDFATHER: "grand-père maternel",
    Relation.PATERNAL_GRANDMOTHER: "grand-mère paternelle",
    Relation.PATERNAL_GRANDFATHER: "grand-père paternel",
    Relation.DAUGHTER: "fille",
    Relation.SON: "fils",
    Relation.AUNT: "tante",
    Relation.UNCLE: "oncle",
    Relation.OTHER: "autre",
}
LINKS: Options = {
    Link.MOTHER: "mère",
    Link.FATHER: "père",
    Link.CHILD: "enfant",
    Link.SPOUSE: "conjoint",
    Link.GUARDIAN: "tuteur",
    Link.OTHER: "autre",
}
GROUPS: Options = {
    ContactGroup.EMERGENCY: "Contact d'urgence",
    ContactGroup.CAREGIVER: "Proche aidant",
    ContactGroup.CARED_FOR: "Proche aidé",
    ContactGroup.PROFESSIONAL: "Professionnel qui me suit",
}
WISHES: Options = {
    Wish.FOR: "Je souhaite donner mes organes",
    Wish.SAID_TO_RELATIVES: "J'ai dit mon souhait à mes proches",
    Wish.AGAINST: "Je ne souhaite pas donner mes organes",
}
LANGUAGES: Options = {
    Language.FRENCH: "français",
    Language.ENGLISH: "anglais",
    Language.ARABIC: "arabe",
    Language.SPANISH: "espagnol",
    Language.PORTUGUESE: "portugais",
    Language.TURKISH: "turc",
    Language.SIGN_LANGUAGE: "langue des signes française",
    Language.OTHER: "autre",
}
