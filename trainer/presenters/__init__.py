"""The behaviour of a screen, without Qt."""
