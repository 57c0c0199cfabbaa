"""What every upstream client stands on: paths, budget, exchange, errors, cache. Knows no upstream by name."""
