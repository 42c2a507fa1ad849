"""Decks: Markdown in, cards, rules and findings out."""
