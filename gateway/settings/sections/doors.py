"""The sections of gateway.toml that open a door."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, PlainValidator, with_config

from gateway.records.intake.reading import MEGABYTE
from gateway.settings.addresses import Address, read_own
from gateway.settings.values import read_address

DAY_SECONDS = 86_400
"""No patience is longer: `inf`, or a day too far for the calendar, stops nothing or everything."""

section = with_config(ConfigDict(extra="forbid"))
"""A section refuses keys that it does not know."""

Listener = Annotated[Address, PlainValidator(read_address)]

HTTP = Address("127.0.0.1", 8080)
MLLP = Address("127.0.0.1", 2575)
SMTP = Address("127.0.0.1", 2525)
METRICS = Address("127.0.0.1", 9464)

Charset = Literal["iso8859-15", "iso8859-1", "utf-8", "cp1252"]


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    certificate: Annotated[Path, Field(description="Server certificate with its chain, PEM.")]
    key: Annotated[Path, Field(description="Private key, PEM, mode 0600.")]
    client_ca: Annotated[
        Path | None,
        Field(description="Authorities of client certificates, PEM; with it, mutual TLS."),
    ] = None
    client_required: Annotated[
        bool, Field(description="Whether a peer without a client certificate is turned away.")
    ] = True


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    listen: Annotated[Listener, Field(description="ADDRESS:PORT of pages, FHIR and uploads.")] = (
        HTTP
    )
    tls: Annotated[Tls | None, Field(description="[http.tls]: certificate and key.")] = None
    address: Annotated[
        str,
        BeforeValidator(read_own),
        Field(
            description="Where others reach the pages and FHIR, as https://vault.example.fr: what"
            " links, signed things and services' keys are for. Empty: as each request names it."
        ),
    ] = ""
    behind_proxy: Annotated[
        bool,
        Field(
            description="A proxy on this machine ends TLS: cookies are Secure all the same, and the"
            " last X-Forwarded-For, which it must set itself, is who came."
        ),
    ] = False
    max_body_bytes: Annotated[
        int, Field(description="Longest body of a request, in bytes.", ge=1024)
    ] = 50 * MEGABYTE
    request_seconds: Annotated[
        float,
        Field(
            description="A request whose body takes longer to arrive is cut.", gt=0, le=DAY_SECONDS
        ),
    ] = 30.0
    idle_seconds: Annotated[
        float,
        Field(
            description="A connection that brings no whole request for so long is closed.",
            gt=0,
            le=DAY_SECONDS,
        ),
    ] = 75.0
    max_connections: Annotated[
        int,
        Field(
            description="Connections at one time; one address has at most three in four, unless"
            " `behind_proxy` says that it is the proxy's.",
            ge=1,
        ),
    ] = 1_000


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Mllp:
    name: Annotated[str, Field(description="Name of the listener in logs and metrics.")] = "mllp"
    listen: Annotated[Listener, Field(description="ADDRESS:PORT of this listener.")] = MLLP
    sender: Annotated[
        str | None,
        Field(description="Who deposits here: name of a sender; without it, the certificate says."),
    ] = None
    tls: Annotated[
        Tls | None, Field(description="[mllp.tls]: with client_ca, certificates name the sender.")
    ] = None
    fallback_charset: Annotated[
        Charset, Field(description="How bytes are read where MSH-18 is empty or unusable.")
    ] = "iso8859-15"
    charset_fallback_allowed: Annotated[
        bool, Field(description="Read with the fallback also where MSH-18 contradicts the bytes.")
    ] = False
    always_original: Annotated[
        bool, Field(description="Answer AA, AE or AR even where MSH-15 asks for CA.")
    ] = False
    results_only: Annotated[
        bool, Field(description="Take an ORU^R01 that carries results and no document.")
    ] = False
    strict: Annotated[
        bool, Field(description="Refuse what published guides break, instead of a warning.")
    ] = False
    base64_in_text: Annotated[
        bool, Field(description="Read a document in base64 in an OBX of type TX, FT or ST too.")
    ] = False
    batch_ack: Annotated[
        bool, Field(description="Answer a batch (BHS, FHS) with one batch of acknowledgements.")
    ] = False
    max_frame_bytes: Annotated[int, Field(description="Longest message, in bytes.", ge=1024)] = (
        50 * MEGABYTE
    )
    max_held_bytes: Annotated[
        int,
        Field(
            description="Memory for messages that have begun to come and are not answered yet, of"
            " all connections of this listener, in bytes. Beyond it no more is read than one"
            " message at a time: the others wait, and none is refused for it.",
            ge=1024,
        ),
    ] = 256 * MEGABYTE
    idle_seconds: Annotated[
        float,
        Field(description="An open frame without a byte for so long is cut.", gt=0, le=DAY_SECONDS),
    ] = 60.0
    max_connections: Annotated[
        int,
        Field(description="Connections at one time; one address has at most three in four.", ge=1),
    ] = 400
    max_in_flight: Annotated[
        int, Field(description="Messages of one connection that wait for their answer.", ge=1)
    ] = 16


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    address: Annotated[Listener, Field(description="ADDRESS:PORT of the MSSanté operator.")]
    ca: Annotated[Path | None, Field(description="Authorities of the relay, PEM.")] = None
    certificate: Annotated[Path | None, Field(description="Our client certificate, PEM.")] = None
    key: Annotated[Path | None, Field(description="Private key of our certificate, PEM.")] = None


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Mssante:
    enabled: Annotated[bool, Field(description="Whether mail is taken in at all.")] = False
    listen: Annotated[Listener, Field(description="ADDRESS:PORT where mail comes in.")] = SMTP
    hostname: Annotated[str, Field(description="Our name in greetings and headers.")] = "localhost"
    patient_domain: Annotated[str, Field(description="Domain of the patients' addresses.")] = (
        "patient.mssante.fr"
    )
    sender_domains: Annotated[
        tuple[str, ...], Field(description="Domains that may write to us; no other may.")
    ] = ()
    tls: Annotated[Tls | None, Field(description="[mssante.tls]: for STARTTLS.")] = None
    max_message_bytes: Annotated[int, Field(description="Longest mail, in bytes.", ge=1024)] = (
        26_214_400
    )
    sender_address: Annotated[
        str | None, Field(description="Address that our mails to professionals come from.")
    ] = None
    relay: Annotated[
        Relay | None, Field(description="[mssante.relay]: where mail goes out; else to outbox.")
    ] = None


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    path: Annotated[Path, Field(description="Folder to watch.")]
    sender: Annotated[str, Field(description="Who deposits here: name of a sender.")]
    every_seconds: Annotated[
        float,
        Field(description="How often the folder is looked at, in seconds.", gt=0, le=DAY_SECONDS),
    ] = 1.0


@section
@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    listen: Annotated[Listener, Field(description="ADDRESS:PORT of /metrics.")] = METRICS
