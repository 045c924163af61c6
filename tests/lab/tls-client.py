#!/usr/bin/env python3
"""TLS clients that no command-line program is: tls-client.py HOST PORT CA MODE VERSION BODY-FILE.

  leave-after-hello         closes once the first record of the server is there
  leave-after-flight        closes after ServerHelloDone, as WinHTTP does on a CertificateRequest
                            (ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED) or a bad certificate; TLS 1.2 only
  leave-after-handshake     finishes the handshake, judges the certificate itself, closes without a request
  leave-with-notice         the same, with close_notify
  leave-at-renegotiation    posts BODY-FILE and closes when a handshake record comes in place of the answer
  leave-abruptly            posts, reads the answer and closes without close_notify
  post                      posts, reads the answer, and closes in order

None offers post-handshake authentication, and none has a certificate.  VERSION is 1.2 or 1.3.
"""
import os
import socket
import ssl
import sys

HANDSHAKE = 22
SERVER_HELLO_DONE = b'\x0e\0\0\0'
VERSIONS = {'1.2': ssl.TLSVersion.TLSv1_2, '1.3': ssl.TLSVersion.TLSv1_3}


class Left(Exception):
    """The client is where it wants to be."""


class Client:
    def __init__(self, conn, host, authority, version, mode):
        context = ssl.create_default_context(cafile=authority)
        context.minimum_version = context.maximum_version = VERSIONS[version]
        if mode.startswith('leave'):
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if 'SSLKEYLOGFILE' in os.environ:
            context.keylog_filename = os.environ['SSLKEYLOGFILE']
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname=host)
        self.conn, self.mode, self.seen, self.established = conn, mode, b'', False

    def receive(self):
        data = self.conn.recv(65536)
        self.seen += data
        if self.mode == 'leave-after-hello':
            raise Left
        if self.mode == 'leave-after-flight' and self.seen.endswith(SERVER_HELLO_DONE):
            raise Left
        if self.mode == 'leave-at-renegotiation' and self.established and data[:1] == bytes((HANDSHAKE,)):
            raise Left
        if data:
            self.incoming.write(data)
        else:
            self.incoming.write_eof()

    def run(self, call, *arguments):
        """Does a call of the library to its end, with what it has to send and to be sent."""
        while True:
            try:
                result = call(*arguments)
            except ssl.SSLWantReadError:
                self.flush()
                self.receive()
                continue
            self.flush()
            return result

    def flush(self):
        if self.outgoing.pending:
            self.conn.sendall(self.outgoing.read())

    def post(self, host, port, body):
        self.run(self.tls.write, (
            f'POST /ClientWebService/client.asmx HTTP/1.1\r\nConnection: Keep-Alive\r\n'
            f'Content-Type: text/xml; charset=utf-8\r\nUser-Agent: Windows-Update-Agent/1507.2601.30012.0 '
            f'Client-Protocol/2.90\r\nSOAPAction: "http://www.microsoft.com/SoftwareDistribution/Server/'
            f'ClientWebService/GetConfig"\r\nContent-Length: {len(body)}\r\n'
            f'Host: {host}:{port}\r\n\r\n').encode() + body)
        self.run(self.tls.read, 65536)


def main(host, port, authority, mode, version, path):
    with open(path, 'rb') as file:
        body = file.read()
    with socket.create_connection((host, int(port)), timeout=8) as conn:
        client = Client(conn, host, authority, version, mode)
        try:
            client.run(client.tls.do_handshake)
            client.established = True
            if mode != 'leave-after-handshake' and mode != 'leave-with-notice':
                client.post(host, port, body)
            if mode in ('post', 'leave-with-notice'):
                try:
                    client.tls.unwrap()
                except ssl.SSLWantReadError:
                    pass
                client.flush()
        except Left:
            pass


main(*sys.argv[1:])
