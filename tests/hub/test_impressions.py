"""The registered impression of a seal: drawn from the signing folder, in place of the sample"""

import shutil
from dataclasses import replace

import pypdfium2
import pytest

from hub.settings import SAMPLE_KEYS
from registry.life import certificates
from tests.hub import office
from tests.registry.life.conftest import REGISTRAR

pytestmark = [
    pytest.mark.furnished(office.FURNISHED),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
IMPRESSION = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 42 42">
<circle cx="21" cy="21" r="20" fill="none" stroke="#d8121b" stroke-width="1.1"/></svg>"""


def words(parts):
    """The text of a fresh certificate's last page."""
    document, _ = certificates.document(parts.db, parts.documents, office.certificate(parts), by=REGISTRAR)
    pages = pypdfium2.PdfDocument(document)
    return pages[len(pages) - 1].get_textpage().get_text_range()


def test_beside_its_certificate_it_is_drawn(parts, tmp_path):
    """The sample seal is drawn where a seal has none; another's impression is nobody's."""
    folder = tmp_path / "signing"
    shutil.copytree(SAMPLE_KEYS, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    hub = replace(parts, settings=parts.settings.model_copy(update={"signing_keys": folder}))
    office.open_office(hub)
    (folder / "housing-seal.svg").write_bytes(IMPRESSION)
    assert "样章" in words(replace(hub))

    (folder / "defence-seal.svg").write_bytes(IMPRESSION)
    assert "样章" not in words(replace(hub))
