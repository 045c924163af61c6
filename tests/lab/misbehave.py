#!/usr/bin/env python3
"""Servers for what no real server can be made to do: misbehave.py PORT MODE [ARGUMENT].

  silent              reads requests and never answers
  cut                 announces more than it sends, then closes
  reset               sends half an answer, then resets the connection
  hang-up             closes after the first bytes (a ClientHello) without a word
  relay-cut HOST:PORT relays until the client has spoken twice, then closes both sides (a handshake dies midway)
  relay-versions HOST:PORT   relays a hello of TLS 1.2 or later, resets another, as Schannel does
  relay-suite HOST:PORT HEX  relays a hello that offers this cipher suite, resets another
  relay-every-other HOST:PORT   relays the second connection and the fourth, closes others at the hello
  relay-late HOST:PORT SECONDS   relays, and holds each answer back for so long
  garbage             answers with bytes that are no protocol's
  tls-garbage         answers with TLS records that hold garbage
  endless-head        answers with headers that never end
  endless-body        answers with a body that never ends
  trickle             answers with a byte a second
  circles             redirects every request to itself
  reset-after COUNT   answers so many requests and resets the connection at the next
  tls CERT KEY MODE [ARGUMENT]   any of these inside TLS
  bearer              asks for a Bearer token and takes none
  ntlm ANSWER-FILE    IIS with Windows authentication: NTLM's three legs, bound to the connection
  ntlm-refuse FILE    the same, but the account is refused at the end
  ntlm-closes FILE    closes the connection after the challenge
  ntlm-only FILE      offers Negotiate too, and refuses Kerberos: a client falls back to NTLM
"""
import base64
import itertools
import socket
import ssl
import struct
import sys
import threading
import time

IIS = 'Server: Microsoft-IIS/10.0\r\nX-Powered-By: ASP.NET\r\n'
OFFER = 'WWW-Authenticate: NTLM\r\n'
XML = 'Content-Type: text/xml; charset=utf-8\r\n'


def date():
    return time.strftime('Date: %a, %d %b %Y %H:%M:%S GMT\r\n', time.gmtime())


def request(conn, pending):
    """One request's header and body, or None at the end; pending keeps what came too early."""
    while b'\r\n\r\n' not in pending:
        data = conn.recv(65536)
        if not data:
            return None
        pending += data
    head, _, rest = bytes(pending).partition(b'\r\n\r\n')
    length = 0
    for line in head.split(b'\r\n'):
        if line.lower().startswith(b'content-length:'):
            length = int(line.split(b':')[1])
    while len(rest) < length:
        data = conn.recv(65536)
        if not data:
            return None
        rest += data
    pending[:] = rest[length:]
    return head.decode('latin-1')


def silent(conn):
    while conn.recv(65536):
        pass


def half_answer(conn):
    request(conn, bytearray())
    head = f'HTTP/1.1 200 OK\r\nCache-Control: private\r\n{XML}{IIS}{date()}Content-Length: 4096\r\n\r\n'
    conn.sendall(head.encode() + b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' * 20)
    time.sleep(0.3)


def cut(conn):
    half_answer(conn)


def reset(conn):
    half_answer(conn)
    reset_now(conn)


def hang_up(conn):
    conn.recv(65536)


def relay_cut(conn, target):
    host, port = target.rsplit(':', 1)
    with socket.create_connection((host, int(port))) as server:
        server.sendall(conn.recv(65536))
        server.settimeout(0.5)
        try:
            while data := server.recv(65536):
                conn.sendall(data)
        except TimeoutError:
            pass
        conn.recv(65536)


def reset_now(conn):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))


def pump(source, sink):
    while data := source.recv(65536):
        sink.sendall(data)
    sink.shutdown(socket.SHUT_WR)


def relay(conn, target, hello):
    host, port = target.rsplit(':', 1)
    with socket.create_connection((host, int(port))) as server:
        server.sendall(hello)
        threading.Thread(target=pump, args=(server, conn), daemon=True).start()
        pump(conn, server)
        time.sleep(0.2)


def relay_versions(conn, target):
    hello = conn.recv(65536)
    if hello[9:11] < b'\3\3':         # client_version; a client of 1.3 says 1.2 there (RFC 8446 section 4.1.2)
        reset_now(conn)
    else:
        relay(conn, target, hello)


def relay_suite(conn, target, suite):
    hello = conn.recv(65536)
    start = 44 + hello[43]                      # after record, version, random and session id
    count = int.from_bytes(hello[start:start + 2], 'big')
    offered = [hello[i:i + 2].hex() for i in range(start + 2, start + 2 + count, 2)]
    if suite in offered:
        relay(conn, target, hello)
    else:
        reset_now(conn)


def relay_late(conn, target, seconds):
    host, port = target.rsplit(':', 1)
    with socket.create_connection((host, int(port))) as server:
        threading.Thread(target=pump, args=(conn, server), daemon=True).start()
        while data := server.recv(1 << 20):
            time.sleep(float(seconds))
            try:
                data += server.recv(1 << 20, socket.MSG_DONTWAIT)
            except BlockingIOError:
                pass
            conn.sendall(data)


def garbage(conn):
    conn.recv(65536)
    conn.sendall(bytes(range(1, 256)) * 40)


def tls_garbage(conn):
    conn.recv(65536)
    conn.sendall(b'\x16\3\3\x10\0' + b'\xff' * 4096)


