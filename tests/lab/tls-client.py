#!/usr/bin/env python3
"""A client that leaves like WinHTTP when a server asks for a certificate: tls-client.py HOST PORT [CA].

WinHTTP gives up (ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED) once it has read the request in the server's flight:
the connection ends after ServerHelloDone, without an alert.  No command-line client can be told to.
"""
import socket
import ssl
import sys


def main(host, port, ca):
    context = ssl.create_default_context(cafile=ca)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    from_server, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(from_server, to_server, server_hostname=host)
    with socket.create_connection((host, int(port))) as conn:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            conn.sendall(to_server.read())
        flight = b''
        while not flight.endswith(b'\x0e\0\0\0'):       # ServerHelloDone is empty and the last
            flight += conn.recv(65536)


main(*sys.argv[1:])
