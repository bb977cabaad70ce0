"""Materials (电子材料): kept, given back, refused"""

import base64

import pytest

from registry.exchange.transfers import materials
from registry.store.tables.transfers import OfficeMaterial
from tests.hub.handing.conftest import MATERIAL, PLAN, material, refused, rows
from tests.registry.exchange.conftest import STORY

pytestmark = pytest.mark.furnished(STORY)


class TestMaterials:
    """/v1/materials"""

    def test_kept_and_given_back(self, client, shelter):
        """Byte for byte, with what it is told by its bytes."""
        made = client.post("/v1/materials", json=MATERIAL | {"case_number": "A-1"}, headers=shelter).json()
        listed = client.get("/v1/materials?case_number=A-1", headers=shelter).json()["items"]
        back = client.get(f"/v1/materials/{made['id']}/content", headers=shelter)

        assert listed == [made]
        assert client.get(f"/v1/materials/{made['id']}", headers=shelter).json() == made
        assert (back.content, back.headers["content-type"]) == (PLAN, "application/pdf")
        assert (made["media_type"], made["size"], made["source"]) == ("application/pdf", len(PLAN), "applicant")

    @pytest.mark.parametrize(
        ("data", "kind"),
        [
            (b"\x89PNG\r\n\x1a\nx", "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"II*\x00", "image/tiff"),
            (b"PK\x03\x04....OFD.xml", "application/ofd"),
            (b"PK\x03\x04....xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ],
    )
    def test_forms_that_are_kept(self, client, shelter, data, kind):
        """By their first bytes, whatever the title says."""
        told = MATERIAL | {"content": base64.b64encode(data).decode(), "title": "恶意.exe"}
        assert client.post("/v1/materials", json=told, headers=shelter).json()["media_type"] == kind

    @pytest.mark.parametrize(
        ("data", "reason"),
        [(b"", "empty"), (b"MZ\x90", "form"), (b"<html>", "form"), (b"<svg/>", "form"), (b"PK\x03\x04evil", "form")],
    )
    def test_what_is_no_material(self, client, shelter, data, reason):
        """Programs, pages and archives of anything are not kept."""
        told = MATERIAL | {"content": base64.b64encode(data).decode()}
        answer = client.post("/v1/materials", json=told, headers=shelter)
        assert (*refused(answer), answer.json()["facts"]) == (422, "material.refused", {"reason": reason})

    def test_one_that_is_too_large(self, client, shelter):
        """The largest is kept, a byte more is not."""
        for more, status in ((0, 201), (1, 422)):
            data = b"%PDF-".ljust(materials.LARGEST + more, b"0")
            told = MATERIAL | {"content": base64.b64encode(data).decode()}
            assert client.post("/v1/materials", json=told, headers=shelter).status_code == status

    def test_anothers_is_not_there(self, client, shelter, housing):
        """Neither its record nor its bytes, nor in a list."""
        key = material(client, shelter)
        assert client.get(f"/v1/materials/{key}", headers=housing).status_code == 404
        assert client.get(f"/v1/materials/{key}/content", headers=housing).status_code == 404
        assert client.get("/v1/materials", headers=housing).json()["items"] == []

    def test_once_under_one_key(self, client, parts, shelter):
        """The same answer, one row."""
        keyed = shelter | {"Idempotency-Key": "m"}
        first, again = (client.post("/v1/materials", json=MATERIAL, headers=keyed) for _ in range(2))
        assert (first.status_code, first.content) == (201, again.content)
        assert len(rows(parts.db, OfficeMaterial)) == 1
