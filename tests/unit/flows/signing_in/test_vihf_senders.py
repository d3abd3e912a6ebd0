"""Whose software it is, what binds a structure, and that an assertion is spent by one request."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from dmp_authority import PERSON, STRUCTURE
from dmp_software import RSA_SHA1, assertion, sign
from vihf_case import AUTHORITY, NOW, SIGNER, claims, proved, signed

from gateway.flows.signing_in.vihf import Provers, Shown, circumstances_of, reader_of
from gateway.mapping.vihf.fields import Window
from gateway.mapping.vihf.prove import Proved
from gateway.mapping.vihf.refusal import NotVihfError, Why
from gateway.records.patients.account import Professional, SenderAccount
from gateway.records.readers.access import Mode, Reader, ReaderKind
from gateway.records.readers.vihf import Authentication, Software

CLINIC = SenderAccount(name="clinic", organization=STRUCTURE)
OTHER, CENTRE15 = "10B0000001", "1510000011"
CLIENT = AUTHORITY.client()


@dataclass
class House:
    """A book of senders, a directory of one professional, and what was spent until when."""

    senders: dict[str, SenderAccount] = field(default_factory=lambda: {"clinic": CLINIC})
    works_in: str | None = None
    called: str = ""
    noted: list[Professional] = field(default_factory=list)
    spent: dict[tuple[str, str], datetime] = field(default_factory=dict)

    async def sender_named(self, name: str) -> SenderAccount | None:
        return self.senders.get(name)

    async def professional_by_id(self, identifier: str) -> Professional | None:
        if self.works_in is None or identifier != PERSON:
            return None
        return Professional(
            id=PERSON, name=self.called, profession="G15_10", organization=self.works_in
        )

    async def add_professional(self, professional: Professional) -> None:
        self.noted.append(professional)

    async def once(self, subject: str, purpose: str, *, until: datetime) -> bool:
        known = (subject, purpose) in self.spent
        self.spent.setdefault((subject, purpose), until)
        return not known

    def provers(self, *software: Software, mutual: bool = False) -> Provers:
        return Provers(
            people=self,
            directory=self,
            sessions=self,
            window=Window(),
            software={one.sender: one for one in software},
            mutual=mutual,
            centre15=frozenset({CENTRE15}),
        )


async def refused(provers: Provers, asked: Proved, shown: Shown) -> Why | None:
    try:
        await provers.believed(asked, shown)
    except NotVihfError as error:
        return error.why
    return None


def asking(**said: Any) -> Proved:
    return proved(signed(**said))


KNOWN = Shown(sender=CLINIC)
INDIRECT = {"authentication": "INDIRECTE"}


async def test_a_person_whom_we_know_goes_by_the_name_that_we_know() -> None:
    async def name_in(house: House) -> str:
        _, vihf = await house.provers().believed(asking(name="QUELQU'UN D'AUTRE"), KNOWN)
        return reader_of(vihf).name or ""

    assert await name_in(House()) == "QUELQU'UN D'AUTRE"
    known = House(works_in=STRUCTURE, called="Dr Claire Fictive")
    assert await name_in(known) == "Dr Claire Fictive"


async def test_the_sender_of_the_token_or_the_connection_is_taken() -> None:
    assert (await House().provers().believed(asking(), KNOWN))[0] == CLINIC


async def test_a_disabled_sender_is_nobody() -> None:
    shown = Shown(sender=replace(CLINIC, disabled=True))
    assert await refused(House().provers(), asking(), shown) is Why.SENDER


async def test_what_signs_names_the_sender_where_the_request_does_not() -> None:
    house = House()
    assert await refused(house.provers(), asking(), Shown()) is Why.SENDER
    by_key = Software(sender="clinic", certificates=frozenset({SIGNER.fingerprint}))
    assert (await house.provers(by_key).believed(asking(), Shown()))[0] == CLINIC
    by_structure = Software(sender="clinic", structures=frozenset({STRUCTURE}))
    assert (await house.provers(by_structure).believed(asking(), Shown()))[0] == CLINIC


async def test_a_structure_that_nothing_binds_names_no_sender() -> None:
    """Else a card of anybody would speak for every structure that is written in our settings."""
    listed = Software(sender="clinic", structures=frozenset({OTHER}))
    asked = asking(structure=OTHER)
    assert await refused(House().provers(listed), asked, Shown()) is Why.SENDER
    house = House(works_in=OTHER)
    assert (await house.provers(listed).believed(asked, Shown()))[0] == CLINIC


async def test_a_structure_of_two_senders_names_neither() -> None:
    both = [Software(sender=name, structures=frozenset({STRUCTURE})) for name in ("clinic", "x")]
    assert await refused(House().provers(*both), asking(), Shown()) is Why.SENDER


async def test_a_named_sender_that_is_gone_or_disabled_is_nobody() -> None:
    named = Software(sender="clinic", structures=frozenset({STRUCTURE}))
    assert await refused(House(senders={}).provers(named), asking(), Shown()) is Why.SENDER
    closed = House(senders={"clinic": replace(CLINIC, disabled=True)})
    assert await refused(closed.provers(named), asking(), Shown()) is Why.SENDER


async def test_a_structure_is_bound_by_certificate_account_settings_or_person() -> None:
    asked = asking(structure=OTHER)
    assert await refused(House().provers(), asked, KNOWN) is Why.STRUCTURE
    of_account = Shown(sender=replace(CLINIC, organization=OTHER))
    assert await refused(House().provers(), asked, of_account) is None
    of_settings = Software(sender="clinic", structures=frozenset({OTHER}))
    assert await refused(House().provers(of_settings), asked, KNOWN) is None
    assert await refused(House(works_in=OTHER).provers(), asked, KNOWN) is None


async def test_an_account_without_a_structure_binds_none() -> None:
    shown = Shown(sender=replace(CLINIC, organization=None))
    assert await refused(House().provers(), asking(structure=OTHER), shown) is Why.STRUCTURE


async def test_who_is_not_proved_in_person_is_bound_by_no_directory() -> None:
    asked = asking(structure=OTHER, **INDIRECT)
    assert await refused(House(works_in=OTHER).provers(), asked, KNOWN) is Why.STRUCTURE


async def test_a_card_does_not_make_a_nurse_a_physician() -> None:
    """The profession is the software's word: it is the one that we know of the person."""
    house = House(works_in=STRUCTURE)
    assert await refused(house.provers(), asking(profession="G15_60"), KNOWN) is Why.PROFESSION
    assert await refused(house.provers(), asking(profession="G15_10/SM54"), KNOWN) is None


