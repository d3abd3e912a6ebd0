"""What is counted of the DMP door."""

from gateway.adapters.monitoring.metrics import PrometheusMetrics


def test_a_request_is_counted_by_transaction_and_by_what_became_of_it() -> None:
    metrics = PrometheusMetrics()
    metrics.dmp_answered(transaction="patientList", outcome="answered", seconds=0.3)
    metrics.dmp_answered(transaction="patientList", outcome="Sender", seconds=0.001)
    lines = metrics.exposition().decode().splitlines()
    for outcome, seconds in (("answered", 0.3), ("Sender", 0.001)):
        told = f'gateway_dmp_seconds_sum{{outcome="{outcome}",transaction="patientList"}} {seconds}'
        assert told in lines
