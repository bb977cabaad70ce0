"""A key folder and a store of documents in a folder of the test's own."""

import secrets

import pytest

from registry.store import key_folder
from registry.store.documents import Documents


@pytest.fixture
def keys(tmp_path):
    """A key folder with one key."""
    key_folder.create(tmp_path / "keys", entropy=secrets.token_bytes)
    return key_folder.KeyFolder(tmp_path / "keys")


@pytest.fixture
def documents(tmp_path, keys):
    """Documents in a local folder."""
    return Documents(tmp_path / "documents", keys)
