#!/usr/bin/python3
"""Is what Fairway seals what RFC 4121, MS-NLMP and MS-WSMV 2.2.9.1 say, and does it refuse what was tampered with?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/seal_test.py

The other end is seal_peer.py. The bytes that it got are judged here; the values that Fairway read from it are compared
with what the same host says under TLS. Prints a line for each fact; the exit status is 0 only if all held.
"""
import base64
import os
import re
import struct
import sys
import tempfile

import outside
from loop_tools import CHANGES, DENIED, FINE, UNREACHABLE, run_parts
from reading import SETTINGS, findings, inventory, ntlm_of, on_all_hosts, prepare, refusals, verdicts
from seal_peer import WAYS, Peer, rotated, signature_first, trailing, users_of_ntlm

# What of NTLM a message shows: its signature, and its object identifier inside SPNEGO.
NTLM_SIGNATURE, NTLM_OID = b"NTLMSSP\0", bytes.fromhex("2b06010401823702020a")

CHANGED = ["cannot open an encrypted message", "it was changed or cut on its way, or belongs to another connection"]
OLD = ["cannot open an encrypted message", "it is an old one sent again, or one before it is missing"]
# What is wrong with the answers, and what Fairway says of it.
TROUBLES = {
    "unsealed": ["answered in the clear (HTTP 200) to a sealed message"],
    "another context": CHANGED,
    "bit of the data": CHANGED,
    "bit of the header": CHANGED,
    "cut seal": CHANGED,
    "cut data, length to match": CHANGED,
    "more than it says": ["holds more than it says"],
    "gap": OLD,
    "replayed": OLD,
    "signed only": ["it is signed but not encrypted"],
}
# NTLM's signature covers the number of the message, so one out of turn is like one that was changed; and gss-ntlmssp
# always encrypts.
OF_NTLM = {**TROUBLES, "gap": CHANGED, "replayed": CHANGED}
del OF_NTLM["signed only"]


def at_peer(peer):
    login = ", " + ntlm_of("hv01") if peer.way == "ntlm" else ""
    return f"reach: {{address: 127.0.0.1, port: {peer.port}, authentication: {peer.way}}}{login}"


def through_tls(program):
    """What HV01 says without any sealing."""
    reach = f"reach: {{authentication: kerberos, tls: {{ca: {outside.lab('CA')}}}}}"
    inventory(program, {"HV01": reach})
    return findings(program.expect(FINE, "audit", "--all", "--output", "json"))


def signed_on(check, way, connection):
    """The sign-on that begins each connection; its first token, and what came after it."""
    legs = 2 if way == "ntlm" else 1
    first, rest = connection[:legs], connection[legs:]
    scheme = WAYS[way][1] + " "
    check("a connection begins with tokens", [r.field("authorization")[:len(scheme)] for r in first] == [scheme] * legs)
    check.same("beside empty bodies", [(r.body, r.field("content-length")) for r in first], [(b"", "0")] * legs)
    check.same("after it there is no Authorization", [r.field("authorization") for r in rest], [None] * len(rest))
    check("and nothing unsealed", rest and all(r.body for r in rest))
    return first[0].field("authorization"), rest


def framed(check, way, requests):
    """Every line of every frame; the headers and the data in them."""
    protocol = WAYS[way][2]
    out = []
    for request in requests:
        header, data = request.sealed()
        out.append((header, data))
        check.same("the request line", request.line, "POST /wsman HTTP/1.1")
        check.same("Content-Type", request.field("content-type"),
                   f'multipart/encrypted;protocol="{protocol}";boundary="Encrypted Boundary"')
        wanted = (f"--Encrypted Boundary\r\n\tContent-Type: {protocol}\r\n"
                  f"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length={len(request.opened)}\r\n"
                  "--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n").encode()
        lines = request.body[:len(wanted)]
        check.same("the frame before what is sealed", lines, wanted)
        check.same("and all of it", request.body[len(wanted):],
                   struct.pack("<I", len(header)) + header + data + b"--Encrypted Boundary--\r\n")
        check.same("the data is as long as the message was", len(data), len(request.opened))
        check("which is SOAP", re.match(rb"<s:Envelope .*</s:Envelope>$", request.opened, re.S), request.opened[:200])
        check("and cannot be read from outside", b"Envelope" not in data)
    return out


def kerberos_tokens(check, sealed):
    """RFC 4121 4.2.6.2; the size is that of AES: header, confounder, encrypted header, and HMAC of 96 bits."""
    numbers = []
    for header, _ in sealed:
        check.same("60 bytes of header, little-endian", len(header), 60)
        token, flags, filler, extra, rotation, number = struct.unpack(">HBBHHQ", header[:16])
        check.same("token id, flags (sealed, acceptor's subkey; not from the acceptor), filler", (token, flags, filler),
                   (0x0504, 0x02 | 0x04, 0xff))
        check.same("no extra bytes, rotated by 28", (extra, rotation), (0, 28))
        numbers.append(number)
    check.same("messages are numbered one by one", numbers, list(range(numbers[0], numbers[0] + len(numbers))))
    return numbers[0]


