"""What holds for every test."""

from hypothesis import settings

# How long an example takes says more of the machine than of the code: benchmarks look at that.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
