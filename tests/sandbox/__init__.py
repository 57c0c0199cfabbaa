"""Tests of the sandbox: what it imitates is checked against the upstream's own description and against known quirks."""