def ntlm_signatures(check, sealed):
    """MS-NLMP 2.2.2.9.1 and 3.4.4.2."""
    for number, (header, _) in enumerate(sealed):
        check.same("16 bytes of signature", len(header), 16)
        check.same("version 1, and numbers from nought", struct.unpack("<I8xI", header), (1, number))
    return len(sealed)


def understood(check, program, way, layout, tabs, wanted):
    with Peer(way, layout, tabs=tabs) as peer:
        inventory(program, {"HV01": at_peer(peer)})
        said = program.expect(FINE, "audit", "--all", "--output", "json")
    check.same("every value is what the host says under TLS", findings(said), wanted)
    check.same("the other end could open everything", peer.wrong, [])
    check.same("one connection", len(peer.connections), 1)


def wire(check, program, way, layout):
    """Explain asks a host for much, so many messages go over one connection."""
    check.part(f"{way}: what went over the wire")
    marks = ntlm_signatures if way == "ntlm" else kerberos_tokens
    with Peer(way, layout) as peer:
        inventory(program, {"HV01": at_peer(peer), "HV02": ""})
        program.expect(CHANGES, "explain", "HV01", "HV02", "--output", "json")
    check.same("the other end could open everything", peer.wrong, [])
    check.same("one connection", len(peer.connections), 1)
    _, rest = signed_on(check, way, peer.connections[0])
    check("with several messages", len(rest) >= 3, len(rest))
    marks(check, framed(check, way, rest))

    for says_so in (False, True):
        closed_each_time(check, program, way, layout, says_so)


def closed_each_time(check, program, way, layout, says_so):
    marks = ntlm_signatures if way == "ntlm" else kerberos_tokens
    with Peer(way, layout, answers=1, says_so=says_so) as peer:
        inventory(program, {"HV01": at_peer(peer)})
        program.expect(FINE, "audit", "--all", "--output", "json")
    check.same(f"a host that closes after each answer{' and says so' * says_so} is understood as well", peer.wrong, [])
    check("it takes several connections", len(peer.connections) > 1)
    tokens, numbers = [], []
    for connection in peer.connections:
        token, rest = signed_on(check, way, connection)
        tokens.append(token)
        check.same("one message on each", len(rest), 1)
        numbers.append(marks(check, framed(check, way, rest)))
    if way != "ntlm":  # whose first token holds no secret and whose numbers begin at nought
        check.same("each with a ticket shown anew", len(set(tokens)), len(tokens))
        check.same("and numbers of its own", len(set(numbers)), len(numbers))


def refused(check, program, way, layout):
    check.part(f"{way}, {layout.__name__}: answers that were tampered with")
    for trouble, words in (OF_NTLM if way == "ntlm" else TROUBLES).items():
        with Peer(way, layout, trouble) as peer:
            inventory(program, {"HV01": at_peer(peer)})
            said = program.expect(UNREACHABLE, "audit", "--all", "--output", "json")
        # The first answer that is replayed is good, and the only one that may be believed.
        good = 1 if trouble == "replayed" else 0
        read = findings(said)
        unread = [f for f in read if f["verdict"] == "unreadable"]
        check.same(f"{trouble}: all is found or told", len(read), SETTINGS)
        check(f"{trouble}: it says why", unread and all(word in f["because"] for f in unread for word in words), unread)
        check.same(f"{trouble}: no value is believed", {"held" in f for f in unread} | {f["verdict"] for f in read},
                   {False, "unreadable"} | ({"compliant"} if good else set()))
        check.same(f"{trouble}: and nothing is said after it", (len(peer.connections), sum(
            r.opened is not None for r in peer.requests()), peer.wrong), (1, 1 + good, []))


def tokens_of(peer):
    return [base64.b64decode(r.field("authorization").partition(" ")[2]) for r in peer.requests()]


