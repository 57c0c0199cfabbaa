"""Every environment variable of the product: read once, checked, frozen for the life of the process."""

from mxm.platform.settings.load import GivenSettings, SettingsError, load_settings
from mxm.platform.settings.model import Settings

__all__ = ["GivenSettings", "Settings", "SettingsError", "load_settings"]
