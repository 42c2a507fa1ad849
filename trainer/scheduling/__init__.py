"""Memory and due dates."""
