"""Name every refusal about service items."""

from registry.directory.catalog_errors import Defective
from registry.store.errors import NotFound, RegistryError


class MatterError(RegistryError):
    """What was asked of a service item is declined."""

    code = "matter.error"


class MatterNotFound(NotFound):
    """No such service item, or no such version of it, is published here (facts: kind)."""

    code = "matter.not_found"


class MatterRefused(Defective):
    """The document of a service item has defects (facts: count)."""

    code = "matter.refused"


class MatterWithdrawn(MatterError):
    """The service item is withdrawn (facts: matter)."""

    code = "matter.withdrawn"


class MatterNotInForce(MatterError):
    """No version of the service item counts on that day (facts: matter, day)."""

    code = "matter.not_in_force"


class MatterMirrored(MatterError):
    """That part of the service item comes from the library it mirrors (facts: matter, library, place)."""

    code = "matter.mirrored"


class MatterOutOfOrder(MatterError):
    """A version would count from before the one it follows (facts: matter, first_day)."""

    code = "matter.out_of_order"


class MatterOfAnother(MatterError):
    """The code belongs to a service item of another authority (facts: matter)."""

    code = "matter.of_another"


class PublishedAtOnce(MatterError):
    """Somebody else published a version at the same moment (facts: matter)."""

    code = "matter.published_at_once"


class MatterDamaged(MatterError):
    """The document of a version is not what was published (facts: matter, version)."""

    code = "matter.damaged"


class NumberRefused(MatterError):
    """A number for a limit is not written as numbers are (facts: expected)."""

    code = "matter.number_refused"


class DemandAnswered(MatterError):
    """The demand was answered before."""

    code = "matter.demand_answered"
