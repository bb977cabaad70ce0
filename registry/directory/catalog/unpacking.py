"""Unpack what somebody sent: a member of a ZIP never gives more bytes than it declares.

Order: whoever asks has bounded the declared sizes before.
Trust: `ZipFile.read` unpacks a member whole before it looks at the declared size, so a file of megabytes that
       declares ten bytes would fill the memory; here it is unpacked up to its size, and its check sum then fails.
"""

import io
import zipfile

_KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The bytes of a member."""
    if info.compress_type not in _KINDS:
        raise zipfile.BadZipFile("a kind of compression whose output cannot be bounded")
    with archive.open(info) as opened:
        return opened.read(info.file_size)


def unfolded(data: bytes) -> bytes:
    """The same archive without compression, for a reader that trusts what an archive declares."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as plain:
        for info in given.infolist():
            plain.writestr(info.filename, member(given, info))
    return target.getvalue()
