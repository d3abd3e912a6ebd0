"""What a configuration must fulfil before the gateway starts with it."""

from ipaddress import IPv4Address
from pathlib import Path

import pytest
from authority import Authority
from settings_at_fault import keys_at_fault

from gateway.settings import Address, Overrides, SettingsError, load_settings

EVERY = str(IPv4Address(0))
HOSTED = '[hosting]\ncountry = "FR"\nname = "Un hébergeur"\nhds_certificate = "HDS-0"\n'


def test_production_starts_only_with_a_certified_host_in_france(tmp_path: Path) -> None:
    sender = '[mllp]\nsender = "a"\n'
    found = keys_at_fault(tmp_path, sender)
    assert {"hosting.country", "hosting.name", "hosting.hds_certificate"} == set(found)
    assert keys_at_fault(tmp_path, sender + HOSTED) == {}


@pytest.mark.parametrize("country", ["fr", "DE", ""])
def test_production_refuses_any_other_country(tmp_path: Path, country: str) -> None:
    text = '[mllp]\nsender = "a"\n' + HOSTED.replace('"FR"', f'"{country}"')
    assert set(keys_at_fault(tmp_path, text)) == {"hosting.country"}


def test_production_listens_to_other_machines_only_with_tls(tmp_path: Path) -> None:
    text = '[http]\nlisten = "0.0.0.0:443"\n[mllp]\nsender = "a"\nlisten = "0.0.0.0:2575"\n'
    assert set(keys_at_fault(tmp_path, text + HOSTED)) == {"http.tls", "mllp.tls"}


def test_the_test_profile_needs_no_hosting(tmp_path: Path) -> None:
    assert keys_at_fault(tmp_path, 'profile = "test"\n[mllp]\nsender = "a"\n') == {}


def test_missing_secret_files_are_named(tmp_path: Path) -> None:
    text = (
        'profile = "test"\n[mllp]\nsender = "a"\n[http.tls]\ncertificate = "c.pem"\nkey = "k.pem"\n'
    )
    found = keys_at_fault(tmp_path, text)
    assert str(tmp_path / "c.pem") in found["http.tls.certificate"]
    assert str(tmp_path / "k.pem") in found["http.tls.key"]


def with_tls(**files: Path) -> str:
    lines = "".join(f'{key} = "{file}"\n' for key, file in files.items())
    return f'profile = "test"\n[mllp]\nsender = "a"\n[http.tls]\n{lines}'


def test_tls_files_that_do_not_serve_are_named(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "authority")
    ours, other = authority.issue("server"), authority.issue("other")
    key, junk = ours.with_suffix(".key"), tmp_path / "junk.pem"
    junk.write_text("junk")
    junk.chmod(0o600)
    for files in (
        {"certificate": junk, "key": key},
        {"key": junk, "certificate": ours},
        {"key": other.with_suffix(".key"), "certificate": ours},
        {"client_ca": junk, "certificate": ours, "key": key},
    ):
        wrong = next(iter(files))
        assert set(keys_at_fault(tmp_path, with_tls(**files))) == {f"http.tls.{wrong}"}


def test_two_doors_at_one_address_are_named(tmp_path: Path) -> None:
    text = 'profile = "test"\n[mllp]\nsender = "a"\nlisten = "127.0.0.1:9464"\n'
    assert keys_at_fault(tmp_path, text) == {
        "mllp.listen": "metrics.listen listens at 127.0.0.1:9464 already"
    }
    free = text.replace("9464", "0") + '[metrics]\nlisten = "127.0.0.1:0"\n'
    assert keys_at_fault(tmp_path, free) == {}


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        (EVERY, "127.0.0.1", True),
        ("127.0.0.1", EVERY, True),
        (EVERY, "localhost", True),
        ("localhost", "127.0.0.1", True),
        ("[::1]", "localhost", True),
        ("[::]", "[::1]", True),
        ("[::1]", "[0:0::1]", True),
        ("[::]", "127.0.0.1", False),
        ("127.0.0.2", "127.0.0.1", False),
        ("localhost", "192.0.2.1", False),
        (EVERY, "example.test", False),
    ],
)
def test_doors_at_one_port_of_every_address_and_of_one_are_named(
    tmp_path: Path, one: str, other: str, named: bool
) -> None:
    text = (
        f'profile = "test"\n[mllp]\nsender = "a"\nlisten = "{one}:9999"\n'
        f'[metrics]\nlisten = "{other}:9999"\n'
    )
    found = {key for key in keys_at_fault(tmp_path, text) if key.startswith(("mllp.l", "metrics"))}
    assert found == ({"mllp.listen"} if named else set())


