"""Spam filtering: the score per domain, and sender lists that the whole account shares."""
