"""Who may do what: principals, permissions, and the dependencies that put them into a route's signature."""

from mxm.platform.access.authenticator import Authenticator, Credentials
from mxm.platform.access.principal import PUBLIC, SYSTEM, Caller, Grants, Permission, Principal

__all__ = ["PUBLIC", "SYSTEM", "Authenticator", "Caller", "Credentials", "Grants", "Permission", "Principal"]
