"""MXroute Manager: a polite, safe layer over MXroute mail and Cloudflare DNS."""

__version__ = "0.1.0"
