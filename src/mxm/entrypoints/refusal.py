"""How a command says in one line that it cannot; in a file of its own, so that `mxm --help` loads nothing else."""


class CannotStart(Exception):
    """What prevents it, in one line for each reason."""
