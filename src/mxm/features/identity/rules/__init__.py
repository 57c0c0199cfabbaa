"""Pure decisions about identities."""
