"""`serve --config` on PostgreSQL: several workers, and a database that goes away."""

import os
import signal
import socket
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import orjson
import psycopg
import pytest
from configured import LOOPBACK, Operator, gateway, order, serve
from daemon_rig import Daemon, Make, eventually
from papers import mdm, report, results
from ports import free_port

pytestmark = pytest.mark.long


@pytest.mark.postgresql
def test_two_workers_on_postgresql_share_ports_and_answers(
    make_gateway: Make, operator: Operator, postgresql_url: str
) -> None:
    doors = ("http", "mllp", "mssante", "metrics")
    toml = "".join(f'[{door}]\nlisten = "127.0.0.1:0"\n' for door in doors)
    toml = toml.replace("[mllp]\n", '[mllp]\nsender = "laboratory"\nresults_only = true\n')
    mail = '[mssante]\nenabled = true\nsender_domains = ["chu.mssante.fr"]\n'
    toml = toml.replace("[mssante]\n", mail)
    token = operator.prepare(f'{toml}[store]\nurl = "{postgresql_url}"\n').sender("laboratory")
    daemon = serve(make_gateway, operator, "--workers", "2")
    assert len(set(daemon.places["workers"])) == 2
    who, what = operator.person, report(operator.person)

    with ThreadPoolExecutor(8) as many:
        same = [many.submit(daemon.mllp, results(who, "PG-SAME")) for _ in range(16)]
        others = [many.submit(daemon.mllp, results(who, f"PG-{n}")) for n in range(40)]
        posts = [many.submit(daemon.post, what.document(), token=token) for _ in range(8)]
    answers = [one.result() for one in same]
    assert {one.code for one in answers} == {"AA"}
    assert len({one.receipt for one in answers}) == 1
    assert {one.result().code for one in others} == {"AA"}
    assert len({one.result().receipt for one in others}) == 40
    replies = [one.result() for one in posts]
    assert sorted(one.status for one in replies) == [200] * 7 + [201]
    assert len({one.json["receipt"] for one in replies}) == 1
    ack = daemon.mllp(mdm(what, "PG-MDM"))
    assert (ack.code, ack.errors) == ("AA", [("I", "0", "")])
    assert _received_by_each(daemon) == 16 + 40 + 8 + 1
    assert daemon.stop() == 0
    daemon.start()
    assert daemon.mllp(results(who, "PG-SAME")).receipt == answers[0].receipt


def _received_by_each(daemon: Daemon) -> float:
    """What all workers together say that they answered; each scrape is of one process alone."""
    assert len(set(daemon.places["workers_metrics"])) == 2
    total = 0.0
    for place in daemon.places["workers_metrics"]:
        texts = {_received(place) for _ in range(5)}
        assert len(texts) == 1
        assert texts != {0.0}, "nobody is led to this worker"
        total += texts.pop()
    return total


def _received(place: str) -> float:
    with urllib.request.urlopen(f"{place}/metrics", timeout=120) as answer:  # noqa: S310 - loopback
        lines = answer.read().decode().splitlines()
    return sum(
        float(one.rsplit(" ", 1)[1]) for one in lines if one.startswith("gateway_received_total{")
    )


