"""Name every refusal about where keys lie."""

from registry.store.errors import RegistryError


class EnrolmentError(RegistryError):
    """A key cannot be enrolled."""

    code = "enrolment.error"


class NotEnrolled(EnrolmentError):
    """The authority has no key for this use (facts: use, authority)."""

    code = "enrolment.missing"


class OtherOwner(EnrolmentError):
    """The key's certificate names another body (facts: found, expected)."""

    code = "enrolment.other_owner"


class OtherKey(EnrolmentError):
    """Another key lies where the enrolled one lay (facts: found, expected)."""

    code = "enrolment.other_key"


class SampleKey(EnrolmentError):
    """The key is a sample that anyone has (facts: key)."""

    code = "enrolment.sample"


class LocatorRefused(EnrolmentError):
    """The place of a key is not written as places are (facts: expected)."""

    code = "enrolment.locator"


class OwnKeyRefused(EnrolmentError):
    """The certificate is no office's own key: expired, for other uses, kept in this hub, another's (facts: reason)."""

    code = "enrolment.own_key"
