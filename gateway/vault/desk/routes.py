"""The doors of `/desk` (PAGES sections 7 and 8), each with the roles that it opens for."""

from gateway.vault.desk import clock, roles, signin
from gateway.vault.porch import Guest, Page

DESK: tuple[Page, ...] = (
    Page("GET", "/desk", signin.desk_page),
    Page("POST", "/desk/connexion", signin.desk_sign_in),
    Page("GET", "/desk/aide", roles.roles_page, Guest.OPERATOR),
)
CLOCK: tuple[Page, ...] = (
    Page("GET", "/desk/horloge", clock.clock_page, Guest.OPERATOR),
    Page("POST", "/desk/clock", clock.move_clock, Guest.OPERATOR),
)
"""The demo's only (VAULT GEN-04)."""
