"""The store with the judge of this house, for the daemon and for the commands beside it."""

from datetime import timedelta

import structlog

from gateway.clock import Ids, SystemClock
from gateway.flows.filing import FilingJudge, FilingPolicy
from gateway.flows.filing.judging.permission import DepositGate
from gateway.ports.metrics import Metrics, NoMetrics
from gateway.records.messages.forward import ForwardRule
from gateway.settings import Settings
from gateway.settings.sections.dmp_forward import DmpForward
from gateway.settings.sections.sending import Forward
from gateway.store.burying.again import agree_on_the_erased
from gateway.store.engine.waiting import Limits
from gateway.store.keys.gateway_keys import Keys
from gateway.store.keys.key_check import check_keys, is_rotating
from gateway.store.opening import Store, open_store
from gateway.store.sealed_since import seal_words_of_before

RESERVE_BYTES = 256_000_000
"""Free space below which deposits are deferred (SECURITY section 4); a demo fills its disk."""
NO_METRICS = NoMetrics()
log = structlog.get_logger()


def judged_store(
    settings: Settings, *, clock: SystemClock, ids: Ids, metrics: Metrics = NO_METRICS
) -> Store:
    """The store with the judge of this house; the schema must be current. Who was erased is so
    before it opens, whatever copy of the database it is.

    Raises KeyFileError on a missing key, and on keys that are not those of the database.
    """
    keys = Keys.load(settings.store.keys)
    check_keys(settings.store.url, keys)
    if count := agree_on_the_erased(settings.store.url, keys, settings.store.keys):
        log.warning("erased.again", count=count)
    policy = FilingPolicy(
        refused_bytes_kept=timedelta(days=settings.policy.refused_days),
        forwards=(
            *(rule_of(one) for one in settings.forward),
            *(rule_of(one) for one in settings.dmp.forward),
        ),
    )
    judge = FilingJudge(keys, ids, policy, DepositGate(settings.access.switches))
    return open_store(
        settings.store.url,
        keys=keys,
        judge=judge,
        clock=clock,
        ids=ids,
        limits=Limits(reserve_bytes=0 if settings.demo else RESERVE_BYTES),
        metrics=metrics,
    )


def seal_clear_words(settings: Settings) -> None:
    """What yesterday's code wrote in clear since `gateway migrate`; and says it where a rotation of
    the master key waits to be gone on with. Raises KeyFileError."""
    keys = Keys.load(settings.store.keys)
    check_keys(settings.store.url, keys)
    if is_rotating(settings.store.url):
        log.warning("keys.rotation_unfinished", reason="gateway key rotate goes on with it")
    if count := seal_words_of_before(settings.store.url, keys):
        log.info("store.sealed", count=count)


def rule_of(forward: Forward | DmpForward) -> ForwardRule:
    return ForwardRule(
        name=forward.name,
        senders=forward.senders,
        types=forward.types,
        labels=forward.labels,
        to_dmp=isinstance(forward, DmpForward),
    )
