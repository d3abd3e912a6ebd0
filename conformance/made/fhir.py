"""MHD bundles of PDSm shape: SubmissionSet, DocumentReferences, Binaries (FHIR R4)."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from conformance.made.cda import Paper
from conformance.made.serial import Serial

Json = dict[str, Any]
NOS = "https://mos.esante.gouv.fr/NOS"
PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition"
MHD = "https://profiles.ihe.net/ITI/MHD"
AT = "2026-01-15T10:15:00+01:00"
PRACTITIONER, ORGANIZATION = "urn:oid:1.2.250.1.71.4.2.1", "urn:oid:1.2.250.1.71.4.2.2"


@dataclass
class Transaction:
    """ITI-65 as parts that a check may change before `raw` writes them."""

    submission: Json
    references: list[Json]
    binaries: list[Json]
    urls: list[str]
    extra: list[Json] = field(default_factory=list)

    def bundle(self) -> Json:
        resources = [self.submission, *self.references, *self.binaries]
        entries = [
            {"fullUrl": url, "resource": one, "request": {"method": "POST", "url": kind(one)}}
            for url, one in zip(self.urls, resources, strict=False)
            if one
        ]
        profile = f"{PDSM}/pdsm-comprehensive-provide-document-bundle"
        return {
            "resourceType": "Bundle",
            "meta": {"profile": [profile]},
            "type": "transaction",
            "entry": [*entries, *self.extra],
        }

    def raw(self) -> bytes:
        return json.dumps(self.bundle(), ensure_ascii=False).encode()

    @property
    def attachment(self) -> Json:
        """Of the first document."""
        found: Json = self.references[0]["content"][0]["attachment"]
        return found


def kind(resource: Json) -> str:
    return str(resource["resourceType"])


def coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def transaction(*papers: Paper, serial: Serial) -> Transaction:
    """One submission of these documents, all of one patient."""
    urls = [f"urn:uuid:{serial.uuid()}" for _ in range(1 + 2 * len(papers))]
    documents, bodies = urls[1 : 1 + len(papers)], urls[1 + len(papers) :]
    return Transaction(
        submission=submission_set(papers[0], documents, serial),
        references=[reference(one, url) for one, url in zip(papers, bodies, strict=True)],
        binaries=[binary(one.cda()) for one in papers],
        urls=urls,
    )


def submission_set(paper: Paper, documents: list[str], serial: Serial) -> Json:
    source = {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:1.2.250.1.71.4.2.2.{paper.house}"}
    designation = coded(f"{NOS}/TRE_A00-ProducteurDocNonPS/FHIR/TRE-A00-ProducteurDocNonPS", "07")
    extensions = [
        ("ihe-designationType", {"valueCodeableConcept": designation}),
        ("ihe-sourceId", {"valueIdentifier": source}),
    ]
    unique = {"use": "usual", "system": "urn:ietf:rfc:3986", "value": f"urn:oid:{serial.oid()}"}
    return {
        "resourceType": "List",
        "meta": {"profile": [f"{PDSM}/pdsm-submissionset-comprehensive"]},
        "extension": [
            {"url": f"{MHD}/StructureDefinition/{name}"} | value for name, value in extensions
        ],
        "contained": [author(paper)],
        "identifier": [unique],
        "status": "current",
        "mode": "working",
        "code": coded(f"{MHD}/CodeSystem/MHDlistTypes", "submissionset"),
        "subject": subject(paper),
        "date": AT,
        "source": {"reference": "#author"},
        "entry": [{"item": {"reference": url}} for url in documents],
    }


def author(paper: Paper) -> Json:
    return {
        "resourceType": "Practitioner",
        "id": "author",
        "identifier": [{"system": PRACTITIONER, "value": paper.author}],
        "name": [{"family": "TESTEUR", "given": ["Lou"]}],
    }


def subject(paper: Paper) -> Json:
    return {"identifier": {"system": f"urn:oid:{paper.who.oid}", "value": paper.who.ins}}


def source_patient(paper: Paper) -> Json:
    who = paper.who
    return {
        "resourceType": "Patient",
        "id": "source",
        "identifier": [{"system": f"urn:oid:{who.oid}", "value": who.ins}],
        "name": [{"use": "official", "family": who.family, "given": [who.given]}],
        "gender": {"M": "male", "F": "female"}.get(who.sex, "unknown"),
        "birthDate": f"{who.birth[:4]}-{who.birth[4:6]}-{who.birth[6:]}",
    }


def reference(paper: Paper, url: str) -> Json:
    """A DocumentReference of PDSm Comprehensive whose attachment is elsewhere in the bundle."""
    house = {
        "resourceType": "Organization",
        "id": "house",
        "identifier": [{"system": ORGANIZATION, "value": paper.house}],
        "name": "Laboratoire fictif",
    }
    formats = f"{NOS}/TRE_A11-IheFormatCode/FHIR/TRE-A11-IheFormatCode"
    made: Json = {
        "resourceType": "DocumentReference",
        "meta": {"profile": [f"{PDSM}/pdsm-comprehensive-document-reference"]},
        "contained": [author(paper), house, source_patient(paper)],
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{paper.id}"},
        "status": "current",
        "type": {"coding": [{"system": "http://loinc.org", "code": paper.type}]},
        "category": [coded(f"{NOS}/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument", "10")],
        "subject": subject(paper),
        "date": AT,
        "author": [{"reference": "#author"}],
        "authenticator": {"reference": "#author"},
        "custodian": {"reference": "#house"},
        "securityLabel": [
            coded("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", paper.confidentiality)
        ],
        "content": [
            {
                "attachment": attachment(paper, url),
                "format": {"system": formats, "code": "urn:ihe:lab:xd-lab:2008"},
            }
        ],
        "context": context(),
    }
    return made


def attachment(paper: Paper, url: str) -> Json:
    body = paper.cda()
    return {
        "contentType": "application/xml",
        "language": "fr-FR",
        "url": url,
        "size": len(body),
        "hash": base64.b64encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode(),
        "title": paper.title,
        "creation": AT,
    }


def context() -> Json:
    facility = coded(f"{NOS}/TRE_R02-SecteurActivite/FHIR/TRE-R02-SecteurActivite", "SA25")
    setting = coded(f"{NOS}/TRE_A01-CadreExercice/FHIR/TRE-A01-CadreExercice", "AMBULATOIRE")
    return {
        "period": {"start": "2026-01-15T08:15:00+01:00"},
        "facilityType": facility,
        "practiceSetting": setting,
        "sourcePatientInfo": {"reference": "#source"},
    }


def binary(body: bytes) -> Json:
    return {
        "resourceType": "Binary",
        "contentType": "application/xml",
        "data": base64.b64encode(body).decode(),
    }


def simplified(paper: Paper) -> Json:
    """ITI-105: the document itself in `data`, one resource."""
    made = reference(paper, "")
    inline = made["content"][0]["attachment"]
    del inline["url"]
    inline["data"] = base64.b64encode(paper.cda()).decode()
    made["meta"] = {"profile": [f"{PDSM}/pdsm-simplified-publish"]}
    return made
