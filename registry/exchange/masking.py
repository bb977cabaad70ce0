"""Show of a name or a number just enough to recognise one's own. Pure."""


def name(text: str) -> str:
    """A person's name keeps its first character, a body's its first and last two."""
    if len(text) <= 4:
        return text[:1] + "*" * (len(text) - 1)
    return text[:2] + "*" * (len(text) - 4) + text[-2:]


def code(text: str) -> str:
    """A number keeps its last four characters."""
    return "*" * max(0, len(text) - 4) + text[-4:]