@pytest.mark.postgresql
def test_a_database_that_is_away_is_said_and_forgotten_once_it_is_back(
    make_gateway: Make, operator: Operator, postgresql_server: str, postgresql_url: str
) -> None:
    token = operator.prepare(f'{LOOPBACK}[store]\nurl = "{postgresql_url}"\n').sender("laboratory")
    daemon = serve(make_gateway, operator)
    who = operator.person
    assert daemon.mllp(results(who, "AWAY-0")).code == "AA"
    name = postgresql_url.rpartition("?")[0].rpartition("/")[2]
    with psycopg.connect(postgresql_server, autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        ack = daemon.mllp(results(who, "AWAY-1"))
        assert (ack.code, ack.errors[0][:2]) == ("AR", ("E", "207"))
        reply = daemon.post(report(who).document(), token=token)
        assert (reply.status, reply.json["receipt"]) == (503, None)
        assert reply.headers["retry-after"]
        assert daemon.http("GET", "/health/live").status == 200
        assert daemon.http("GET", "/health/ready").status == 503
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert eventually(lambda: daemon.mllp(results(who, "AWAY-1")).code == "AA")
    assert daemon.post(report(who).document(), token=token).status == 201
    assert daemon.http("GET", "/health/ready").status == 200
    assert daemon.stop() == 0
    assert who.ins not in daemon.log.read_text("utf-8")


@pytest.mark.postgresql
def test_a_worker_that_is_killed_is_started_anew_while_the_other_serves_on(
    make_gateway: Make, operator: Operator, postgresql_url: str
) -> None:
    operator.prepare(f'{LOOPBACK}[store]\nurl = "{postgresql_url}"\n').sender("laboratory")
    daemon = serve(make_gateway, operator, "--workers", "2")
    before = daemon.places["workers"]
    os.kill(before[0], signal.SIGKILL)

    def taken(control: str) -> bool:
        """A connection that was given to the dead one is lost; the next is not."""
        try:
            return daemon.mllp(results(operator.person, control)).code == "AA"
        except ConnectionError:
            return False

    assert eventually(lambda: taken("ANEW-0"))

    def named() -> list[int]:
        return list(orjson.loads((daemon.folder / "ready.json").read_bytes())["workers"])

    assert eventually(lambda: named() != before)
    assert (before[1] in named(), before[0] in named()) == (True, False)
    assert {daemon.mllp(results(operator.person, f"ANEW-{n}")).code for n in range(8)} == {"AA"}
    assert daemon.stop() == 0


@pytest.mark.postgresql
def test_workers_do_not_outlive_their_parent(
    make_gateway: Make, operator: Operator, postgresql_url: str
) -> None:
    """As at a user's: here each worker is a process that imports the gateway itself."""
    ports = {door: free_port() for door in ("http", "mllp")}
    toml = "".join(f'[{door}]\nlisten = "127.0.0.1:{port}"\n' for door, port in ports.items())
    toml = toml.replace("[mllp]\n", '[mllp]\nsender = "laboratory"\n')
    toml += '[metrics]\nlisten = "127.0.0.1:0"\n'
    operator.prepare(f'{toml}[store]\nurl = "{postgresql_url}"\n')
    daemon = serve(make_gateway, operator, "--workers", "2", cold=True)
    figures = [urlsplit(place).port or 0 for place in daemon.places["workers_metrics"]]
    assert all(_listens(port) for port in (*ports.values(), *figures))
    daemon.kill()
    eventually(lambda: not any(_listens(port) for port in (*ports.values(), *figures)))


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.postgresql
def test_workers_do_not_start_on_a_schema_that_is_not_current(
    operator: Operator, postgresql_url: str
) -> None:
    """Said once, with the status that one daemon ends with."""
    assert order("init", str(operator.folder)).returncode == 0
    toml = f'profile = "test"\n{LOOPBACK}[store]\nurl = "{postgresql_url}"\n'
    operator.config.write_text(toml, "utf-8")
    for workers in ("1", "3"):
        done = gateway("serve", "--config", str(operator.config), "--workers", workers)
        told = "The schema is not current: run gateway migrate first.\n"
        assert (done.returncode, done.stderr) == (2, told)


@pytest.mark.postgresql
def test_what_keeps_every_worker_from_starting_is_told_once(
    operator: Operator, postgresql_url: str
) -> None:
    """As one daemon tells it, and with its status."""
    port = free_port()
    toml = LOOPBACK.replace("[mllp]\nlisten", f'[mllp]\nlisten = "127.0.0.1:{port}"\n#')
    operator.prepare(f'{toml}[store]\nurl = "{postgresql_url}"\n')
    words = ("serve", "--config", str(operator.config), "--workers")

    def said(told: str) -> list[tuple[int, int]]:
        ended = [gateway(*words, number) for number in ("1", "3")]
        return [(one.returncode, one.stderr.count(told)) for one in ended]

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert said(f"cannot run: Address already in use: mllp 127.0.0.1:{port}\n") == [(3, 1)] * 2
    key = operator.folder / "keys" / "index.key"
    key.rename(key.with_suffix(".away"))
    assert said("index.key is missing: restore it from its own backup\n") == [(2, 1)] * 2


def test_several_workers_need_postgresql(operator: Operator) -> None:
    operator.prepare(LOOPBACK)
    done = gateway("serve", "--config", str(operator.config), "--workers", "2")
    assert (done.returncode, "PostgreSQL" in done.stderr) == (2, True)
