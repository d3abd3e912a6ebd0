"""A configured place on each engine, and a document of an invented patient to put into it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.adapters.metrics import PrometheusMetrics
from gateway.cli import main
from gateway.clock import SystemClock, SystemIds
from gateway.daemon.house import judged_store
from gateway.flows.receive import Delivery, Receive
from gateway.records.account import AccountState
from gateway.records.filing import Answer, Door, IdentityChange
from gateway.records.patient import PatientIdentity, PatientKey
from gateway.records.understanding import Understanding
from gateway.settings import read_settings
from gateway.store import Store

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
INS_OID = "1.2.250.1.213.1.4.10"

CDA = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><realmCode code="FR"/>
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.1"/>
<templateId root="1.2.250.1.213.1.1.1.55" extension="2024.01"/><id root="1.2.250.1.999.7.{number}"/>
<code code="11502-2" codeSystem="2.16.840.1.113883.6.1" displayName="CR d'examens biologiques"/>
<title>Compte rendu inventé</title><effectiveTime value="20260115101500+0100"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="fr-FR"/>
<setId root="1.2.250.1.999.8.{number}"/><versionNumber value="1"/>
<recordTarget><patientRole>{ids}<patient><name><family qualifier="BR">{family}</family>
<given qualifier="BR">Zoé</given><given>Zoé Lou</given></name>
<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>
<birthTime value="19550815"/><birthplace><place><addr><county>51215</county></addr></place>
</birthplace></patient></patientRole></recordTarget>
<author><time value="20260115101500+0100"/><assignedAuthor>
<id root="1.2.250.1.71.4.2.1" extension="899700000000"/>
<assignedPerson><name><family>TESTEUR</family></name></assignedPerson></assignedAuthor></author>
<custodian><assignedCustodian><representedCustodianOrganization>
<id root="1.2.250.1.71.4.2.2" extension="1999999999"/></representedCustodianOrganization>
</assignedCustodian></custodian>
<legalAuthenticator><time value="20260115101500+0100"/><signatureCode code="S"/><assignedEntity>
<id root="1.2.250.1.71.4.2.1" extension="899700000000"/><assignedPerson><name>
<family>TESTEUR</family></name></assignedPerson></assignedEntity></legalAuthenticator>
<documentationOf><serviceEvent><effectiveTime><low value="20260115091500+0100"/></effectiveTime>
<performer typeCode="PRF"><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="899700000000"/>
<representedOrganization><standardIndustryClassCode code="AMBULATOIRE"
codeSystem="1.2.250.1.213.1.1.4.9"/></representedOrganization></assignedEntity></performer>
</serviceEvent></documentationOf>
<componentOf><encompassingEncounter><effectiveTime><low value="20260115091500+0100"/>
</effectiveTime><location><healthCareFacility><code code="SA25" codeSystem="1.2.250.1.71.4.2.4"/>
</healthCareFacility></location></encompassingEncounter></componentOf>
<component><structuredBody><component><section><title>Section</title><text>Rien de vrai</text>
</section></component></structuredBody></component></ClinicalDocument>
"""


@pytest.fixture(params=ENGINES)
def config(
    request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> str:
    """The file of a place that `gateway init` made, its schema current."""
    assert main(["init", str(tmp_path / "place")]) == 0
    file = tmp_path / "place" / "gateway.toml"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        text = file.read_text().replace('# url = "sqlite:///gateway.db"', f'url = "{url}"')
        assert url in text
        file.write_text(text)
        assert main(["migrate", "--config", str(file)]) == 0
    capsys.readouterr()
    return str(file)


@pytest.fixture
def cda() -> Callable[..., bytes]:
    """A CDA by its number; `ins` None leaves the INS out, `local` is a local identifier."""

    def made(
        number: int,
        *,
        ins: str | None = "255089999999966",
        local: str = "IPP7",
        family: str = "ZEBULONIX",
    ) -> bytes:
        ids = f'<id root="{INS_OID}" extension="{ins}"/>' if ins else ""
        ids += f'<id root="1.2.250.1.999.3" extension="{local}"/>'
        return CDA.format(number=number, ids=ids, family=family).encode()

    return made


@pytest.fixture
def inside(config: str) -> Callable[..., object]:
    """Runs an act on the open store, as a daemon beside the command would."""

    def run(act: Callable[..., object]) -> object:
        async def work() -> object:
            settings, _text = read_settings(Path(config))
            clock, ids = SystemClock(), SystemIds()
            store = judged_store(settings, clock=clock, ids=ids, metrics=PrometheusMetrics())
            try:
                return await act(store)  # type: ignore[misc]  # an act is a coroutine function
            finally:
                await store.close()

        return asyncio.run(work())

    return run


@pytest.fixture
def deposit(inside: Callable[..., Answer]) -> Callable[..., Answer]:
    """Hands bytes over as `labo` does through the HTTP door; `once` bends what is understood,
    as the code of an earlier day may have done."""

    def put(raw: bytes, once: Callable[[Understanding], Understanding] | None = None) -> Answer:
        async def act(store: Store) -> Answer:
            receive = Receive(store.journal, SystemClock(), SystemIds(), at_once)
            delivery = Delivery(sender="labo", organization="1999999999", door=Door.HTTP, raw=raw)
            understood = receive.understand(delivery)
            bent = [once(one) if once else one for one in understood]
            return (await receive.file_all(delivery, bent))[0].answer

        return inside(act)

    return put


async def at_once(work: Callable[[], list[Understanding]]) -> list[Understanding]:
    return work()


@pytest.fixture
def open_space(inside: Callable[..., PatientKey]) -> Callable[..., PatientKey]:
    """An active space of the invented patient; `qualified` as the index holds it."""

    def make(
        ins: str = "255089999999966", *, family: str = "ZEBULONIX", qualified: bool = True
    ) -> PatientKey:
        async def act(store: Store) -> PatientKey:
            key = store.keys.patient_key(INS_OID, ins)
            identity = PatientIdentity(
                ins=ins,
                ins_oid=INS_OID,
                birth_family=family,
                birth_given="Zoé",
                birth_date="1955-08-15",
                sex="F",
                birth_place="51215",
                traits_complete=True,
            )
            change = IdentityChange(
                key=key, identity=identity, qualified=qualified, state=AccountState.ACTIVE
            )
            await store.people.change_identity(change)
            return key

        return inside(act)

    return make
