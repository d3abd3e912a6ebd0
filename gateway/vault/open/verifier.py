"""« Vérifier » : somebody brings a proof of the log, or the code of an attestation, and hears in
words whether it holds.
"""

import asyncio

from aiohttp import web

from gateway.audit.proof_check import Checked, check_file
from gateway.flows.attesting.check import Answer
from gateway.flows.attesting.check import check as check_code
from gateway.vault import words
from gateway.vault.forms import Uploaded, fields_of
from gateway.vault.patient.journal import log_of
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, attesting_of
from gateway.vault.signing_in.signin import address_of, field
from gateway.vault.vaccination import words as said
from gateway.vault.visit import VISIT

BAD_PROOF = "Cette preuve n'est pas valable."
GOOD_PROOF = "Cette preuve est valable."
NOTHING = "Choisissez un fichier ou collez une preuve."


async def verifier_page(request: web.Request) -> web.Response:
    return _page(request)


async def check(request: web.Request) -> web.Response:
    """Nothing of the file is kept, and nobody need be signed in."""
    if "code" in fields_of(request):
        return await _check_code(request)
    log = log_of(request)
    text = _brought(request)
    if not text.strip():
        return _page(request, status=422, errors={"preuve": NOTHING})
    checked = await asyncio.to_thread(check_file, text, log.seal.key.verifier)
    return _page(request, status=422 if checked.faults else 200, checked=checked)


async def _check_code(request: web.Request) -> web.Response:
    """Valid, withdrawn or unknown, all told alike and on a tick (VAULT VAC-05)."""
    quiet = request[ROOMS].quiet
    came, typed = quiet.came(), (await field(request, "code")).strip()
    if not typed:
        return _page(request, status=422, errors={"code": said.CODE_EMPTY})
    answer = await check_code(attesting_of(request), typed, address=address_of(request))
    await quiet.leave(came)
    return _page(request, found=answer)


def _brought(request: web.Request) -> bytes:
    fields = fields_of(request)
    file, pasted = fields.get("fichier"), fields.get("preuve", "")
    if isinstance(file, Uploaded) and file.body:
        return file.body
    return pasted.encode(errors="replace") if isinstance(pasted, str) else b""


def _page(
    request: web.Request,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    checked: Checked | None = None,
    found: Answer | None = None,
) -> web.Response:
    log = request[ROOMS].log
    return html(
        "open/verifier.html",
        status=status,
        face=request[VISIT].face,
        title="Vérifier",
        current="",
        data_page="verifier",
        errors=errors or {},
        key=str(log.seal.key.verifier) if log else "",
        checked=checked,
        found=found,
        found_words=said.ANSWERS[found.value] if found else "",
        answer=BAD_PROOF if checked and checked.faults else GOOD_PROOF,
        sentences=_sentences(checked) if checked else [],
    )


def _sentences(checked: Checked) -> list[str]:
    if checked.faults:
        return list(checked.faults)
    entries = words.plural(checked.entries, "entrée", "entrées")
    said = [f"{entries} de ce fichier sont dans le journal, qui en compte {checked.size} en tout."]
    if checked.opened < checked.entries:
        hidden = words.plural(checked.entries - checked.opened, "entrée", "entrées")
        said.append(f"Le contenu n'est pas montré pour {hidden}.")
    if checked.earlier:
        older = words.plural(checked.earlier, "téléchargement", "téléchargements")
        said.append(f"Le journal n'a fait que s'allonger depuis {older} plus anciens.")
    return said
