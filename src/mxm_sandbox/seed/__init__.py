"""What a sandbox holds when it starts, and how it is filled with very much more."""
