"""The doors of `/mesures` and of a professional's `/pro/patients/{patient}/mesures`."""

from gateway.vault.measures import choosing, growth, pages, writing
from gateway.vault.measures.pages import PATH, Where, own_place, pro_place
from gateway.vault.porch import Guest, Page, written

PRO_PATH = "/pro/patients/{patient}" + PATH


def _doors(path: str, where: Where, guest: Guest) -> tuple[Page, ...]:
    one, value = f"{path}/{{code}}", f"{path}/{{code}}/{{id}}"
    return (
        Page("GET", path, pages.list_page(where), guest),
        written(path, writing.add(where), guest),
        Page("GET", f"{path}/ajouter", writing.add_page(where), guest),
        Page("GET", f"{path}/croissance", growth.growth_page(where), guest),
        Page("GET", one, pages.detail_page(where), guest),
        Page("GET", f"{value}/modifier", writing.change_page(where), guest),
        written(f"{value}/modifier", writing.change(where), guest),
        Page("GET", f"{value}/supprimer", writing.delete_page(where), guest),
        Page("POST", f"{value}/supprimer", writing.delete(where), guest),
    )


MEASURES: tuple[Page, ...] = (
    Page("GET", f"{PATH}/choix", choosing.choices_page, Guest.PATIENT),
    Page("POST", f"{PATH}/choix", choosing.take_choices, Guest.PATIENT),
    *_doors(PATH, own_place, Guest.PATIENT),
    Page("POST", f"{PATH}/{{code}}/{{id}}/visibilite", writing.hide(own_place), Guest.PATIENT),
    Page("POST", f"{PATH}/{{code}}/{{id}}/retirer", writing.take_out(own_place), Guest.PATIENT),
)
PRO_MEASURES = _doors(PRO_PATH, pro_place, Guest.PROFESSIONAL)
