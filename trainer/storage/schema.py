"""The numbers of the newest migrations: known without importing the migrations themselves."""

LEARNER_VERSION = 3
