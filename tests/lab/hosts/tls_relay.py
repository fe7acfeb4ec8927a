"""A man in the middle: ends TLS with a certificate of its own, and begins it anew towards a host of the lab.

Answers what no honest host can: what does Fairway do about a certificate that signs itself, a server that speaks TLS 1.1
only, and a stranger whose certificate it trusts? Counts callers, and what they said.
"""
import socket
import ssl

import outside
from listener import Listener


class Relay(Listener):
    """heard: bytes that were said inside TLS."""

    def __init__(self, certificate, host="hv01", newest=None, clients=None):
        """newest: the one version of TLS that is spoken; clients: who must have signed callers' certificates."""
        self.host, self.heard = host, 0
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if clients:
            self.server.verify_mode = ssl.CERT_REQUIRED
            self.server.load_verify_locations(clients)
        if newest == ssl.TLSVersion.TLSv1_1:
            self.server.set_ciphers("DEFAULT:@SECLEVEL=0")  # or OpenSSL has nothing older than 1.2
        if newest:
            self.server.minimum_version = self.server.maximum_version = newest
        self.server.load_cert_chain(certificate + ".pem", certificate + ".key")
        self.client = ssl.create_default_context(cafile=outside.lab("CA"))
        super().__init__()

    def serve(self, connection):
        name = f"{self.host}.{outside.lab('DOMAIN')}"
        with self.server.wrap_socket(connection, server_side=True) as caller, \
             socket.create_connection((name, int(outside.lab("TLS_PORT"))), self.patience_s) as beyond, \
             self.client.wrap_socket(beyond, server_hostname=name) as host:
            self.turns(caller, host)

    def turns(self, caller, host):
        """HTTP without pipelining: one side speaks, then the other; a head and a body by its length are one turn."""
        while said := self.message(caller):
            self.heard += len(said)
            host.sendall(said)
            caller.sendall(self.message(host))

    @staticmethod
    def message(stream):
        taken = b""
        while b"\r\n\r\n" not in taken:
            part = stream.recv(65536)
            if not part:
                return b""
            taken += part
        head, _, body = taken.partition(b"\r\n\r\n")
        lengths = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        missing = int(lengths[0]) - len(body) if lengths else 0
        while missing > 0:
            part = stream.recv(min(missing, 65536))
            if not part:
                return b""
            taken, missing = taken + part, missing - len(part)
        return taken
