"""Mailboxes: create, change, delete, recovery addresses, CSV out and the check of CSV in."""
