"""The index: which bytes were once decoded and found whole and right.

It lets a study of many thousand runs be taken up in seconds without ever saying "it exists, so it is done": each time, every byte of
every result is read and hashed, and only what has the very bytes that were verified before is taken as done without decoding it again.
The index may be lost, torn or wrong: its lines carry checks of their own, and a result that it does not vouch for is decoded.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import zlib
from collections.abc import Iterable
from pathlib import Path

MOST_FILES = 64
"""With more files than this, the index is written as one."""


def bytes_digest(content: bytes) -> str:
    """Hash of a file's bytes."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


class Index:
    """Digests of verified files by key, in a folder of append-only files, one a process that writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, str] | None = None

    @property
    def known(self) -> dict[str, str]:
        """Digest of the verified bytes by key; read when first asked for."""
        return self.load() if self._known is None else self._known

    def load(self) -> dict[str, str]:
        """Read what all processes have added."""
        known: dict[str, str] = {}
        for file in sorted(self.folder.glob("*.txt")) if self.folder.is_dir() else []:
            try:
                text = file.read_bytes().decode("ascii", "replace")
            except OSError:
                continue
            known.update(_entries(text.splitlines()))
        self._known = known
        return known

    def forget(self) -> None:
        """Vouch for nothing: everything is to be decoded anew."""
        for file in self.folder.glob("*.txt") if self.folder.is_dir() else []:
            file.unlink(missing_ok=True)
        self._known = {}

    def vouched(self, key: str) -> tuple[str | None, str | None]:
        """Digest of the bytes that were verified, and of those of the table of people that belongs to them, if one does."""
        digest, _, people = self.known.get(key, "").partition("+")
        return digest or None, people or None

    def add(self, key: str, digest: str, people: str | None = None) -> None:
        """Vouch for a file's bytes; an index that cannot be written is gone without."""
        digest += f"+{people}" if people else ""
        if self._known is not None:
            self._known[key] = digest
        try:
            self.folder.mkdir(exist_ok=True)
            with open(self.folder / f"{socket.gethostname()}-{os.getpid()}.txt", "ab") as f:
                f.write(b"\n" + _line(key, digest))
        except OSError:
            return

    def as_one(self) -> None:
        """Write the index as one file if it has become many; only while nobody else writes."""
        files = list(self.folder.glob("*.txt")) if self.folder.is_dir() else []
        if len(files) <= MOST_FILES:
            return
        one = self.folder / f"all-{secrets.token_hex(4)}.txt"
        try:
            one.write_bytes(b"".join(_line(k, d) for k, d in self.load().items()))
            for file in files:
                file.unlink(missing_ok=True)
        except OSError:
            return


def _line(key: str, digest: str) -> bytes:
    text = f"{key} {digest}"
    return f"{text} {zlib.crc32(text.encode()):08x}\n".encode()


def _entries(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Keys and digests of the lines that are whole."""
    for line in lines:
        text, _, check = line.rpartition(" ")
        if check == f"{zlib.crc32(text.encode()):08x}" and text.count(" ") == 1:
            key, digest = text.split(" ")
            yield key, digest
