"""What the entry points may use of client set-up."""

from mxm.features.client_setup.service import ClientSetup

__all__ = ["ClientSetup"]
