"""Where the parts are put together: the web server, the command line, the demo."""
