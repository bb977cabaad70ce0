"""registry/directory/catalog/package_file.py"""

import io
import json
import tracemalloc
import zipfile

import pytest

from registry.directory.catalog import package_file
from registry.directory.catalog.package_file import Travelling
from registry.directory.catalog_errors import (
    PackageRefused,
    SignerWrong,
)
from verification import canonical

PROVINCE, CITY, OTHER = "11410000000000000T", "114101000000000010", "114102000000000010"
CODE = "11410000000000000T901"


def repacked(data, change, *, compression=zipfile.ZIP_STORED):
    """A package with its members changed by hand."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    held = change(held) or held
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return target.getvalue()


class TestWrite:
    """package_file.write()"""

    def test_bytes_depend_on_nothing_else(self, small, at, keys):
        """A package is a function of contents and signature."""
        types = [Travelling(CODE, 1, small.folder())]
        package = package_file.make(types, publisher=PROVINCE, number=1, previous=None, made=at)

        assert package_file.write(package, sign=keys.sign(PROVINCE)) == package_file.write(
            package, sign=keys.sign(PROVINCE)
        )


class TestRead:
    """package_file.read()"""

    @pytest.fixture
    def data(self, small, at, keys):
        package = package_file.make(
            [Travelling(CODE, 1, small.folder())], publisher=PROVINCE, number=1, previous=None, made=at
        )
        return package_file.write(package, sign=keys.sign(PROVINCE))

    def refused(self, data, keys):
        with pytest.raises(PackageRefused) as refused:
            package_file.read(data, verify=keys.verify)
        return refused.value.facts["reason"]

    def test_compressed_by_others(self, data, keys, small):
        """A package that was packed again with compression is the same package."""
        again = repacked(data, lambda held: None, compression=zipfile.ZIP_DEFLATED)

        assert package_file.read(again, verify=keys.verify).types[0].folder == small.folder()

    def test_every_changed_byte_is_found(self, data, keys):
        """No byte of the manifest or of a file can be exchanged."""

        def flip(held):
            name = next(name for name in held if name.startswith("files/"))
            return held | {name: held[name][:-1] + b"?"}

        assert self.refused(repacked(data, flip), keys) == "digest"
        with pytest.raises(SignerWrong):
            package_file.read(
                repacked(
                    data,
                    lambda held: held | {"manifest.json": held["manifest.json"].replace(b'"number":1', b'"number":2')},
                ),
                verify=keys.verify,
            )

    @pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "files/../x", "C:\\evil", "files/" + "0" * 64, "x/"])
    def test_members_the_manifest_does_not_name(self, data, keys, name):
        """A member that could land elsewhere is refused, not merely ignored."""
        assert self.refused(repacked(data, lambda held: held | {name: b"x"}), keys) == "file-unknown"

    def test_missing_members(self, data, keys):
        """Each of manifest, signature and files must be there."""
        for name in zipfile.ZipFile(io.BytesIO(data)).namelist():
            cut = repacked(data, lambda held, name=name: {key: held[key] for key in held if key != name})
            assert self.refused(cut, keys) == "file-missing"

    def test_a_member_that_lies_about_its_size(self, keys):
        """Ten declared bytes stay ten, although a hundred million are packed behind them."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("manifest.json", b" " * 100_000_000)
        lying = bytearray(packed.getvalue())
        listed = lying.rfind(b"PK\x01\x02")
        lying[listed + 24 : listed + 28] = (10).to_bytes(4, "little")
        tracemalloc.start()
        try:
            assert self.refused(bytes(lying), keys) == "not-zip"
            assert tracemalloc.get_traced_memory()[1] < 10_000_000
        finally:
            tracemalloc.stop()

    def test_bombs(self, data, keys):
        """Sizes are known before anything is unpacked."""
        zeros = repacked(data, lambda held: held | {"x": b"\0" * (8 << 20)}, compression=zipfile.ZIP_DEFLATED)
        many = repacked(data, lambda held: held | {str(number): b"" for number in range(1001)})

        assert self.refused(zeros, keys) == "bomb"
        assert self.refused(many, keys) == "too-many-files"
        assert self.refused(b"PK" + bytes(package_file.LARGEST), keys) == "too-large"

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_repeated_member(self, data, keys):
        """Two members of one name would be read differently by different programs."""
        target = io.BytesIO(data)
        with zipfile.ZipFile(target, "a") as archive:
            archive.writestr("manifest.json", b"{}")

        assert self.refused(target.getvalue(), keys) == "repeated-name"

    @pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
    def test_no_package_at_all(self, data, keys):
        """Other bytes are refused by name."""
        assert self.refused(data, keys) in {"not-zip", "file-missing"}

    def test_cut_off_anywhere(self, data, keys):
        """A package cut off in the middle is refused, wherever."""
        for size in range(0, len(data), 97):
            assert self.refused(data[:size], keys) in {"not-zip", "digest", "file-missing"}

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"format": "types/2"}, "form.unknown_format"),
            ({"more": 1}, "form.unknown_member"),
            ({"number": 0}, "number"),
            ({"number": True}, "number"),
            ({"made": "yesterday"}, "form.wrong_form"),
            ({"previous": "none"}, "form.wrong_form"),
            ({"publisher": "../x"}, "form.wrong_form"),
            ({"types": []}, "types"),
            ({"types": [{"code": "x", "version": 1, "files": {}}]}, "form.wrong_form"),
        ],
    )
    def test_manifest_of_another_form(self, data, keys, change, reason):
        """Even a signed manifest is read strictly."""

        def forged(held):
            manifest = canonical.encode(json.loads(held["manifest.json"]) | change)
            return held | {"manifest.json": manifest, "manifest.jws": keys.sign(PROVINCE)(manifest).encode()}

        found = self.refused(repacked(data, forged), keys)

        assert found in {reason, "file-unknown"} if reason == "types" else found == reason
