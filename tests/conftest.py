"""Settings for all tests: Hypothesis profiles; nothing that costs time."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.tools import SOAK

# Derandomised: the same examples everywhere, so a red run is a finding and not luck. No deadline: machines differ.
settings.register_profile(
    "ci",
    derandomize=True,
    max_examples=100,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak",
    max_examples=5_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("soak" if SOAK else "ci")
