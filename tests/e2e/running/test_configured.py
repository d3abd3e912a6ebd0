"""`serve --config`: refusals to start, senders that are turned away, and mutual TLS."""

import contextlib
import http.client
import socket
import ssl

import pytest
from answers import Ack, Reply
from authority import Authority, fingerprint
from configured import LOOPBACK, Operator, gateway, order, serve
from daemon_rig import Daemon, Make, eventually
from papers import HOUSE, adt, mdm, number, report, results

pytestmark = pytest.mark.long


def test_a_configured_gateway_files_what_its_sender_sends(
    make_gateway: Make, operator: Operator
) -> None:
    token = operator.prepare(LOOPBACK).sender("laboratory")
    daemon = serve(make_gateway, operator)
    assert "demo" not in daemon.places
    what = report(operator.person)
    reply = daemon.post(what.document(), token=token)
    assert (reply.status, reply.json["verdict"]) == (201, "accept")
    assert daemon.mllp(results(operator.person, "CONF-1")).code == "AA"
    assert daemon.post(what.document(), token=f"{token}x").status == 401
    assert gateway("sender", "disable", "laboratory", "--config", str(operator.config)).stdout
    assert daemon.post(report(operator.person).document(), token=token).status == 401
    assert daemon.stop() == 0
    text = daemon.log.read_text("utf-8")
    assert operator.person.ins not in text
    assert token not in text


def test_a_sender_may_send_plain_results_only_where_the_operator_says_so(
    make_gateway: Make, operator: Operator
) -> None:
    operator.prepare(LOOPBACK.replace("results_only = true\n", ""))
    token = operator.sender("laboratory")
    daemon = serve(make_gateway, operator)
    who = operator.person
    held = results(who, "ONLY-0", with_ins=False, local="L1", status="PROV")
    refused = daemon.post(results(who, "ONLY-1"), "application/hl7-v2", token=token)
    assert (refused.status, refused.codes) == (422, ["results-only"])
    assert daemon.mllp(results(who, "ONLY-2")).code == "AE"

    token = operator.sender("laboratory", "--results-only")
    assert eventually(lambda: daemon.mllp(results(who, f"ONLY-3{number()}")).code == "AA")
    reply = daemon.post(results(who, "ONLY-4"), "application/hl7-v2", token=token)
    assert (reply.status, reply.json["verdict"]) == (201, "accept")
    waiting = daemon.post(held, "application/hl7-v2", token=token)
    assert (waiting.status, waiting.json["verdict"]) == (202, "hold")
    assert daemon.mllp(adt(who, "ONLY-5", local="L1")).code == "AA"
    path, mine = f"/documents/{waiting.json['receipt']}", daemon.sender(token)
    eventually(lambda: daemon.http("GET", path, headers=mine).json["verdict"] == "accept")


def test_a_stranger_may_neither_replace_nor_delete_and_a_colleague_may(
    make_gateway: Make, operator: Operator
) -> None:
    operator.prepare(LOOPBACK)
    tokens = {
        name: operator.sender(name, "--organization", house)
        for name, house in (("author", HOUSE), ("colleague", HOUSE), ("stranger", "188888888"))
    }
    daemon = serve(make_gateway, operator)

    def send(name: str, raw: bytes) -> Reply:
        return daemon.post(raw, "application/hl7-v2", token=tokens[name])

    what = report(operator.person)
    newer = what.next()
    assert send("author", mdm(what, "OWN-1")).status == 201
    deletion = mdm(what, "OWN-2", action="delete")
    for raw in (deletion, mdm(newer, "OWN-3", action="replace")):
        reply = send("stranger", raw)
        assert (reply.status, "not-author" in reply.codes) == (422, True)
    assert send("colleague", mdm(newer, "OWN-4", action="replace")).status == 201
    assert send("author", mdm(newer, "OWN-5", action="delete")).status == 201


def test_a_disabled_sender_is_turned_away_at_every_door(
    make_gateway: Make, operator: Operator
) -> None:
    folder = operator.folder / "inbox"
    toml = LOOPBACK + f'[[folder]]\npath = "{folder}"\nsender = "laboratory"\nevery_seconds = 0.1\n'
    operator.prepare(toml).sender("laboratory")
    daemon = serve(make_gateway, operator)
    who = operator.person
    with contextlib.closing(daemon.line()) as line:
        assert line.ask(results(who, "OFF-1")).code == "AA"
        done = order("sender", "disable", "laboratory", "--config", str(operator.config))
        assert done.returncode == 0
        ack = eventually(lambda: _refused(line.ask(results(who, f"OFF-2{number()}"))))
        assert (ack.code, ack.errors[0][:2]) == ("AR", ("E", "207"))
    (folder / "late.xml").write_bytes(report(who).document())
    eventually(lambda: (folder / "refused" / "late.xml").exists())


def test_a_name_of_the_settings_without_an_account_is_said_and_turned_away(
    make_gateway: Make, operator: Operator
) -> None:
    folder = operator.folder / "inbox"
    toml = LOOPBACK + f'[[folder]]\npath = "{folder}"\nsender = "nobody"\nevery_seconds = 0.1\n'
    daemon = serve(make_gateway, operator.prepare(toml))
    log = daemon.log.read_text("utf-8")
    assert all(f'"sender": "{name}"' in log for name in ("laboratory", "nobody"))
    who = operator.person
    ack = daemon.mllp(results(who, "WHO-1"))
    assert (ack.code, ack.errors[0][:2]) == ("AR", ("E", "207"))
    (folder / "early.xml").write_bytes(report(who).document())
    eventually(lambda: (folder / "refused" / "early.xml").exists())
    operator.sender("laboratory")
    eventually(lambda: daemon.mllp(results(who, f"WHO-2{number()}")).code == "AA")


