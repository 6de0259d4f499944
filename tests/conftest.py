"""What holds for every test: no example of Hypothesis is a bet on the machine's speed.

How fast things are is told by the benchmarks, and growth by counted work.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "any machine",
    parent=settings.default,  # on CI that is Hypothesis' own profile for it
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("any machine")
