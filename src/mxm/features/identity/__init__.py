"""Who there is: local users, sessions, API tokens, their grants, and signing in."""