def test_a_private_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    certificate = Authority(tmp_path / "authority").issue("server")
    key = certificate.with_suffix(".key")
    key.chmod(0o640)
    text = with_tls(certificate=certificate, key=key)
    assert "chmod 600" in keys_at_fault(tmp_path, text)["http.tls.key"]
    key.chmod(0o600)
    assert keys_at_fault(tmp_path, text) == {}


def test_a_missing_folder_of_keys_is_named(tmp_path: Path) -> None:
    text = 'profile = "test"\n[mllp]\nsender = "a"\n[store]\nkeys = "elsewhere"\n'
    assert "gateway init" in keys_at_fault(tmp_path, text)["store.keys"]


def test_a_password_in_the_database_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    text = (
        'profile = "test"\n[mllp]\nsender = "a"\n'
        '[store]\nurl = "postgresql://gateway:hunter2@localhost/gateway"\n'
    )
    message = keys_at_fault(tmp_path, text)["store.url"]
    assert "PGPASSFILE" in message
    assert "hunter2" not in message


def test_a_listener_where_nobody_is_known_is_refused(tmp_path: Path) -> None:
    assert "name a sender" in keys_at_fault(tmp_path, 'profile = "test"\n[mllp]\n')["mllp"]


def test_two_listeners_of_one_name_are_refused(tmp_path: Path) -> None:
    text = 'profile = "test"\n[[mllp]]\nsender = "a"\n[[mllp]]\nsender = "b"\n'
    assert "same name" in keys_at_fault(tmp_path, text)["mllp"]


def test_open_mail_without_known_domains_is_refused(tmp_path: Path) -> None:
    text = 'profile = "test"\n[mllp]\nsender = "a"\n[mssante]\nenabled = true\n'
    assert set(keys_at_fault(tmp_path, text)) == {"mssante.sender_domains"}


def test_a_relay_needs_both_halves_of_its_certificate(tmp_path: Path) -> None:
    (tmp_path / "c.pem").touch()
    text = (
        'profile = "test"\n[mllp]\nsender = "a"\n[mssante]\nsender_address = "a@b.mssante.fr"\n'
        '[mssante.relay]\naddress = "127.0.0.1:25"\ncertificate = "c.pem"\n'
    )
    assert "come together" in keys_at_fault(tmp_path, text)["mssante.relay"]


RELAY = """
[mllp]
sender = "a"
[mssante]
sender_address = "a@b.mssante.fr"
[mssante.relay]
address = "10.0.0.9:25"
"""


