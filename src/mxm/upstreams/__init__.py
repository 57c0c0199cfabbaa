"""The outside world. Nothing else in the product opens a connection."""
