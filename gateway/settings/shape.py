"""The settings: one frozen dataclass a section of gateway.toml, one help text a key.

The help text is what `check-config --explain` prints and what `gateway init` writes as comment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from gateway.records.intake.reading import DEFAULT_READING, MEGABYTE, Reading
from gateway.records.patients.invitation import OpeningPolicy
from gateway.records.patients.patient import Profile
from gateway.records.readers.switches import Switches
from gateway.settings.sections.agenda import Agenda
from gateway.settings.sections.applications import CatalogueEntry
from gateway.settings.sections.dmp import Dmp
from gateway.settings.sections.doors import (
    Folder,
    Http,
    Metrics,
    Mllp,
    Mssante,
    section,
)
from gateway.settings.sections.growth import Growth
from gateway.settings.sections.help import Help
from gateway.settings.sections.labels import Labels, LocalType
from gateway.settings.sections.policy import Invitation, Messages, Policy
from gateway.settings.sections.psc import Psc
from gateway.settings.sections.sending import Forward, Sending
from gateway.settings.sections.tasks import Tasks
from gateway.settings.values import read_store_url, read_switches


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    url: Annotated[
        str,
        Field(
            description="Where everything is kept: sqlite:///FILE (relative to gateway.toml) or"
            " postgresql://USER@HOST/NAME. Put no password here: use ~/.pgpass or PGPASSFILE.",
        ),
        AfterValidator(read_store_url),
    ] = "sqlite:///gateway.db"
    keys: Annotated[
        Path,
        Field(description="Folder of the master key and the index key. Back it up apart."),
    ] = Path("keys")


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Hosting:
    country: Annotated[
        str, Field(description='Where the data are hosted; the production profile asks for "FR".')
    ] = ""
    name: Annotated[str, Field(description="Name of the certified host of health data.")] = ""
    hds_certificate: Annotated[
        str,
        Field(description="Number of the host's HDS certificate (hébergeur de données de santé)."),
    ] = ""


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    grid: Annotated[
        Path | None,
        Field(description="File of the access grid; without it, the grid that we ship."),
    ] = None
    switches: Annotated[
        Switches,
        PlainValidator(read_switches),
        Field(
            description="Points on which the official sources disagree: a value, or a list of"
            " {from = 2026-01-01T00:00:00Z, value = …}, as treating_sees_masked = true."
        ),
    ] = field(default_factory=Switches)
    centre15: Annotated[
        tuple[str, ...],
        Field(
            description="Structures of the SAMU (centre 15), as 1 and their FINESS: their"
            " physicians enter records in SAMU mode; without it nobody does."
        ),
    ] = ()


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    max_message_bytes: Annotated[
        int,
        Field(description="Longest HL7v2 message, FHIR resource or archive, in bytes.", ge=1024),
    ] = 50 * MEGABYTE
    max_document_bytes: Annotated[
        int, Field(description="Longest single document, in bytes.", ge=1024)
    ] = 20 * MEGABYTE
    max_segments: Annotated[int, Field(description="Segments of one HL7v2 message.", ge=1)] = 20_000
    max_fields: Annotated[int, Field(description="Fields of one HL7v2 segment.", ge=1)] = 10_000
    max_repetitions: Annotated[int, Field(description="Repetitions of one HL7v2 field.", ge=1)] = (
        1_000
    )


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Cda:
    xsd: Annotated[
        Path | None,
        Field(
            description="CDA.xsd or CDA_extended.xsd, beside the files it names: what a CDA has"
            " against it becomes a warning. Not shipped with us; without it nothing is checked."
        ),
    ] = None


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    helpers: Annotated[
        int | None,
        Field(
            description="Processes that read inputs beside the daemon while many come at a time;"
            " one is about 33 MB. Without it, one less than there are processors, at most 4; 0 for"
            " none.",
            ge=0,
            le=64,
        ),
    ] = None


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    checkpoint_seconds: Annotated[
        float,
        Field(description="How often the head of the access log is signed.", gt=0, le=3600),
    ] = 60.0
    checkpoints: Annotated[
        Path,
        Field(
            description="Folder where the newest signed head is copied. Put it on another disk or"
            " machine: it shows a database that was rolled back."
        ),
    ] = Path("checkpoints")


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Field(description="Least level that is written."),
    ] = "info"
    form: Annotated[
        Literal["json", "console"],
        Field(description="json is one object a line; both go to stderr."),
    ] = "json"


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of gateway.toml. Paths are absolute once loaded. `demo` is never read from a file."""

    profile: Annotated[
        Profile,
        Field(
            description="production takes real INS only and asks for [hosting]; test takes the test"
            " INS only, and a wrong INS key is a warning."
        ),
    ] = Profile.PRODUCTION
    outbox: Annotated[
        Path,
        Field(
            description="Folder where SMS, e-mails and letters are written, one JSON file each, for"
            " the system that sends them."
        ),
    ] = Path("outbox")
    http: Annotated[Http, Field(description="Pages, FHIR and POST /documents.")] = field(
        default_factory=Http
    )
    mllp: Annotated[
        tuple[Mllp, ...],
        BeforeValidator(lambda value: [value] if isinstance(value, Mapping) else value),
        Field(description="HL7v2 listeners: [mllp], or several [[mllp]]."),
    ] = (Mllp(),)
    mssante: Annotated[Mssante, Field(description="Secure mail, in and out.")] = field(
        default_factory=Mssante
    )
    messages: Annotated[Messages, Field(description="What patients may send by secure mail.")] = (
        field(default_factory=Messages)
    )
    agenda: Annotated[Agenda, Field(description="Who writes appointments.")] = field(
        default_factory=Agenda
    )
    folder: Annotated[
        tuple[Folder, ...], Field(description="Watched folders: one [[folder]] each.")
    ] = ()
    dmp: Annotated[Dmp, Field(description="The door for DMP-compatible software.")] = field(
        default_factory=Dmp
    )
    metrics: Annotated[Metrics, Field(description="Figures for Prometheus.")] = field(
        default_factory=Metrics
    )
    store: Annotated[Store, Field(description="The database and its keys.")] = field(
        default_factory=Store
    )
    hosting: Annotated[Hosting, Field(description="Who hosts the data, and where.")] = field(
        default_factory=Hosting
    )
    help: Annotated[Help, Field(description="How people are helped.")] = field(default_factory=Help)
    policy: Annotated[Policy, Field(description="Choices of the house.")] = field(
        default_factory=Policy
    )
    invitation: Annotated[
        Invitation, Field(description="How people are invited to spaces (gateway person invite).")
    ] = field(default_factory=Invitation)
    access: Annotated[Access, Field(description="Who may read what.")] = field(
        default_factory=Access
    )
    psc: Annotated[
        Psc | None,
        Field(description="Sign-in of professionals by Pro Santé Connect; without it, none."),
    ] = None
    labels: Annotated[Labels, Field(description="The eight labels of documents.")] = field(
        default_factory=Labels
    )
    growth: Annotated[Growth, Field(description="Curves of a child's growth.")] = field(
        default_factory=Growth
    )
    local_type: Annotated[
        tuple[LocalType, ...],
        Field(description="What a sender's own type code means: one [[local_type]] each."),
    ] = ()
    cda: Annotated[Cda, Field(description="How CDA documents are checked.")] = field(
        default_factory=Cda
    )
    limits: Annotated[Limits, Field(description="Sizes above which an input is refused.")] = field(
        default_factory=Limits
    )
    sending: Annotated[
        Sending, Field(description="HL7v2 messages of ours: business answers and forwards.")
    ] = field(default_factory=Sending)
    forward: Annotated[
        tuple[Forward, ...],
        Field(description="Downstream systems that accepted messages go on to: one [[forward]]."),
    ] = ()
    application: Annotated[
        tuple[CatalogueEntry, ...],
        Field(description="Services that patients may let act for them: one [[application]]."),
    ] = ()
    understanding: Annotated[
        Understanding, Field(description="Who reads what comes in, when much comes.")
    ] = field(default_factory=Understanding)
    tasks: Annotated[Tasks, Field(description="Work that follows from a deposit.")] = field(
        default_factory=Tasks
    )
    audit: Annotated[Audit, Field(description="The signed log of every access.")] = field(
        default_factory=Audit
    )
    logs: Annotated[Logs, Field(description="What is written on stderr.")] = field(
        default_factory=Logs
    )
    demo: bool = False

    def reading(self, door: Mllp | None = None) -> Reading:
        """How inputs are read: the limits, and what one MLLP listener says of its senders."""
        door = door or Mllp()
        return Reading(
            profile=self.profile,
            strict=door.strict,
            results_only=door.results_only or self.demo,
            fallback_charset=door.fallback_charset,
            charset_fallback_allowed=door.charset_fallback_allowed,
            base64_in_text=door.base64_in_text,
            cda_schema=self.cda.xsd,
            max_message_bytes=self.limits.max_message_bytes,
            max_document_bytes=self.limits.max_document_bytes,
            max_fhir_bytes=max(DEFAULT_READING.max_fhir_bytes, 2 * self.policy.own_file_bytes),
            max_segments=self.limits.max_segments,
            max_fields=self.limits.max_fields,
            max_repetitions=self.limits.max_repetitions,
            local_types=tuple((one.code, one.system, one.label) for one in self.local_type),
        )

    def opening_policy(self) -> OpeningPolicy:
        return OpeningPolicy(
            opposition_window=self.policy.opposition_window,
            automatic_creation=self.policy.automatic_creation,
            activation_paths=self.policy.activation_paths,
            letter_days=self.invitation.letter_days,
            sender=self.invitation.sender,
        )
