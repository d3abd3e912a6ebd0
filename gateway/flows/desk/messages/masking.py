"""What the desk may read of a finding: never what names a person or holds content (PAGES 7).

The sentences of findings are ours and quote nothing on purpose; a place may hold the name of a
file that its sender chose. What looks like a name, a number or a quotation and is no word of the
standards is masked here all the same: codes, positions and lengths stay.
"""

import re

MASK = "●●●"
WORDS = """
    /fhir/DocumentReference 8859/1 8859/15 <5 \\u ^^X.400^address __proto__ ACCESS
    ACK_LECTURE_MSS ACK_RECEPTION_DMP ACK_RECEPTION_MSS Add ADT An Another Answer Appointment
    Approved application/fhir+json application/pdf ASCII Ask At Attach Authentification author's
    Base64 base64 BDL Binary BTS Bundle Bundles CANCEL CDA Check ClinicalDocument COG
    Composition Content-Type ContentNotProcessed Correct CPS Data Declare DELETE Deposit
    Describe device's DICOM Differs DMP Do DOCTYPE Document DocumentEntry DocumentReference
    DocumentReference/id Documents ds:Signature E1762 Each Elements Entries entryUUID Every
    extension^^root^ISO ExtrinsicObject FHIR Folders fr-FR From GET GIF Give HasMember Header
    Held HL7v2 HTTP Id Idempotency-Key Identities IHE_XDM IHE_XDM.ZIP IHE_XDM/SUBSET01 Include
    Infinity Inputs INS INS-C INS@patient.mssante.fr INS^^^&OID&ISO^NH INSERT Internal
    INVISIBLE_PATIENT INVISIBLE_REPRESENTANTS_LEGAUX ISO It Its JPEG JSON KeyInfo Leave Line
    Link Links List LOINC Mailbox Manifest MASQUE_PS MDM Message Message-ID Messages
    METADATA.XML MiB MIME MLLP More MRG MSH MSSanté Name Named NaN Neither Nest No Nobody None
    nonXMLBody Not Nothing NTE NUL OBR OBX OID OIDs One Only Open ORC Organisation ORU ORU^R01
    Other Pack Parameters Part PATCH Patient patient's Patient?identifier PDF PDF/A PDSm Peers
    performer's person's PID PNG POCD_HD000040 POST Post Practitioner prefix:value PRF
    ProvideAndRegisterDocumentSetRequest PRT PUT Put Qualify RCPT RCT Reading Receipts
    RegistryObjectList RegistryPackage Remove Replace REPLY Reply-To Resend Results RPLC RPPS
    RSA R4's RTF Say See Segment Segments Send sender's Several SHA-1 Sign SignedInfo
    SignedProperties SigningCertificate Slot Somebody Something Strict Structures SubmissionSet
    SubmitObjectsRequest SUBSET01 Table Taken Text The There These This TIFF Time TLS Too Traits
    Two TXA Type UCUM UNICODE Unknown Unsupported UPDATE URI URL urn:hl7-org:v3 Use UTC UTF-16
    UTF-8 UUID VALI Version We What Windows-1252 Without Write XHTML XML XPath YYYY YYYY-MM
    YYYY-MM-DD YYYYMMDD yyyymmddhhmmss+hhmm YYYYMMDDHHMMSS+ZZZZ ZAM ZBE ZFA ZIP
"""
KNOWN = frozenset(WORDS.split())
"""Words with a capital or a digit that our own sentences are made of, and the standards'."""
SHAPES = re.compile(
    r"[A-Z][A-Z0-9]{2}(?:\[\d{1,4}\])?-\d{1,2}(?:\.\d{1,2})?"  # a field: OBX[2]-5
    r"|[A-Z]{2}\.\d{1,2}"  # a component: CX.4
    r"|[A-Z]{1,2}\d?|[A-Z]\d{2}"  # a code of a table, an event, a rule
    r"|HL70\d{3}|JDV_J\d{2}"  # a table
    r"|(?:fhir-)?dom-\d|xsd-\d{1,3}|[a-z]+(?:_[a-z]+)+"
    r"|\d{1,4}(?:\.\d{1,2}){0,3}"  # a length, a version
    r"|\d{1,5}-\d|\d(?:\.\d{1,10}){3,}"  # a LOINC code, an OID
    r"|[a-z]{2,}(?:[A-Z][a-z]+)+(?:\.[a-z]+(?:[A-Z][a-z]+)*)*"  # an attribute: typeCode
)
UNITS = (
    "bytes characters entries files header identifiers levels lines members merges messages MiB"
    " objects segments tags"
)
COUNTED = frozenset(UNITS.split())
QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")
TOKEN = re.compile(r"[^\s(),;]+")
EDGES = ".:!?’'"
SPOT = r"-\d{1,3}(?:\.\d{1,3})?"
FIELD = re.compile(rf"[A-Z][A-Z0-9]{{2}}(?:\[\d{{1,6}}\](?:{SPOT})?|{SPOT})")
ALONE = """
    Authorization Content-Encoding Content-Type Idempotency-Key If-None-Exist MIME RCPT
    X-MSS-INS X-MSS-CODECDA application/pdf resourceType type_code
    relatedDocument hash size patientId
    sourcePatientInfo uniqueId typeCode classCode mimeType author confidentialityCode creationTime
    serviceStartTime serviceStopTime submissionTime AL1 BHS BTS DG1 ERR EVN FHS FTS GT1 IN1 MRG MSA
    MSH NK1 NTE OBR OBX ORC PD1 PID PR1 PRT PV1 PV2 ROL SFT SPM TQ1 TXA ZAM ZBE ZFA ZFD ZFM ZFP ZFS
    ZFV
"""
PLACES = frozenset(ALONE.split()) | {"Association RPLC", "RPLC", "VIHF resource-id"}
"""Headers, attributes and segments that stand alone; any other word alone may be a file."""
ROOTS = (
    "AllergyIntolerance Appointment Association Basic Binary Body Bundle ClinicalDocument"
    " Composition Condition Device Document DocumentEntry DocumentReference Encounter"
    " ExtrinsicObject List Location Medication Observation Organization Parameters Patient"
    " Practitioner PractitionerRole"
    " Procedure RegistryObjectList RegistryPackage RelatedPerson Resource Signature SubmissionSet"
)
ROOT = ROOTS.replace(" ", "|")
STEP = r"[A-Za-z@][\w:@-]{0,60}(?:\[\d{1,6}\])?"
ELEMENT = r"[a-z][A-Za-z]{0,60}(?:\[\d{1,6}\])?"
PATH = re.compile(rf"/|//?{STEP}(?:/{STEP})*|(?:{ROOT})(?:\[\d{{1,6}}\])?(?:\.{ELEMENT})*")
SLOT = re.compile(r"urn(?::[A-Za-z]{1,40})+")
ENDINGS = "xml cda pdf zip hl7 txt rtf htm html json jpg jpeg png gif tif tiff dcm p7s xsl css"
ENDING = re.compile(rf"\.(?:{ENDINGS.replace(' ', '|')})\Z", re.IGNORECASE)
"""Of files that people send; behind the last point of another name may stand somebody's."""
FILE = re.compile(r"((?:IHE_XDM/)?(?:SUBSET\d{1,4}/)?)(.+)", re.IGNORECASE | re.DOTALL)
NAMED_BY_IHE = re.compile(r"DOC\d{1,6}|METADATA|INDEX|README", re.IGNORECASE)
FIRST_STEPS = ("/ClinicalDocument", "//")


