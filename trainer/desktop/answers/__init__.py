"""Answering a card: one module a kind of answer, and `area` to show the right one."""
