"""Somebody in front of a domain controller: ends LDAP's TLS with a certificate of his own, and begins it anew towards it;
or passes on what he sees and keeps it.

Answers what no honest controller can: what does Fairway do about a certificate that has expired, is for another name or
is a stranger's, and what could be read on the wire? Of LDAP it knows
the request for StartTLS, and what directory_questions.py reads.
"""
import re
import socket
import ssl

import controllers
import directory_questions
import outside
from listener import Listener

START_TLS = b"1.3.6.1.4.1.1466.20037"


class Tap(Listener):
    """Passes on to port 389 what it sees, beside the controller or at a place of its own. wire: all of it, in both
    directions."""

    def __init__(self, dc="dc01", place=None):
        self.address, self.wire = controllers.ADDRESSES[dc], b""
        super().__init__(*(place or (self.address,)))

    def serve(self, connection):
        with socket.create_connection((self.address, 389), self.patience_s) as dc:
            self.both_ways(connection, dc, self.keep)

    def keep(self, part, _):
        self.wire += part
        return part


class DirectoryRelay(Listener):
    """Listens at the controller's address and a port of its own. heard: bytes that callers said inside TLS; before: bytes that
    they said where StartTLS was due, and was not."""

    def __init__(self, certificate, dc="dc01", start_tls=False):
        self.name, self.address = controllers.full(dc), controllers.ADDRESSES[dc]
        self.start_tls, self.heard, self.before = start_tls, 0, 0
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(certificate + ".pem", certificate + ".key")
        self.client = ssl.create_default_context(cafile=outside.lab("CA"))
        super().__init__(self.address)

    def serve(self, connection):
        if self.start_tls and not self.agree_to_tls(connection):
            return
        with self.server.wrap_socket(connection, server_side=True) as caller, \
             socket.create_connection((self.address, 636), self.patience_s) as beyond, \
             self.client.wrap_socket(beyond, server_hostname=self.name) as dc:
            self.both_ways(caller, dc, self.ear())

    def ear(self):
        """Of one connection."""
        return self.count

    def count(self, part, by_caller):
        self.heard += len(part) if by_caller else 0
        return part

    def agree_to_tls(self, connection):
        """RFC 4511 4.14; the request is short and comes at once, so one read has it."""
        request = connection.recv(4096)
        number = re.match(rb"\x30.\x02(.)(.)\x77", request, re.S)
        if not number or START_TLS not in request:
            self.before += len(request)
            return False
        connection.sendall(b"\x30\x0c\x02\x01" + number[2] + b"\x78\x07\x0a\x01\x00\x04\x00\x04\x00")
        return True


class SlicingRelay(DirectoryRelay):
    """Gives slices of an attribute of more values than `most`, as a controller of Windows does; Samba gives them only to
    whoever asks. said: the messages of callers."""

    def __init__(self, certificate, attribute, most):
        self.attribute, self.most, self.said = attribute, most, []
        super().__init__(certificate)

    def ear(self):
        begun = b""

        def hear(part, by_caller):
            nonlocal begun
            if not by_caller:
                return part
            whole, begun = directory_questions.whole_messages(begun + part)
            self.said += whole
            return b"".join(directory_questions.sliced(message, self.attribute, self.most) for message in whole)
        return hear
