"""MXroute's REST API: its operations, its limits and its quirks, over an account held in memory."""
