"""What platforms, products, skills and competences are called in the person's language."""

from trainer.foundation.messages import Messages


def subject_name(messages: Messages, subject: str) -> str:
    """The name of a subject; one that a teacher added is made readable from its id."""
    code = f"subject.{subject}"
    if messages.knows(code):
        return messages(code)
    return subject.replace("-", " ").capitalize()


def competence_name(messages: Messages, competence: str) -> str:
    code = f"competence.{competence}"
    return messages(code) if messages.knows(code) else competence
