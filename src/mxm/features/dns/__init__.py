"""DNS of the domains: what should be there, what is, and repairing the difference without harm."""