def masked(sentence: str) -> str:
    """A sentence of a finding with MASK for each word that might be a sender's."""
    words = TOKEN.sub(_word, QUOTED.sub(_quotation, sentence))
    return re.sub(rf"{MASK}(?: {MASK})+", MASK, words)


def _quotation(found: re.Match[str]) -> str:
    return MASK if any(one.isalnum() for one in found[0]) else found[0]


def _word(found: re.Match[str]) -> str:
    text = found[0]
    core = text.strip(EDGES)
    if core == MASK or _is_plain(core) or core in KNOWN or SHAPES.fullmatch(core):
        return text
    behind = found.string[found.end() :].split(maxsplit=1)
    before = found.string[: found.start()].split()
    counted = bool(behind) and behind[0].strip(EDGES) in COUNTED
    if core.isdecimal() and (counted or before[-1:] == ["line"] or before[-1:] == ["(line"]):
        return text
    return text.replace(core, MASK)


def _is_plain(word: str) -> bool:
    """A word of a sentence, which is in lower case, or signs alone."""
    letters = word.replace("-", "")
    return not any(one.isalnum() for one in word) or (letters.isalpha() and letters.islower())


def masked_place(where: str) -> str:
    """Where a finding stands: fields and paths as they are, of a file that its sender named the
    ending alone."""
    return ": ".join(_place(part) for part in where.split(": "))


def _place(part: str) -> str:
    if not part or part in PLACES or FIELD.fullmatch(part) or SLOT.fullmatch(part):
        return part
    ending = ENDING.search(part)
    if ending is None:
        return part if _is_path(part) else MASK
    found = FILE.fullmatch(part[: ending.start()])
    folder, name = (found[1], found[2]) if found else ("", "")
    return f"{folder}{name if NAMED_BY_IHE.fullmatch(name) else MASK}{ending[0]}"


def _is_path(part: str) -> bool:
    """An XPath or FHIRPath; a path of files begins with neither of its roots."""
    if PATH.fullmatch(part) is None:
        return False
    return part == "/" or not part.startswith("/") or part.startswith(FIRST_STEPS)
