"""Forwarders and the catch-all of a domain."""