def endless(conn, head, more):
    conn.recv(65536)
    conn.sendall(head)
    while True:
        conn.sendall(more)


def endless_head(conn):
    endless(conn, b'HTTP/1.1 200 OK\r\n', b'X-More: ' + b'a' * 4000 + b'\r\n')


def endless_body(conn):
    endless(conn, b'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n', b'<a>' * 20000)


def trickle(conn):
    conn.recv(65536)
    for byte in b'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n' + b'a' * 1000000:
        conn.sendall(bytes((byte,)))
        time.sleep(1)


def circles(conn):
    pending = bytearray()
    while (head := request(conn, pending)) is not None:
        answer(conn, '302 Found', f'Location: {head.split(" ")[1]}\r\n', b'')


connections = itertools.count()


def relay_every_other(conn, target):
    hello = conn.recv(65536)
    if next(connections) % 2:
        relay(conn, target, hello)


def reset_after(conn, count):
    pending = bytearray()
    for _ in range(int(count)):
        if request(conn, pending) is None:
            return
        answer(conn, '200 OK', XML, b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>')
    request(conn, pending)
    time.sleep(0.05)
    reset_now(conn)


def inside_tls(conn, certificate, key, mode, *arguments):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with context.wrap_socket(conn, server_side=True) as tls:
        MODES[mode](tls, *arguments)


def challenge():
    """An NTLM type 2 message (MS-NLMP section 2.2.1.2) of the domain CORP with a fixed challenge."""
    name = 'CORP'.encode('utf-16-le')
    info = b''.join(struct.pack('<HH', kind, len(value)) + value for kind, value in (
        (2, name), (1, 'WSUS01'.encode('utf-16-le')), (0, b'')))
    flags = 0x00000001 | 0x00000200 | 0x00020000 | 0x00800000 | 0x00080000
    message = b'NTLMSSP\0' + struct.pack('<IHHII8s8xHHI8s', 2, len(name), len(name), 56, flags, b'\x11' * 8,
                                         len(info), len(info), 56 + len(name), bytes((10, 0, 0x65, 0xf4, 0, 0, 0, 15)))
    return base64.b64encode(message + name + info).decode()


def answer(conn, status, headers, body):
    head = f'HTTP/1.1 {status}\r\n{headers}{IIS}{date()}Content-Length: {len(body)}\r\n\r\n'
    conn.sendall(head.encode() + body)


def token(head):
    for line in head.split('\r\n'):
        name, _, value = line.partition(': ')
        if name.lower() == 'authorization' and value.split(' ')[0] in ('NTLM', 'Negotiate'):
            return value.split(' ')[1]
    return ''


def bearer(conn):
    pending = bytearray()
    while request(conn, pending) is not None:
        answer(conn, '401 Unauthorized',
               'WWW-Authenticate: Bearer realm="corp.example", error="invalid_token"\r\n', b'')


def ntlm(conn, path, refuse=False, offer=OFFER):
    with open(path, 'rb') as file:
        body = file.read()
    pending, challenged, known = bytearray(), False, False
    while (head := request(conn, pending)) is not None:
        said = token(head)
        if said.startswith('TlRMTVNTUAAB'):
            challenged = True
            answer(conn, '401 Unauthorized', f'Content-Type: text/html\r\nWWW-Authenticate: NTLM {challenge()}\r\n', b'')
            continue
        if said.startswith('TlRMTVNTUAAD'):
            known = challenged and not refuse
        if known:
            answer(conn, '200 OK', XML + 'X-AspNet-Version: 4.0.30319\r\nPersistent-Auth: true\r\n', body)
        else:
            answer(conn, '401 Unauthorized', 'Content-Type: text/html\r\n' + offer, b'')


def ntlm_refuse(conn, path):
    ntlm(conn, path, refuse=True)


def ntlm_closes(conn, path):
    pending = bytearray()
    while (head := request(conn, pending)) is not None:
        if token(head).startswith('TlRMTVNTUAAB'):
            answer(conn, '401 Unauthorized',
                   f'Connection: close\r\nContent-Type: text/html\r\nWWW-Authenticate: NTLM {challenge()}\r\n', b'')
            return
        answer(conn, '401 Unauthorized', 'Content-Type: text/html\r\n' + OFFER, b'')


def ntlm_only(conn, path):
    ntlm(conn, path, offer='WWW-Authenticate: Negotiate\r\n' + OFFER)


MODES = {'silent': silent, 'cut': cut, 'reset': reset, 'hang-up': hang_up, 'relay-cut': relay_cut,
         'relay-versions': relay_versions, 'relay-suite': relay_suite, 'relay-every-other': relay_every_other,
         'reset-after': reset_after, 'tls': inside_tls, 'bearer': bearer, 'ntlm': ntlm,
         'relay-late': relay_late, 'garbage': garbage, 'tls-garbage': tls_garbage, 'trickle': trickle,
         'endless-head': endless_head, 'endless-body': endless_body, 'circles': circles,
         'ntlm-refuse': ntlm_refuse, 'ntlm-only': ntlm_only, 'ntlm-closes': ntlm_closes}


def serve(conn, mode, arguments):
    with conn:
        try:
            MODES[mode](conn, *arguments)
        except OSError:
            pass


def main(port, mode, *arguments):
    listener = socket.create_server(('', int(port)), backlog=16)
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=serve, args=(conn, mode, arguments), daemon=True).start()


main(*sys.argv[1:])
