"""Published requirements that the kit knows and does not try, each with its reason."""

from conformance.requirement import Level, Outcome, Requirement, Status, Volet

SHALL, SHOULD = Level.SHALL, Level.SHOULD


def row(
    name: str, volet: Volet, level: Level, title: str, source: str, because: str
) -> tuple[Requirement, str]:
    fix = "Show it by another means than this kit."
    return Requirement(
        id=name, volet=volet, title=title, source=source, fix=fix, level=level
    ), because


VOLET_HL7 = "CI-SIS, Transmission de document(s) CDA-R2 en HL7v2 2.1"
UNCHECKED = (
    row(
        "MLLP-90", Volet.MLLP, SHALL,
        "Nodes authenticate each other by certificate", "IHE ITI TF-2, 3.19 (ATNA, ITI-19)",
        "needs certificates of two authorities; give mllps:// to run the other checks over TLS",
    ),
    row(
        "TDC-90", Volet.CDA_HL7V2, SHALL,
        "The answer of the DMP comes back as ZAM^Z01", f"{VOLET_HL7}, accusés métier",
        "needs a listener of the sender that the target is set up to call",
    ),
    row(
        "TDC-91", Volet.CDA_HL7V2, SHALL,
        "Each delivery notice comes back as ZAM^Z02, each reading as ZAM^Z03",
        f"{VOLET_HL7}, accusés métier",
        "needs a mail server of a recipient that the kit would have to be",
    ),
    row(
        "TDC-92", Volet.CDA_HL7V2, SHALL,
        "Recipients come from PRT, never from informationRecipient of the CDA",
        f"{VOLET_HL7}, destinataires", "needs a look at the mail that leaves",
    ),
    row(
        "TDC-93", Volet.CDA_HL7V2, SHALL,
        "The literal matrix of mail routing refuses every other combination",
        f"{VOLET_HL7}, règles de routage",
        "refuses the examples that the same publication gives; its sure rules are checked",
    ),
    row(
        "PAM-90", Volet.IDENTITY, SHALL,
        "ZFA-9 IO stops deposits, INO allows them again", "PAM.fr 2.11, ZFA",
        "would change the consent of the patient, and leave it so if the run ends early",
    ),
    row(
        "CDA-90", Volet.CDA, SHALL,
        "The document passes the schematrons of its volet", "ANS, TestContenuCDA-3-0",
        "no licence to ship them with the kit; the gateway's duty is the header",
    ),
    row(
        "CDA-91", Volet.CDA, SHALL,
        "The document is valid against CDA_extended.xsd", "HL7 CDA R2, schemas",
        "parts of the schema set have no licence of their own",
    ),
    row(
        "CDA-92", Volet.CDA, SHALL,
        "typeCode, specialty and setting are of their value sets (JDV_J07, J01, J04)",
        "CI-SIS, jeux de valeurs", "the sets change often; a check would need today's files",
    ),
    row(
        "FHIR-90", Volet.FHIR, SHALL,
        "Resources are valid against the profiles PDSm", "CI-SIS PDSm 3.1, StructureDefinitions",
        "nine constraints of the guide have no FHIRPath; use a FHIR validator beside the kit",
    ),
    row(
        "FHIR-91", Volet.FHIR, SHOULD,
        "Every access leaves an AuditEvent (ITI-20)", "IHE BALP; CI-SIS TDE 2.0",
        "needs a reader of the audit repository",
    ),
    row(
        "MSS-CONF.01", Volet.MAIL, SHALL,
        "TLS 1.2 at least, with the listed suites",
        "Référentiel socle MSSanté #2, CONF.01, ECO.1.1.3",
        "use a TLS scanner: a client of one suite cannot tell which others are taken",
    ),
    row(
        "MSS-ECO.1.1.6", Volet.MAIL, SHALL,
        "Revoked certificates are refused", "Référentiel socle MSSanté #2, ECO.1.1.5 and 1.1.6",
        "needs an authority of IGC-Santé that revokes",
    ),
    row(
        "MSS-LB", Volet.MAIL, SHALL,
        "Only domains of the white list may send", "MSSanté, liste blanche",
        "the kit has no second domain whose absence from the list is certain",
    ),
    row(
        "MSS-MDN", Volet.MAIL, SHALL,
        "A receipt that was asked for comes back as an MDN",
        "CI-SIS, Transmission au LPS, Structure du MDN 1.1.3",
        "needs a mailbox that the target can reach",
    ),
)  # fmt: skip


def unchecked() -> list[Outcome]:
    return [
        Outcome(requirement=requirement, status=Status.UNCHECKED, saw=because)
        for requirement, because in UNCHECKED
    ]
