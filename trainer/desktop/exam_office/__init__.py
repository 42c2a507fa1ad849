"""Exams on the teacher's desk: keys, a new exam, results."""
