"""A host that seals, made of Debian's python3-gssapi and nothing of the project: does Fairway speak RFC 4121, MS-NLMP and
MS-WSMV 2.2.9.1, or only what its own other half understands?

It signs callers on, opens what they sealed, and seals the answers itself. What the answers say comes from the lab's
HV01, in the clear under TLS. It keeps every byte that it got, for seal_test.py to judge; it judges nothing itself.
"""
import base64
import os
import re
import ssl
import struct
import urllib.error
import urllib.request

import gssapi
import gssapi.raw as gss

import outside
from listener import Listener

KERBEROS, SPNEGO, NTLM = (gssapi.OID.from_int_seq(oid) for oid in
                          ("1.2.840.113554.1.2.2", "1.3.6.1.5.5.2", "1.3.6.1.4.1.311.2.2.10"))
# Way to sign on: (mechanism, scheme of the headers, protocol of the frames).
WAYS = {
    "kerberos": (KERBEROS, "Kerberos", "application/HTTP-Kerberos-session-encrypted"),
    "negotiate": (SPNEGO, "Negotiate", "application/HTTP-SPNEGO-session-encrypted"),
    "ntlm": (NTLM, "Negotiate", "application/HTTP-SPNEGO-session-encrypted"),
}
BOUNDARY = b"--Encrypted Boundary"


def credentials(way, host):
    """The host's own: its keytab, or (of NTLM) the users that $NTLM_USER_FILE lists."""
    store = {} if way == "ntlm" else {b"keytab": f"{outside.lab('KEYS')}/{host}.keytab".encode()}
    return gss.acquire_cred_from(store or None, mechs=[WAYS[way][0]], usage="accept").creds


def accept(own, context, token):
    return gss.accept_sec_context(token, acceptor_creds=own, context=context)


def ask_the_host(envelope):
    """HV01's answer, asked with Basic over HTTPS: (status, SOAP)."""
    with open(outside.lab("BASIC_PASSWORD_FILE"), encoding="utf-8") as secret:
        pair = f"{outside.lab('BASIC_USER')}:{secret.read()}"
    request = urllib.request.Request(
        f"https://hv01.{outside.lab('DOMAIN')}:{outside.lab('TLS_PORT')}/wsman", data=envelope,
        headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
                 "Content-Type": "application/soap+xml;charset=UTF-8"})
    try:
        with urllib.request.urlopen(request, timeout=outside.PATIENCE, context=ssl.create_default_context(
                cafile=outside.lab("CA"))) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as fault:
        return fault.code, fault.read()


# Layouts of what we seal: (header, data), which together are the message.

def rotated(context, message, confidential=True):
    """As Windows does it: no trailer, so Kerberos rotates its own into the header (RFC 4121 4.2.5)."""
    kinds = gss.IOVBufferType
    parts = gss.IOV(kinds.header, message, kinds.padding, std_layout=False)
    gss.wrap_iov(context, parts, confidential=confidential)
    return bytes(parts[0].value), bytes(parts[1].value) + bytes(parts[2].value or b"")


def trailing(context, message, confidential=True):
    """Unrotated, RRC=0: token header and confounder (32 bytes with AES) before the data, the trailer behind it."""
    token = bytes(gss.wrap(context, message, confidential=confidential).message)
    if confidential and struct.unpack(">H", token[6:8])[0] != 0:
        raise RuntimeError("GSSAPI rotated a message that was to stay as it is")
    return token[:32], token[32:]


def signature_first(context, message, confidential=True):
    """NTLM: 16 bytes of signature, then the data (MS-NLMP 3.4.4)."""
    token = bytes(gss.wrap(context, message, confidential=confidential).message)
    return token[:16], token[16:]


