"""What goes in and out of the identity routes."""
