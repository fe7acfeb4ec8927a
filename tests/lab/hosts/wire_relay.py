"""A relay between the program and one host that fails on purpose: at which request, at which byte, and how?

It understands HTTP just enough to count requests (sign-on included, from 1) and to find the places in a sealed reply
that are worth a cut; what is inside stays sealed. One fault at a time; everything else passes unchanged.
"""
import re
import socket
import struct
import threading
import time
from dataclasses import dataclass

from listener import Listener
from outside import PATIENCE

# Where a reply is cut, as (head, frame, token, data, end) -> bytes that pass. A reply without a sealed body has only
# the head; then all of them fall into it.
PLACES = {
    "1 byte": lambda head, frame, token, data, end: 1,
    "half the head": lambda head, frame, token, data, end: head // 2,
    "head but 1": lambda head, frame, token, data, end: head - 1,
    "head": lambda head, frame, token, data, end: head,
    "in the multipart head": lambda head, frame, token, data, end: (head + frame) // 2,
    "in the seal's length": lambda head, frame, token, data, end: frame + 2,
    "in the seal's header": lambda head, frame, token, data, end: (frame + 4 + token) // 2,
    "before the data": lambda head, frame, token, data, end: token,
    "1 byte of data": lambda head, frame, token, data, end: token + 1,
    "half the data": lambda head, frame, token, data, end: (token + data) // 2,
    "data but 1": lambda head, frame, token, data, end: data - 1,
    "data": lambda head, frame, token, data, end: data,
    "all but 1": lambda head, frame, token, data, end: end - 1,
    "all": lambda head, frame, token, data, end: end,
}

# What a relay may say in the clear.
FAULT = (b"<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body><s:Fault><s:Code><s:Value>s:%s</s:Value>"
         b"</s:Code><s:Detail><f:WSManFault xmlns:f='http://schemas.microsoft.com/wbem/wsman/1/wsmanfault' Code='%s'/>"
         b"</s:Detail></s:Fault></s:Body></s:Envelope>")
SOAP = b"Content-Type: application/soap+xml;charset=UTF-8\r\n"
CLEAR = {  # status line, headers, body
    "401": (b"401 Unauthorized", b"WWW-Authenticate: Kerberos\r\n", b""),
    "403": (b"403 Forbidden", b"", b""),
    "503": (b"503 Service Unavailable", b"", b""),
    "empty 200": (b"200 OK", b"", b""),
    "empty 500": (b"500 Internal Server Error", b"", b""),
    "redirect": (b"307 Temporary Redirect", b"Location: http://127.0.0.1:1/wsman\r\n", b""),
    "too large": (b"413 Request Entity Too Large", b"", b""),
    "denied in SOAP": (b"500 Internal Server Error", SOAP, FAULT % (b"Sender", b"5")),
    "busy in SOAP": (b"500 Internal Server Error", SOAP, FAULT % (b"Receiver", b"2150859174")),
    "done in SOAP": (b"200 OK", SOAP, b"<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body>"
                     b"<p:O xmlns:p='u'><p:ReturnValue>0</p:ReturnValue></p:O></s:Body></s:Envelope>"),
}


def in_the_clear(row):
    status, headers, body = CLEAR[row]
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, headers, len(body), body)


@dataclass(frozen=True)
class Fault:
    """where: before (request k never arrives), half (half of it does), unread (it arrives, and nobody waits for the
    reply), after (nothing of the reply passes), late (it arrives when the program is gone), reply (cut at `place`),
    drip (the reply comes in small pieces), gone (nobody is there any more from request k on), clear (the relay answers
    in the host's place, without a seal: `place` is a row of CLEAR; `how` is when the host gets the request: now, held
    until let_land(), or never)."""
    k: int
    where: str
    how: str = "fin"  # or rst
    place: str = "all"


def marks(reply):
    """The offsets that PLACES speak of."""
    head = reply.index(b"\r\n\r\n") + 4
    octets = b"application/octet-stream\r\n"
    at = reply.find(octets, head)
    if at < 0:
        return head, head, head, head, len(reply)
    frame = at + len(octets)
    token = frame + 4 + struct.unpack("<I", reply[frame:frame + 4])[0]
    return head, frame, token, reply.rindex(b"--Encrypted Boundary--"), len(reply)


def cut_at(place, reply):
    return max(1, min(len(reply), PLACES[place](*marks(reply))))


