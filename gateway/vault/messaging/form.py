"""The form of a message as it was filled (VAULT GEN-10), and what is wrong with it in words."""

from dataclasses import dataclass

from aiohttp import web

from gateway.records.correspondence.conversation import Draft, Limits, Unwritten
from gateway.vault.forms import FORM_KEY, Fields, fields_of
from gateway.vault.messaging import words
from gateway.vault.words import number
from gateway.vault.words import of as elided

FORM_BYTES = 1_000_000
"""A message that is too long is read, so that its writer is told and loses nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """`fil` is the conversation, "" for a new one to `destinataire`."""

    fil: str = ""
    destinataire: str = ""
    objet: str = ""
    texte: str = ""
    documents: tuple[str, ...] = ()
    cle: str = ""
    """Given when the form was shown: with it a second click sends nothing."""

    @property
    def is_blank(self) -> bool:
        """Nothing that a draft would keep."""
        return not (self.texte.strip() or self.documents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What the form is shown with again; `code` is that of the refusal, "" for a field left out."""

    status: int
    errors: dict[str, str]
    code: str = ""


def typed_of(request: web.Request) -> Typed:
    """Fields as they stand; a file in the place of a word is nothing."""
    fields = fields_of(request)
    chosen = [one for one in fields.getall("documents", []) if isinstance(one, str) and one]
    return Typed(
        fil=_word(fields, "fil").strip(),
        destinataire=_word(fields, "destinataire").strip(),
        objet=_word(fields, "objet").strip(),
        texte=_word(fields, "texte").replace("\r\n", "\n"),
        documents=tuple(dict.fromkeys(chosen)),
        cle=_key(fields),
    )


def _word(fields: Fields, name: str) -> str:
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""


def _key(fields: Fields) -> str:
    """ "" from a program that sends none."""
    value = _word(fields, "cle")
    return value if FORM_KEY.fullmatch(value) else ""


def typed_in(draft: Draft | None, conversation: str = "") -> Typed:
    """What a draft holds, as a form shows it."""
    if draft is None:
        return Typed(fil=conversation)
    return Typed(
        fil=draft.conversation or conversation,
        destinataire=draft.to or "",
        objet=draft.subject,
        texte=draft.text,
        documents=draft.documents,
    )


def draft_of(typed: Typed) -> Draft:
    return Draft(
        conversation=typed.fil or None,
        to=typed.destinataire or None,
        subject=typed.objet,
        text=typed.texte,
        documents=typed.documents,
    )


def left_out(typed: Typed) -> Wrong | None:
    """What a first message leaves out, all of it at once; the flow judges the rest."""
    errors = {
        "destinataire": "" if typed.destinataire else words.CHOOSE_CORRESPONDENT,
        "objet": "" if typed.objet else words.GIVE_SUBJECT,
        "texte": "" if typed.texte.strip() else words.EMPTY,
    }
    errors = {name: said for name, said in errors.items() if said}
    return Wrong(status=422, errors=errors) if errors else None


def refused(code: Unwritten, typed: Typed, limits: Limits, name: str, of: str) -> Wrong:
    """`name` is the correspondent's; `of` is « de Léo » in another's profile."""
    status, field, said = words.REFUSALS[code]
    most = {
        Unwritten.TEXT_TOO_LONG: limits.text,
        Unwritten.SUBJECT: limits.subject,
        Unwritten.TOO_MANY: limits.documents,
    }
    if code is Unwritten.UNKNOWN_CORRESPONDENT and of:
        said = words.WHOM_OF
    if code is Unwritten.SUBJECT and not typed.objet:
        said = words.GIVE_SUBJECT
    told = said.format(
        name=name,
        of_name=elided(name),
        of=of,
        count=number(len(typed.texte)),
        most=number(most.get(code, 0)),
    )
    if typed.fil and field == "destinataire":
        field = ""  # an answer has no such field
    return Wrong(status=status, errors={field: told}, code=code.value)
