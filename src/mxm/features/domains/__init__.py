"""The account's domains: register, remove, switch mail hosting, pointers."""
