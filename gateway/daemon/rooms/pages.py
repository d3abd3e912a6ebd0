"""The rooms of the pages that stand whatever the settings say; `house` adds those that depend."""

from gateway.adapters.http.senders import certificate_of
from gateway.daemon.rooms.catalogue import launching_of, services_of, using_of
from gateway.daemon.rooms.patients.entering import entrance_of
from gateway.daemon.rooms.patients.own import bin_of
from gateway.flows.attesting.room import Attesting
from gateway.flows.depositing.by_hand import DepositByHand
from gateway.flows.depositing.by_patient import DepositOwn
from gateway.flows.entries.room import MedicalProfile, profile_of
from gateway.flows.leaving.room import Leaving
from gateway.flows.linking.room import Linking
from gateway.flows.noticing.news import Noticing
from gateway.flows.reading.decided.quiet import Quiet
from gateway.flows.reading.read import ReadShelf
from gateway.flows.receive import Receive
from gateway.flows.signing_in.desk_signin import DeskSignIn
from gateway.flows.signing_in.refusals import Refusals
from gateway.flows.signing_in.signin import SignIn
from gateway.mapping.growth.folder import references_of
from gateway.mapping.help_places import read_places
from gateway.mssante.outbox import FileOutbox
from gateway.settings import Settings
from gateway.settings.sections.help import Help
from gateway.store.opening import Store
from gateway.vault.rooms import DeskRooms, HelpLine, Hosting, VaultRooms
from gateway.vault.signing_in.passwords import Argon2Hasher, LockedTurns


def pages_of(
    settings: Settings,
    store: Store,
    read: ReadShelf,
    receive: Receive,
    sign_in: SignIn,
    hasher: Argon2Hasher,
    own: DepositOwn,
) -> VaultRooms:
    entrance = entrance_of(settings, store, read, sign_in, hasher)
    medical = profile_of(read, store.entries, receive.ids)
    hosting = settings.hosting
    return VaultRooms(
        read=read,
        sign_in=sign_in,
        entrance=entrance,
        leaving=Leaving(entrance=entrance, departures=store.departures),
        people=store.people,
        ties=store.people,
        names=store.keys,
        clock=receive.clock,
        ids=receive.ids,
        own_tries=store.own_tries,
        noticing=Noticing(asking=read, marks=store.notice_marks),
        deposits=_by_hand(settings, store, read, receive),
        own=own,
        bin=bin_of(store, read),
        services=services_of(settings, store, read, receive.ids),
        launching=launching_of(store, read, receive.ids),
        using=using_of(store, receive.clock),
        growth=references_of(settings.growth.reference_dir),
        medical=medical,
        attesting=_attesting(store, read, receive, medical),
        linking=_linking(store, read, receive) if settings.policy.share_links else None,
        wording=settings.policy.rubrique_wording,
        quiet=Quiet(receive.clock),
        profile=settings.profile,
        secure_cookies=settings.http.tls is not None or settings.http.behind_proxy,
        behind_proxy=settings.http.behind_proxy,
        base_url=settings.http.address,
        request_seconds=settings.http.request_seconds,
        refusals=Refusals(traces=store.traces, clock=receive.clock),
        certificate_of=certificate_of,
        hosting=Hosting(
            host=hosting.name, country=hosting.country, certificate=hosting.hds_certificate
        ),
        help=_help_line(settings.help),
        desk=DeskRooms(sign_in=_desk_sign_in(store, sign_in)),
    )


def sign_in_of(
    settings: Settings, store: Store, receive: Receive, outbox: FileOutbox, hasher: Argon2Hasher
) -> SignIn:
    return SignIn(
        people=store.people,
        sessions=store.sessions,
        traces=store.traces,
        outbox=outbox,
        hasher=hasher,
        turns=LockedTurns(),
        clock=receive.clock,
        ids=receive.ids,
        demo_tokens=settings.demo,
    )


def _desk_sign_in(store: Store, sign_in: SignIn) -> DeskSignIn:
    """Shares the turns: tries for one login come one after the other, at whichever page."""
    return DeskSignIn(
        operators=store.operators,
        sessions=store.sessions,
        traces=store.traces,
        hasher=sign_in.hasher,
        turns=sign_in.turns,
        clock=sign_in.clock,
        ids=sign_in.ids,
    )


def _by_hand(settings: Settings, store: Store, read: ReadShelf, receive: Receive) -> DepositByHand:
    return DepositByHand(
        asking=read,
        receive=receive,
        journal=store.journal,
        reading=settings.reading(),
        name=store.keys.professional,
    )


def _attesting(
    store: Store, read: ReadShelf, receive: Receive, medical: MedicalProfile
) -> Attesting:
    return Attesting(
        asking=read,
        listing=medical.listing,
        attestations=store.attestations,
        sessions=store.sessions,
        ids=receive.ids,
    )


def _linking(store: Store, read: ReadShelf, receive: Receive) -> Linking:
    return Linking(
        read=read,
        links=store.share_links,
        attestations=store.attestations,
        sessions=store.sessions,
        ids=receive.ids,
    )


def _help_line(settings: Help) -> HelpLine:
    """The file was read once before, when the settings were checked."""
    file = settings.places
    places = read_places(file.read_text("utf-8-sig")) if file is not None else ()
    return HelpLine(hours=settings.hours, tariff=settings.tariff, places=places)
