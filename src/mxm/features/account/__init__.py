"""The MXroute account as a whole: disk usage and the verification key."""
