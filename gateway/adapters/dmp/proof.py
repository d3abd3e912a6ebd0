"""Whether a request at the DMP door is proved, and the fault that says what to mend."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import structlog
from aiohttp import web

from gateway.adapters.dmp.trust_files import TrustFiles
from gateway.adapters.http.senders import SenderGate, bearer_of, certificate_of, peer_certificate
from gateway.clock import Clock
from gateway.flows.signing_in.vihf import DOOR, Provers, Shown
from gateway.mapping.soap.message import FaultError, Message
from gateway.mapping.vihf.prove import Proved, prove
from gateway.mapping.vihf.refusal import NotVihfError, Why
from gateway.mapping.vihf.trust import Trust, check_connection, is_trusted
from gateway.records.patients.account import SenderAccount
from gateway.records.readers.vihf import Vihf

log = structlog.get_logger()
CERTIFICATE = "DMPInvalidCertificate"
"""The DMP's own word; the others are those of WS-Security 1.1 (12)."""
INVALID, FAILED = "wsse:InvalidSecurity", "wsse:FailedCheck"
TOKEN, NOBODY = "wsse:InvalidSecurityToken", "wsse:FailedAuthentication"
FORGED = "La signature du VIHF n'est pas celle de ce qui est arrivé."
NOT_TO_SIGN = "Le certificat du VIHF n'est pas un certificat de signature accepté ici"
SAID: Mapping[Why, tuple[str, str]] = MappingProxyType(
    {
        Why.ABSENT: (INVALID, "Le message n'a pas de VIHF : un en-tête wsse:Security l'attend."),
        Why.SEVERAL: (
            INVALID,
            "Le message a un seul VIHF, dans wsse:Security, et ce VIHF une seule signature.",
        ),
        Why.DUPLICATE: (INVALID, "Deux éléments du message ont le même identifiant ID."),
        Why.FORM: (
            FAILED,
            "La signature du VIHF a une référence à son ID, et deux transformations : enveloped"
            " puis c14n exclusive.",
        ),
        Why.ALGORITHM: (
            "wsse:UnsupportedAlgorithm",
            "L'algorithme de signature du VIHF n'est pas accepté : signez en RSA-SHA256.",
        ),
        Why.SIGNATURE: (FAILED, FORGED),
        Why.CERTIFICATE: (CERTIFICATE, f"{NOT_TO_SIGN} : il n'est pas lisible, ou sa clé courte."),
        Why.AUTHORITY: (CERTIFICATE, f"{NOT_TO_SIGN} : son autorité n'est pas connue."),
        Why.DATES: (CERTIFICATE, f"{NOT_TO_SIGN} : il est hors de ses dates."),
        Why.REVOKED: (CERTIFICATE, f"{NOT_TO_SIGN} : il est révoqué."),
        Why.LIST: (CERTIFICATE, "La révocation de ce certificat ne peut pas être vérifiée."),
        Why.PURPOSE: (CERTIFICATE, f"{NOT_TO_SIGN} : il sert à autre chose."),
        Why.ISSUER: (TOKEN, "Issuer n'est pas le sujet du certificat de signature."),
        Why.SUBJECT: (TOKEN, "NameID n'est pas le titulaire de la carte."),
        Why.TIME: (TOKEN, "Le VIHF est trop ancien, ou d'une heure à venir : réglez l'horloge."),
        Why.REPLAY: (TOKEN, "Ce VIHF a déjà servi : faites-en un nouveau à chaque requête."),
        Why.FIELD: (TOKEN, "Un champ du VIHF manque ou n'est pas lisible : {hint}."),
        Why.SPECIALTY: (TOKEN, "Aucune spécialité dans le VIHF."),
        Why.PROFESSION: (NOBODY, "La profession n'est pas celle que nous connaissons à ce PS."),
        Why.MODE: (NOBODY, "Ce mode d'authentification ou d'accès n'est pas ouvert à ce logiciel."),
        Why.STRUCTURE: (NOBODY, "Structure introuvable, ou PS et structure non liés."),
        Why.CONNECTION: (
            NOBODY,
            "Le certificat client de la connexion manque, ou n'est pas celui de la structure.",
        ),
        Why.WITHDRAWN: (CERTIFICATE, "Le certificat client de la connexion est révoqué."),
        Why.SENDER: (NOBODY, "Ce logiciel n'est pas connu ici."),
        Why.PATIENT: (NOBODY, "Le patient de la requête n'est pas celui du VIHF."),
    }
)
"""Subcode and reason. A test holds this to `Why`; no reason repeats what came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The `Prove` of the door. `clock` tells the time of the software that signs; `sha1` says that
    some sender may use it."""

    trust: TrustFiles
    provers: Provers
    gate: SenderGate
    clock: Clock
    sha1: bool = False

    async def __call__(self, request: web.Request, message: Message) -> tuple[SenderAccount, Vihf]:
        """Whose software sends it, and who asks. Raises FaultError."""
        try:
            proved = await self._proved(request, message)
            return await self.provers.believed(proved, await self._shown(request))
        except NotVihfError as error:
            raise await self._refused(request, error) from None

    def trusts(self, certificate: bytes) -> bool:
        """Whether this one, in DER, may sign now. By the files as they were looked at last."""
        return is_trusted(certificate, self.trust.at_hand, self.clock.now())

    async def _proved(self, request: web.Request, message: Message) -> Proved:
        """Beside the loop: a stranger's message may be long."""
        trust, client = await self.trust.current(), peer_certificate(request)
        return await asyncio.to_thread(self._judged, message, client, trust)

    def _judged(self, message: Message, client: bytes | None, trust: Trust) -> Proved:
        """`client` is the certificate of the connection, in DER."""
        now, window = self.clock.now(), self.provers.window
        proved = prove(message.envelope, trust, now=now, window=window, sha1=self.sha1)
        if client is not None:
            check_connection(client, trust, now)
        return proved

    async def _shown(self, request: web.Request) -> Shown:
        sender = await self.gate.sender(request)
        if sender is None and bearer_of(request):
            raise NotVihfError(Why.SENDER)
        fingerprint = certificate_of(request)
        return Shown(
            sender=sender,
            by_certificate=sender is not None and fingerprint == (sender.certificate or ""),
            certificate=peer_certificate(request),
        )

    async def _refused(self, request: web.Request, error: NotVihfError) -> FaultError:
        """An entry of the log about no patient, and one word in ours; never what came."""
        if self.gate.refusals is not None:
            peer = self.gate.peer(request)
            await self.gate.refusals.note(f"vihf-{error.why.value}", peer=peer, door=DOOR)
        log.warning("dmp.refused", reason=error.why.value)
        subcode, reason = SAID[error.why]
        code = "Receiver" if error.why is Why.LIST else "Sender"
        return FaultError(code, reason.format(hint=error.hint), subcode=subcode)
