#!/usr/bin/env python3
"""hostile.py KIND COUNT: a capture on standard output, of connections that leave something unfinished.

KIND is one of KINDS below, or "mixed".  The connections come from 200 clients; behind them a healthy
client asks three times and gets 503, which is to be found all the same.
"""
import struct
import sys

SYN, ACK, PUSH, FIN = 2, 16, 8, 1
SERVER = bytes([10, 0, 0, 1])
LINK = b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0"
PIECE = 1400

HEAD = b"GET /selfupdate/wuident.cab HTTP/1.1\r\nHost: wsus\r\n" + b"".join(
    b"X-Filler-%04d: " % i + b"a" * 980 + b"\r\n" for i in range(60))
HELLO = (b"\x16\x03\x01" + struct.pack(">H", 16300) + b"\x01" + struct.pack(">I", 15900)[1:] +
         b"\x03\x03" + bytes(32) + b"\0" + b"\0\x02\x13\x01" + b"\x01\0" +
         struct.pack(">HHH", 15000, 21, 14996) + bytes(14000))
REQUEST = (b"POST /ClientWebService/client.asmx HTTP/1.1\r\nHost: wsus\r\n"
           b"Content-Type: text/xml\r\nContent-Length: 8192\r\n\r\n<a>" + b"b" * 8189)

# The port, and what the client sends.
KINDS = {
    "head": (8530, HEAD),
    "hello": (8531, HELLO),
    "pipeline": (8530, REQUEST * 16),
    "opening": (8530, b"AAAA " + b"b" * 8000),
}


class Capture:
    def __init__(self, out):
        self.out, self.microseconds = out, 0
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))

    def packet(self, source, target, seq, ack, flags, data=b""):
        self.microseconds += 20
        seconds, rest = divmod(self.microseconds, 1000000)
        size = 40 + len(data)
        self.out.write(
            struct.pack("<IIII", 1700000000 + seconds, rest, 14 + size, 14 + size) + LINK +
            struct.pack(">BBHHHBBH4s4s", 0x45, 0, size, 0, 0, 64, 6, 0, source[0], target[0]) +
            struct.pack(">HHIIBBHHH", source[1], target[1], seq, ack, 0x50, flags, 65535, 0, 0) + data)

    def shake(self, client, server):
        self.packet(client, server, 0, 0, SYN)
        self.packet(server, client, 0, 1, SYN | ACK)
        self.packet(client, server, 1, 1, ACK)

    def unfinished(self, client, server, data):
        self.shake(client, server)
        for at in range(0, len(data), PIECE):
            self.packet(client, server, 1 + at, 1, ACK | PUSH, data[at:at + PIECE])

    def refused(self, client, server):
        ask = (b"GET /ClientWebService/client.asmx HTTP/1.1\r\nHost: wsus:8530\r\n"
               b"User-Agent: Windows-Update-Agent\r\n\r\n")
        answer = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
        asked, answered = 1 + len(ask), 1 + len(answer)
        self.shake(client, server)
        self.packet(client, server, 1, 1, ACK | PUSH, ask)
        self.packet(server, client, 1, asked, ACK | PUSH, answer)
        self.packet(client, server, asked, answered, ACK | FIN)
        self.packet(server, client, answered, asked + 1, ACK | FIN)
        self.packet(client, server, asked + 1, answered + 1, ACK)


def main(kind, count):
    capture = Capture(sys.stdout.buffer)
    names = list(KINDS) if kind == "mixed" else [kind]
    for i in range(count):
        port, data = KINDS[names[i % len(names)]]
        client = (bytes([10, 1, 0, i % 200]), 1024 + i // 200)
        capture.unfinished(client, (SERVER, port), data)
    for i in range(3):
        capture.refused((bytes([10, 0, 0, 77]), 50000 + i), (SERVER, 8530))


try:
    main(sys.argv[1], int(sys.argv[2]))
except BrokenPipeError:
    sys.exit("the reader went away")
