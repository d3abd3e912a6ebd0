"""The operator's list of places that help, and those near a postcode."""

import pytest

from gateway.mapping.help_places import MOST, is_postcode, near, read_places
from gateway.records.help_place import HelpKind, HelpPlace
from gateway.settings.demo import PLACES

HEAD = "kind,name,address,postcode,town,telephone,hours\n"


def place(postcode: str, name: str = "Lieu", kind: HelpKind = HelpKind.CPAM) -> HelpPlace:
    return HelpPlace(kind=kind, name=name, address="1 rue", postcode=postcode, town="Ville")


def test_the_demos_own_list_is_read() -> None:
    kinds = {one.kind for one in read_places(PLACES.read_text("utf-8"))}
    assert kinds == set(HelpKind)


def test_telephone_and_hours_may_be_missing() -> None:
    text = "kind,name,address,postcode,town\ncpam,Une CPAM,1 rue,29200,Ville\n"
    assert read_places(text) == (place("29200", "Une CPAM"),)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("cpam,,1 rue,29200,Brest,,", "line 2: name is empty"),
        ("cpam,Lieu,1 rue,2920,Brest,,", "line 2: postcode is not five digits"),
        ("cpam,Lieu,1 rue,2A200,Brest,,", "line 2: postcode is not five digits"),
        ("mairie,Lieu,1 rue,29200,Brest,,", "line 2: kind is none of cpam"),
        ("cpam,Lieu", "line 2: address is empty"),
    ],
)
def test_a_wrong_line_is_named(line: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_places(HEAD + line + "\n")


@pytest.mark.parametrize("text", ["", "kind;name\n", "name,address\n"])
def test_a_file_without_its_columns_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="line 1: no column"):
        read_places(text)


def test_the_nearest_number_of_the_department_comes_first() -> None:
    places = [place("29000"), place("29190"), place("29210"), place("35000"), place("92000")]
    assert [one.postcode for one in near(places, "29200")] == ["29190", "29210", "29000"]


def test_an_overseas_department_has_three_digits() -> None:
    places = [place("97110"), place("97400"), place("97410")]
    assert [one.postcode for one in near(places, "97419")] == ["97410", "97400"]


def test_a_kind_that_is_far_is_not_lost_among_many_that_are_near() -> None:
    many = [place("29200", f"Lieu {n:02}") for n in range(30)]
    far = place("29900", "France services", HelpKind.FRANCE_SERVICES)
    found = near([far, *many], "29200")
    assert len(found) == MOST
    assert found[-1] == far


@pytest.mark.parametrize("text", ["", "2920", "292000", "29 200", "２９２００", "2a200"])
def test_what_is_no_postcode(text: str) -> None:
    assert not is_postcode(text)