async def test_who_comes_for_the_first_time_is_noted_once_proved() -> None:
    house = House()
    assert await refused(house.provers(mutual=True), asking(), KNOWN) is Why.CONNECTION
    assert house.noted == []
    assert await refused(house.provers(), asking(), KNOWN) is None
    assert [(one.id, one.profession, one.organization) for one in house.noted] == [
        (PERSON, "G15_10", STRUCTURE)
    ]


async def test_who_is_known_or_no_person_is_not_noted() -> None:
    house = House(works_in=STRUCTURE)
    assert await refused(house.provers(), asking(), KNOWN) is None
    assert await refused(house.provers(), asking(**INDIRECT), KNOWN) is None
    assert house.noted == []


async def test_a_client_certificate_is_asked_for_outside_of_the_demo() -> None:
    provers = House().provers(mutual=True)
    assert await refused(provers, asking(), KNOWN) is Why.CONNECTION
    with_own = Shown(sender=CLINIC, certificate=CLIENT.der)
    assert await refused(provers, asking(), with_own) is None


async def test_a_client_certificate_of_another_structure_is_refused() -> None:
    other = AUTHORITY.client(structure=OTHER, person="899700000001").der
    provers = House().provers(mutual=True)
    by_token = Shown(sender=CLINIC, certificate=other)
    assert await refused(provers, asking(), by_token) is Why.CONNECTION
    by_certificate = Shown(sender=CLINIC, certificate=other, by_certificate=True)
    assert await refused(provers, asking(), by_certificate) is None


async def test_the_certificate_of_one_sender_does_not_carry_the_vihf_of_another() -> None:
    """Its own structure is not that of the assertion, which is right by itself."""
    laboratory = SenderAccount(name="laboratory", organization=OTHER)
    client = AUTHORITY.client(structure=OTHER, person="899700000001").der
    shown = Shown(sender=laboratory, certificate=client, by_certificate=True)
    house = House(senders={"laboratory": laboratory})
    assert await refused(house.provers(mutual=True), asking(), shown) is Why.CONNECTION


