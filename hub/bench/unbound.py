"""Free a type of its demands on projects, so that any number of its certificates can be issued and measured."""

import re

from registry.directory.catalog.folder import DEFINITION, TypeFolder

_TABLE = re.compile(rb"\[project\]\n(?:.+\n)*\n")


def unbound(folder: TypeFolder) -> TypeFolder:
    """The same type without its table `project`."""
    return TypeFolder({**folder.files, DEFINITION: _TABLE.sub(b"", folder.files[DEFINITION])})