class Sealer:
    """Seals the answers of one connection, and remembers the last one."""

    def __init__(self, peer, context):
        self.peer, self.context, self.last = peer, context, None

    def frame(self, header, data, length):
        protocol, tab = WAYS[self.peer.way][2].encode(), b"\t" if self.peer.tabs else b""
        return b"\r\n".join([
            BOUNDARY, tab + b"Content-Type: " + protocol,
            tab + b"OriginalContent: type=application/soap+xml;charset=UTF-8;Length=%d" % length,
            BOUNDARY, tab + b"Content-Type: application/octet-stream",
            struct.pack("<I", len(header)) + header + data + BOUNDARY + b"--\r\n"])

    def answer(self, message):
        """(content type, body), spoilt as the peer was told to."""
        sealed = f'multipart/encrypted;protocol="{WAYS[self.peer.way][2]}";boundary="Encrypted Boundary"'
        layout, trouble = self.peer.layout, self.peer.trouble
        if trouble == "unsealed":
            return "application/soap+xml;charset=UTF-8", message
        if trouble == "another context":
            return sealed, self.frame(*layout(self.peer.another_context(), message), len(message))
        if trouble == "gap":
            layout(self.context, message)
        header, data = layout(self.context, message, confidential=trouble != "signed only")
        if trouble == "replayed" and self.last:
            return sealed, self.last
        spoilt = {
            "bit of the data": lambda: (header, data[:40] + bytes([data[40] ^ 1]) + data[41:]),
            "bit of the header": lambda: (header[:-1] + bytes([header[-1] ^ 0x80]), data),
            "cut seal": lambda: (header, data[:-40]),
            "cut data, length to match": lambda: (header, data[:-100]),
        }.get(trouble, lambda: (header, data))()
        length = len(message) - {"cut data, length to match": 100, "more than it says": 20}.get(trouble, 0)
        self.last = self.frame(*spoilt, length)
        return sealed, self.last


class Request:
    def __init__(self, head, body):
        self.head, self.body = head, body
        self.line, *lines = head.decode("latin-1").split("\r\n")
        self.fields = {}
        for name, _, value in (line.partition(":") for line in lines):
            self.fields.setdefault(name.lower(), []).append(value.strip())
        self.opened = None  # what was sealed in it

    def field(self, name):
        values = self.fields.get(name, [])
        return values[0] if len(values) == 1 else values or None

    def sealed(self):
        """(header, data) of the frame, by the length that it tells."""
        start = self.body.index(b"octet-stream\r\n") + len(b"octet-stream\r\n")
        size = struct.unpack("<I", self.body[start:start + 4])[0]
        rest = self.body[start + 4:self.body.rindex(BOUNDARY + b"--")]
        return rest[:size], rest[size:]


