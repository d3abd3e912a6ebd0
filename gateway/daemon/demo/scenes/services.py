"""The demo's catalogue: a service that is listed, one that is suspended, one under examination."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from gateway.access.time import civil_date
from gateway.daemon.rooms.house import House
from gateway.flows.desk.agent import act_of
from gateway.records.catalogue.files import (
    Criterion,
    Judgement,
    Listing,
    ServiceFile,
    ServiceState,
)
from gateway.records.readers.access import Reader, ReaderKind

GLYCEMIA = "code=http://loinc.org|2345-7,http://loinc.org|2339-0"
VITAL_SIGNS = "category=vital-signs"
SINCE, UNTIL = timedelta(days=100), timedelta(days=1_000)
GLYCOSUIVI = ServiceFile(
    id="glycosuivi",
    name="GlycoSuivi",
    publisher="Éditions du Carnet (démonstration)",
    description="Suivre sa glycémie au quotidien, avec ou sans lecteur connecté.",
    themes=("suivre une maladie chronique",),
    price="gratuit",
    regions=("France entière",),
    languages=("français",),
    terms="https://glycosuivi.example/conditions",
    privacy="https://glycosuivi.example/donnees-personnelles",
    scopes=(
        f"patient/Observation.rs?{GLYCEMIA}",
        "patient/Observation.c",
        "patient/DocumentReference.crs",
        "patient/Patient.rs",
    ),
    redirects=("https://glycosuivi.example/retour", "http://127.0.0.1:8909/retour"),
)
TENSIONOTE = replace(
    GLYCOSUIVI,
    id="tensionote",
    name="TensioNote",
    publisher="Atelier de la mesure (démonstration)",
    description="Noter sa tension et son poids.",
    themes=("mesurer sa tension ou son poids",),
    terms="https://tensionote.example/conditions",
    privacy="https://tensionote.example/donnees-personnelles",
    scopes=(f"patient/Observation.crs?{VITAL_SIGNS}",),
    redirects=("https://tensionote.example/retour",),
)
LIVREMED = replace(
    GLYCOSUIVI,
    id="livremed",
    name="LivreMed",
    publisher="Officine du coin (démonstration)",
    description="Faire livrer ses médicaments à domicile.",
    themes=("livraison de médicaments à domicile",),
    regions=("Île-de-France",),
    terms="https://livremed.example/conditions",
    privacy="https://livremed.example/donnees-personnelles",
    scopes=("patient/MedicationStatement.rs",),
    redirects=("https://livremed.example/retour",),
)
SERVICES = (
    (GLYCOSUIVI, ServiceState.LISTED),
    (TENSIONOTE, ServiceState.SUSPENDED),
    (LIVREMED, ServiceState.ASKED),
)
AGENT = Reader(kind=ReaderKind.SYSTEM, id="demo", name="Démonstration", door="demo")


async def list_services(house: House, secrets: dict[str, str], made_on: datetime) -> None:
    """Where they are not there yet: what an operator changed of one stays."""
    for file, state in SERVICES:
        if await house.store.catalogue.listing(file.id) is not None:
            continue
        judged = () if state is ServiceState.ASKED else _judgements(made_on)
        digest = hashlib.sha256(secrets[file.id].encode()).hexdigest()
        made = Listing(
            file=replace(file, judgements=judged, secret_sha256=digest),
            state=state,
            since=made_on,
            stopped_at=made_on if state is ServiceState.SUSPENDED else None,
        )
        said = {"service": file.id, "state": state.value}
        await house.store.catalogue.change(made, act=act_of(AGENT, "listing-agreed", said))


def _judgements(now: datetime) -> tuple[Judgement, ...]:
    since, until = civil_date(now - SINCE).isoformat(), civil_date(now + UNTIL).isoformat()
    return tuple(
        Judgement(criterion=one, referee="Comité de référencement", since=since, until=until)
        for one in Criterion
    )


def told_services(secrets: dict[str, str]) -> list[dict[str, Any]]:
    """Of the ready file: what a service's software needs to launch."""
    return [
        {
            "client_id": file.id,
            "client_secret": secrets[file.id],
            "name": file.name,
            "state": state.value,
            "redirect_uris": file.redirects,
            "scopes": file.scopes,
        }
        for file, state in SERVICES
    ]
