"""What a card is, how it is shown and how an answer is graded."""
