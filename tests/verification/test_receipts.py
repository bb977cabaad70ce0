"""verification/receipts.py, verify_receipt.py: what is a receipt, and which are forged"""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from signing import jws as signing
from signing.receipts import Signer
from tests.conftest import AT
from tests.registry.life.conftest import certificate, sample
from verification import canonical, receipts, trust_list
from verification.errors import FormRefused
from verification.legal_dates import Validity
from verification.trust_list import ListedKey, Suspension
from verification.verify_receipt import verify_receipt

KEY, OTHER = sample("hub-seal"), sample("defence-seal")
ENTRY = "0f" * 32
CONTENT = {
    "id": "ret_" + "0" * 20,
    "at": "2026-03-02T01:30:00.000000Z",
    "authority": {"code": "11410800000000027U", "name": "示例局"},
    "caller": "cli_1",
    "operator": {"account": "ck-007", "name": "示例窗口"},
    "about": {"project": "2503-410199-04-01-000001"},
    "matter": "11410800000000027U3411017002000@1",
    "title": "竣工验收备案",
    "scenario": "default",
    "case": "示例-1",
    "case_known": True,
    "purpose": "审查",
    "basis": {"kind": "statutory", "statutes": []},
    "results": [],
    "missing": [{"material": "permit", "reason": "nothing_found"}],
}


def listed(certificate_=None, **told):
    key = ListedKey(certificate_ or KEY.certificate, Validity(None, None), **told)
    none = ()
    return trust_list.TrustList(
        1, AT, AT + timedelta(days=1), None, "http://h/v1/status", none, none, none, none, (key,), none
    )


def signed(content=None, *, key=KEY, entry=ENTRY):
    return Signer(key, at=AT).sign(canonical.encode(content or CONTENT), entry, at=AT)


def parts(token):
    return token.split(".")


