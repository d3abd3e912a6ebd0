"""A card for each sender (PAGES section 7): how much came, how much was taken, what was wrong with
it. To be printed and handed to who made the software: nothing in it is about a patient.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.clock import Clock
from gateway.flows.desk.counting import AMONG, commonest, span
from gateway.flows.desk.named import shown_sender
from gateway.ports.documents.scorecards import Scorecards, SenderAccounts
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Verdict
from gateway.records.intake.scorecard import Noticed
from gateway.records.patients.account import SenderAccount

Ends = Callable[[str], datetime | None]
"""Until when the certificate of this fingerprint is good, as far as this process saw it."""
MOST_COMMON = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One finding: on how many inputs, and the newest of them."""

    code: str
    count: int
    receipt: str


@dataclass(slots=True, kw_only=True)
class Card:
    """One sender. `account` is None for who has none here: a mail domain, a person, an
    application. `versions` and `charsets` are those of its HL7v2, a charset with how it is
    known. `ends` is when its certificate does, where that was seen."""

    name: str
    account: SenderAccount | None = None
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    doors: Counter[Door] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    charsets: Counter[tuple[str, str]] = field(default_factory=Counter)
    last: datetime | None = None
    ends: datetime | None = None
    codes: tuple[Code, ...] = ()

    @property
    def volume(self) -> int:
        return self.verdicts.total()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Who sent most first; `more` where older inputs of the time are not counted."""

    since: datetime
    until: datetime
    cards: tuple[Card, ...]
    more: bool


def _unseen(_fingerprint: str) -> datetime | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderDesk:
    scorecards: Scorecards
    accounts: SenderAccounts
    clock: Clock
    ends: Ends = field(default=_unseen)

    async def __call__(self, period: timedelta) -> Cards:
        """Every account, and whoever else sent something in this time up to now."""
        since, until = span(now := self.clock.now(), period)
        cards = {
            one.name: Card(name=one.name, account=one, ends=self.ends(one.certificate or ""))
            for one in await self.accounts.senders()
        }
        sent, more = await self.scorecards.sent(since, until, among=AMONG)
        for one in sent:
            name = shown_sender(one.sender)
            card = cards.setdefault(name, Card(name=name))
            card.verdicts[one.verdict] += one.count
            card.formats[one.format] += one.count
            card.doors[one.door] += one.count
            if one.wire is not None:
                card.versions[one.wire.version] += one.count
                card.charsets[one.wire.charset, one.wire.how] += one.count
            card.last = max(card.last or one.last, one.last)
        noticed = await self.scorecards.noticed(since, until, among=AMONG)
        for name, codes in common_codes(noticed).items():
            cards.setdefault(name, Card(name=name)).codes = codes
        in_order = sorted(cards.values(), key=lambda card: (-card.volume, card.name))
        return Cards(since=since, until=now, cards=tuple(in_order), more=more)


def common_codes(noticed: Iterable[Noticed]) -> Mapping[str, tuple[Code, ...]]:
    """The commonest findings by sender, with the first receipt of each that is named."""
    counts: dict[str, Counter[str]] = {}
    examples: dict[tuple[str, str], str] = {}
    for one in noticed:
        name = shown_sender(one.sender)
        for code in one.codes:
            counts.setdefault(name, Counter())[code] += one.count
            examples.setdefault((name, code), one.receipt)
    return {
        name: tuple(
            Code(code=code, count=count, receipt=examples[name, code])
            for code, count in commonest(of_one, MOST_COMMON)
        )
        for name, of_one in counts.items()
    }
