"""Name every refusal about divisions, authorities and entitlements. Facts hold codes and days, never names."""

from registry.store.errors import AlreadyExists, RegistryError


class AuthorityError(RegistryError):
    """What was asked does not fit what is registered about an authority."""

    code = "authority.refused"


class AlreadyRegistered(AlreadyExists):
    """The authority stands in the register already (facts: authority)."""

    code = "authority.already_registered"


class NameRefused(AuthorityError):
    """A name or a document's title is empty, too long, or has characters that cannot be printed (facts: field)."""

    code = "authority.name_refused"


class NameOutOfOrder(AuthorityError):
    """A name must begin after the one before it (facts: authority, after)."""

    code = "authority.name_out_of_order"


class NameUnchanged(AuthorityError):
    """The authority bears this name already (facts: authority)."""

    code = "authority.name_unchanged"


class NotYetNamed(AuthorityError):
    """The authority did not exist yet on that day (facts: authority, first_day)."""

    code = "authority.not_yet"


class NotItsName(AuthorityError):
    """The authority may not issue under this name on that day (facts: authority, day)."""

    code = "authority.not_its_name"


class PlaceOutOfOrder(AuthorityError):
    """A place must begin after the one before it (facts: authority, after)."""

    code = "authority.place_out_of_order"


class LevelUnknown(AuthorityError):
    """There is no such level of authorities (facts: expected)."""

    code = "authority.level_unknown"


class ParentRefused(AuthorityError):
    """The body above must exist on that day and be of a higher level (facts: authority, parent)."""

    code = "authority.parent_refused"


class NamePlateTaken(AuthorityError):
    """The authority bears this name in that period already (facts: authority, first_day)."""

    code = "authority.nameplate_taken"


class NamePlateEnded(AuthorityError):
    """The name-plate has been taken down already (facts: nameplate, ended_on)."""

    code = "authority.nameplate_ended"


class EndsTooEarly(AuthorityError):
    """An end must not lie before the beginning, nor after the end already fixed (facts: first_day, or last_day)."""

    code = "authority.ends_too_early"


class AuthorityClosed(AuthorityError):
    """The authority exists no more (facts: authority, ended_on)."""

    code = "authority.closed"


class ClosesTooEarly(AuthorityError):
    """Something that happened later forbids closing the authority so early (facts: authority, not_before)."""

    code = "authority.closes_too_early"


class AlreadySucceeded(AuthorityError):
    """Somebody took over from the authority already (facts: authority)."""

    code = "authority.already_succeeded"


class SuccessionRefused(AuthorityError):
    """The successors do not make a succession of this kind (facts: authority, expected)."""

    code = "authority.succession_refused"


class NobodyAnswers(AuthorityError):
    """The authority was closed, and nobody took over (facts: authority, ended_on)."""

    code = "authority.nobody_answers"


class DivisionUnknown(AuthorityError):
    """No division of this code is in the list on that day (facts: division, day)."""

    code = "division.unknown"


class DivisionsRefused(AuthorityError):
    """A row of a list of divisions cannot be taken in (facts: row, column, expected)."""

    code = "division.list_refused"


class EntitlementError(RegistryError):
    """Nothing entitles the authority to what was asked."""

    code = "entitlement.refused"


class AlreadyEntitled(EntitlementError):
    """The authority has this entitlement in that period already (facts: authority, type)."""

    code = "entitlement.already_granted"


class EntitlementMalformed(EntitlementError):
    """The entitlement's parts do not fit together (facts: field, expected)."""

    code = "entitlement.malformed"


class EntitlementOver(EntitlementError):
    """The entitlement has been ended already (facts: entitlement, ended_on)."""

    code = "entitlement.already_ended"


class PrincipalNotEntitled(EntitlementError):
    """The principal does not itself hold, in its own name, what it would entrust (facts: principal, type)."""

    code = "entitlement.principal_not_entitled"


class NotEntitledToType(EntitlementError):
    """The authority may not issue this type at all (facts: type)."""

    code = "entitlement.no_type"


class NotEntitledInRegion(EntitlementError):
    """The authority may issue the type, but not for this region (facts: type, region)."""

    code = "entitlement.no_region"


class NotEntitledToGrade(EntitlementError):
    """The authority may issue the type there, but not in this grade (facts: type, region, grade)."""

    code = "entitlement.no_grade"


class EntitlementWaits(EntitlementError):
    """The entitlement has not begun on that day (facts: type, first_day)."""

    code = "entitlement.not_yet"


class EntitlementPast(EntitlementError):
    """The entitlement is over on that day (facts: type, ended_on)."""

    code = "entitlement.over"


class HolidaysRefused(AuthorityError):
    """The file of holidays is not as such files are (facts: year, reason)."""

    code = "calendar.refused"
