"""A machine that is no domain controller and answers as if it were one: LDAP with a member's own key, and a directory in
which every account is as the policy wants it.

Answers: is it believed, and what was said to it? The frames of SASL are RFC 4422's and RFC 4752's; of LDAP it knows bind
and search. Nothing of the project is in it.
"""
import socket
import struct

import controllers
import outside
from acceptor import Acceptor, Refused
from directory_questions import Cut, element, elements, encoded
from listener import Listener

BIND, BOUND, SEARCH, ENTRY, DONE, UNBIND = 0x60, 0x61, 0x63, 0x64, 0x65, 0x42
SUCCESS, IN_PROGRESS, INVALID_CREDENTIALS = 0, 14, 49
EVERY_LAYER = b"\x07\xff\xff\xff"
NORMAL = {"userAccountControl": "4096", "uSNChanged": "7", "objectClass": "computer"}


def integer(value, tag=0x02):
    return encoded(tag, value.to_bytes(max(1, (value.bit_length() + 8) // 8), "big"))


def octets(text):
    return encoded(0x04, text if isinstance(text, bytes) else text.encode())


class Liar(Listener):
    """said: what callers said, a word for each request: `bind GSSAPI`, `sealed search sAMAccountName …`. `calls_itself`: the
    controller whose name it bears. `unproved`: what it answers to a token that it cannot read: (result, token)."""

    def __init__(self, host, place, calls_itself=None, unproved=(INVALID_CREDENTIALS, b"")):
        self.keytab = f"{outside.lab('KEYS')}/{host}.keytab"
        self.name, self.unproved = calls_itself or controllers.full(host), unproved
        self.said, self.wrong = [], []
        super().__init__(*place)

    def root(self):
        base = outside.lab("BASE_DN")
        return {"dnsHostName": self.name, "defaultNamingContext": base, "configurationNamingContext": "CN=Configuration," + base,
                "rootDomainNamingContext": base, "dsServiceName": "CN=NTDS Settings,CN=LIAR,CN=Configuration," + base,
                "domainFunctionality": "7", "domainControllerFunctionality": "7", "isSynchronized": "TRUE",
                "highestCommittedUSN": "7", "supportedSASLMechanisms": "GSSAPI"}

    def entries(self, base, everything):
        if not base:
            return [("", self.root())]
        if not everything:
            return [(base, {"invocationId": b"0123456789abcdef"})]
        return [(outside.dn(host), {"sAMAccountName": host.upper() + "$", "dNSHostName": controllers.full(host), **NORMAL})
                for host in outside.HOSTS]

    def serve(self, connection):
        try:
            Talk(self, connection).go_on()
        except (ConnectionError, TimeoutError, Refused) as wrong:
            self.wrong.append(wrong)


class Talk:
    def __init__(self, liar, connection):
        self.liar, self.connection = liar, connection
        self.acceptor, self.sealed, self.offered = None, False, False

    def go_on(self):
        raw = plain = b""
        while True:
            part = self.connection.recv(65536)
            if not part:
                return
            raw += part
            if self.sealed:
                while len(raw) >= 4 and len(raw) >= 4 + struct.unpack(">I", raw[:4])[0]:
                    size = 4 + struct.unpack(">I", raw[:4])[0]
                    plain, raw = plain + self.acceptor.unwrap(raw[4:size]), raw[size:]
            else:
                plain, raw = plain + raw, b""
            try:
                while plain:
                    _, message, end = element(plain, 0)
                    plain = plain[end:]
                    self.answer(*list(elements(message))[:2])
            except Cut:
                pass

    def send(self, number, tag, body):
        message = encoded(0x30, encoded(0x02, number) + encoded(tag, body))
        if self.sealed:
            token = self.acceptor.wrap(message)
            message = struct.pack(">I", len(token)) + token
        self.connection.sendall(message)

    def answer(self, number, request):
        tag, body = request
        parts = list(elements(body))
        if tag == BIND:
            (_, mechanism), *rest = elements(parts[2][1])
            self.liar.said.append("bind " + mechanism.decode())
            result, token = self.take(mechanism, rest[0][1] if rest else b"")
            said = encoded(0x87, token) if token else b""
            self.send(number[1], BOUND, integer(result, 0x0a) + octets("") + octets("") + said)
            # What follows the answer is sealed, not the answer.
            self.sealed = result == SUCCESS and self.acceptor is not None and self.acceptor.complete
        elif tag == SEARCH:
            names = [name.decode() for _, name in elements(parts[7][1])]
            self.liar.said.append(("sealed " if self.sealed else "") + "search " + " ".join(names))
            for dn, values in [] if "Netlogon" in names else self.liar.entries(parts[0][1].decode(), parts[1][1] != b"\0"):
                held = b"".join(encoded(0x30, octets(name) + encoded(0x31, octets(values[name])))
                                for name in names if name in values)
                self.send(number[1], ENTRY, octets(dn) + encoded(0x30, held))
            self.send(number[1], DONE, integer(SUCCESS, 0x0a) + octets("") + octets(""))
        elif tag == UNBIND:
            self.connection.shutdown(socket.SHUT_RDWR)

    def take(self, mechanism, token):
        """(result, token) of one leg."""
        if self.offered:
            self.acceptor.unwrap(token)
            return SUCCESS, b""
        if self.acceptor and self.acceptor.complete:
            self.offered = True
            return IN_PROGRESS, self.acceptor.wrap(EVERY_LAYER, sealed=False)
        self.acceptor = self.acceptor or Acceptor(self.liar.keytab)
        try:
            reply = self.acceptor.step(token)
        except Refused:
            self.acceptor = None
            return self.liar.unproved
        done = self.acceptor.complete and mechanism == b"GSS-SPNEGO"
        return (SUCCESS if done else IN_PROGRESS), reply
