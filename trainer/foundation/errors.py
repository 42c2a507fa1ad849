"""What can be wrong with the world, told in codes that messages turn into sentences."""


class TrainerError(Exception):
    """Something a person can act on. `code` names the sentence, `blanks` fill it.

    The sentence itself (English or Chinese) comes from `foundation.messages`, at the edge.
    """

    def __init__(self, code: str, /, **blanks: object) -> None:
        detail = ", ".join(f"{name}={value!r}" for name, value in blanks.items())
        super().__init__(f"{code}({detail})" if detail else code)
        self.code = code
        self.blanks = blanks


class Cancelled(TrainerError):  # noqa: N818 - it is no error, only a way out
    """The person stopped a long piece of work; nothing half-done is left."""

    def __init__(self) -> None:
        super().__init__("work.cancelled")
