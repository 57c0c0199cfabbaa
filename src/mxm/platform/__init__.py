"""What every feature stands on: settings, database, journal, access, errors. Knows no feature."""
