"""What senders sent, counted among the newest inputs."""

from datetime import datetime
from typing import Protocol

from gateway.records.intake.scorecard import Noticed, Sent
from gateway.records.patients.account import SenderAccount


class Scorecards(Protocol):
    async def sent(
        self, since: datetime, until: datetime, *, among: int
    ) -> tuple[list[Sent], bool]:
        """The newest `among` inputs that came from `since` on and before `until`; whether older
        ones did too."""

    async def noticed(self, since: datetime, until: datetime, *, among: int) -> list[Noticed]:
        """Of the same inputs those with a finding, newest first; of inputs from before schema 0026
        nothing."""


class SenderAccounts(Protocol):
    async def senders(self) -> list[SenderAccount]:
        """By name."""
