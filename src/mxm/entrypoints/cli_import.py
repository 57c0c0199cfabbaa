"""`mxm import`: mailboxes from a CSV file, through a manager's API."""


def import_csv() -> None:
    """Import mailboxes from a CSV file."""
