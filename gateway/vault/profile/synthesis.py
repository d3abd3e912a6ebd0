"""`/profil/synthese`: rubriques are chosen, the paper downloaded, filed or sent (PRO-05)."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.synthesis.file import TITLE, UnfiledError, file_synthesis
from gateway.flows.synthesis.read import MADE, TAKEN, Synthesis, read_synthesis
from gateway.records.entries.kind import EntryKind
from gateway.vault.forms import FORM_KEY
from gateway.vault.porch import see_other, sorry
from gateway.vault.profile import words as said
from gateway.vault.profile.paper import synthesis_pdf
from gateway.vault.profile.place import PATH, place_of
from gateway.vault.profile.rubriques import AROUND, RUBRIQUES, Rubrique
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, medical_of
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

HERE = f"{PATH}/synthese"
FILE = "synthese-profil-medical.pdf"
DOCUMENTS, WRITE = "/documents", "/messagerie/ecrire"
WAITS = f"{DOCUMENTS}?depot=attente"
PEOPLE = (EntryKind.CONTACT, EntryKind.TRUSTED_PERSON)
OFFERED: tuple[Rubrique, ...] = tuple(
    replace(one, kinds=PEOPLE) if one is AROUND else one for one in RUBRIQUES if one.kinds
)
"""Wishes have types of their own, which fewer professionals read than a synthesis (decision 060);
what the insurer says stays in its documents."""
UNPROCESSABLE, FORBIDDEN, CONFLICT = 422, 403, 409


async def synthesis_page(request: web.Request) -> web.Response:
    return await _page(request, [one.key for one in OFFERED], with_ins=False)


def _title(request: web.Request) -> str:
    """The paper itself bears one title, whoever makes it."""
    of = request[VISIT].face.of
    return f"Synthèse du profil médical {of}" if of else TITLE


async def _page(
    request: web.Request,
    chosen: Sequence[str],
    *,
    with_ins: bool,
    errors: dict[str, str] | None = None,
) -> web.Response:
    place = await place_of(request)
    return html(
        "profile/synthesis.html",
        status=UNPROCESSABLE if errors else 200,
        face=request[VISIT].face,
        title=_title(request),
        current=place.current,
        data_page=HERE[1:],
        errors=errors or {},
        place=place,
        path=HERE,
        rubriques=[(one.key, one.words(_wording(request)), one.key in chosen) for one in OFFERED],
        with_ins=with_ins,
        cle=request[ROOMS].ids.secret(),
    )


async def download(request: web.Request) -> web.Response:
    """As PDF; its name tells nobody."""
    chosen = await _chosen(request)
    if not chosen:
        return await _none_chosen(request)
    return web.Response(
        body=await _pdf(request, chosen, act=TAKEN),
        headers={
            "Content-Type": "application/pdf",
            "Content-Disposition": f'attachment; filename="{FILE}"',
        },
    )


async def save(request: web.Request) -> web.Response:
    """« Enregistrer dans mes documents »: 303 to the document."""
    return await _filed(request, DOCUMENTS + "/{id}?fait=ajoute")


async def send(request: web.Request) -> web.Response:
    """« Envoyer »: it is filed, and a message opened that bears it (MSG-05)."""
    return await _filed(request, WRITE + "?documents={id}")


async def _filed(request: web.Request, place: str) -> web.Response:
    chosen, key = await _chosen(request), await field(request, "cle")
    if not chosen:
        return await _none_chosen(request)
    if not FORM_KEY.fullmatch(key):
        return await _page(
            request, chosen, with_ins=await _with_ins(request), errors={"": said.STALE_FORM}
        )
    patient, reader = request[VISIT].holder()

    async def made() -> bytes:
        return await _pdf(request, chosen, act=MADE)

    back = (HERE, _title(request))
    try:
        document = await file_synthesis(request[ROOMS].own, reader, patient, made, key=key)
    except DeniedError:
        return sorry(request[VISIT], FORBIDDEN, said.NOT_FILED, refusal="depot", back=back)
    except UnfiledError:
        return sorry(request[VISIT], CONFLICT, said.UNFILED, refusal="version", back=back)
    return see_other(place.format(id=document) if document else WAITS)


async def _chosen(request: web.Request) -> list[str]:
    """The keys of rubriques that the form names, none twice."""
    asked = {str(one) for one in (await request.post()).getall("rubriques", [])}
    return [one.key for one in OFFERED if one.key in asked]


async def _with_ins(request: web.Request) -> bool:
    return await field(request, "ins") == "oui"


async def _none_chosen(request: web.Request) -> web.Response:
    with_ins = await _with_ins(request)
    return await _page(request, [], with_ins=with_ins, errors={"rubriques": said.CHOOSE_RUBRIQUE})


async def _pdf(request: web.Request, chosen: Sequence[str], *, act: str) -> bytes:
    patient, reader = request[VISIT].holder()
    rubriques = [one for one in OFFERED if one.key in chosen]
    kinds = [kind for one in rubriques for kind in one.kinds]
    listing = medical_of(request).listing
    read: Synthesis = await read_synthesis(listing, reader, patient, kinds, act=act)
    with_ins = await _with_ins(request)
    return await asyncio.to_thread(
        synthesis_pdf, read, rubriques, wording=_wording(request), with_ins=with_ins
    )


def _wording(request: web.Request) -> str:
    return request[ROOMS].wording.at(request[ROOMS].clock.now())