def _refused(ack: Ack) -> Ack | None:
    return None if ack.code == "AA" else ack


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[http]\nlisten_to = 1\n", "listen_to"),
        ('[store]\nkeys = "elsewhere"\n', "store.keys"),
        ('[store]\nurl = "sqlite:///empty.db"\n', "gateway migrate"),
        ("[mllp]\n", "sender"),
    ],
)
def test_it_does_not_start_on_what_must_be_mended_first(
    operator: Operator, toml: str, says: str
) -> None:
    assert order("init", str(operator.folder)).returncode == 0
    keep = "" if "[mllp]" in toml else '[mllp]\nsender = "laboratory"\n'
    operator.config.write_text(f'profile = "test"\n{keep}{toml}', "utf-8")
    done = gateway("serve", "--config", str(operator.config))
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (operator.folder / "empty.db").exists()


@pytest.mark.parametrize("name", ["index.key", "master.key"])
def test_it_does_not_start_with_a_key_of_another_gateway(operator: Operator, name: str) -> None:
    operator.prepare(LOOPBACK)
    (operator.folder / "keys" / name).write_bytes(bytes(32))
    done = gateway("serve", "--config", str(operator.config))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "the keys do not open this database" in done.stderr


def test_a_second_daemon_on_one_sqlite_file_is_refused_and_commands_are_not(
    make_gateway: Make, operator: Operator
) -> None:
    operator.prepare(LOOPBACK).sender("laboratory")
    daemon = serve(make_gateway, operator)
    config = ("--config", str(operator.config))
    second = gateway("serve", *config)
    assert second.returncode == 3
    file = operator.folder / "gateway.db"
    assert f"cannot run: another gateway serve runs on this database: {file}\n" in second.stderr
    assert "laboratory" in gateway("sender", "list", *config).stdout
    assert daemon.process is not None
    daemon.process.kill()
    daemon.process.wait()
    assert daemon.start().stop() == 0


@pytest.mark.parametrize("door", ["http", "mllp", "metrics"])
def test_a_door_whose_address_is_taken_is_named(operator: Operator, door: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        free = f'[{door}]\nlisten = "127.0.0.1:'
        operator.prepare(LOOPBACK.replace(f"{free}0", f"{free}{port}"))
        done = gateway("serve", "--config", str(operator.config))
    assert done.returncode == 3
    assert f"cannot run: Address already in use: {door} 127.0.0.1:{port}\n" in done.stderr


def test_a_certificate_names_the_sender_and_what_it_may_send(
    make_gateway: Make, operator: Operator
) -> None:
    authority = Authority(operator.folder.parent / "tls")
    server, lab, nobody = (authority.issue(name) for name in ("server", "lab", "nobody"))
    tls = f'certificate = "{server}"\nkey = "{server.with_suffix(".key")}"\n'
    tls += f'client_ca = "{authority.path}"\n'
    toml = '[http]\nlisten = "127.0.0.1:0"\n[http.tls]\n' + tls
    toml += '[mllp]\nlisten = "127.0.0.1:0"\nresults_only = true\n[mllp.tls]\n' + tls
    operator.prepare(toml + '[metrics]\nlisten = "127.0.0.1:0"\n')
    operator.sender("lab", "--fingerprint", fingerprint(lab), "--application", "LABO")
    daemon = serve(make_gateway, operator)
    who = operator.person

    assert _ask(daemon, authority.client(lab), results(who, "TLS-1")).code == "AA"
    wrong = _ask(daemon, authority.client(lab), results(who, "TLS-2", application="OTHER"))
    assert (wrong.code, wrong.errors[0][:2]) == ("AR", ("E", "207"))
    assert _ask(daemon, authority.client(nobody), results(who, "TLS-3")).code == "AR"
    with pytest.raises(OSError):  # noqa: PT011 - a TLS alert or a reset, as timing has it
        _ask(daemon, authority.client(None), results(who, "TLS-4"))
    other = Authority(operator.folder.parent / "other")
    stolen = other.issue("lab")
    context = authority.client(stolen)
    with pytest.raises(OSError):  # noqa: PT011 - as above
        _ask(daemon, context, results(who, "TLS-5"))

    assert _upload(daemon, authority.client(lab), report(who).document()) == 201
    assert _upload(daemon, authority.client(nobody), report(who).document()) == 401
    assert daemon.stop() == 0


def _ask(daemon: Daemon, tls: ssl.SSLContext, raw: bytes) -> Ack:
    with contextlib.closing(daemon.line(tls)) as line:
        return line.ask(raw)


def _upload(daemon: Daemon, tls: ssl.SSLContext, body: bytes) -> int:
    place = daemon.places["http"].removeprefix("https://")
    connection = http.client.HTTPSConnection(place, timeout=120, context=tls)
    with contextlib.closing(connection):
        connection.request("POST", "/documents", body, {"Content-Type": "application/xml"})
        return connection.getresponse().status