def test_production_hands_mail_to_another_machine_only_inside_tls(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    assert "mssante.relay.ca" in keys_at_fault(tmp_path, RELAY + HOSTED)
    assert keys_at_fault(tmp_path, f'{RELAY}ca = "ca.pem"\n{HOSTED}') == {}
    assert keys_at_fault(tmp_path, RELAY.replace("10.0.0.9", "127.0.0.1") + HOSTED) == {}
    assert keys_at_fault(tmp_path, 'profile = "test"\n' + RELAY) == {}


def test_a_certificate_for_a_relay_without_tls_is_refused(tmp_path: Path) -> None:
    for name in ("c.pem", "k.pem"):
        (tmp_path / name).touch(mode=0o600)
    files = 'certificate = "c.pem"\nkey = "k.pem"\n'
    found = keys_at_fault(tmp_path, 'profile = "test"\n' + RELAY + files)
    assert set(found) == {"mssante.relay.certificate"}


def test_an_address_of_the_command_line_meets_the_same_rules(tmp_path: Path) -> None:
    assert keys_at_fault(tmp_path, '[mllp]\nsender = "a"\n' + HOSTED) == {}
    everywhere = Overrides(http=Address(EVERY, 80))
    with pytest.raises(SettingsError, match="other machines"):
        load_settings(tmp_path / "gateway.toml", everywhere)


LOCAL = 'profile = "test"\n[mllp]\nsender = "a"\n'


def test_a_local_type_is_said_once_and_is_no_official_one(tmp_path: Path) -> None:
    one = '[[local_type]]\ncode = "LAB-CR"\nlabel = "BIOLOGIE"\n'
    assert keys_at_fault(tmp_path, LOCAL + one) == {}
    assert set(keys_at_fault(tmp_path, LOCAL + one + one)) == {"local_type"}
    official = one.replace("LAB-CR", "11502-2")
    assert set(keys_at_fault(tmp_path, LOCAL + official)) == {"local_type.code"}
    foreign = official + 'system = "1.2.3.4"\n'
    assert keys_at_fault(tmp_path, LOCAL + foreign) == {}


@pytest.mark.parametrize(
    "bad", ['label = "DOC_ADM"', 'label = ""', 'label = "BIOLOGIE"\nkode = "x"']
)
def test_a_local_type_has_one_of_the_eight_labels(tmp_path: Path, bad: str) -> None:
    assert keys_at_fault(tmp_path, f'{LOCAL}[[local_type]]\ncode = "X"\n{bad}\n') != {}


FORWARD = '[mllp]\nsender = "a"\n[[forward]]\nname = "lis"\nto = "{to}"\n'


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('labels = ["BIOLOGIES"]\n', "forward.labels"),
        ('receiving_application = "H\u00f4pital"\n', "forward.receiving_application"),
        ('receiving_facility = "A|B"\n', "forward.receiving_facility"),
        ('[[forward]]\nname = "lis"\nto = "mllp://127.0.0.1:1"\n', "forward"),
        ('[sending]\nkey = "k.pem"\n', "sending"),
        ("[sending]\nanswer_seconds = 60.0\n", "sending.answer_seconds"),
    ],
)
def test_a_forward_that_could_never_work_is_named(tmp_path: Path, more: str, key: str) -> None:
    text = 'profile = "test"\n' + FORWARD.format(to="mllp://127.0.0.1:2577")
    assert keys_at_fault(tmp_path, text) == {}
    assert key in keys_at_fault(tmp_path, text + more)


@pytest.mark.parametrize("to", ["127.0.0.1:2577", "http://127.0.0.1:1", "mllp://a:0", "mllp://a"])
def test_an_address_of_no_listener_is_refused(tmp_path: Path, to: str) -> None:
    text = 'profile = "test"\n' + FORWARD.format(to=to)
    assert set(keys_at_fault(tmp_path, text)) == {"forward.to"}


def test_production_sends_to_other_machines_only_inside_tls(tmp_path: Path) -> None:
    text = FORWARD.format(to="mllp://lis.exemple:2575") + HOSTED
    text += '[sending]\nanswers = "mllp://labo.exemple:2575"\n'
    assert set(keys_at_fault(tmp_path, text)) == {"forward.to", "sending.answers"}
    assert keys_at_fault(tmp_path, text.replace("mllp:", "mllps:")) == {}


def test_the_schema_of_cda_is_a_file_that_can_be_read(tmp_path: Path) -> None:
    text = 'profile = "test"\n[mllp]\nsender = "a"\n[cda]\nxsd = "CDA.xsd"\n'
    assert "there is no file" in keys_at_fault(tmp_path, text)["cda.xsd"]
    schema = tmp_path / "CDA.xsd"
    schema.write_text("<xs:schema")
    assert "not a schema" in keys_at_fault(tmp_path, text)["cda.xsd"]
    schema.write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>')
    load_schema_again()
    assert keys_at_fault(tmp_path, text) == {}
    reading = load_settings(tmp_path / "gateway.toml").reading()
    assert reading.cda_schema == schema


def load_schema_again() -> None:
    """A schema is kept by its path; this test writes another file under the same one."""
    from gateway.mapping.cda import schema

    schema._schema.cache_clear()


def test_a_list_of_helping_places_that_cannot_be_read_is_named_with_its_line(
    tmp_path: Path,
) -> None:
    text = 'profile = "test"\n[mllp]\nsender = "a"\n[help]\nplaces = "lieux.csv"\n'
    assert "lieux.csv: No such file" in keys_at_fault(tmp_path, text)["help.places"]
    places = tmp_path / "lieux.csv"
    places.write_text("kind,name,address,postcode,town\ncpam,CPAM,1 rue,292,Brest\n")
    assert "line 2: postcode" in keys_at_fault(tmp_path, text)["help.places"]
    places.write_bytes(b"\xff\xfe")
    assert "help.places" in keys_at_fault(tmp_path, text)
    places.write_text("kind,name,address,postcode,town\ncpam,CPAM,1 rue,29200,Brest\n")
    assert keys_at_fault(tmp_path, text) == {}
