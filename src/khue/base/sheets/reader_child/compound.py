"""Streams of an OLE compound file (the container of XLS and of encrypted XLSX)."""

import struct

from .limits import Refused

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
"""Sector numbers from here on are marks (end of chain, free), not sectors."""


class Compound:
    """`names` of the streams, and `stream(name)` for the bytes of one. Raises Refused on a truncated file."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512:
            raise Refused("truncated")
        self._data = data
        self._sector = 1 << min(struct.unpack_from("<H", data, 30)[0], 16)
        count, directory, self._cutoff, self._mini_fat, difat = struct.unpack_from("<II4xII4xI", data, 44)
        self._fat = self._read_fat(count, difat)
        self._entries = dict(self._directory(directory))
        self.names = set(self._entries)

    def _block(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        block = self._data[start : start + self._sector]
        if not block:
            raise Refused("truncated")
        return block

    def _read_fat(self, count: int, difat: int) -> list[int]:
        sectors = [s for s in struct.unpack_from("<109I", self._data, 76) if s < _END]
        seen: set[int] = set()
        while difat < _END and difat not in seen:
            seen.add(difat)
            block = self._block(difat)
            *more, difat = struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])
            sectors += [s for s in more if s < _END]
        fat: list[int] = []
        for sector in sectors[:count]:
            block = self._block(sector)
            fat += struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])
        return fat

    def _chain(self, start: int, table: list[int]) -> list[int]:
        chain, seen = [], set()
        while start < _END:
            if start in seen or start >= len(table):
                raise Refused("truncated")
            seen.add(start)
            chain.append(start)
            start = table[start]
        return chain

    def _directory(self, start: int) -> list[tuple[str, tuple[int, int]]]:
        data = b"".join(self._block(sector) for sector in self._chain(start, self._fat))
        entries = []
        for offset in range(0, len(data) - 127, 128):
            length = struct.unpack_from("<H", data, offset + 64)[0]
            if 2 <= length <= 64:
                name = data[offset : offset + length - 2].decode("utf-16-le", "replace")
                first, size = struct.unpack_from("<II", data, offset + 116)
                entries.append((name, (first, size)))
        return entries

    def stream(self, name: str) -> bytes:
        """The bytes of a stream."""
        start, size = self._entries[name]
        if size >= self._cutoff:
            data = b"".join(self._block(sector) for sector in self._chain(start, self._fat))
        else:
            data = self._small(start)
        if len(data) < size:
            raise Refused("truncated")
        return data[:size]

    def _small(self, start: int) -> bytes:
        root, root_size = self._entries["Root Entry"]
        container = b"".join(self._block(sector) for sector in self._chain(root, self._fat))[:root_size]
        table_data = b"".join(self._block(sector) for sector in self._chain(self._mini_fat, self._fat))
        table = list(struct.unpack(f"<{len(table_data) // 4}I", table_data[: len(table_data) // 4 * 4]))
        return b"".join(container[sector * 64 : sector * 64 + 64] for sector in self._chain(start, table))
