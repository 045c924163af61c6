#!/usr/bin/env python3
"""Frames files as `Content-Encoding: xpress`: xpress.py NAME.plain... writes each NAME.

The entity is a row of blocks, each { uncompressed size, compressed size, data } with little-endian
32-bit sizes; data of full size is stored, shorter data is plain LZ77 (MS-XCA sections 2.4 and 3.1).
"""
import struct
import sys

BLOCK = 16352           # what real servers use
WINDOW = 8192
LENGTH_MAX = 3 + 7 + 15 + 254


class Plain:
    """One LZ77 stream: flag words of 32 bits, most significant first, among the elements they announce."""

    def __init__(self):
        self.out = bytearray(4)
        self.flags_at, self.flags, self.count = 0, 0, 0
        self.nibble_at = None

    def flag(self, bit):
        if self.count == 32:
            struct.pack_into('<I', self.out, self.flags_at, self.flags)
            self.flags_at, self.flags, self.count = len(self.out), 0, 0
            self.out += bytes(4)
        self.flags = self.flags << 1 | bit
        self.count += 1

    def literal(self, byte):
        self.flag(0)
        self.out.append(byte)

    def match(self, distance, length):
        self.flag(1)
        length -= 3
        self.out += struct.pack('<H', (distance - 1) << 3 | min(length, 7))
        if length < 7:
            return
        length -= 7
        nibble = min(length, 15)
        if self.nibble_at is None:
            self.nibble_at = len(self.out)
            self.out.append(nibble)
        else:
            self.out[self.nibble_at] |= nibble << 4
            self.nibble_at = None
        if nibble == 15:
            self.out.append(length - 15)

    def end(self):
        """The last flag word is padded with ones: a match flag without input ends the stream."""
        if self.count == 32:
            self.flag(1)
        while self.count < 32:
            self.flag(1)
        struct.pack_into('<I', self.out, self.flags_at, self.flags)
        return bytes(self.out)


def compress(data):
    plain, seen, at = Plain(), {}, 0
    while at < len(data):
        key = data[at:at + 3]
        before = seen.get(key)
        length = 0
        if len(key) == 3 and before is not None and at - before <= WINDOW:
            while length < min(LENGTH_MAX, len(data) - at) and data[before + length] == data[at + length]:
                length += 1
        if length >= 3:
            plain.match(at - before, length)
        else:
            plain.literal(data[at])
        for i in range(at, at + max(length, 1)):
            seen[data[i:i + 3]] = i
        at += max(length, 1)
    return plain.end()


def frame(data):
    for at in range(0, len(data), BLOCK):
        block = data[at:at + BLOCK]
        packed = compress(block)
        if len(packed) >= len(block):
            packed = block
        yield struct.pack('<II', len(block), len(packed)) + packed


if __name__ == '__main__':
    for name in sys.argv[1:]:
        with open(name, 'rb') as plain, open(name.removesuffix('.plain'), 'xb') as framed:
            framed.writelines(frame(plain.read()))
