"""Free a type of its demands on projects, so that any number of its certificates can be issued and measured."""

import re

from registry.directory.catalog.folder import DEFINITION, TypeFolder

_DEMANDS = re.compile(rb"(?m)^(?:rests_on|needs|consolidates|duty|proves|followed_by) = .*\n")


def unbound(folder: TypeFolder) -> TypeFolder:
    """The same type, which names its project and buildings still, and demands nothing of them."""
    return TypeFolder({**folder.files, DEFINITION: _DEMANDS.sub(b"", folder.files[DEFINITION])})
