"""The product's clients against the sandbox."""
