"""Rebuild the frozen statements and entries: `python -m tests.vectors.make_statements`.

Out:   statements/*.json, entries/*.json (exact bytes) and statements.sums, entries.sums (what each is called)

The bytes are frozen: a change here that alters one of them is a new format, not an edit.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from verification import digests, entries
from verification.codes import identifier
from verification.entries import Entry, RowDigest
from verification.legal_dates import Validity
from verification.statement import Body, Holder, Relation, Statement

HERE = Path(__file__).parent
TYPE = "11410000000000000T"
OFFICE = Body(code="114108000000000004", name="示例市国防动员办公室")
COMPANY = Holder(name="示例置业有限公司", kind="organisation", code_kind="001", code="91410800MA0000007L")


def salt(name: str) -> bytes:
    """A salt that can be rebuilt; real ones are random."""
    return hashlib.sha256(f"vector {name}".encode()).digest()[:16]


def letter() -> Statement:
    """A letter about one building: relations, rows on the face, valid without end."""
    return Statement(
        identifier=identifier.make(f"{TYPE}905", issuer=OFFICE.code, serial="2026000012").text,
        type=f"{TYPE}905@1",
        number="示国动函〔2026〕12号",
        title="同意单体建筑竣工验收备案的函",
        issuer=OFFICE,
        decider=None,
        seal_owner=None,
        holders=(COMPANY,),
        issued=date(2026, 3, 2),
        validity=Validity(date(2026, 3, 2), None),
        fields={"project_code": "2601-410800-47-01-000001", "building": "1#", "floor_area": "12480.50", "storeys": 18},
        relations=(Relation(kind="covers", target_kind="building", target="410802001001GB00001F00010000"),),
        salt=salt("letter").hex(),
        face={
            "title": "同意单体建筑竣工验收备案的函",
            "number": "示国动函〔2026〕12号",
            "paragraphs": ["你单位申请的样本花园1#楼，其下未修建防空地下室。", "同意该单体建筑竣工验收备案。"],
            "table": [["楼号", "建筑面积"], ["1#", "12480.50 平方米"]],
            "date": "2026年3月2日",
        },
    )


def people() -> Statement:
    """Two natural persons, a decider and a seal of other bodies, a last day, both spellings of one name."""
    principal = Body(code="11410000000000000T", name="示例省国防动员办公室")
    return Statement(
        identifier=identifier.make(f"{TYPE}901", issuer=OFFICE.code, serial="2026000013", version=2).text,
        type=f"{TYPE}901@3",
        number=None,
        title="样本许可",
        issuer=OFFICE,
        decider=principal,
        seal_owner=principal,
        holders=(
            Holder(name="样本Ame\u0301lie𬀩", kind="person", code_kind="414", code="E00000000"),
            Holder(name="样本Am\u00e9lie䶮", kind="person", code_kind=None, code=None),
        ),
        issued=date(2026, 2, 28),
        validity=Validity(date(2026, 3, 1), date(2028, 2, 29)),
        fields={"rooms": [{"name": "一层", "area": "88.00"}], "exempt": False, "remark": None},
        relations=(),
        salt=salt("people").hex(),
        face={"title": "样本许可", "empty": [], "remark": ""},
    )


def smallest() -> Statement:
    """As little as a statement can say."""
    return Statement(
        identifier=identifier.make(f"{TYPE}901", issuer=OFFICE.code, serial="0").text,
        type=f"{TYPE}901@1",
        number=None,
        title="样",
        issuer=OFFICE,
        decider=None,
        seal_owner=None,
        holders=(),
        issued=date(2026, 1, 1),
        validity=Validity(None, None),
        fields={},
        relations=(),
        salt="0" * 32,
        face={},
    )


def issued() -> Entry:
    """The entry of an issued certificate, with one row."""
    row = entries.row_digest(salt("issued"), "certificate", "1", {"state": "valid", "name": "示例置业有限公司"})
    return Entry(
        event="issued",
        at=datetime(2026, 3, 2, 1, 2, 3, 40, tzinfo=UTC),
        actor="officer:1001",
        subject=letter().identifier,
        facts={"statement": letter().digest(), "version": 1},
        rows=(RowDigest(table="certificate", key="1", digest=row),),
    )


def refused() -> Entry:
    """The entry of an act that wrote no row."""
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Entry(event="login-refused", at=at, actor="client:demo", subject="officer:1001", facts={}, rows=())


def statements() -> dict[str, bytes]:
    """Every frozen statement by name."""
    return {maker.__name__: maker().to_bytes() for maker in (letter, people, smallest)}


def bodies() -> dict[str, bytes]:
    """Every frozen entry by name."""
    return {maker.__name__: maker().to_bytes() for maker in (issued, refused)}


def statement_sums() -> str:
    """One line per statement: its name and both digests."""
    named = {name: digests.digests(body) for name, body in statements().items()}
    return "".join(f"{name} {both.sha256} {both.sm3}\n" for name, both in named.items())


def entry_sums() -> str:
    """One line per entry: its name, commitment and reference."""
    commitments = {name: entries.commitment(salt(name), body) for name, body in bodies().items()}
    return "".join(
        f"{name} {one.hex()} {entries.reference(entries.leaf_hash(one))}\n" for name, one in commitments.items()
    )


def write(folder: str, files: Mapping[str, bytes], sums: str) -> None:
    """Keep the bytes and what they are called."""
    (HERE / folder).mkdir(exist_ok=True)
    for name, body in files.items():
        (HERE / folder / f"{name}.json").write_bytes(body)
    (HERE / f"{folder}.sums").write_text(sums, encoding="utf-8")


if __name__ == "__main__":
    write("statements", statements(), statement_sums())
    write("entries", bodies(), entry_sums())
