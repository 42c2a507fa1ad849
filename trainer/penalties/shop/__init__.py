"""The simulated shop: a seeded month on a platform, moved by the platform's own tables."""
