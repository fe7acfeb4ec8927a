#!/usr/bin/python3
"""Whom does Fairway trust over TLS, how does it sign on there, and what does it say when it does not trust?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/tls_test.py

Over the real binary and the lab's hosts; what no honest host shows comes from tls_relay.py. A refusal counts only if
nothing was said to the one who was refused. Prints a line for each fact; the exit status is 0 only if all held.
"""
import hashlib
import os
import ssl
import subprocess
import sys

import outside
from loop_tools import DENIED, FINE, UNREACHABLE, run_parts
from reading import (SETTINGS, findings, inventory, ntlm_of, on_all_hosts, password, prepare, refusals,
                     verdicts)
from tls_relay import Relay

# Way to sign on: (credentials in the inventory, mechanism in the host's log).
WAYS = {
    "kerberos": (None, "kerberos"),
    "negotiate": (None, "kerberos"),
    "basic": (lambda: password(outside.lab("BASIC_USER"), outside.lab("BASIC_PASSWORD_FILE")), "basic"),
    "ntlm": (lambda: ntlm_of("hv01"), "ntlm"),
    "certificate": (lambda: client_certificate("operator"), "certificate"),
}
UNTRUSTED = "an authority that is not trusted here signed the host's certificate"
OTHER = "shows another certificate than the one whose fingerprint is pinned"
# Where sign-on is a matter of the channel, Windows' way to refuse is a bare 401.
TURNED_AWAY = "the host did not accept the sign-on"
# Lets OpenSSL speak TLS 1.0 and 1.1 in programs that do not forbid it themselves.
PERMISSIVE = """openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = lax
[lax]
MinProtocol = TLSv1
CipherString = DEFAULT:@SECLEVEL=0
"""


def client_certificate(name):
    stem = f"{outside.lab('CERTS')}/{name}"
    return f"credentials: {{certificate: '{stem}.pem', key: '{stem}.key'}}"


def trusts(*authorities, pinned=None):
    """What an inventory says behind `tls:`; pinned: the stem of a certificate's files."""
    parts = [f"ca: '{authority}'" for authority in authorities]
    if pinned:
        with open(pinned + ".pem", encoding="ascii") as pem:
            parts.append(f"fingerprint: '{hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem.read())).hexdigest()}'")
    return "{" + ", ".join(parts) + "}" if parts else "system"


def certificate(name):
    return f"{outside.lab('CERTS')}/{name}"


def shows(use):
    outside.control("hv01", "certificate", {"use": use})


def reads(program, status, way, tls, relay=None, **env):
    place = f"address: 127.0.0.1, port: {relay.port}, " if relay else ""
    login = WAYS[way][0]
    entry = f"reach: {{{place}authentication: {way}, tls: {tls}}}" + (", " + login() if login else "")
    inventory(program, {"HV01": entry})
    outside.control("hv01", "reset", {})
    return program.expect(status, "audit", "--all", "--output", "json", **env)


def log():
    return outside.control("hv01", "log", None)


def accepted(check, program, what, way, tls, relay=None, **env):
    said = reads(program, FINE, way, tls, relay, **env)
    check.same(f"{what}, {way}: everything is read", (verdicts(said), len(findings(said))), ({"compliant"}, SETTINGS))
    check.same(f"{what}, {way}: under TLS, signed on as told",
               {(line["tls"], line["sealed"], line["mechanism"]) for line in log()}, {(True, False, WAYS[way][1])})


def refused(check, program, what, way, tls, words, relay=None, status=DENIED, **env):
    """By Fairway, before anything was said."""
    said = reads(program, status, way, tls, relay, **env)
    read = findings(said)
    check.same(f"{what}, {way}: nothing is read", {f["verdict"] for f in read}, {"unreadable"})
    check(f"{what}, {way}: it says why", all(words in f["because"] for f in read), read[:1])
    check.same(f"{what}, {way}: and nothing was said to it",
               (log(), refusals("hv01"), relay.heard if relay else 0), ([], 0, 0))


