"""All domains at a glance: the last known state of each, kept in the database and refreshed within the read budget."""
