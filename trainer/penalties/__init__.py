"""Platform rules, windows, thresholds and the simulated shop."""
