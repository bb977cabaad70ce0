"""Files that come in pieces: in order, again, out of step, never finished, taken twice"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from hub.app import build_app
from hub.housekeeping import sweep
from registry.exchange.transfers import uploads
from registry.store.tables.transfers import OfficeMaterial, Upload, UploadPiece
from tests.hub.handing.conftest import MATERIAL, refused, rows
from tests.hub.holding.conftest import full
from tests.registry.exchange.conftest import NOW, STORY

pytestmark = pytest.mark.furnished(STORY)
SCAN = b"%PDF-1.7\n" + bytes(range(256)) * 10_000  # more than two pieces
PARTS = [SCAN[start : start + uploads.PIECE] for start in range(0, len(SCAN), uploads.PIECE)]
META = {name: value for name, value in MATERIAL.items() if name != "content"}


@pytest.fixture
def begun(client, shelter):
    """An upload of which nothing came yet."""
    answer = client.post("/v1/uploads", json={"size": len(SCAN)}, headers=shelter)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def send(client, office, key, start, data):
    return client.put(f"/v1/uploads/{key}/pieces/{start}", content=data, headers=office)


def send_all(client, office, key):
    for place, data in enumerate(PARTS):
        answer = send(client, office, key, place * uploads.PIECE, data)
        assert answer.status_code == 200, answer.text
    return answer.json()


def made_of(client, office, key):
    return client.post("/v1/materials", json=META | {"upload": key}, headers=office)


class TestPieces:
    """/v1/uploads"""

    def test_the_whole_becomes_a_material(self, client, parts, shelter, begun):
        """Byte for byte; of the pieces nothing is left."""
        done = send_all(client, shelter, begun)
        made = made_of(client, shelter, begun).json()
        back = client.get(f"/v1/materials/{made['id']}/content", headers=shelter)

        assert (done["received"], done["size"], done["piece"]) == (len(SCAN), len(SCAN), uploads.PIECE)
        assert (back.content, made["media_type"]) == (SCAN, "application/pdf")
        assert (rows(parts.db, Upload), rows(parts.db, UploadPiece)) == ([], [])

    def test_a_broken_line_costs_one_piece(self, client, shelter, begun):
        """Asked where to go on; a piece again changes nothing, another one in its place is refused."""
        send(client, shelter, begun, 0, PARTS[0])
        again = send(client, shelter, begun, 0, PARTS[0])
        other = send(client, shelter, begun, 0, PARTS[1])
        ahead = send(client, shelter, begun, 2 * uploads.PIECE, PARTS[2])
        told = client.get(f"/v1/uploads/{begun}", headers=shelter).json()

        assert (again.status_code, again.json()) == (200, told)
        assert told["received"] == uploads.PIECE
        assert [refused(one) for one in (other, ahead)] == [(409, "upload.out_of_step")] * 2
        assert ahead.json()["facts"] == {"received": uploads.PIECE}

    def test_half_a_file_is_no_material(self, client, parts, shelter, begun):
        """It says how much came."""
        send(client, shelter, begun, 0, PARTS[0])
        assert refused(made_of(client, shelter, begun)) == (409, "upload.out_of_step")
        assert rows(parts.db, OfficeMaterial) == []

    def test_begun_once_under_one_key(self, client, parts, shelter):
        """The same answer, one row."""
        keyed = shelter | {"Idempotency-Key": "u"}
        both = [client.post("/v1/uploads", json={"size": 9}, headers=keyed).content for _ in range(2)]
        assert both[0] == both[1]
        assert len(rows(parts.db, Upload)) == 1

    def test_two_materials_of_one_upload(self, parts, client, shelter, begun):
        """At once: one is made, and the other finds nothing."""
        send_all(client, shelter, begun)
        http = TestClient(build_app(parts), raise_server_exceptions=False)
        with ThreadPoolExecutor(2) as pool:
            answers = [one.result() for one in [pool.submit(made_of, http, shelter, begun) for _ in range(2)]]
        assert sorted(one.status_code for one in answers) == [201, 404]
        assert len(rows(parts.db, OfficeMaterial)) == 1

    def test_no_entry_no_material_and_the_upload_stays(self, parts, client, shelter, begun):
        """It can be tried again."""
        send_all(client, shelter, begun)
        with parts.db.writing() as tx:
            for statement in full(parts.db.dialect):
                tx.connection().execute(text(statement))
        http = TestClient(build_app(parts), raise_server_exceptions=False)

        assert made_of(http, shelter, begun).status_code == 500
        assert (rows(parts.db, OfficeMaterial), len(rows(parts.db, UploadPiece))) == ([], len(PARTS))


class TestBounds:
    """What no upload can be"""

    def test_sizes(self, client, shelter, begun):
        """Of a file, of a piece, and more than was said."""
        too_large = client.post("/v1/uploads", json={"size": uploads.LARGEST + 1}, headers=shelter)
        small = client.post("/v1/uploads", json={"size": 3}, headers=shelter).json()["id"]

        assert refused(too_large) == (422, "request.invalid")
        assert refused(send(client, shelter, begun, 0, b"")) == (422, "upload.refused")
        assert refused(send(client, shelter, begun, 0, bytes(uploads.PIECE + 1))) == (422, "upload.refused")
        assert refused(send(client, shelter, small, 0, b"%PDF")) == (422, "upload.refused")

    def test_so_many_at_once(self, client, shelter):
        """An office cannot fill the disk with halves."""
        answers = [client.post("/v1/uploads", json={"size": 1}, headers=shelter) for _ in range(uploads.MOST + 1)]
        assert [one.status_code for one in answers] == [201] * uploads.MOST + [422]

    def test_it_is_the_offices_own(self, client, shelter, housing, begun):
        """To another there is none."""
        send_all(client, shelter, begun)
        found = client.get(f"/v1/uploads/{begun}", headers=housing)
        assert {found.status_code, send(client, housing, begun, 0, PARTS[0]).status_code} == {404}
        assert made_of(client, housing, begun).status_code == 404

    def test_pieces_lie_sealed(self, client, parts, shelter, begun):
        """What an applicant handed in stands nowhere in the open."""
        send_all(client, shelter, begun)
        assert not any(bytes(range(256)) in one.sealed for one in rows(parts.db, UploadPiece))

    def test_what_is_not_finished_is_forgotten(self, client, parts, shelter, begun):
        """After a day it is not there, and then it is swept."""
        send(client, shelter, begun, 0, PARTS[0])
        assert sweep(parts)["uploads"] == 0
        with parts.db.writing() as tx:
            row = tx.get_one(Upload, begun)
            row.at = NOW - timedelta(days=1)
            tx.add(row)
        assert client.get(f"/v1/uploads/{begun}", headers=shelter).status_code == 404
        assert sweep(parts)["uploads"] == 1
        assert rows(parts.db, UploadPiece) == []

    def test_both_ways_at_once_are_refused(self, client, shelter, begun):
        """A material has one source of its bytes."""
        answer = client.post("/v1/materials", json=MATERIAL | {"upload": begun}, headers=shelter)
        assert refused(answer) == (422, "request.invalid")
