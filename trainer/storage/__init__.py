"""SQLite files: the only floor that knows there is a database."""
