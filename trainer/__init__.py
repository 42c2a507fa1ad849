"""Platform Rules Trainer: study the rules of cross-border e-commerce, offline."""

__version__ = "0.1.0"
