"""What is counted, and how Prometheus reads it."""

from aiohttp.test_utils import TestClient, TestServer

from gateway.adapters.monitoring.metrics import MAX_SENDERS, PrometheusMetrics, build_metrics_app
from gateway.ports.metrics import Metrics, NoMetrics


def shown(metrics: PrometheusMetrics) -> list[str]:
    return metrics.exposition().decode().splitlines()


def test_an_answer_is_counted_by_door_sender_and_verdict() -> None:
    metrics = PrometheusMetrics()
    metrics.received(door="mllp", sender="labo", verdict="accept", seconds=0.003)
    metrics.received(door="mllp", sender="labo", verdict="accept", seconds=0.2)
    lines = shown(metrics)
    assert 'gateway_received_total{door="mllp",sender="labo",verdict="accept"} 2.0' in lines
    assert 'gateway_answer_seconds_bucket{door="mllp",le="0.005"} 1.0' in lines


def test_a_commit_is_counted_with_its_size_and_time() -> None:
    metrics = PrometheusMetrics()
    metrics.committed(units=16, seconds=0.004)
    lines = shown(metrics)
    assert 'gateway_commit_units_bucket{le="8.0"} 0.0' in lines
    assert 'gateway_commit_units_bucket{le="16.0"} 1.0' in lines
    assert "gateway_commit_seconds_sum 0.004" in lines


def test_depths_follow_the_present_and_forget_what_is_settled() -> None:
    metrics = PrometheusMetrics()
    metrics.queue_depth("writer", 7)
    metrics.task_depths({"notice": 3, "mail": 1})
    metrics.task_depths({"notice": 2})
    lines = shown(metrics)
    assert 'gateway_queue_depth{queue="writer"} 7.0' in lines
    assert 'gateway_tasks_waiting{kind="notice"} 2.0' in lines
    assert not any('kind="mail"' in line for line in lines)


def test_deferrals_deliveries_and_connections_are_counted() -> None:
    metrics = PrometheusMetrics()
    metrics.deferred(door="http", sender="labo")
    metrics.delivered(kind="notice", outcome="sent")
    metrics.connections("mllp", 4)
    metrics.lanes_paused(2)
    lines = shown(metrics)
    assert 'gateway_deferred_total{door="http",sender="labo"} 1.0' in lines
    assert 'gateway_tasks_total{kind="notice",outcome="sent"} 1.0' in lines
    assert 'gateway_connections{door="mllp"} 4.0' in lines
    assert "gateway_lanes_paused 2.0" in lines


def test_too_many_senders_are_counted_together() -> None:
    metrics = PrometheusMetrics()
    for number in range(MAX_SENDERS + 2):
        metrics.deferred(door="http", sender=f"s{number}")
    assert 'gateway_deferred_total{door="http",sender="other"} 2.0' in shown(metrics)


def test_memory_of_the_process_is_shown() -> None:
    assert any(
        line.startswith("process_resident_memory_bytes") for line in shown(PrometheusMetrics())
    )


async def test_the_listener_serves_metrics_and_nothing_else() -> None:
    async with TestClient(TestServer(build_metrics_app(PrometheusMetrics()))) as client:
        answer = await client.get("/metrics")
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert (await client.get("/")).status == 404
        assert (await client.post("/metrics")).status == 405


def test_both_counters_keep_the_promise_of_the_port() -> None:
    counting = PrometheusMetrics()
    counters: list[Metrics] = [counting, NoMetrics()]
    for one in counters:
        one.received(door="mllp", sender="labo", verdict="hold", seconds=0.1)
    assert 'gateway_received_total{door="mllp",sender="labo",verdict="hold"} 1.0' in shown(counting)
