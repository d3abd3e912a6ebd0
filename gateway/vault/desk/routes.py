"""The doors of `/desk` (PAGES sections 7 and 8), each with the roles that it opens for."""

from gateway.records.readers.operator import OperatorRole
from gateway.vault.desk import catalogue, clock, identities, journal, reports, roles, signin
from gateway.vault.desk.messages import flow, octets, one, replay, search, segments
from gateway.vault.desk.places import (
    AUDIT,
    EVERYBODY,
    IDENTITIES,
    LISTINGS,
    MESSAGES,
    RULES,
    SECOND,
    WORK,
)
from gateway.vault.desk.rules import grid, simulator
from gateway.vault.desk.support.routes import SUPPORT
from gateway.vault.desk.upkeep import health, letters, pauses, queues, senders
from gateway.vault.porch import Guest, Handler, Page

ENTRY = r"/desk/journal/{number:\d{1,18}}"
LETTER = r"/desk/echecs/{number:\d{1,18}}"
LANE = "/desk/files/{lane}"
Line = tuple[str, str, Handler]


def _for(roles: tuple[OperatorRole, ...], *lines: Line) -> tuple[Page, ...]:
    """Pages for these roles alone."""
    return tuple(Page(*line, Guest.OPERATOR, roles=roles) for line in lines)


DESK: tuple[Page, ...] = (
    Page("GET", "/desk", signin.desk_page),
    Page("POST", "/desk/connexion", signin.desk_sign_in),
    *_for(
        MESSAGES,
        ("GET", "/desk/flux", flow.flow_page),
        ("GET", "/desk/messages", search.messages_page),
        ("GET", "/desk/messages/csv", search.messages_csv),
        ("GET", "/desk/messages/{id}", one.message_page),
        ("GET", "/desk/messages/{id}/segments", segments.segments_page),
        ("GET", "/desk/messages/{id}/octets", octets.octets_page),
        ("POST", "/desk/messages/{id}/octets", octets.ask),
        ("GET", "/desk/messages/{id}/rejouer", replay.replay_page),
        ("GET", "/desk/messages/{id}/rejouer/appliquer", replay.apply_page),
        ("POST", "/desk/messages/{id}/rejouer/appliquer", replay.apply),
    ),
    *_for(
        IDENTITIES,
        ("GET", "/desk/identites", identities.held_page),
        ("GET", "/desk/identites/{id}", identities.one_held_page),
        ("POST", "/desk/identites/{id}/rattacher", identities.propose),
        ("POST", "/desk/identites/{id}/refuser", identities.set_aside),
    ),
    *_for(
        SECOND,
        ("GET", "/desk/a-valider", identities.waiting_page),
        ("GET", "/desk/a-valider/{id}", identities.proposal_page),
        ("POST", "/desk/a-valider/{id}/valider", identities.validate),
        ("POST", "/desk/a-valider/{id}/ecarter", identities.decline),
        ("GET", "/desk/a-valider/octets/{id}", octets.opening_page),
        ("POST", "/desk/a-valider/octets/{id}/accepter", octets.agree),
        ("POST", "/desk/a-valider/octets/{id}/ecarter", octets.decline),
        ("GET", "/desk/a-valider/catalogue/{id}", catalogue.proposal_page),
        ("POST", "/desk/a-valider/catalogue/{id}/accepter", catalogue.agree),
        ("POST", "/desk/a-valider/catalogue/{id}/ecarter", catalogue.decline),
    ),
    *_for(
        WORK,
        ("GET", "/desk/files", queues.queues_page),
        ("GET", f"{LANE}/pause", pauses.pause_page),
        ("POST", f"{LANE}/pause", pauses.pause),
        ("GET", f"{LANE}/reprise", pauses.resume_page),
        ("POST", f"{LANE}/reprise", pauses.resume),
        ("GET", "/desk/echecs", letters.letters_page),
        ("GET", f"{LETTER}/relancer", letters.retry_page),
        ("POST", f"{LETTER}/relancer", letters.retry),
        ("GET", f"{LETTER}/abandonner", letters.abandon_page),
        ("POST", f"{LETTER}/abandonner", letters.abandon),
        ("GET", "/desk/emetteurs", senders.senders_page),
        ("GET", "/desk/sante", health.health_page),
        ("POST", "/desk/sante/verifier", health.verify),
    ),
    *_for(
        AUDIT,
        ("GET", "/desk/journal", journal.journal_page),
        ("GET", ENTRY, journal.entry_page),
        ("GET", f"{ENTRY}/preuve", journal.entry_proof),
        ("POST", "/desk/journal/verifier", journal.verify_log),
    ),
    *_for(
        LISTINGS,
        ("GET", "/desk/catalogue", catalogue.catalogue_page),
        ("GET", "/desk/catalogue/{id}/arret", catalogue.stop_page),
        ("POST", "/desk/catalogue/{id}/arret", catalogue.stop),
        ("GET", "/desk/signalements", reports.reports_page),
        ("GET", "/desk/signalements/{id}", reports.one_page),
        ("POST", "/desk/signalements/{id}", reports.answer),
    ),
    Page(
        "POST",
        "/desk/catalogue",
        catalogue.propose,
        Guest.OPERATOR,
        upload=catalogue.FORM_BYTES,
        roles=LISTINGS,
    ),
    *_for(RULES, ("GET", "/desk/grille", grid.grid_page)),
    *_for(EVERYBODY, ("GET", "/desk/simulateur", simulator.simulator_page)),
    *SUPPORT,
    Page("GET", "/desk/aide", roles.roles_page, Guest.OPERATOR),
)
CLOCK: tuple[Page, ...] = (
    Page("GET", "/desk/horloge", clock.clock_page, Guest.OPERATOR),
    Page("POST", "/desk/clock", clock.move_clock, Guest.OPERATOR),
)
"""The demo's only (VAULT GEN-04)."""
