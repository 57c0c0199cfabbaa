"""The HTTP contract, route by route, through the whole application."""
