"""Pure thought about DNS records: no look-ups, no database."""
