"""Cloudflare's API v4: zones, DNS records and tokens, with its limits and its ways of saying no, held in memory."""
