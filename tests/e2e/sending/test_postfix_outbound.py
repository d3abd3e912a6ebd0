"""Mail out by a real Postfix: what arrives, what it turns away for now, and what for good."""

import base64
import os
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import pytest
from asking import asking
from authority import Authority
from configured import order
from daemon_rig import eventually
from papers import Report, mdm, number, report
from post_house import CABINET, ELSEWHERE, OURS, US, PostHouse, post_house

from gateway.mapping.mail import understand_mail
from gateway.mapping.mail.report import envelope_of
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.task import TaskKind, TaskLine

LONG_LINE = "Une ligne sans fin, où rien ne coupe : " + "œuvre-à-près " * 300
MEGABYTE = 1_000_000
REFUSED, LATER = f"refuse@{CABINET}", f"plus-tard@{CABINET}"
RULES = (
    f"inline:{{ {{{REFUSED}=550 5.1.1 No such box}}, {{{LATER}=450 4.2.0 Greylisted, come back}} }}"
)
pytestmark = pytest.mark.postfix


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostHouse]:
    with post_house(tmp_path_factory.mktemp("post")) as one:
        yield one


def doctor() -> str:
    return f"dr{number()}@{CABINET}"


def big(house: PostHouse, size: int) -> Report:
    """A report that no archive makes smaller than `size` bytes."""
    noise = base64.b64encode(os.urandom(size)).decode()
    return report(house.operator.person, narrative=noise)


def send(house: PostHouse, to: str, what: Report | None = None, *more: str, **orders: str) -> str:
    """A message whose document is mailed to this box; its receipt."""
    raw = mdm(what or report(house.operator.person), f"POST{number()}")
    lines = "".join(f"{line}\r" for line in more).encode()
    ack = house.daemon.mllp(asking(raw, mail_to=to, **{"DESTMSSANTEPS": "Y"} | orders) + lines)
    assert ack.code == "AA", ack.errors
    return ack.receipt


def test_a_mail_arrives_whole_with_its_headers_and_its_words(house: PostHouse) -> None:
    what = report(house.operator.person, narrative=LONG_LINE)
    to, reply = doctor(), f"secretariat@{CABINET}"
    words = base64.b64encode(f"Cher confrère,\n\n{LONG_LINE}\n.\nFin".encode()).decode()
    more = [
        f"PRT||UC||REPLY|||||||||||^^X.400^{reply}",
        f"OBX|20|ED|CORPSMAIL_PS^^MetaDMPMSS||^TEXT^^Base64^{words}||||||F",
    ]

    receipt = send(house, to, what, *more)

    assert (house.mail(receipt).outcome or "").startswith("sent: 2.0.0 queued as ")
    assert 'gateway_tasks_total{kind="mail",outcome="sent"}' in house.daemon.metrics()
    (raw,) = eventually(lambda: house.postfix.to(to))
    understood = understand_mail(raw, DEFAULT_READING)
    assert [one.body for one in understood.contents] == [what.document()]
    mail = message_from_bytes(raw, policy=default)
    assert (mail["Return-Path"], mail["From"], mail["To"]) == (f"<{US}>", US, to)
    assert (mail["Message-ID"], mail["Reply-To"]) == (f"<{receipt}.0@{US.split('@')[1]}>", reply)
    assert (mail["X-MSS-CODECDA"], mail["X-MSS-INS"]) == (what.type, "O")
    assert mail["Subject"].startswith("XDM/1.0/DDM+CR d'examens biologiques INCONNU Alix ")
    body = mail.get_body()
    assert body is not None
    said = body.get_content().replace("\r\n", "\n")
    assert said.rstrip("\n") == f"Cher confrère,\n\n{LONG_LINE}\n.\nFin"
    assert "using TLSv1.3" in mail["Received"]
    assert 'Client CN "passerelle"' in mail["Received"]


