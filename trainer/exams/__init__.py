"""Sealed exams on a proctored machine: papers, attempts, marks."""
