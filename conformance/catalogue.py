"""All requirements: those with a check, in the order of the report, and those without one."""

from conformance.check import Check, checks_of
from conformance.checks.ack import fields, modes, refusals
from conformance.checks.cda import forms, header
from conformance.checks.documents import agreement, lifecycle, routing
from conformance.checks.fhir import (
    find,
    provide,
    provide_refusals,
    publish,
    retrieve,
    statement,
)
from conformance.checks.hl7v2 import charsets, reading
from conformance.checks.http import door
from conformance.checks.identity import movements, qualified
from conformance.checks.mail import documents as mails
from conformance.checks.mail import sessions
from conformance.checks.mllp import frames, streams
from conformance.checks.xdm import archives, hostile


def checks() -> tuple[Check, ...]:
    return tuple(
        checks_of(
            frames,
            streams,
            reading,
            charsets,
            fields,
            modes,
            refusals,
            lifecycle,
            agreement,
            routing,
            qualified,
            movements,
            header,
            forms,
            archives,
            hostile,
            provide,
            provide_refusals,
            publish,
            find,
            statement,
            retrieve,
            sessions,
            mails,
            door,
        )
    )