def never_ntlm(check, program, way):
    """With NTLM's password at hand, and a server that offers it."""
    check.part(f"{way} never becomes NTLM")
    at_hand = {"NTLM_USER_FILE": os.environ["NTLM_USER_FILE"]}
    for ticket, sent in ((True, 1), (False, 0)):
        mine = at_hand if ticket else {**at_hand, "KRB5CCNAME": "FILE:" + program.file("no-tickets")}
        with Peer(way, trouble="signs nobody on") as peer:
            inventory(program, {"HV01": at_peer(peer)})
            said = program.expect(DENIED, "audit", "--all", "--output", "json", **mine)
        what = "a ticket that is refused" if ticket else "no ticket"
        check.same(f"{what}: nothing is read", verdicts(said) if ticket else set(),
                   {"unreadable"} if ticket else set())
        check.same(f"{what}: so many tokens are sent", len(tokens_of(peer)), sent)
        check(f"{what}: none is NTLM's, nor offers it",
              not any(mark in token for token in tokens_of(peer) for mark in (NTLM_SIGNATURE, NTLM_OID)))
    on_all_hosts("ntlm", {"allowed": True})
    on_all_hosts("reset", {})
    inventory(program, {host.upper(): "" for host in outside.HOSTS}, f"reach: {{authentication: {way}}}")
    program.expect(DENIED, "audit", KRB5CCNAME="FILE:" + program.file("no-tickets"), **at_hand)
    check.same("without a ticket no host that takes NTLM gets a token",
               [refusals(host) for host in outside.HOSTS], [0] * 4)


def ntlm_names_no_other_domain(check, program):
    """The client's last message covers the challenge that it got, so the server sees that it sent another one."""
    check.part("NTLM: a challenge that was changed on its way")
    with Peer("ntlm", signature_first, "names a domain") as peer:
        inventory(program, {"HV01": at_peer(peer)})
        said = program.expect(DENIED, "audit", "--all", "--output", "json")
    check.says("the server refuses the sign-on because of it", peer.refused, "Invalid token")
    check.same("so nothing is asked and nothing believed", (
        any(request.body for request in peer.requests()), {f["verdict"] for f in findings(said)}, peer.wrong),
        (False, {"unreadable"}, []))


def ntlm_without_target(check, program):
    check.part("NTLM: a challenge that NTLM's library does not survive")
    with Peer("ntlm", signature_first, "names nothing") as peer:
        inventory(program, {"HV01": at_peer(peer)})
        said = program.expect(UNREACHABLE, "audit", "--all", "--output", "json")
    unread = [f["because"] for f in findings(said) if f["verdict"] == "unreadable"]
    check("it is refused before, with the reason", unread and all("names a target, and names none" in b for b in unread),
          unread)


def ntlm_at_hosts(check, program):
    check.part("NTLM and the lab's own hosts")
    on_all_hosts("ntlm", {"allowed": True})
    on_all_hosts("reset", {})
    hosts = {host.upper(): ntlm_of(host) for host in outside.HOSTS}
    inventory(program, hosts, "reach: {authentication: ntlm}")
    read = findings(program.expect(CHANGES, "audit", "--all", "--output", "json"))
    check.same("everything is read", (len(read), "unreadable" in {f["verdict"] for f in read}), (4 * SETTINGS, False))
    logs = [line for host in outside.HOSTS for line in outside.control(host, "log", None)]
    check.same("sealed by NTLM, as the hosts say", {(line["mechanism"], line["sealed"]) for line in logs}, {("ntlm", True)})

    on_all_hosts("reset", {})
    with tempfile.NamedTemporaryFile("w", dir=program.path) as wrong:
        wrong.write("not the password")
        wrong.flush()
        inventory(program, dict.fromkeys(hosts, ""), "reach: {authentication: ntlm}", ntlm_of("hv01", wrong.name))
        said = program.expect(DENIED, "audit", "--all", "--output", "json")
    read = findings(said)
    check.same("a wrong password: nothing is read", (len(read), {f["verdict"] for f in read}),
               (4 * SETTINGS, {"unreadable"}))
    # The challenge is a 401, the refusal another one.
    check.same("it is tried at one host, once", sorted(refusals(host) for host in outside.HOSTS), [0, 0, 0, 2])
    untried = "not tried: another host refused the same user and password"
    check.same("the others say why they were not asked", sum(untried in f["because"] for f in read), 3 * SETTINGS)
    on_all_hosts("ntlm", {"allowed": False})


def all_ways(check, program):
    users_of_ntlm()
    check.part("without sealing")
    wanted = through_tls(program)
    check.same("HV01 has values for all settings", [f["verdict"] for f in wanted], ["compliant"] * SETTINGS)
    for way in WAYS:
        layouts = [signature_first] if way == "ntlm" else [rotated, trailing]
        for layout in layouts:
            check.part(f"{way}, {layout.__name__}: understood")
            for tabs in (True, False):
                understood(check, program, way, layout, tabs, wanted)
        wire(check, program, way, layouts[0])
        for layout in layouts:
            refused(check, program, way, layout)
    for way in ("kerberos", "negotiate"):
        never_ntlm(check, program, way)


if __name__ == "__main__":
    sys.exit(run_parts(prepare, all_ways, ntlm_names_no_other_domain, ntlm_without_target, ntlm_at_hosts))
