"""Who is believed at the DMP door: built of the settings, in the demo of its own authority."""

from datetime import timedelta

from gateway.adapters.dmp.proof import Proof
from gateway.adapters.dmp.trust_files import TrustFiles
from gateway.adapters.http.senders import SenderGate
from gateway.clock import SystemClock
from gateway.daemon.rooms.house import House
from gateway.flows.signing_in.vihf import Provers
from gateway.mapping.vihf.fields import Window
from gateway.records.patients.patient import Profile
from gateway.records.readers.vihf import Software
from gateway.settings.checking.dmp import fingerprint_of
from gateway.settings.sections.dmp import DmpSoftware


def proof_of(house: House) -> Proof:
    """The `Prove` of the door. In the demo the clock that software is judged by is the machine's:
    the demo's own may have been moved by weeks. Nobody there has a client certificate."""
    settings, dmp = house.settings, house.settings.dmp
    production = settings.profile is Profile.PRODUCTION
    clock = SystemClock() if settings.demo else house.clock
    files = TrustFiles(
        authorities=dmp.authorities,
        revocations=dmp.revocations,
        policies=dmp.policies,
        listed=production,
        demo=not production,
        clock=clock,
    )
    files.look()
    known = {one.sender: software_of(one, production=production) for one in dmp.software}
    provers = Provers(
        people=house.store.people,
        directory=house.store.people,
        sessions=house.store.sessions,
        window=Window(
            age=timedelta(minutes=dmp.vihf_minutes),
            ahead=timedelta(seconds=dmp.vihf_ahead_seconds),
        ),
        software=known,
        mutual=not settings.demo,
        centre15=frozenset(settings.access.centre15),
    )
    return Proof(
        trust=files,
        provers=provers,
        gate=SenderGate(house.store.people, house.vault.refusals, house.vault.behind_proxy),
        clock=clock,
        sha1=any(one.sha1 for one in known.values()),
    )


def software_of(one: DmpSoftware, *, production: bool) -> Software:
    """Production takes no SHA-1, whatever the file says."""
    return Software(
        sender=one.sender,
        structures=frozenset(one.structures),
        certificates=frozenset(map(fingerprint_of, one.certificates)),
        authentications=frozenset(one.authentications),
        sha1=one.sha1 and not production,
    )
