"""The audit log: who did what to which domain or mailbox, and what became of it."""
