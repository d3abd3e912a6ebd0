"""The doors of the 3422 and of the deletions, each with the roles that it opens for."""

from gateway.records.readers.operator import OperatorRole
from gateway.vault.desk.places import AUTHORITIES, CALLS, DELETIONS, SECOND
from gateway.vault.desk.support import acts, authorities, authority, code, deletions, find, orient
from gateway.vault.desk.support.call import PERSON, PLACE, in_a_call
from gateway.vault.porch import Guest, Handler, Page


def _page(
    method: str,
    path: str,
    handler: Handler,
    roles: tuple[OperatorRole, ...],
    upload: int = 0,
) -> Page:
    return Page(
        method,
        path,
        handler,
        Guest.OPERATOR,
        roles=roles,
        upload=upload,
        too_large=acts.TOO_LARGE,
    )


ONE = f"{deletions.PLACE}/{{id}}"
SUPPORT: tuple[Page, ...] = (
    _page("GET", PLACE, find.find_page, CALLS),
    _page("POST", PLACE, find.find, CALLS),
    _page("GET", orient.ORIENT, orient.orient_page, CALLS),
    _page("GET", PERSON, in_a_call(find.person_page), CALLS),
    _page("POST", f"{PLACE}/fin", find.end_call, CALLS),
    _page("GET", code.PLACE, in_a_call(code.code_page), CALLS),
    _page("POST", code.PLACE, in_a_call(code.send), CALLS),
    _page("GET", acts.OPPOSITION, in_a_call(acts.opposition_page), CALLS),
    _page("POST", acts.OPPOSITION, in_a_call(acts.oppose), CALLS),
    _page("GET", acts.CLOSING, in_a_call(acts.closing_page), CALLS),
    _page("POST", acts.CLOSING, in_a_call(acts.close), CALLS),
    _page("GET", acts.PAPER, in_a_call(acts.paper_page), CALLS),
    _page("POST", acts.PAPER, in_a_call(acts.propose), CALLS, upload=acts.MAX_PAPERS),
    _page("GET", authority.REPRESENTATIVE, in_a_call(authority.representative_page), CALLS),
    _page("POST", authority.REPRESENTATIVE, in_a_call(authority.propose), CALLS, acts.MAX_PAPERS),
    _page("GET", authority.WITHDRAWAL, in_a_call(authority.withdrawal_page), CALLS),
    _page("POST", authority.WITHDRAWAL, in_a_call(authority.withdraw), CALLS, acts.MAX_PAPERS),
    _page("GET", authorities.PLACE, authorities.authorities_page, AUTHORITIES),
    _page("GET", f"{authorities.PLACE}/{{id}}", authorities.authority_page, SECOND),
    _page("POST", f"{authorities.PLACE}/{{id}}/valider", authorities.agree, SECOND),
    _page("POST", f"{authorities.PLACE}/{{id}}/ecarter", authorities.decline, SECOND),
    _page("GET", deletions.PLACE, deletions.deletions_page, DELETIONS),
    _page("GET", ONE, deletions.paper_page, SECOND),
    _page("POST", f"{ONE}/valider", deletions.agree, SECOND),
    _page("POST", f"{ONE}/ecarter", deletions.decline, SECOND),
)
