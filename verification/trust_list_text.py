"""Write a trust list as canonical JSON, and read nothing but that.

In:    a trust list, or the bytes of one
Out:   the bytes that are signed; a list whose parts agree with each other

Trust: bytes come from anyone; `from_bytes` accepts exactly what `to_bytes` writes, and refuses by path.
Spec:  schemas/trust-list-1.json. Times: RFC 3339 UTC in whole seconds; days: Asia/Shanghai; certificates: base64 DER.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from verification import canonical, certificates, members, public_keys, values
from verification.canonical import Json
from verification.errors import Contradiction, WrongForm, WrongType
from verification.legal_dates import FIRST_DAY, LAST_DAY, Validity
from verification.public_keys import Algorithm
from verification.trust_list import Authority, Entitlement, ListedKey, LogKey, Name, Successor, Suspension, TrustList

FORMAT = "trust-list/1"
LIMIT = 1 << 24  # bytes: some thousands of authorities

_NAMES = ("format", "sequence", "issued_at", "next_update", "previous", "status_base", "authorities")
_SERVICES = ("issuers", "tsa", "ocsp", "status_keys", "log_keys")
_AUTHORITY = ("code", "names", "nameplates", "region", "successors", "seals", "code_keys", "may_issue")
_OWN = "own_keys"  # stands there where there are any
_ENTITLEMENT = ("types", "region", "grade", "from", "to", "in_name_of", "basis")
_TYPE = re.compile(r"[0-9A-Z]{18}[0-9]{3}|[0-9A-Z]{1,20}\*")
_GRADE = re.compile(r"[\u4e00-\u9fffA-Za-z0-9][\u4e00-\u9fffA-Za-z0-9_-]{0,39}")  # 甲级, b, 2
_ORIGIN = re.compile(r"[!-*,-~]{1,200}")  # a signed note's key name: no space, no plus sign
_BASE = re.compile(r"https?://[!-~]{1,200}/")


def to_bytes(listed: TrustList) -> bytes:
    """The bytes that are signed; what `from_bytes` would refuse does not leave here."""
    plain = _plain(listed)
    _list(plain)
    return canonical.encode(plain, limit=LIMIT)


def from_bytes(data: bytes) -> TrustList:
    """The list of canonical bytes; whatever this format does not know is refused by its path."""
    return _list(canonical.decode(data, limit=LIMIT))


def _plain(listed: TrustList) -> Json:
    return {
        "format": FORMAT,
        "sequence": listed.sequence,
        "issued_at": values.written(listed.issued_at),
        "next_update": values.written(listed.next_update),
        "previous": listed.previous,
        "status_base": listed.status_base,
        "authorities": [_plain_authority(one) for one in listed.authorities],
        "issuers": [values.base64_of(certificates.der(one)) for one in listed.issuers],
        "tsa": [_plain_key(key) for key in listed.tsa],
        "ocsp": [_plain_key(key) for key in listed.ocsp],
        "status_keys": [_plain_key(key) for key in listed.status_keys],
        "log_keys": [
            {
                "origin": key.origin,
                "public_key": values.base64_of(values.spki(key.public_key)),
                **values.span(key.validity),
            }
            for key in listed.log_keys
        ],
    }


def _plain_authority(one: Authority) -> Json:
    return {
        "code": one.code,
        "names": [_plain_name(name) for name in one.names],
        "nameplates": [_plain_name(name) for name in one.nameplates],
        "region": one.region,
        "successors": [{"code": next_one.code, "from": next_one.since.isoformat()} for next_one in one.successors],
        "seals": [_plain_key(key) for key in one.seals],
        "code_keys": [_plain_key(key) for key in one.code_keys],
        "may_issue": [_plain_entitlement(right) for right in one.may_issue],
        **({_OWN: [_plain_key(key) for key in one.own_keys]} if one.own_keys else {}),
    }


def _plain_name(name: Name) -> Json:
    return {"name": name.text, **values.span(name.validity)}


def _plain_entitlement(right: Entitlement) -> Json:
    return {
        "types": right.types,
        "region": right.region,
        "grade": right.grade,
        **values.span(right.validity),
        "in_name_of": right.in_name_of,
        "basis": right.basis,
    }


def _plain_key(key: ListedKey) -> Json:
    return {
        "certificate": values.base64_of(certificates.der(key.certificate)),
        **values.span(key.validity),
        "suspensions": [
            {"from": values.written(one.first), "to": values.written_or_null(one.until)} for one in key.suspensions
        ],
        "distrusted_after": values.written_or_null(key.distrusted_after),
    }


def _list(value: Json) -> TrustList:
    members.require_format(value, FORMAT)
    found = members.members(value, "$", (*_NAMES, *_SERVICES))
    listed = TrustList(
        sequence=_sequence(found["sequence"], "$.sequence"),
        issued_at=values.time(found["issued_at"], "$.issued_at"),
        next_update=values.time(found["next_update"], "$.next_update"),
        previous=members.optional(found["previous"], "$.previous", values.digest),
        status_base=members.text(found["status_base"], "$.status_base", form=_BASE),
        authorities=members.rows(found["authorities"], "$.authorities", _authority),
        issuers=members.rows(found["issuers"], "$.issuers", values.certificate),
        tsa=members.rows(found["tsa"], "$.tsa", _key),
        ocsp=members.rows(found["ocsp"], "$.ocsp", _key),
        status_keys=members.rows(found["status_keys"], "$.status_keys", _code_key),
        log_keys=members.rows(found["log_keys"], "$.log_keys", _log_key),
    )
    _agree(listed)
    return listed


def _agree(listed: TrustList) -> None:
    if listed.next_update <= listed.issued_at:
        raise Contradiction(path="$.next_update", expected="$.issued_at")
    if (listed.previous is None) != (listed.sequence == 1):
        raise Contradiction(path="$.previous", expected="$.sequence")
    _refuse_twice((one.code for one in listed.authorities), "$.authorities")
    _refuse_twice((certificates.der(one) for one in listed.certificates()), "$..certificate")


def _authority(value: Json, path: str) -> Authority:
    has_own = isinstance(value, Mapping) and _OWN in value
    found = members.members(value, path, (*_AUTHORITY, _OWN) if has_own else _AUTHORITY)
    names = members.rows(found["names"], f"{path}.names", _name)
    if not names:
        raise WrongForm(path=f"{path}.names", expected="≥ 1")
    _refuse_overlap((name.validity for name in names), f"{path}.names")
    return Authority(
        code=values.credit_code(found["code"], f"{path}.code"),
        names=names,
        nameplates=members.rows(found["nameplates"], f"{path}.nameplates", _name),
        region=values.region(found["region"], f"{path}.region"),
        successors=members.rows(found["successors"], f"{path}.successors", _successor),
        seals=members.rows(found["seals"], f"{path}.seals", _key),
        code_keys=members.rows(found["code_keys"], f"{path}.code_keys", _code_key),
        may_issue=members.rows(found["may_issue"], f"{path}.may_issue", _entitlement),
        own_keys=_own_keys(found[_OWN], f"{path}.{_OWN}") if has_own else (),
    )


def _own_keys(value: Json, path: str) -> tuple[ListedKey, ...]:
    found = members.rows(value, path, _key)
    if not found:  # none is said by silence: one list has one spelling
        raise WrongForm(path=path, expected="≥ 1")
    return found


def _name(value: Json, path: str) -> Name:
    found = members.members(value, path, ("name", "from", "to"))
    return Name(members.text(found["name"], f"{path}.name"), values.validity(found["from"], found["to"], path))


def _successor(value: Json, path: str) -> Successor:
    found = members.members(value, path, ("code", "from"))
    return Successor(values.credit_code(found["code"], f"{path}.code"), values.day(found["from"], f"{path}.from"))


def _entitlement(value: Json, path: str) -> Entitlement:
    found = members.members(value, path, _ENTITLEMENT)
    types = members.rows(found["types"], f"{path}.types", _type)
    if not types:
        raise WrongForm(path=f"{path}.types", expected="≥ 1")
    return Entitlement(
        types=types,
        region=members.optional(found["region"], f"{path}.region", values.region),
        grade=members.optional(found["grade"], f"{path}.grade", _grade),
        validity=values.validity(found["from"], found["to"], path),
        in_name_of=members.optional(found["in_name_of"], f"{path}.in_name_of", values.credit_code),
        basis=members.text(found["basis"], f"{path}.basis"),
    )


def _key(value: Json, path: str) -> ListedKey:
    found = members.members(value, path, ("certificate", "from", "to", "suspensions", "distrusted_after"))
    return ListedKey(
        certificate=values.certificate(found["certificate"], f"{path}.certificate"),
        validity=values.validity(found["from"], found["to"], path),
        suspensions=members.rows(found["suspensions"], f"{path}.suspensions", _suspension),
        distrusted_after=members.optional(found["distrusted_after"], f"{path}.distrusted_after", values.time),
    )


def _code_key(value: Json, path: str) -> ListedKey:
    key = _key(value, path)
    if public_keys.algorithm(key.certificate.public_key()) is not Algorithm.ES256:
        raise WrongForm(path=f"{path}.certificate", expected="P-256")
    return key


def _suspension(value: Json, path: str) -> Suspension:
    found = members.members(value, path, ("from", "to"))
    first = values.time(found["from"], f"{path}.from")
    until = members.optional(found["to"], f"{path}.to", values.time)
    if until is not None and until <= first:
        raise Contradiction(path=f"{path}.to", expected=f"{path}.from")
    return Suspension(first, until)


def _log_key(value: Json, path: str) -> LogKey:
    found = members.members(value, path, ("origin", "public_key", "from", "to"))
    key = values.public_key(found["public_key"], f"{path}.public_key")
    origin = members.text(found["origin"], f"{path}.origin", form=_ORIGIN)
    return LogKey(origin, key, values.validity(found["from"], found["to"], path))


def _sequence(value: Json, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongType(path=path, expected="integer")
    if value < 1:
        raise WrongForm(path=path, expected="≥ 1")
    return value


def _type(value: Json, path: str) -> str:
    return members.text(value, path, form=_TYPE)


def _grade(value: Json, path: str) -> str:
    return members.text(value, path, form=_GRADE)


def _refuse_twice(names: Iterable[str | bytes], path: str) -> None:
    seen = set()
    for name in names:
        if name in seen:
            raise Contradiction(path=path, expected="unique")
        seen.add(name)


def _refuse_overlap(spans: Iterable[Validity], path: str) -> None:
    """An authority has one name at a time."""
    for one, following in pairwise(sorted((span.first or FIRST_DAY, span.last or LAST_DAY) for span in spans)):
        if following[0] <= one[1]:
            raise Contradiction(path=path, expected="one name a day")
