"""Public DNS as the sandbox has it: what every name answers, and an authoritative server for it on UDP and TCP."""
