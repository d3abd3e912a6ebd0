"""Who may send to the secure mail door, and what the operators hear of who may not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from gateway.adapters.turned_away import TurnedAway
from gateway.clock import SystemClock
from gateway.daemon.doors import senders_of_mail
from gateway.mssante.smtp.inbox import SmtpPeer
from gateway.records.patients.account import SenderAccount
from gateway.settings import Settings, demo_settings
from gateway.settings.sections.doors import Tls

KNOWN = "ab" * 32


class OneSender:
    async def sender_by_certificate(self, fingerprint: str) -> SenderAccount | None:
        return SenderAccount(name="labo") if fingerprint == KNOWN else None


def mutual(folder: Path) -> Settings:
    settings = demo_settings(folder)
    tls = Tls(certificate=folder / "c", key=folder / "k", client_ca=folder / "a")
    return replace(settings, mssante=replace(settings.mssante, tls=tls))


@pytest.mark.parametrize(
    ("address", "certificate", "reason"),
    [
        ("labo@demo.mssante.fr", KNOWN, None),
        ("labo@demo.mssante.fr", "cd" * 32, "certificate"),
        ("labo@demo.mssante.fr", None, "certificate"),
        ("labo@elsewhere.example", KNOWN, "domain"),
    ],
)
async def test_whom_the_mail_door_turns_away_is_told_to_the_operators(
    tmp_path: Path, address: str, certificate: str | None, reason: str | None
) -> None:
    people: Any = OneSender()
    may_send = senders_of_mail(mutual(tmp_path), people, TurnedAway(SystemClock()))
    peer = SmtpPeer(address="192.0.2.7", certificate=certificate)
    with capture_logs() as logs:
        assert await may_send(address, peer) is (reason is None)
    told = [(one["event"], one["peer"], one["name"], one["reason"]) for one in logs]
    assert told == ([] if reason is None else [("smtp.sender_refused", *_of(peer), reason)])


def _of(peer: SmtpPeer) -> tuple[str, str | None]:
    return peer.address, peer.certificate
