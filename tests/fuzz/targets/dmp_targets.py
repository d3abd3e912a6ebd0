"""Parsers of the DMP's small messages: HL7v3 of patients, habilitations, patientsSpecific."""

from contextlib import suppress

from dmp_messages import patient_list, query, set_authorization
from seeds import corpus
from target import ELEMENT, Target, vocabulary

from gateway.mapping.dmp.habilitations import read_change, read_listed
from gateway.mapping.dmp.interaction import read_interaction, read_patient_query
from gateway.mapping.dmp.patient_list import read_patient_list
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xml import XmlRefusedError, parse_xml

READERS = (read_interaction, read_patient_query, read_change, read_listed, read_patient_list)


def small(data: bytes) -> None:
    """Each is understood, or a fault says what to mend."""
    try:
        body = parse_xml(data)
    except XmlRefusedError:
        return
    for read in READERS:
        with suppress(FaultError):
            read(body)


def _seeds() -> list[bytes]:
    own = [query(), query(reason="CNSLT_DATA"), set_authorization("<action>AJOUT</action>")]
    dated = "<startDate>01012018</startDate><dateType>LASTDOC</dateType>"
    return [*own, patient_list(dated), *corpus("xds/ipf-pdq-*.xml")]


TARGETS = (
    Target(name="dmp-small", run=small, seeds=_seeds, words=vocabulary("xml"), unit=ELEMENT),
)
