"""Rules that hold for the code and its documentation as a whole."""
