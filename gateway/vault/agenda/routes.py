"""The doors of the agenda."""

from gateway.vault.agenda import listing, one, prevention, reminders, subscription
from gateway.vault.agenda.room import PATH
from gateway.vault.porch import Guest, Page, written

ONE = PATH + "/{id}"

AGENDA: tuple[Page, ...] = (
    Page("GET", PATH, listing.agenda_page, Guest.PATIENT),
    Page("GET", f"{PATH}/mois", listing.month_page, Guest.PATIENT),
    Page("GET", f"{PATH}/ajouter", one.add_page, Guest.PATIENT),
    written(f"{PATH}/ajouter", one.add, Guest.PATIENT),
    Page("GET", f"{PATH}/agenda.ics", one.whole_file, Guest.PATIENT),
    Page("POST", f"{PATH}/rappels", reminders.remind, Guest.PATIENT),
    Page("POST", f"{PATH}/rappels/supprimer", reminders.forget, Guest.PATIENT),
    Page("GET", subscription.PLACE, subscription.subscription_page, Guest.PATIENT),
    Page("POST", subscription.PLACE, subscription.subscribe, Guest.PATIENT),
    Page("POST", f"{subscription.PLACE}/supprimer", subscription.unsubscribe, Guest.PATIENT),
    Page("GET", f"{subscription.PLACE}/{{secret:{subscription.SECRET}}}.ics", subscription.feed),
    Page("GET", prevention.HERE, prevention.list_page, Guest.PATIENT),
    Page("POST", f"{prevention.HERE}/fait", prevention.done, Guest.PATIENT),
    Page("POST", f"{prevention.HERE}/annuler", prevention.undone, Guest.PATIENT),
    Page("POST", f"{prevention.HERE}/pas-fait", prevention.not_done, Guest.PATIENT),
    Page("POST", f"{prevention.HERE}/rappels", prevention.remind, Guest.PATIENT),
    Page("POST", f"{prevention.HERE}/autre", prevention.not_this, Guest.PATIENT),
    Page("GET", ONE, one.one_page, Guest.PATIENT),
    Page("GET", f"{ONE}/modifier", one.change_page, Guest.PATIENT),
    written(f"{ONE}/modifier", one.change, Guest.PATIENT),
    Page("GET", f"{ONE}/annuler", one.cancel_page, Guest.PATIENT),
    Page("POST", f"{ONE}/annuler", one.cancel, Guest.PATIENT),
    Page("GET", f"{ONE}/rendez-vous.ics", one.one_file, Guest.PATIENT),
)
