"""The settings of the demo, and what the command line changes in any settings."""

from dataclasses import dataclass, replace
from pathlib import Path

from gateway.records.patients.patient import Profile
from gateway.records.readers.vihf import Authentication
from gateway.settings.addresses import Address
from gateway.settings.sections.agenda import Agenda
from gateway.settings.sections.applications import CatalogueEntry
from gateway.settings.sections.dmp import DEMO_REPOSITORY, Dmp, DmpSoftware
from gateway.settings.sections.doors import (
    HTTP,
    METRICS,
    MLLP,
    SMTP,
    Folder,
    Http,
    Metrics,
    Mllp,
    Mssante,
)
from gateway.settings.sections.help import Help
from gateway.settings.sections.policy import Policy
from gateway.settings.shape import Access, Audit, Logs, Settings, Store

CARNET = CatalogueEntry(
    id="carnet",
    name="Mon carnet de mesures",
    publisher="Atelier du carnet (démonstration)",
    purpose="Noter sa tension et son poids, et les ajouter à ses documents.",
    scopes=("read", "write"),
)
DEMO_SENDER = "demo"
DEMO_MAIL_DOMAIN = "demo.mssante.fr"
DEMO_CENTRE15 = "1510000011"
DEMO_STRUCTURES = ("1751234565", "1690000018", DEMO_CENTRE15, "1751234599")
"""Of the demo's professionals, and of its sender."""
PLACES = Path(__file__).with_name("demo_places.csv")
"""Invented."""
DMP_AUTHORITY = Path("dmp") / "authority.pem"
DEMO_IDLE_SECONDS = 30.0
"""Half of the default: who tries half a frame should not wait a minute to see it cut."""

DEMO_CHECKPOINT_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """--http, --mllp, --smtp and --metrics of `gateway serve`; None leaves the settings.

    `more_mllp` are the listeners behind the first, as the parent of workers has them.
    """

    http: Address | None = None
    mllp: Address | None = None
    smtp: Address | None = None
    metrics: Address | None = None
    more_mllp: tuple[Address, ...] = ()


def override(settings: Settings, overrides: Overrides) -> Settings:
    """`mllp` moves the first listener; `smtp` also opens the mail door."""
    if overrides.http:
        settings = replace(settings, http=replace(settings.http, listen=overrides.http))
    if overrides.mllp and settings.mllp:
        first = replace(settings.mllp[0], listen=overrides.mllp)
        settings = replace(settings, mllp=(first, *settings.mllp[1:]))
    if overrides.more_mllp:
        more = zip(settings.mllp[1:], overrides.more_mllp, strict=True)
        moved = tuple(replace(one, listen=listen) for one, listen in more)
        settings = replace(settings, mllp=(*settings.mllp[:1], *moved))
    if overrides.smtp:
        mail = replace(settings.mssante, listen=overrides.smtp, enabled=True)
        settings = replace(settings, mssante=mail)
    if overrides.metrics:
        settings = replace(settings, metrics=replace(settings.metrics, listen=overrides.metrics))
    return settings


def demo_settings(data: Path, overrides: Overrides | None = None) -> Settings:
    """Loopback only, the test profile, everything below the folder `data`.

    The default ports give way to free ones; those of `overrides` do not (CONTRACT section 2).
    """
    data = data.resolve()
    settings = Settings(
        demo=True,
        profile=Profile.TEST,
        outbox=data / "outbox",
        http=Http(listen=_yielding(HTTP)),
        mllp=(
            Mllp(
                listen=_yielding(MLLP),
                sender=DEMO_SENDER,
                results_only=True,
                idle_seconds=DEMO_IDLE_SECONDS,
            ),
        ),
        agenda=Agenda(senders=(DEMO_SENDER,)),
        mssante=Mssante(enabled=True, listen=_yielding(SMTP), sender_domains=(DEMO_MAIL_DOMAIN,)),
        folder=(Folder(path=data / "inbox", sender=DEMO_SENDER),),
        dmp=Dmp(
            enabled=True,
            repository=DEMO_REPOSITORY,
            authorities=(data / DMP_AUTHORITY,),
            software=(
                DmpSoftware(
                    sender=DEMO_SENDER,
                    structures=DEMO_STRUCTURES,
                    authentications=tuple(Authentication),
                ),
            ),
        ),
        metrics=Metrics(listen=_yielding(METRICS)),
        application=(CARNET,),
        help=Help(places=PLACES),
        policy=Policy(share_links=True),
        store=Store(url=f"sqlite:///{data / 'gateway.db'}", keys=data / "keys"),
        audit=Audit(checkpoint_seconds=DEMO_CHECKPOINT_SECONDS, checkpoints=data / "checkpoints"),
        access=Access(centre15=(DEMO_CENTRE15,)),
        logs=Logs(form="console"),
    )
    return override(settings, overrides or Overrides())


def _yielding(address: Address) -> Address:
    return replace(address, gives_way=True)