class Gone(Exception):
    """The other side has closed; `part`: the beginning of a message that it had sent."""
    part = b""


class Stream:
    """One side of a relayed connection, read message by message."""

    def __init__(self, connection):
        self.socket, self.held = connection, b""
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(PATIENCE)

    def more(self):
        try:
            got = self.socket.recv(65536)
        except OSError as ended:
            raise Gone from ended
        if not got:
            raise Gone
        self.held += got

    def take(self, size):
        while len(self.held) < size:
            self.more()
        out, self.held = self.held[:size], self.held[size:]
        return out

    def message(self):
        head = b""
        try:
            head = self.head()
            return head + self.body(head)
        except Gone as gone:
            gone.part = head + self.held
            raise

    def head(self):
        while b"\r\n\r\n" not in self.held:
            self.more()
        return self.take(self.held.index(b"\r\n\r\n") + 4)

    def body(self, head):
        """Of Content-Length, or in chunks."""
        if re.search(rb"\r\ntransfer-encoding: *chunked", head, re.I):
            while b"\r\n0\r\n\r\n" not in self.held:
                self.more()
            return self.take(self.held.index(b"\r\n0\r\n\r\n") + 7)
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.I)
        return self.take(int(length[1]) if length else 0)

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError as ended:
            raise Gone from ended

    def close(self, how="fin"):
        if how == "rst":  # a linger of 0 s sends RST instead of FIN
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            try:
                self.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.socket.close()


class Relay(Listener):
    def __init__(self, host, port):
        self.to = (host, port)
        self.lock = threading.Lock()
        self.repair()
        super().__init__()

    def spoil(self, fault):
        """From now on requests are counted from 1, and that one happens to one of them."""
        with self.lock:
            self.fault, self.requests, self.fired, self.gone = fault, 0, False, False
            self.release, self.landed = threading.Event(), threading.Event()

    def repair(self):
        self.spoil(None)

    def let_land(self):
        """Lets a late request go to its host, and waits until the host has answered it, or one for which nobody waited."""
        self.release.set()
        if not self.landed.wait(PATIENCE):
            raise RuntimeError("the request did not land")

    def serve(self, connection):
        client, host = Stream(connection), None
        try:
            if self.gone:
                return client.close("rst")
            host = Stream(socket.create_connection(self.to, timeout=PATIENCE))
            while self.relay(client, host):
                pass
        except (Gone, OSError):
            pass
        finally:
            client.close()
            if host:
                host.close()

    def due(self):
        """The fault that the request which has just come is to suffer, and its events."""
        with self.lock:
            self.requests += 1
            if self.fault is None or self.fault.k != self.requests:
                return None, None, None
            self.fired = True
            self.gone = self.fault.where == "gone"
            return self.fault, self.release, self.landed

    @staticmethod
    def in_its_place(client, host, request, fault, release, landed):
        """Answers in the clear, and takes the request to the host as the fault says."""
        if fault.how == "now":
            host.send(request)
            host.message()
        client.send(in_the_clear(fault.place))
        if fault.how == "held":
            release.wait(PATIENCE)
            host.send(request)
            host.message()
        landed.set()

    def relay(self, client, host):
        """One request and its reply; false when the connection ends here."""
        request = client.message()
        fault, release, landed = self.due()
        if self.gone or (fault and fault.where == "before"):
            return client.close(fault.how if fault else "rst")
        if fault and fault.where == "half":
            host.send(request[:len(request) // 2])
            return client.close(fault.how)
        if fault and fault.where == "clear":
            return self.in_its_place(client, host, request, fault, release, landed)
        if fault and fault.where == "late":
            client.close(fault.how)
            release.wait(PATIENCE)
        host.send(request)
        if fault and fault.where == "unread":
            client.close(fault.how)
        try:
            reply = host.message()
        except Gone as gone:
            client.send(gone.part)
            raise
        if fault and fault.where in ("late", "unread"):
            return landed.set()
        if fault and fault.where == "after":
            return client.close(fault.how)
        if fault and fault.where == "reply":
            client.send(reply[:cut_at(fault.place, reply)])
            return client.close(fault.how)
        if fault and fault.where == "drip":
            for at in range(0, len(reply), 97):
                client.send(reply[at:at + 97])
                time.sleep(0.002)
            return True
        client.send(reply)
        return True
