"""What our own client asks of a registry and a repository, held against their readers."""

from lxml import etree

from gateway.mapping.xdm.ebrim.hl7types import Cx
from gateway.mapping.xds.answers import Status, error_lines, registry_response, status_in
from gateway.mapping.xds.errors import RegistryError
from gateway.mapping.xds.query.answer import refused_response
from gateway.mapping.xds.query.ask import find_documents, get_documents
from gateway.mapping.xds.query.asked import read_query
from gateway.mapping.xds.query.stored import STATUS, UNIQUE_ID
from gateway.mapping.xds.retrieve import (
    Retrieved,
    Wanted,
    read_retrieve,
    retrieve_request,
    retrieve_response,
    retrieved_in,
)
from gateway.mapping.xml import parse_xml

ANA = Cx("255089999999966", "1.2.250.1.213.1.4.10", "NH")
NAMES = ("1.2.3^d'été", "2.25.7")


def words(values: tuple[str, ...]) -> list[str]:
    return [one.rpartition(":")[2] for one in values]


def test_a_search_asks_for_what_is_in_force_and_the_archived_where_wanted() -> None:
    plain, more = (read_query(find_documents(ANA, archived=one)) for one in (False, True))
    assert (plain.stored.name, plain.leaf, plain.patients) == ("FindDocuments", True, (ANA,))
    assert words(plain.values(STATUS)) == ["Approved"]
    assert words(more.values(STATUS)) == ["Approved", "Archived"]


def test_documents_are_asked_for_by_name_whatever_stands_in_it() -> None:
    asked = read_query(get_documents(NAMES, ANA, leaf=False))
    assert (asked.stored.name, asked.leaf, asked.patients) == ("GetDocuments", False, (ANA,))
    assert asked.values(UNIQUE_ID) == NAMES


def test_a_retrieval_and_its_answer_come_back_as_they_were() -> None:
    wanted = tuple(Wanted("1.2.9", one) for one in NAMES)
    assert read_retrieve(retrieve_request(wanted)) == wanted
    given = [Retrieved(wanted=one, mime_type="text/xml", body=b"<a/>\r\n") for one in wanted]
    body, parts = retrieve_response(given, [])
    assert list(retrieved_in(parse_xml(etree.tostring(body)), parts)) == given


def test_of_an_answer_its_status_and_its_errors_are_told() -> None:
    error = RegistryError("XDSRegistryError", "Mend it.", "Document01")
    warning = RegistryError("GatewayHeld", "Wait.", is_warning=True)
    told = ["error XDSRegistryError at Document01: Mend it.", "warning GatewayHeld: Wait."]
    inside, _ = retrieve_response([], [error, warning])
    for answer in (
        registry_response(Status.FAILURE, [error, warning]),
        refused_response([error, warning]),
        inside,
    ):
        assert (status_in(answer), list(error_lines(answer))) == ("Failure", told)
    assert status_in(etree.Element("a")) == ""