def test_a_mail_that_is_too_big_for_the_relay_is_a_dead_letter_until_it_is_not(
    house: PostHouse,
) -> None:
    what, to = big(house, MEGABYTE), doctor()
    with house.postfix.having(message_size_limit=str(MEGABYTE)):
        receipt = send(house, to, what)
        dead = house.ended(receipt)
        assert (dead.dead, dead.attempts, "(552)" in (dead.outcome or "")) == (True, 1, True)
    assert house.postfix.to(to) == []

    done = order("task", "retry", str(dead.id), "--config", str(house.operator.config))
    assert done.returncode == 0, done.stderr

    (raw,) = eventually(lambda: house.postfix.to(to))
    assert understand_mail(raw, DEFAULT_READING).contents[0].body == what.document()


def test_one_that_is_refused_or_put_off_does_not_keep_the_others(house: PostHouse) -> None:
    to = doctor()
    with house.postfix.having(smtpd_recipient_restrictions=f"check_recipient_access {RULES}"):
        refused, later = send(house, REFUSED), send(house, LATER)
        arrives = send(house, to)
        eventually(lambda: house.postfix.to(to))
        dead, waits = house.ended(refused), house.mail(later)
        assert (dead.dead, "(550)" in (dead.outcome or "")) == (True, True)
        assert (waits.settled_at, "(450)" in (waits.reason or "")) == (None, True)
        assert house.ended(arrives).attempts == 1
    house.hour_comes()
    assert house.ended(later).attempts == 2
    assert len(eventually(lambda: house.postfix.to(LATER))) == 1
    assert house.postfix.to(REFUSED) == []


def test_a_relay_that_ends_the_session_after_errors_refuses_no_mail_by_that(
    house: PostHouse,
) -> None:
    rules = f"check_recipient_access {RULES}"
    with house.postfix.having(smtpd_recipient_restrictions=rules, smtpd_hard_error_limit="1"):
        receipts = [send(house, REFUSED) for _ in range(3)]
        receipts.append(send(house, doctor()))
        ends = house.ended_in_the_end(receipts)
        assert [one.dead for one in ends] == [True, True, True, False]
        assert all("(550)" in (one.outcome or "") for one in ends[:3])


def test_a_relay_that_was_away_gets_the_mail_once(house: PostHouse) -> None:
    before, to = doctor(), doctor()
    house.ended(send(house, before))
    house.postfix.stop()
    receipt = send(house, to)
    waits = house.mail(receipt)
    assert (waits.settled_at, waits.reason) == (None, "The mail server cannot be reached now.")
    house.postfix.start()
    house.hour_comes()
    house.ended(receipt)
    assert len(eventually(lambda: house.postfix.to(to))) == 1
    assert len(house.postfix.to(before)) == 1


def test_mails_of_a_pause_leave_once_when_it_ends(house: PostHouse) -> None:
    def told(*words: str) -> None:
        done = order("task", *words, "mail:mssante", "--config", str(house.operator.config))
        assert done.returncode == 0, done.stderr

    told("pause", "--reason", "maintenance du relais")
    paused = [send(house, doctor()) for _ in range(2)]
    eventually(lambda: "gateway_lanes_paused 1.0" in house.daemon.metrics())
    assert [house.followed(one)[0].attempts for one in paused] == [0, 0]
    told("resume")
    for receipt in paused:
        left = house.ended(receipt)
        assert (left.attempts, left.dead, (left.outcome or "")[:5]) == (1, False, "sent:")


def test_a_relay_that_was_started_again_gets_the_next_mail_at_once(house: PostHouse) -> None:
    house.ended(send(house, doctor()))
    with house.postfix.having():
        done = house.ended(send(house, doctor()))
    assert (done.dead, done.attempts) == (False, 1)


def test_nothing_is_sent_to_a_relay_of_another_authority(house: PostHouse) -> None:
    strange = Authority(house.postfix.folder / "autre").issue("relais")
    to = doctor()
    tls = {"smtpd_tls_cert_file": str(strange), "smtpd_tls_key_file": str(strange)[:-3] + "key"}
    with house.postfix.having(**tls):
        receipt = send(house, to)
        waits = house.mail(receipt)
        assert (waits.settled_at, "certificate" in (waits.reason or "")) == (None, True)
    assert house.postfix.to(to) == []
    house.hour_comes()
    house.ended(receipt)
    assert len(eventually(lambda: house.postfix.to(to))) == 1


