"""Serving the web app: the page for people who are signed in, and the files that it loads."""

from mxm.entrypoints.web_app.built import WEB_DIST, WebApp
from mxm.entrypoints.web_app.routes import for_people, web_app_routes

__all__ = ["WEB_DIST", "WebApp", "for_people", "web_app_routes"]