def make_certificates(folder):
    """self-signed.*, and mitm.* for hv01 from the lab's own CA; the folder with them."""
    def openssl(*arguments, text=None):
        return outside.tool("openssl", *arguments, text=text)
    name, tls = f"hv01.{outside.lab('DOMAIN')}", f"{outside.lab('DIR')}/tls"
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}"]
    openssl("req", "-x509", *key, "-days", "2", "-addext", f"subjectAltName=DNS:{name}",
            "-keyout", f"{folder}/self-signed.key", "-out", f"{folder}/self-signed.pem")
    request = openssl("req", *key, "-addext", f"subjectAltName=DNS:{name}", "-keyout", f"{folder}/mitm.key")
    openssl("x509", "-req", "-CA", f"{tls}/ca.pem", "-CAkey", f"{tls}/ca.key", "-days", "2", "-copy_extensions", "copy",
            "-out", f"{folder}/mitm.pem", text=request)
    return folder


def whom_it_trusts(check, program, ca, mine):
    check.part("trusted")
    for way in WAYS:
        accepted(check, program, "by the lab's CA", way, trusts(ca))
    accepted(check, program, "by the system's CAs", "kerberos", trusts(), SSL_CERT_FILE=ca)
    accepted(check, program, "by CA and fingerprint", "kerberos", trusts(ca, pinned=certificate("hv01")))
    for use in ("own", "expired", "wrong-name", "stranger"):
        shows(use)
        pin = trusts(pinned=certificate("hv01" if use == "own" else use))
        accepted(check, program, f"the certificate '{use}' by its fingerprint", "kerberos", pin)
    shows("own")
    with Relay(f"{mine}/self-signed") as relay:
        # Not by Kerberos, whose ticket is bound to this channel and of no use to the host behind it.
        accepted(check, program, "a self-signed one by its fingerprint", "basic",
                 trusts(pinned=f"{mine}/self-signed"), relay)


def whom_it_does_not_trust(check, program, ca, mine):
    check.part("not trusted")
    own, other = certificate("hv01"), certificate("hv02")
    rows = [
        ("the system does not know the lab's CA", "own", trusts(), UNTRUSTED),
        ("another CA", "own", trusts(f"{outside.lab('DIR')}/tls/other-ca.pem"), UNTRUSTED),
        ("an expired one", "expired", trusts(ca), "has expired"),
        ("one for another name", "wrong-name", trusts(ca), "is for another name"),
        ("a stranger's", "stranger", trusts(ca), UNTRUSTED),
        ("another one than is pinned", "own", trusts(pinned=other), OTHER),
        ("of the right CA, but another one than is pinned", "own", trusts(ca, pinned=other), OTHER),
        ("the one that is pinned, but expired", "expired", trusts(ca, pinned=certificate("expired")), "has expired"),
        ("the one that is pinned, but of another CA", "stranger", trusts(ca, pinned=certificate("stranger")), UNTRUSTED),
    ]
    for what, use, tls, words in rows:
        shows(use)
        for way in ("kerberos", "basic"):
            refused(check, program, what, way, tls, words)
    shows("own")
    with Relay(f"{mine}/self-signed") as relay:
        refused(check, program, "a self-signed one", "basic", trusts(ca), "signed its certificate itself", relay)
        refused(check, program, "a self-signed one, not the pinned one", "basic", trusts(pinned=own), OTHER, relay)


def old_protocols(check, program, mine):
    check.part("TLS 1.1")
    lax = {"OPENSSL_CONF": program.file(program.write("lax.cnf", PERMISSIVE))}
    with Relay(f"{mine}/mitm", newest=ssl.TLSVersion.TLSv1_1) as relay:
        name = f"hv01.{outside.lab('DOMAIN')}"
        curl = subprocess.run(["curl", "-sS", "--max-time", "10", "--tlsv1.0", "--tls-max", "1.1",
                               "--cacert", outside.lab("CA"), "--resolve", f"{name}:{relay.port}:127.0.0.1",
                               "-o", "/dev/null", "-w", "%{http_code}", f"https://{name}:{relay.port}/wsman"],
                              env={**os.environ, **lax}, capture_output=True, encoding="utf-8",
                              timeout=outside.PATIENCE, check=False)
        check.same("curl speaks TLS 1.1 to this server", (curl.stdout, curl.stderr), ("405", ""))
        relay.heard = 0
        refused(check, program, "a server of TLS 1.1", "basic", trusts(outside.lab("CA")),
                "does the host speak TLS 1.2 or later?", relay, UNREACHABLE, **lax)
    with Relay(f"{mine}/mitm", newest=ssl.TLSVersion.TLSv1_2) as relay:
        accepted(check, program, "a server of TLS 1.2", "basic", trusts(outside.lab("CA")), relay)


