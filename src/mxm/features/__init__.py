"""The rooms of the product, one folder each; a feature is entered only through its `api` module."""
