"""What people see of durable work: lists, progress, events, cancellation, results, passwords handed over once."""
