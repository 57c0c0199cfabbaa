"""Files that set a mail program up by themselves: pure thought, no look-ups. None holds a password."""

from mxm.features.client_setup.rules.apple import apple_profile
from mxm.features.client_setup.rules.autoconfig import autoconfig

__all__ = ["apple_profile", "autoconfig"]
