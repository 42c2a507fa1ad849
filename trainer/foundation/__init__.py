"""Errors, places in files, clock, ids, messages, settings: what every floor may use."""