def between(check, program, ca, mine):
    """Somebody whose certificate the client trusts, between it and the host."""
    check.part("channel binding")
    outside.control("hv01", "channel-binding", {"level": "strict"})
    for way in ("kerberos", "negotiate", "ntlm"):
        accepted(check, program, "strict", way, trusts(ca))
    with Relay(f"{mine}/mitm") as relay:
        for way in ("kerberos", "negotiate", "ntlm"):
            said = reads(program, DENIED, way, trusts(ca), relay)
            check.same(f"a man in the middle, {way}: nothing is read", verdicts(said), {"unreadable"})
            check(f"a man in the middle, {way}: the host refused what he passed on",
                  all(TURNED_AWAY in f["because"] for f in findings(said)) and refusals("hv01") > 0, said)
            check(f"a man in the middle, {way}: it is told that the channel binding may be why",
                  all("channel binding, CbtHardeningLevel" in f["because"] and "reach the host directly" in f["because"]
                      for f in findings(said)), said)
            check.same(f"a man in the middle, {way}: and was asked nothing", log(), [])
        # What binds nothing he can pass on: so it was the binding that kept him out.
        accepted(check, program, "a man in the middle", "basic", trusts(ca), relay)
    outside.control("hv01", "channel-binding", {"level": "relaxed"})


def wrong_logins(check, program, ca):
    check.part("wrong logins under TLS")
    program.write("wrong", "not the password")
    os.chmod(program.file("wrong"), 0o600)
    on_all_hosts("reset", {})
    inventory(program, dict.fromkeys((host.upper() for host in outside.HOSTS), ""),
              f"reach: {{authentication: basic, tls: {trusts(ca)}}}",
              password(outside.lab("BASIC_USER"), program.file("wrong")))
    said = program.expect(DENIED, "audit", "--all", "--output", "json")
    check.same("a wrong password: nothing is read", verdicts(said), {"unreadable"})
    check.same("it is shown to one host, once", sorted(refusals(host) for host in outside.HOSTS), [0, 0, 0, 1])
    with Relay(certificate("hv01"), newest=ssl.TLSVersion.TLSv1_2, clients=ca) as relay:
        for what, place in (("TLS 1.3", ""), ("TLS 1.2", f"address: 127.0.0.1, port: {relay.port}, ")):
            outside.control("hv01", "reset", {})
            inventory(program, {"HV01": f"reach: {{{place}authentication: certificate, tls: {trusts(ca)}}}, "
                                        + client_certificate("stranger")})
            read = findings(program.expect(DENIED, "audit", "--all", "--output", "json"))
            check(f"a client certificate of another CA, {what}: it says whose certificate is refused",
                  read and all("does not take the certificate that we show" in f["because"] for f in read), read[:1])
            check.same(f"a client certificate of another CA, {what}: nothing is read",
                       {"held" in f for f in read}, {False})
            check.same(f"a client certificate of another CA, {what}: the host was asked nothing",
                       (log(), relay.heard), ([], 0))
        check.same("it is shown once", relay.callers, 1)


def all_of_it(check, program):
    ca, mine = outside.lab("CA"), make_certificates(program.path)
    on_all_hosts("ntlm", {"allowed": True})
    whom_it_trusts(check, program, ca, mine)
    whom_it_does_not_trust(check, program, ca, mine)
    between(check, program, ca, mine)
    wrong_logins(check, program, ca)
    old_protocols(check, program, mine)
    on_all_hosts("ntlm", {"allowed": False})


if __name__ == "__main__":
    sys.exit(run_parts(prepare, all_of_it))
