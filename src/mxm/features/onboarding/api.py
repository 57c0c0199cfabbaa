"""What the entry points may use of onboarding."""

from mxm.features.onboarding.service import KIND, Onboarding

__all__ = ["KIND", "Onboarding"]
