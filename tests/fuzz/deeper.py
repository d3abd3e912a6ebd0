"""A pytest plugin for `make fuzz`: the laws of the parsers, tried far more often."""

from datetime import timedelta

from hypothesis import HealthCheck, settings

settings.register_profile(
    "fuzz",
    max_examples=20_000,
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow],
)


def pytest_configure() -> None:
    settings.load_profile("fuzz")
