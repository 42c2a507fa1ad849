"""Measurements. Ratios within one run count; absolute times move with the machine."""
