"""What a patient files his own documents under: a typeCode follows from it (VAULT DOC-06)."""

from gateway.mapping.labels import LABEL_TEXTS
from gateway.records.documents.document import Label

ADMINISTRATIVE = "DOCPAT09"
SYNTHESIS = "DOCPAT08"
"""« Synthèse de mon profil médical », which the space makes and files (VAULT PRO-05)."""
PAPERS_SHELF, PAPERS_TEXT = "DOC_ADM", "Pièces administratives"
"""The shelf beside the eight labels, and what it is called."""
CATEGORIES = {label.value: text for label, text in LABEL_TEXTS.items()} | {
    PAPERS_SHELF: PAPERS_TEXT
}
"""The nine that a page offers to everybody; SYNTH_PML, QUEST_SANTE and REMB are nobody's to choose
(L J2)."""
DIRECTIVES, DIRECTIVES_TEXT = "DIRECTIVES", "Directives anticipées"
"""Which an adult alone files, in the own space (VAULT PRO-06, REP-12)."""
TYPE_OF = {
    Label.SYNTHESE.value: "DOCPAT01",
    Label.ORD_SOIN.value: "DOCPAT02",
    Label.CPT_REND.value: "DOCPAT03",
    Label.RADIO_SC.value: "DOCPAT04",
    Label.BIOLOGIE.value: "DOCPAT05",
    Label.DEPISTAG.value: "DOCPAT06",
    Label.CERT_MED.value: "DOCPAT07",
    Label.AUTR_DOC.value: "EXPPAT_2",
    PAPERS_SHELF: ADMINISTRATIVE,
    DIRECTIVES: "EXPPAT_3",
}
CATEGORY_OF = {code: category for category, code in TYPE_OF.items()}
PAPER_SYSTEM = "urn:passerelle:piece"
PAPERS = {
    "carte-vitale": "Carte Vitale",
    "attestation": "Attestation d'assurance maladie",
    "mutuelle": "Carte de mutuelle",
    "identite": "Pièce d'identité",
    "autre": "Autre",
}
"""The kinds of an administrative paper, in a system of codes of ours."""
