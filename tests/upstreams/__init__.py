"""Tests of the upstream clients, against sockets and small stand-ins."""
