#!/usr/bin/env python3
"""A capture of very many clients on standard output: large.py COUNT

One in two is refused; the others get their configuration. All within ten minutes.
"""
import struct
import sys

SERVER = bytes([198, 51, 100, 10])
REQUEST = (b"POST /ClientWebService/client.asmx HTTP/1.1\r\nHost: wsus01.corp.example:8530\r\n"
           b"User-Agent: Windows-Update-Agent/10.0.10011.16384 Client-Protocol/2.71\r\n"
           b'SOAPAction: "http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService/GetConfig"\r\n'
           b"Content-Length: 0\r\n\r\n")
ANSWER = b"HTTP/1.1 200 OK\r\nServer: Microsoft-IIS/10.0\r\nContent-Length: 0\r\n\r\n"
SYN, RST, PSH, ACK = 2, 4, 8, 16


def packet(source, target, ports, numbers, flags, data=b""):
    tcp = struct.pack("!HHIIBBHHH", *ports, *numbers, 5 << 4, flags, 65535, 0, 0)
    total = 20 + len(tcp) + len(data)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, total, 0, 0x4000, 64, 6, 0, source, target)
    return ip + tcp + data


def conversation(client, number):
    here, there = (client, SERVER), (SERVER, client)
    out, back = (49152 + number % 16000, 8530), (8530, 49152 + number % 16000)
    yield packet(*here, out, (1000, 0), SYN)
    if number % 2:
        yield packet(*there, back, (0, 1001), RST | ACK)
        return
    yield packet(*there, back, (5000, 1001), SYN | ACK)
    yield packet(*here, out, (1001, 5001), ACK)
    yield packet(*here, out, (1001, 5001), PSH | ACK, REQUEST)
    yield packet(*there, back, (5001, 1001 + len(REQUEST)), PSH | ACK, ANSWER)


def main():
    count = int(sys.argv[1])
    out = sys.stdout.buffer
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
    for number in range(count):
        client = struct.pack("!I", 0x0A000001 + number)
        for step, data in enumerate(conversation(client, number)):
            at = number * 600_000_000 // count + step * 300
            out.write(struct.pack("<IIII", 1773136800 + at // 1_000_000, at % 1_000_000, len(data), len(data)) + data)


main()