async def test_sha_1_is_for_the_sender_who_may_use_it() -> None:
    weak = proved(sign(assertion(claims()), SIGNER, algorithm=RSA_SHA1), sha1=True)
    assert await refused(House().provers(), weak, KNOWN) is Why.ALGORITHM
    somebody = Software(sender="laboratory", sha1=True)
    assert await refused(House().provers(somebody), weak, KNOWN) is Why.ALGORITHM
    own = Software(sender="clinic", sha1=True)
    assert await refused(House().provers(own), weak, KNOWN) is None


async def test_who_speaks_of_pro_sante_connect_was_named_for_it() -> None:
    """It reads in the name of any professional: nobody does by default."""
    asked = asking(authentication="INDIRECTE_RENFORCEE", subject="899700000001")
    assert await refused(House().provers(), asked, KNOWN) is Why.MODE
    named = Software(sender="clinic", authentications=frozenset(Authentication))
    assert await refused(House().provers(named), asked, KNOWN) is None


async def test_a_way_of_authentication_may_be_closed() -> None:
    cards = Software(sender="clinic", authentications=frozenset({Authentication.DIRECT}))
    assert await refused(House().provers(cards), asking(**INDIRECT), KNOWN) is Why.MODE


async def test_the_mode_centre_15_is_for_the_samu() -> None:
    assert await refused(House().provers(), asking(purpose="centre_15"), KNOWN) is Why.MODE
    samu = AUTHORITY.signer(structure=CENTRE15)
    said = claims(issuer=samu.subject, structure=CENTRE15, purpose="centre_15")
    assert await refused(House().provers(), proved(sign(assertion(said), samu)), KNOWN) is None


async def test_an_assertion_is_spent_by_the_first_request() -> None:
    house, asked = House(), asking()
    assert await refused(house.provers(), asked, KNOWN) is None
    assert await refused(house.provers(), asked, KNOWN) is Why.REPLAY
    assert await refused(house.provers(), asking(), KNOWN) is None


async def test_an_assertion_is_remembered_for_longer_than_it_proves() -> None:
    house, asked = House(), asking(until=NOW + timedelta(minutes=2))
    await house.provers().believed(asked, KNOWN)
    assert min(house.spent.values()) > NOW + Window().age


async def test_a_request_that_is_refused_spends_nothing() -> None:
    """Somebody who cannot use an assertion must not take it from who can."""
    house, asked = House(), asking()
    assert await refused(house.provers(mutual=True), asked, KNOWN) is Why.CONNECTION
    assert house.spent == {}


async def test_two_signers_may_choose_the_same_id() -> None:
    house, second = House(), AUTHORITY.signer(person="899700000001")
    said = claims(id="_same", issuer=second.subject, subject="899700000001")
    assert await refused(house.provers(), asking(id="_same"), KNOWN) is None
    assert await refused(house.provers(), proved(sign(assertion(said), second)), KNOWN) is None


def test_a_card_is_the_reader_of_a_professional() -> None:
    assert reader_of(asking().vihf, address="192.0.2.1") == Reader(
        kind=ReaderKind.PROFESSIONAL,
        id=PERSON,
        name="FICTIVE CLAIRE",
        profession="G15_10",
        specialty="SM26",
        organisation=STRUCTURE,
        team=STRUCTURE,
        door="dmp",
        address="192.0.2.1",
    )


def test_occupational_medicine_has_its_function_in_a_decision() -> None:
    assert reader_of(asking(profession="G15_10/SM25").vihf).function == "FON-29"


@pytest.mark.parametrize("profession", ["AUTOMATE", "G15_10/SM26"])
def test_an_indirect_mode_is_a_system_whatever_profession_it_names(profession: str) -> None:
    reader = reader_of(asking(profession=profession, **INDIRECT).vihf)
    assert reader.kind is ReaderKind.SYSTEM
    assert (reader.profession, reader.team, reader.organisation) == (None, None, STRUCTURE)


def test_circumstances_are_the_mode_the_reason_and_the_secret_connection() -> None:
    more = {"Mode_Acces_Raison": "Coma", "Confidentiality_code": "R"}
    told = circumstances_of(asking(purpose="bris_de_glace", more=more).vihf)
    assert (told.mode, told.reason) == (Mode.BRIS_DE_GLACE, "Coma")
    assert told.flags == {"CONNEXION_SECRETE": True}
    assert circumstances_of(asking().vihf).flags == {}