def test_nothing_is_sent_in_clear_where_tls_was_asked_for(house: PostHouse) -> None:
    to = doctor()
    with house.postfix.having(smtpd_tls_security_level="none"):
        receipt = send(house, to)
        waits = house.mail(receipt)
        assert (waits.settled_at, "no STARTTLS" in (waits.reason or "")) == (None, True)
    assert house.postfix.to(to) == []


def test_a_relay_that_does_not_know_our_certificate_is_named_as_that(house: PostHouse) -> None:
    strange = Authority(house.postfix.folder / "autre").path
    with house.postfix.having(
        smtpd_tls_CAfile=str(strange), smtpd_tls_req_ccert="yes", smtpd_tls_security_level="encrypt"
    ):
        waits = house.mail(send(house, doctor()))
    assert (waits.settled_at, waits.reason) == (None, "The mail server closed the connection.")


@pytest.mark.parametrize(("size", "asks", "answers"), [(0, "N", 0), (200_000, "Y", 3)])
def test_a_mail_that_comes_back_is_a_dead_letter_whoever_asked(
    house: PostHouse, size: int, asks: str, answers: int
) -> None:
    """Of a mail above 50 kB Postfix sends the header back alone. Who asked is told that it was
    filed (Z01), that it left, and that it came back (Z02)."""
    receipt = send(house, f"dr{number()}@{ELSEWHERE}", big(house, size), ACK_RECEPTION=asks)
    assert returned(house, receipt) == "returned: 550"
    (mail,) = house.followed(receipt)
    assert f"Original-Envelope-Id: {envelope_of(mail.created_at, 1)}".encode() in house.back()
    eventually(lambda: len(house.followed(receipt, TaskKind.BUSINESS_ACK)) == answers)
    assert 'gateway_tasks_total{kind="mail",outcome="returned"}' in house.daemon.metrics()


def test_a_mail_that_the_server_behind_the_relay_refuses_comes_back_too(house: PostHouse) -> None:
    """A citizen's box: the server behind is our own inbox, which our domain may not write to."""
    receipt = send(house, house.box(), DESTMSSANTEPS="N", DESTMSSANTEPAT="Y")
    assert returned(house, receipt) == "returned: 550"
    assert "550 5.7.1 This sender may not write here" in house.postfix.log


def returned(house: PostHouse, receipt: str) -> str | None:
    """The last word of its mail, once it is dead."""

    def dead() -> list[TaskLine]:
        return [one for one in house.followed(receipt) if one.dead]

    found: list[TaskLine] = eventually(dead)
    return found[0].outcome


def test_a_mail_that_is_late_waits_and_one_that_is_too_late_came_back(house: PostHouse) -> None:
    """Postfix says that a mail is late (Action: delayed) before it gives it up (failed)."""
    away = {
        "virtual_mailbox_domains": "",
        "relay_domains": f"{OURS}, {CABINET}",
        "transport_maps": f"inline:{{ {OURS}=smtp:[127.0.0.1]:{house.inbox}, "
        f"{CABINET}=smtp:[127.0.0.1]:1 }}",
        "delay_warning_time": "1s",
    }
    with house.postfix.having(**away):
        said = f"to=<{US}>, relay=127.0.0.1[127.0.0.1]:{house.inbox}"
        before = house.postfix.log.count(said)
        receipt = send(house, doctor())
        eventually(lambda: house.postfix.log.count(said) > before)
        assert "status=sent (250 2.0.0 Ok" in house.postfix.log.rpartition(said)[2]
        left = house.ended(receipt)
        assert (left.dead, (left.outcome or "").startswith("sent: ")) == (False, True)
        with house.postfix.having(maximal_queue_lifetime="0", bounce_queue_lifetime="0"):
            house.postfix.flush()
            assert returned(house, receipt) == "returned: 441"
