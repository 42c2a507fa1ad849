"""One module for each thing a person sets out to do."""
