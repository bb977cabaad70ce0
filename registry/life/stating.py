"""Write the statement of a certificate: what its draft says, in the names and dates of the day of issue. Pure.

In:    the type, the draft's contents, the bodies by their names of the day, number, identifier, day, salt
Out:   the statement, with the exact strings its page prints
Next:  its bytes are kept with the intent, before any key is used
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from registry.directory import faces
from registry.directory.catalog import fields
from registry.directory.catalog.content import TypeContent
from registry.directory.faces import Printed, Value
from registry.life import terms
from registry.life.contents import Contents
from verification.codes.identifier import CertificateIdentifier
from verification.legal_dates import Validity
from verification.statement import Body, Statement

SALT = 16  # bytes


@dataclass(frozen=True, slots=True)
class Bodies:
    """In whose name a certificate is issued, who decided, whose seal it bears."""

    issuer: Body
    decider: Body
    seal_owner: Body


@dataclass(frozen=True, slots=True)
class Named:
    """What the certificate is called: its identifier and its number, if its type has numbers."""

    identifier: CertificateIdentifier
    number: str | None


def state(
    content: TypeContent, version: int, given: Contents, bodies: Bodies, named: Named, *, on: date, salt: bytes
) -> Statement:
    """The statement of a certificate issued on a day."""
    stated = fields.part(content.schema, given.fields).stated
    validity = validity_of(content, given, on=on)
    return Statement(
        identifier=named.identifier.text,
        type=f"{content.definition.code}@{version}",
        number=named.number,
        title=content.definition.name_zh,
        issuer=bodies.issuer,
        decider=_other(bodies.decider, bodies.issuer),
        seal_owner=_other(bodies.seal_owner, bodies.issuer),
        holders=given.holders,
        issued=on,
        validity=validity,
        fields=stated,
        relations=given.relations,
        salt=salt.hex(),
        face=printed(content, given, bodies, named, validity, on=on),
    )


def validity_of(content: TypeContent, given: Contents, *, on: date) -> Validity:
    """From when to when the certificate holds; left out, it begins on the day of issue, for the type's only term."""
    return terms.validity(given.valid_from or on, given.term or content.definition.validity[0])


def printed(
    content: TypeContent, given: Contents, bodies: Bodies, named: Named, validity: Validity, *, on: date
) -> dict[str, Printed]:
    """The exact strings of the page."""
    stated = fields.printable(content.schema, fields.part(content.schema, given.fields).stated)
    days: dict[str, Value] = {"issue_date": on, "valid_from": validity.first, "valid_to": validity.last}
    reserved = {**_reserved(content, given, bodies, named), **days}
    return faces.fill(content.definition.face, {**reserved, **stated}, internal=content.schema.internal())


def _reserved(content: TypeContent, given: Contents, bodies: Bodies, named: Named) -> Mapping[str, Value]:
    return {
        "letter_number": named.number or named.identifier.text,
        "identifier": named.identifier.text,
        "title": content.definition.name_zh,
        "issuer_name": bodies.issuer.name,
        "issuer_code": bodies.issuer.code,
        "holder_name": "、".join(holder.name for holder in given.holders),
        "holder_code": "、".join(holder.code for holder in given.holders if holder.code),
    }


def _other(body: Body, issuer: Body) -> Body | None:
    return None if body.code == issuer.code else body
