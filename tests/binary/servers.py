"""Servers on 127.0.0.1 for tests of the live providers: a directory over TLS that answers a sign-on as it is told
and knows nothing but its own root, and things that answer at a host's port without being WinRM. Each counts what
it was asked.
"""
import contextlib
import os
import re
import socket
import ssl
import subprocess

from listener import Listener


def certificate(folder, name="server"):
    """A self-signed certificate for 127.0.0.1; the files of certificate and key."""
    made, key = os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", made, "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return made, key


def closed_port():
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Server(Listener):
    """asked: what came."""

    def __init__(self):
        self.asked = []
        super().__init__()


# BER as LDAP needs it (RFC 4511, 5.1): a tag, a length, and what it holds.
def ber(tag, *parts):
    body = b"".join(parts)
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + body


def text(word):
    return ber(0x04, word.encode())


def take(read):
    """One element: its tag and what it holds."""
    head = read(2)
    size = head[1]
    if size & 0x80:
        size = int.from_bytes(read(size & 0x7F), "big")
    return head[0], read(size)


class Directory(Server):
    """`code`: what a sign-on is answered with; `words`: what the server says to that."""

    BIND, SEARCH = 0x60, 0x63

    def __init__(self, files, code=0, words="", domain="corp.example"):
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(*files)
        self.result = [ber(0x0A, bytes([code])), text(""), text(words)]
        context = ",".join("DC=" + label for label in domain.split("."))
        self.root = {"dnsHostName": "dc." + domain, "defaultNamingContext": context,
                     "configurationNamingContext": "CN=Configuration," + context, "dsServiceName": "CN=NTDS,CN=DC"}
        self.heard = []  # what was asked, as bytes
        super().__init__()

    def serve(self, peer):
        with self.tls.wrap_socket(peer, server_side=True) as channel:
            def read(size):
                out = b""
                while len(out) < size:
                    more = channel.recv(size - len(out))
                    if not more:
                        raise EOFError
                    out += more
                return out
            while True:
                _, message = take(read)
                number, rest = message[:2 + message[1]], message[2 + message[1]:]
                self.asked.append(rest[0])
                self.heard.append(rest)
                for answer in self.answers(rest[0]):
                    channel.sendall(ber(0x30, number, answer))

    def answers(self, operation):
        if operation == self.BIND:
            return [ber(0x61, *self.result)]
        if operation != self.SEARCH:
            return []
        attributes = [ber(0x30, text(name), ber(0x31, text(value))) for name, value in self.root.items()]
        return [ber(0x64, text(""), ber(0x30, *attributes)), ber(0x65, ber(0x0A, b"\0"), text(""), text(""))]


class Babble(Server):
    """Says the same bytes to everybody, whatever is asked."""

    def __init__(self, said):
        self.said = said
        super().__init__()

    def serve(self, peer):
        self.asked.append(peer.recv(65536))
        peer.sendall(self.said)
        peer.shutdown(socket.SHUT_WR)
        while peer.recv(65536):
            pass


class Endless(Server):
    """A host whose answers to Enumerate and Pull are `items`, again and again; `asked`: the actions."""

    SPACES = ("xmlns:s='http://www.w3.org/2003/05/soap-envelope' xmlns:w='http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd' "
              "xmlns:a='http://schemas.xmlsoap.org/ws/2004/08/addressing' xmlns:p='u' "
              "xmlns:n='http://schemas.xmlsoap.org/ws/2004/09/enumeration'")

    def __init__(self, items, last=False):
        self.items, self.end = items, "<w:EndOfSequence/>" if last else "<n:EnumerationContext>c</n:EnumerationContext>"
        super().__init__()

    def serve(self, peer):
        while request := self.request(peer):
            action = re.search(r"<a:Action[^>]*>[^<]*/(\w+)<", request)[1]
            message = re.search(r"<a:MessageID[^>]*>([^<]*)<", request)[1]
            self.asked.append(action)
            space = "w" if action == "Enumerate" else "n"
            body = f"<n:{action}Response>{self.end}<{space}:Items>{self.items}</{space}:Items></n:{action}Response>"
            text = (f"<s:Envelope {self.SPACES}><s:Header><a:RelatesTo>{message}</a:RelatesTo></s:Header><s:Body>"
                    f"{body if action in ('Enumerate', 'Pull') else ''}</s:Body></s:Envelope>")
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml;charset=UTF-8\r\n"
                         b"Content-Length: %d\r\n\r\n%s" % (len(text), text.encode()))

    @staticmethod
    def request(peer):
        out = b""
        while not out.endswith(b"</s:Envelope>"):
            more = peer.recv(65536)
            if not more:
                return ""
            out += more
        return out.decode()


def reply(status, reason, kind, body, *headers):
    lines = [f"HTTP/1.1 {status} {reason}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


PAGE = reply(200, "OK", "text/html", "<!DOCTYPE html><html><body>Welcome to the router</body></html>")
SIGN_ON = reply(401, "Unauthorized", "text/plain", "", 'WWW-Authenticate: Basic realm="WSMAN"')
FORBIDDEN = reply(403, "Forbidden", "text/plain", "")
MISSING = reply(404, "Not Found", "text/plain", "")
NOT_SOAP = reply(200, "OK", "application/soap+xml", "{}")
CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<s:Envelope"
SSH = b"SSH-2.0-OpenSSH_9.2\r\n"
