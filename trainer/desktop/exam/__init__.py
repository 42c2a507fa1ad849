"""What candidates and proctors see of an exam: a window of its own, calm and without a way out."""
