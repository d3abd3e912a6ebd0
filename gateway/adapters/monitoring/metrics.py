"""The figures of the daemon for Prometheus, on a listener of their own (CONTRACT section 2)."""

from collections.abc import Mapping

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from gateway.records.readers.callers import Caller, open_to

ANSWER_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
COMMIT_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5)
COMMIT_UNITS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
MAX_SENDERS = 1_000
OTHER_SENDER = "other"


MAX_HOT = 1_000
"""Label sets kept at hand: looking one up costs more than counting."""


class PrometheusMetrics:
    """`ports.metrics.Metrics` on a registry of its own: two daemons in one test do not meet."""

    def __init__(self) -> None:
        self._hot: dict[tuple[str, str, str], tuple[Counter, Histogram]] = {}
        self._registry = CollectorRegistry()
        self._senders: set[str] = set()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._count_inputs(self._registry)
        self._count_work(self._registry)
        self._count_log(self._registry)

    def _count_inputs(self, registry: CollectorRegistry) -> None:
        self._received = Counter(
            "gateway_received",
            "Inputs answered, by door, sender and verdict.",
            ("door", "sender", "verdict"),
            registry=registry,
        )
        self._deferred = Counter(
            "gateway_deferred",
            "Inputs that could not be made durable.",
            ("door", "sender"),
            registry=registry,
        )
        self._answer_seconds = Histogram(
            "gateway_answer_seconds",
            "From the last byte of an input to its answer.",
            ("door",),
            buckets=ANSWER_SECONDS,
            registry=registry,
        )
        self._transactions = Histogram(
            "gateway_dmp_seconds",
            "Requests of DMP-compatible software, to their answer; by what became of them.",
            ("transaction", "outcome"),
            buckets=ANSWER_SECONDS,
            registry=registry,
        )
        self._connections = Gauge(
            "gateway_connections", "Peers connected now.", ("door",), registry=registry
        )

    def _count_work(self, registry: CollectorRegistry) -> None:
        self._commit_units = Histogram(
            "gateway_commit_units",
            "Units of work that shared one commit.",
            buckets=COMMIT_UNITS,
            registry=registry,
        )
        self._commit_seconds = Histogram(
            "gateway_commit_seconds",
            "Duration of one commit, fsync included.",
            buckets=COMMIT_SECONDS,
            registry=registry,
        )
        self._delivered = Counter(
            "gateway_tasks",
            "Tasks carried out, by outcome.",
            ("kind", "outcome"),
            registry=registry,
        )
        self._queue_depth = Gauge(
            "gateway_queue_depth", "What waits in a queue now.", ("queue",), registry=registry
        )
        self._task_depth = Gauge(
            "gateway_tasks_waiting", "Tasks not settled yet.", ("kind",), registry=registry
        )

        self._lanes_paused = Gauge(
            "gateway_lanes_paused", "Destinations that an operator paused.", registry=registry
        )

    def _count_log(self, registry: CollectorRegistry) -> None:
        self._log_size = Gauge(
            "gateway_log_size", "Entries of the access log under a signed head.", registry=registry
        )
        self._log_broken = Gauge(
            "gateway_log_broken",
            "1 while the access log is not what was signed.",
            registry=registry,
        )

    def log_sealed(self, size: int) -> None:
        self._log_size.set(size)
        self._log_broken.set(0)

    def log_broken(self) -> None:
        self._log_broken.set(1)

    def received(self, *, door: str, sender: str, verdict: str, seconds: float) -> None:
        found = self._hot.get((door, sender, verdict))
        if found is None:
            counter = self._received.labels(door, self._bounded(sender), verdict)
            found = counter, self._answer_seconds.labels(door)
            if len(self._hot) < MAX_HOT:
                self._hot[door, sender, verdict] = found
        found[0].inc()
        found[1].observe(seconds)

    def dmp_answered(self, *, transaction: str, outcome: str, seconds: float) -> None:
        """`outcome` is "answered", or the code of a fault."""
        self._transactions.labels(transaction, outcome).observe(seconds)

    def deferred(self, *, door: str, sender: str) -> None:
        self._deferred.labels(door, self._bounded(sender)).inc()

    def committed(self, *, units: int, seconds: float) -> None:
        self._commit_units.observe(units)
        self._commit_seconds.observe(seconds)

    def delivered(self, *, kind: str, outcome: str) -> None:
        self._delivered.labels(kind, outcome).inc()

    def queue_depth(self, queue: str, depth: int) -> None:
        self._queue_depth.labels(queue).set(depth)

    def task_depths(self, depths: Mapping[str, int]) -> None:
        self._task_depth.clear()
        for kind, depth in depths.items():
            self._task_depth.labels(kind).set(depth)

    def lanes_paused(self, count: int) -> None:
        self._lanes_paused.set(count)

    def connections(self, door: str, count: int) -> None:
        self._connections.labels(door).set(count)

    def exposition(self) -> bytes:
        """Everything counted, in Prometheus' text format 0.0.4."""
        return generate_latest(self._registry)

    def _bounded(self, sender: str) -> str:
        """A name of ours, or "other" once there are too many to count apart."""
        if sender not in self._senders:
            if len(self._senders) >= MAX_SENDERS:
                return OTHER_SENDER
            self._senders.add(sender)
        return sender


def build_metrics_app(metrics: PrometheusMetrics) -> web.Application:
    """GET /metrics and nothing else, on a listener of its own: figures of nobody."""

    async def show(_request: web.Request) -> web.Response:
        return web.Response(
            body=metrics.exposition(), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        )

    app = web.Application()
    app.router.add_get("/metrics", open_to(show, Caller.ANYONE))
    return app