class Peer(Listener):
    """connections: what came over each, in order."""

    def __init__(self, way, layout=rotated, trouble=None, tabs=True, answers=None, says_so=False):
        self.way, self.layout, self.trouble, self.tabs = way, layout, trouble, tabs
        self.answers = answers  # sealed answers per connection, then it closes; None: no limit
        self.says_so = says_so  # with "Connection: close"
        self.own = credentials(way, "hv01")
        self.connections, self.wrong, self.refused = [], [], ""
        super().__init__()

    def requests(self):
        return [request for connection in self.connections for request in connection]

    def serve(self, connection):
        kept = []
        self.connections.append(kept)
        try:
            with connection.makefile("rb") as stream:
                self.talk(connection, stream, kept)
        except (ConnectionError, TimeoutError):
            pass  # the caller's right, whatever it does next
        except Exception as wrong:
            self.wrong.append(f"{type(wrong).__name__}: {wrong}")

    def talk(self, connection, stream, kept):
        context, sealer = None, None
        while request := self.read(stream):
            kept.append(request)
            if not request.body:
                context, status, token = self.sign_on(request, context)
                fields = [f"WWW-Authenticate: {WAYS[self.way][1]} {token}"] if token else []
                if status == 401 and not token:
                    fields = [f"WWW-Authenticate: {scheme}" for scheme in ("Negotiate", "Kerberos", "NTLM", "Basic")]
                self.reply(connection, status, fields, b"")
                if status == 200:
                    sealer = Sealer(self, context)
                continue
            request.opened = self.open(context, request, len(kept))
            status, message = ask_the_host(request.opened)
            content_type, body = sealer.answer(message)
            last = self.answers and sum(one.opened is not None for one in kept) >= self.answers
            fields = ["Connection: close"] if last and self.says_so else []
            self.reply(connection, status, ["Content-Type: " + content_type, *fields], body)
            if last:
                return

    @staticmethod
    def read(stream):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = stream.readline(65536)
            if not line:
                return None
            head += line
        length = int(re.search(rb"\r\ncontent-length: *(\d+)\r\n", head, re.I)[1])
        return Request(head[:-4], stream.read(length))

    def sign_on(self, request, context):
        """One leg: the context, the status, and the token to send back."""
        scheme, _, token = (request.field("authorization") or "").partition(" ")
        if scheme != WAYS[self.way][1] or self.trouble == "signs nobody on":
            return None, 401, None
        try:
            step = accept(self.own, context, base64.b64decode(token, validate=True))
        except gssapi.exceptions.GSSError as wrong:
            self.refused = str(wrong)
            return None, 401, None
        change = CHALLENGES.get(self.trouble) if step.more_steps else None
        told = change(step.token) if change else step.token
        answer = base64.b64encode(told).decode() if told else None
        return step.context, 401 if step.more_steps else 200, answer

    def open(self, context, request, number):
        """By gss_unwrap and by gss_unwrap_iov in turns: both read the same messages, each message once. Raises for a
        message that is changed, out of order, a second time there or not confidential."""
        header, data = request.sealed()
        kinds = gss.IOVBufferType
        if self.way == "ntlm" or number % 2:
            opened = gss.unwrap(context, header + data)
            message, confidential = bytes(opened.message), opened.encrypted
        else:
            parts = gss.IOV((kinds.header, False, header), (kinds.data, False, data), (kinds.padding, False, b""),
                            std_layout=False)
            confidential = gss.unwrap_iov(context, parts).encrypted
            message = bytes(parts[1].value)
        if not confidential:
            raise RuntimeError("a message that is not confidential")
        return message

    def another_context(self):
        """A context of the same way with the same key that never belonged to any connection; our end of it."""
        mechanism = WAYS[self.way][0]
        target = gss.import_name(f"HTTP@hv01.{outside.lab('DOMAIN')}".encode(), gssapi.NameType.hostbased_service)
        flags = [gssapi.RequirementFlag.confidentiality, gssapi.RequirementFlag.integrity,
                 gssapi.RequirementFlag.replay_detection, gssapi.RequirementFlag.out_of_sequence_detection]
        flags += [] if self.way == "ntlm" else [gssapi.RequirementFlag.mutual_authentication]
        name = None
        if self.way == "ntlm":
            name = gss.import_name(f"HV01\\{outside.lab('NTLM_USER')}".encode(), gssapi.NameType.user)
        theirs = gss.acquire_cred(name, mechs=[mechanism], usage="initiate").creds
        initiator = acceptor = None
        token = b""
        for _ in range(4):
            step = gss.init_sec_context(target, creds=theirs, context=initiator, mech=mechanism, flags=flags,
                                        input_token=token or None)
            initiator = step.context
            if not step.token:
                break
            answer = accept(self.own, acceptor, step.token)
            acceptor, token = answer.context, answer.token
            if not token:
                break
        self.kept = initiator  # or it would go, and some libraries share what it holds
        return acceptor

    @staticmethod
    def reply(connection, status, fields, body):
        head = [f"HTTP/1.1 {status} {'OK' if status == 200 else 'Error'}", "Server: Microsoft-HTTPAPI/2.0", *fields,
                f"Content-Length: {len(body)}", "", ""]
        connection.sendall("\r\n".join(head).encode() + body)


def with_domain(challenge, name="evil.example"):
    """A CHALLENGE (MS-NLMP 2.2.1.2) that somebody on its way made name a domain; its sender knows nothing of it."""
    size, at = struct.unpack_from("<H2xI", challenge, 40)
    flags = struct.unpack_from("<I", challenge, 20)[0] & ~0x20000 | 0x10000
    text = name.encode("utf-16-le")
    pairs = challenge[at:at + size - 4] + struct.pack("<HH", 4, len(text)) + text + bytes(4)
    return (challenge[:20] + struct.pack("<I", flags) + challenge[24:40]
            + struct.pack("<HHI", len(pairs), len(pairs), at) + challenge[48:at] + pairs + challenge[at + size:])


def without_target(challenge):
    """As NTLM's library of Debian 12 does not survive it: it says that it names a domain, and the name is empty."""
    flags = struct.unpack_from("<I", challenge, 20)[0] | 0x10000
    return challenge[:12] + bytes(4) + challenge[16:20] + struct.pack("<I", flags) + challenge[24:]


CHALLENGES = {"names a domain": with_domain, "names nothing": without_target}


def users_of_ntlm():
    os.environ["NTLM_USER_FILE"] = outside.lab("KEYS") + "/ntlm.users"
