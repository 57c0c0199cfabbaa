"""`make bench`: figures of the running program, on loopback, against the sandbox. Prints; never fails on a slow day."""