def coded(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def changed(token, old, new):
    head, body, signature = parts(token)
    payload = base64.urlsafe_b64decode(body + "==")
    assert old in payload
    return f"{head}.{coded(payload.replace(old, new))}.{signature}"


def header(token, **changes):
    head, body, signature = parts(token)
    told = json.loads(base64.urlsafe_b64decode(head + "=="))
    told = {name: value for name, value in (told | changes).items() if value is not None}
    return f"{coded(canonical.encode(told))}.{body}.{signature}"


def without(name):
    return {key: value for key, value in CONTENT.items() if key != name}


def codes(token, trust=None, at=AT, **told):
    found = verify_receipt(token, trust=trust or listed(), at=at, **told)
    return found, {check.step.value: check.code.partition(".")[2] for check in found.checks}


def test_a_receipt_is_accepted_and_what_was_not_looked_at_is_told():
    """Readable, signed, by a trusted key; the log was not asked, so no time is proven."""
    found, told = codes(signed())

    assert found.accepted()
    assert told == {
        "readable": "passed",
        "signed": "passed",
        "time": "not_stamped",
        "sealed": "passed",
        "log": "not_asked",
    }
    assert found.receipt == {**CONTENT, "entry": ENTRY}
    assert found.headline().code == "genuine.unchecked"
    assert "回执真实" in found.headline().sentence("zh", found.subject)


FORGED = {
    "another key of ours": (lambda: signed(key=OTHER), "sealed", "unknown_seal"),
    "another key under our name": (lambda: header(signed(key=OTHER), kid=KEY.key_id), "signed", "wrong"),
    "the purpose changed": (lambda: changed(signed(), "审查".encode(), "审核".encode()), "signed", "wrong"),
    "the entry changed": (lambda: changed(signed(), b"0f0f", b"0f0e"), "signed", "wrong"),
    "no algorithm": (lambda: header(signed(), alg="none"), "signed", "wrong"),
    "a secret's algorithm": (lambda: header(signed(), alg="HS256"), "signed", "wrong"),
    "its own key inside": (lambda: header(signed(), jwk={}), "readable", "not_a_receipt"),
    "another type": (lambda: header(signed(), typ="JWT"), "signed", "wrong"),
    "a trust list's type": (
        lambda: signing.sign(KEY, receipts.payload(canonical.encode(CONTENT), ENTRY), "trust-list+jws"),
        "signed",
        "wrong",
    ),
    "no signature": (lambda: ".".join(parts(signed())[:2]) + ".", "signed", "wrong"),
    "half a signature": (lambda: signed()[:-22], "signed", "wrong"),
    "two parts": (lambda: ".".join(parts(signed())[:2]), "readable", "not_a_receipt"),
    "a member more": (lambda: signed({**CONTENT, "note": "x"}), "readable", "not_a_receipt"),
    "a member less": (
        lambda: signed(without("purpose")),
        "readable",
        "not_a_receipt",
    ),
    "an entry that is none": (lambda: signed(entry="x"), "readable", "not_a_receipt"),
    "a day that is none": (
        lambda: signed({**CONTENT, "at": "2026-02-30T01:30:00Z"}),
        "readable",
        "not_a_receipt",
    ),
    "another spelling": (lambda: changed(signed(), b'{"content"', b'{ "content"'), "readable", "not_a_receipt"),
    "nothing": (lambda: "", "readable", "not_a_receipt"),
    "a line more": (lambda: signed() + "\n", "readable", "not_a_receipt"),
    "beyond ASCII": (lambda: signed() + "é", "readable", "not_a_receipt"),
    "a megabyte": (lambda: "a." + "a" * (1 << 20) + ".a", "readable", "not_a_receipt"),
}


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_receipt_is_named(case):
    """Each is refused at the step that it offends."""
    make, step, reason = FORGED[case]
    found, told = codes(make())

    assert not found.accepted()
    assert told[step] == reason
    assert found.headline().sentence("en", found.subject)


class TestKey:
    """A receipt is judged by what its key was when it says it was signed."""

    def test_a_key_that_ended_since_is_good_for_what_it_signed(self):
        """Listed until the day of the receipt."""
        key = replace(listed().status_keys[0], validity=Validity(None, AT.date()))
        found, _ = codes(signed(), replace(listed(), status_keys=(key,)), at=AT + timedelta(days=9000))
        assert found.accepted()

    @pytest.mark.parametrize(
        ("told", "reason"),
        [
            ({"validity": Validity(None, AT.date() - timedelta(days=1))}, "outside"),
            ({"validity": Validity(AT.date() + timedelta(days=1), None)}, "outside"),
            ({"distrusted_after": AT - timedelta(hours=1)}, "distrusted"),
            ({"suspensions": (Suspension(AT - timedelta(hours=1), None),)}, "suspended"),
        ],
    )
    def test_a_key_that_did_not_count_then(self, told, reason):
        """Before its day, after its end, suspended, distrusted."""
        key = replace(listed().status_keys[0], **told)
        found, codes_ = codes(signed(), replace(listed(), status_keys=(key,)))
        assert not found.accepted()
        assert codes_["sealed"] == reason

    def test_a_receipt_from_the_future(self):
        """Nothing is signed before its time."""
        found, told = codes(signed(), at=AT - timedelta(hours=1))
        assert (found.accepted(), told["time"]) == (False, "from_future")

    def test_roots_alone_name_no_hub(self):
        """Without a list nobody knows whose key it is."""
        from verification.trusted import Roots

        found, told = codes(signed(), Roots((certificate("root"),)))
        assert (found.accepted(), told["signed"]) == (False, "no_list")


def test_the_form_refuses_by_path():
    """What this format does not know is named."""
    data = receipts.payload(canonical.encode({**CONTENT, "authority": {"code": "x", "name": "y"}}), ENTRY)
    with pytest.raises(FormRefused) as refused:
        receipts.from_bytes(data)
    assert refused.value.facts["path"] == "$.content.authority.code"


RESULT = dict.fromkeys(receipts.RESULT) | {"material": "permit", "fields": []}


@pytest.mark.parametrize(
    ("told", "fits"),
    [
        ({}, True),
        ({"renamed": "2025-09-15"}, True),
        ({"succeeded": {"kind": "merged", "since": "2026-05-01"}, "renamed": "2025-09-15"}, True),
        ({"renamed": None}, False),
        ({"renamed": "yesterday"}, False),
        ({"succeeded": {"kind": "bought", "since": "2026-05-01"}}, False),
        ({"succeeded": {"kind": "merged"}}, False),
        ({"inherited": True}, False),
    ],
)
def test_by_which_other_name_or_body_it_was_found(told, fits):
    """Where it is so it is said, in one form; else it is not there, as in receipts of before."""
    data = receipts.payload(canonical.encode({**CONTENT, "results": [RESULT | told]}), ENTRY)
    if fits:
        assert receipts.from_bytes(data).content["results"][0] == RESULT | told
    else:
        with pytest.raises(FormRefused):
            receipts.from_bytes(data)
