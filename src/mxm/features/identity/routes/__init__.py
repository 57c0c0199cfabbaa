"""The identity routes."""

from mxm.features.identity.routes.access_control import access_control_routes
from mxm.features.identity.routes.cookies import Cookies
from mxm.features.identity.routes.me import me_routes
from mxm.features.identity.routes.pages import page_routes
from mxm.features.identity.routes.sign_in import sign_in_routes

__all__ = ["Cookies", "access_control_routes", "me_routes", "page_routes", "sign_in_routes"]
