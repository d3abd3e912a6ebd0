"""How mail leaves this house: by the MSSanté operator's relay, or as files where none is set."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gateway import __version__
from gateway.clock import Ids
from gateway.errors import RefusedError
from gateway.flows.business import KEPT
from gateway.mapping.xdm.write import Editor
from gateway.mssante.message import Letter, build_mail
from gateway.mssante.outbox import write_aside
from gateway.mssante.postman import Destination, Postman
from gateway.records.document import Document
from gateway.records.understanding import Submission
from gateway.settings.doors import Mssante, Relay

DEFAULT_SENDER = "passerelle@demo.mssante.fr"
SOURCE_ROOT = "2.25"
NIL = "passerelle"
SENT_IN_DEMO = "sent: the demo's folder is its relay"


@dataclass(frozen=True, slots=True)
class HouseMailer:
    """Satisfies `ports.mail.Mailer`; without a postman the mail is kept in `folder`."""

    settings: Mssante
    ids: Ids
    folder: Path
    postman: Postman | None = None
    is_demo: bool = False

    async def mail(
        self,
        *,
        to: str,
        documents: Sequence[tuple[Document, bytes]],
        reply_to: str | None,
        at: datetime,
        body: str = "",
        last_word: bool = False,
    ) -> str:
        identifier = self.ids.identifier()
        sender = self.settings.sender_address or DEFAULT_SENDER
        letter = Letter(
            message_id=f"<{identifier}@{sender.rpartition('@')[2]}>",
            sender=sender,
            to=to,
            at=at,
            documents=documents,
            submission=_submission(identifier, documents[0][0], at),
            editor=_editor(documents[0][0]),
            product=f"{NIL}-{__version__}",
            reply_to=reply_to,
            body=body,
            last_word=last_word,
        )
        try:
            raw = build_mail(letter)
        except ValueError as error:
            raise RefusedError(str(error)) from error
        if self.postman is not None:
            return await self.postman.send(sender=sender, recipient=to, raw=raw)
        self.folder.mkdir(parents=True, exist_ok=True)
        write_aside(self.folder / f"{identifier}.eml", raw.decode("ascii", "replace"))
        return SENT_IN_DEMO if self.is_demo else f"{KEPT}: no relay is set"


def postman_of(relay: Relay | None, hostname: str) -> Postman | None:
    """One connection to the operator, TLS wherever its authorities are named."""
    if relay is None:
        return None
    context: ssl.SSLContext | None = None
    if relay.ca is not None:
        context = ssl.create_default_context(cafile=str(relay.ca))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if relay.certificate is not None:
            context.load_cert_chain(relay.certificate, relay.key)
    return Postman(
        Destination(
            host=relay.address.host, port=relay.address.port, tls=context, hostname=hostname
        )
    )


def _submission(identifier: str, document: Document, at: datetime) -> Submission:
    patient = document.patient
    return Submission(
        unique_id=f"{SOURCE_ROOT}.{int(identifier, 16)}",
        source_id=f"{SOURCE_ROOT}.1",
        patient_id=f"{patient.ins_oid}^{patient.ins}" if patient.ins else None,
        time=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        content_type="07",
        author=None,
    )


def _editor(document: Document) -> Editor:
    author = document.authors[0] if document.authors else None
    name = " ".join(filter(None, (author.given, author.family))) if author else ""
    return Editor(
        author=name,
        organization=(author.organization_name if author else None) or "",
        organization_id=(author.organization_id if author else None) or "",
        version=__version__,
    )
