"""What a mail program needs to know: servers, ports, login."""
