"""Say whether certificates that merely travel along belong to the path they travel with.

In:    certificates nobody signed for, the leaves they are to stand above, those that are known
Out:   yes or no

Why:   what travels along is not under the signature, so a byte in it could change unnoticed. A certificate is vouched
       for if it is known, is a leaf itself, or was issued by one of the others and issued one of them.
"""

from collections.abc import Sequence
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm


def vouched(
    carried: Sequence[x509.Certificate], leaves: Sequence[x509.Certificate], known: Sequence[x509.Certificate]
) -> bool:
    """Whether each certificate carried is vouched for."""
    issuers = (*known, *carried)
    return all(
        one in known or one in leaves or (any(issued(one, by) for by in issuers) and _issues(one, (*leaves, *carried)))
        for one in carried
    )


@lru_cache(maxsize=256)
def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether a certificate was signed by another's key (a root: by its own)."""
    if certificate.issuer != issuer.subject:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def _issues(issuer: x509.Certificate, below: Sequence[x509.Certificate]) -> bool:
    return any(issued(one, issuer) for one in below if one != issuer)
