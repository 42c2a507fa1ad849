"""Wrong tries at words, tickets and codes: each makes the next wait longer, none locks for good.

A class of forty students types wrongly now and then; a script that guesses gets nowhere: 50 bits
at one try a minute.
"""

from dataclasses import dataclass

LONGEST_WAIT = 60  # seconds


@dataclass(frozen=True, slots=True)
class Tries:
    """How often it went wrong, and since which tick (milliseconds that only rise) it may go on.

    The same few bytes after one try and after a million. Who keeps it writes it down with the
    attempt, so that starting the program again does not help.
    """

    wrong: int = 0
    open_at: int = 0

    def wait(self, ticks: int) -> int:
        """Milliseconds until the next try is looked at; 0 when it is at once.

        Ticks that start anew with the machine never make anybody wait longer than `LONGEST_WAIT`.
        """
        return min(max(self.open_at - ticks, 0), LONGEST_WAIT * 1000)

    def after_wrong(self, ticks: int) -> "Tries":
        """1, 2, 4 … seconds, at most a minute."""
        delay = LONGEST_WAIT if self.wrong > 6 else min(1 << self.wrong, LONGEST_WAIT)
        return Tries(self.wrong + 1, ticks + 1000 * delay)

    def after_right(self) -> "Tries":
        return Tries()
