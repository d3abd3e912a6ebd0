"""Requests of the small services, as software of the DMP writes them; persons are invented."""

INS, INS_OID = "284037511604282", "1.2.250.1.213.1.4.10"
DEVICE = "1.2.3.4"


def query(*, reason: str = "TEST_EXST", patient: str = "", more: str = "") -> bytes:
    """PRPA_IN201307UV02; `patient` in place of the one patientIdentifier."""
    asked = patient or identifier()
    return f"""<h:PRPA_IN201307UV02 xmlns:h="urn:hl7-org:v3" ITSVersion="XML_1.0">
  <h:id root="{DEVICE}.1" extension="m-1"/>
  <h:creationTime value="20261123100000"/>
  <h:interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN201307UV02"/>
  <h:processingCode code="D"/><h:processingModeCode code="T"/><h:acceptAckCode code="AL"/>
  <h:receiver typeCode="RCV"><h:device><h:id root="1.2.250.1.213.4.1.1.1"/></h:device></h:receiver>
  <h:sender typeCode="SND"><h:device><h:id root="{DEVICE}"/></h:device></h:sender>
  <h:controlActProcess classCode="CACT" moodCode="EVN">
    <h:reasonCode code="{reason}" codeSystem="1.2.250.1.213.1.1.4.11"/>
    <h:queryByParameter><h:queryId root="{DEVICE}.2" extension="q-1"/><h:statusCode code="new"/>
      <h:parameterList>{asked}{more}</h:parameterList></h:queryByParameter>
  </h:controlActProcess>
</h:PRPA_IN201307UV02>""".encode()


def identifier(ins: str = INS, oid: str = INS_OID) -> str:
    return (
        f'<h:patientIdentifier><h:value root="{oid}" extension="{ins}"/>'
        "<h:semanticsText>Patient.id</h:semanticsText></h:patientIdentifier>"
    )


def set_authorization(inside: str) -> bytes:
    return (
        f'<setAuthorization xmlns="urn:si-dmp-habilitations">{inside}</setAuthorization>'.encode()
    )


def patient_list(inside: str) -> bytes:
    return f'<p:patientList xmlns:p="urn:si-dmp-patients">{inside}</p:patientList>'.encode()
