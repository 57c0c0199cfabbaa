"""Bringing a domain to MXroute: from its zone to health, as one durable job."""
