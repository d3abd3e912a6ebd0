"""gateway.toml: what is read, what is refused, and with which line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.records.patients.patient import Profile
from gateway.settings import Address, SettingsError, load_settings
from gateway.settings.explain import explanations
from gateway.settings.load import parse_settings


def problems_of(text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        parse_settings(text)
    return [str(problem) for problem in caught.value.problems]


def test_an_empty_file_is_the_production_profile_on_loopback() -> None:
    settings = parse_settings("")
    assert settings.profile is Profile.PRODUCTION
    assert settings.http.listen == Address("127.0.0.1", 8080)
    assert settings.demo is False


def test_an_unknown_key_is_named_with_its_line_and_the_key_that_was_meant() -> None:
    assert problems_of('[http]\nlissten = "127.0.0.1:1"\n') == [
        "line 2: http.lissten: unknown key; did you mean listen?"
    ]


def test_an_unknown_section_is_named_with_its_line() -> None:
    assert problems_of('profile = "test"\n\n[qqqqq]\n')[0].startswith("line 3: qqqqq: unknown key")


def test_the_demo_cannot_be_asked_for_in_a_file() -> None:
    assert problems_of("demo = true\n")[0].startswith("line 1: demo: unknown key")


def test_text_that_is_not_toml_is_refused_with_the_line() -> None:
    assert problems_of('[http]\nlisten = "127.0.0.1:1\n')[0].startswith("line 2: not TOML")


def test_one_mllp_section_and_a_list_of_them_are_both_taken() -> None:
    assert [door.sender for door in parse_settings('[mllp]\nsender = "a"\n').mllp] == ["a"]
    two = parse_settings('[[mllp]]\nsender = "a"\n[[mllp]]\nsender = "b"\nname = "second"\n')
    assert [door.sender for door in two.mllp] == ["a", "b"]


def test_a_fault_in_the_second_listener_has_the_line_of_the_second_listener() -> None:
    text = '[[mllp]]\nname = "a"\n[[mllp]]\nidle_seconds = "x"\n[mllp.tls]\nkey = "k"\n'
    found = problems_of(text)
    assert "line 4: mllp.idle_seconds: write a number" in found
    assert any(one.startswith("line 5: mllp.tls.certificate: is missing") for one in found)


@pytest.mark.parametrize(
    "value", ['"127.0.0.1"', '"127.0.0.1:65536"', '":80"', '"::1:80"', '"[::1]"', "8080"]
)
def test_an_address_without_a_proper_port_is_refused(value: str) -> None:
    assert "ADDRESS:PORT" in problems_of(f"[http]\nlisten = {value}\n")[0]


def test_only_ipv6_stands_between_brackets() -> None:
    assert "IPv6" in problems_of('[http]\nlisten = "[1.2.3.4]:80"\n')[0]


def test_whom_a_patient_may_write_to_is_a_word_or_dated_words() -> None:
    dated = '[{from = "2030-01-01", value = "known-and-pharmacies"}]'
    before, after = (
        datetime(2029, 12, 31, 22, 59, tzinfo=UTC),
        datetime(2029, 12, 31, 23, tzinfo=UTC),
    )
    for text, values in (
        ("", ["known", "known"]),
        ('patient_may_write = "reply"', ["reply", "reply"]),
        (f"patient_may_write = {dated}", ["known", "known-and-pharmacies"]),
    ):
        policy = parse_settings(f"[policy]\n{text}\n").policy
        assert [policy.patient_may_write.at(one) for one in (before, after)] == values
    assert problems_of('[policy]\nrubrique_wording = "leaflet"\n')
    assert problems_of('[policy]\npatient_may_write = "everybody"\n')


def test_what_a_patient_sends_stays_within_a_mail() -> None:
    assert parse_settings("[messages]\nmax_documents_bytes = 18_000_000\n")
    assert problems_of("[messages]\nmax_documents_bytes = 18_000_001\n")


def test_access_switches_take_a_value_or_dates() -> None:
    settings = parse_settings(
        "[access.switches]\ntreating_sees_masked = false\n"
        'occupational = [{from = 2030-01-01T00:00:00+01:00, value = "closed"}]\n'
    )
    switches = settings.access.switches
    assert switches.treating_sees_masked.before is False
    assert switches.occupational.entries[0][0].isoformat() == "2029-12-31T23:00:00+00:00"


def test_an_unknown_switch_is_named() -> None:
    assert "unknown switch tteam" in problems_of('[access.switches]\ntteam = "arr"\n')[0]


def test_a_switch_that_changes_at_a_day_without_an_hour_is_refused() -> None:
    text = '[access.switches]\naccess_notice = [{from = 2030-01-01, value = "each"}]\n'
    assert "instant" in problems_of(text)[0]


def test_relative_paths_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    file = tmp_path / "gateway.toml"
    file.write_text('profile = "test"\n[mllp]\nsender = "a"\n')
    settings = load_settings(file)
    assert settings.store.keys == tmp_path / "keys"
    assert settings.store.url == f"sqlite:///{tmp_path}/gateway.db"
    assert settings.outbox == tmp_path / "outbox"


def test_a_file_that_is_not_there_is_a_problem_and_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path / "none.toml")


def test_a_file_in_latin_1_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "gateway.toml"
    file.write_bytes('[hosting]\nname = "Hébergeur"\n'.encode("latin-1"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(file)


def test_a_reading_carries_what_its_listener_says() -> None:
    settings = parse_settings('[mllp]\nstrict = true\nfallback_charset = "utf-8"\n')
    reading = settings.reading(settings.mllp[0])
    assert (reading.strict, reading.fallback_charset) == (True, "utf-8")
    assert settings.reading().strict is False


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://host/gateway", "sqlite:///FILE"),
        ("gateway.db", "sqlite:///FILE"),
        ("postgresql://gateway@host:abc/gateway", "the port a number"),
        ("postgresql://gateway@host:99999/gateway", "the port a number"),
        ("postgresql://gateway@host/gateway?connect_timeout=soon", "connect_timeout"),
    ],
)
def test_a_database_that_no_driver_understands_is_told_how_to_be_written(
    url: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=said) as raised:
        parse_settings(f'profile = "test"\n[store]\nurl = "{url}"\n')
    (problem,) = raised.value.problems
    assert (problem.key, problem.line) == ("store.url", 3)


@pytest.mark.parametrize("key", ["logs.level", "logs.form", "labels.review_below"])
def test_a_word_out_of_its_list_is_told_the_list(key: str) -> None:
    section, name = key.split(".")
    with pytest.raises(SettingsError) as raised:
        parse_settings(f'[{section}]\n{name} = "verbose"\n')
    (problem,) = raised.value.problems
    default = getattr(getattr(parse_settings(""), section), name)
    assert problem.message.startswith("Input should be ")
    assert f"'{default}'" in problem.message


@pytest.mark.parametrize("key", ["folder", "forward", "application", "local_type", "dmp.software"])
def test_a_section_that_may_be_there_several_times_is_told_how_it_is_written(key: str) -> None:
    (said,) = problems_of(f"[{key}]\nsender = 1\n")
    assert said == f"line 1: {key}: may be there several times: write it as [[{key}]]"


def test_a_word_in_place_of_a_list_is_told_how_a_list_is_written() -> None:
    (said,) = problems_of('[agenda]\nsenders = "labo"\n')
    assert said == 'line 2: agenda.senders: write a list in brackets, as ["one", "two"]'


PATIENCE = sorted(one for one in explanations() if one.endswith("_seconds"))
REPEATED = ("folder.", "dmp.forward.")
"""Written in another way, and bounded by the same words."""


@pytest.mark.parametrize("value", ["inf", "nan", "1e20", "-1"])
def test_no_patience_is_without_an_end(value: str) -> None:
    for key in (one for one in PATIENCE if not one.startswith(REPEATED)):
        section, _, name = key.rpartition(".")
        problems = problems_of(f"[{section}]\n{name} = {value}\n")
        assert [key in one for one in problems] == [True], (key, problems)
