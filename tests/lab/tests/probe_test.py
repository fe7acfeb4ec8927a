#!/usr/bin/python3
"""Does `fairway probe` stop at the right step, with the right words, for each thing that keeps people out?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/probe_test.py
"""
import glob
import os
import socket
import subprocess
import sys

import golden
import outside
import reading
from loop_tools import DENIED, FINE, UNREACHABLE, run_parts, wait_until

FAILED, MISTAKE = 1, 3  # something else, in a document
STEPS = ["credentials", "name resolution", "port", "TLS", "sign-on", "sealing", "WS-Man", "Hyper-V", "rights", "facts"]
CA = outside.lab("CA")
READER = f"credentials: {{keytab: {outside.lab('READER_KEYTAB')}, principal: reader@{outside.lab('REALM')}}}"
NTLM = (f"reach: {{authentication: ntlm}}, credentials: {{password_file: {outside.lab('NTLM_PASSWORD_FILE')}, "
        f"user: 'HV02\\{outside.lab('NTLM_USER')}'}}")
# What is told, how the host is reached, what is done to it first, the step that stops (None: none), status, words.
CASES = [
    ("sealed", "", {}, None, FINE, ["encrypted in both directions (Kerberos)", "HTTP/hv02.corp.example@CORP.EXAMPLE",
                                     "Microsoft Corporation", "build 20348"]),
    ("over TLS", f"reach: {{tls: {{ca: {CA}}}}}", {}, None, FINE, ["TLSv1.3", "TLS does it"]),
    ("by the name WSMAN", "reach: {authentication: negotiate, service: WSMAN}", {}, None, FINE, ["WSMAN/hv02"]),
    ("NTLM, which the host refuses", NTLM, {}, "sign-on", DENIED, ["it offers: Negotiate, Kerberos"]),
    ("NTLM, which it takes", NTLM, {"ntlm": {"allowed": True}}, None, FINE, ["(NTLM)", "does not prove itself"]),
    ("nobody listens", "reach: {port: 7777}", {}, "port", UNREACHABLE, ["refuses the connection", "winrm quickconfig"]),
    ("no such name", "dns: hv77.corp.example", {}, "name resolution", UNREACHABLE, ["no address", "check DNS"]),
    ("no such principal", "dns: hv77.corp.example, reach: {address: 127.0.10.2}", {}, "sign-on", DENIED,
     ["the domain knows no such service"]),
    ("an authority nobody knows", "reach: {tls: system}", {}, "TLS", DENIED, ["authority that is not trusted"]),
    ("an expired certificate", f"reach: {{tls: {{ca: {CA}}}}}", {"certificate": {"use": "expired"}}, "TLS", DENIED,
     ["has expired"]),
    ("plain text where that is refused", "reach: {seal: never}", {}, "WS-Man", UNREACHABLE, ["insists on sealed"]),
    ("no rights", READER, {}, "rights", DENIED, ["Hyper-V Administrators"]),
    ("a quota", "", {"misbehave": {"next": 1, "how": "busy"}}, "WS-Man", UNREACHABLE, ["raise the quota"]),
    ("an answer that was changed", "", {"misbehave": {"next": 1, "how": "flipped-bit"}}, "sealing", UNREACHABLE,
     ["changed or cut"]),
    ("a service that starts", "", {"misbehave": {"next": 1, "how": "starting"}}, "sign-on", UNREACHABLE,
     ["HTTP 503", "its WinRM service is starting"]),
    ("headers too long for http.sys", "", {"http-sys": {"header_bytes": 700}}, "sign-on", FAILED,
     ["Request Too Long", "MaxFieldLength and MaxRequestBytes", "fewer groups"]),
    ("Kerberos inside SPNEGO only", "", {"http-sys": {"header_bytes": 16384}, "misbehave": {
        "next": 1, "how": "bare-kerberos"}}, "sign-on", UNREACHABLE,
     ["could not read the sign-on", "`authentication: negotiate` works here"]),
    ("a message that the host cannot open", "", {"misbehave": {"next": 1, "how": "empty-400"}}, "sealing", UNREACHABLE,
     ["could not open our sealed message", "--record", "`authentication: negotiate` works here"]),
    ("a node of a cluster", "", {"cluster": {"name": "CLU1"}}, None, FINE, ["cluster CLU1"]),
    ("Credential Guard", "", {"cluster": {"name": None}}, None, FINE, ["credential_guard false"]),
]


def no_ticket(check, program):
    check.part("nobody ran kinit")
    reading.inventory(program, {"HV02": ""})
    said = program.run("probe", "HV02", "-i", "inventory.yaml", KRB5CCNAME="FILE:" + program.file("no-tickets"))
    check("it stops at the credentials", said.status == DENIED and "stopped at credentials" in said.out, str(said))
    check.says("and says what to do", said.out, "run `kinit` first")


def probes(check, program):
    check.part("probes")
    for what, reach, controls, stops, status, words in CASES:
        for path, body in controls.items():
            outside.control("hv02", path, body)
        reading.inventory(program, {"HV02": reach})
        said = program.run("probe", "HV02", "-i", "inventory.yaml", "--output", "json")
        check(f"{what}: exit status {status}", said.status == status, str(said))
        seen = said.json()["probes"][0]
        check.same(f"{what}: every step is told", [step["step"] for step in seen["steps"]], STEPS)
        bad = [step["step"] for step in seen["steps"] if step["state"] == "bad"]
        check.same(f"{what}: stops at {stops or 'nothing'}", bad, [stops] if stops else [])
        check.says(f"{what}: says why", " ".join(step["saw"] for step in seen["steps"]), *words)
        if "certificate" in controls:
            outside.control("hv02", "certificate", {"use": "own"})
    outside.control("hv02", "ntlm", {"allowed": False})


def as_an_example(check, program):
    """What the page of examples shows (tests/shown)."""
    check.part("as an example")
    reading.inventory(program, {"HV02": READER})
    said = program.run("probe", "HV02", "-i", "inventory.yaml")
    text = f"$ fairway probe HV02 -i inventory.yaml\n{said.out}(exit status {said.status})\n"
    check.same("it is what is kept", text, golden.kept(text, os.path.join(os.path.dirname(os.path.abspath(__file__)), "probe.expected")))


def every_fact(check, program):
    """A node of a cluster has all that is a fact of a host; one that it does not show was asked for in vain."""
    check.part("every fact")
    outside.control("hv02", "cluster", {"name": "CLU1"})
    reading.inventory(program, {"HV02": ""})
    facts = {row["name"].removeprefix("host.") for row in program.run("settings", "--output", "json").json()["settings"]
             if (row["kind"], row["access"]) == ("host", "fact")}
    steps = program.run("probe", "HV02", "-i", "inventory.yaml", "--output", "json").json()["probes"][0]["steps"]
    saw = {part.split()[0] for part in steps[-1]["saw"].split("; ")}
    check.same("a probe shows each of them", saw, facts)
    outside.control("hv02", "cluster", {"name": None})


def krb5_conf(program, name, **changes):
    """The lab's krb5.conf, another one in one respect: its place in the environment."""
    with open(os.environ["KRB5_CONFIG"], encoding="utf-8") as file:
        text = file.read()
    text = text.replace("[libdefaults]\n", "[libdefaults]\n    kdc_timesync = 0\n") if "timesync" in changes else text
    realms = "".join(f"    {realm} = {{\n        kdc = {kdc}\n    }}\n" for realm, kdc in changes.get("realms", {}).items())
    text = text.replace("[realms]\n", "[realms]\n" + realms)
    if "maps_to" in changes:
        text = text.split("[domain_realm]")[0]
        if changes["maps_to"]:
            text += f"[domain_realm]\n    .{outside.lab('DOMAIN')} = {changes['maps_to']}\n"
    return {"KRB5_CONFIG": program.file(program.write(name, text))}


def clock(minutes):
    """Another time for one program alone."""
    return {"LD_PRELOAD": glob.glob("/usr/lib/*/faketime/libfaketime.so.1")[0], "FAKETIME": f"{minutes:+}m"}


def as_user(realm):
    return f"credentials: {{user: operator@{realm}, password_file: {outside.lab('OPERATOR_PASSWORD_FILE')}}}"


def stops(check, program, what, entry, env, step, status, *words):
    reading.inventory(program, {"HV03": entry})
    said = program.run("probe", "HV03", "-i", "inventory.yaml", "--output", "json", **env)
    steps = said.json()["probes"][0]["steps"]
    check.same(f"{what}: exit status {status}, stops at {step or 'nothing'}",
               (said.status, [one["step"] for one in steps if one["state"] == "bad"]), (status, [step] if step else []))
    check.says(f"{what}: says why and what to do", " ".join(one["saw"] for one in steps), *words)


def realms(check, program):
    check.part("realms")
    other = {"realms": {"OTHER.EXAMPLE": "127.0.0.1", "corp.example": "127.0.0.1", "SILENT.EXAMPLE": "127.0.0.1:1"}}
    known = krb5_conf(program, "realms.conf", **other)
    for what, entry, env, step, status, *words in [
        ("a realm without a KDC", as_user("NOWHERE.EXAMPLE"), {}, "credentials", UNREACHABLE,
         "the realm's domain controllers are not known here", "[realms]"),
        ("a realm whose KDC is silent", as_user("SILENT.EXAMPLE"), known, "credentials", UNREACHABLE,
         "no domain controller answers on port 88"),
        ("a realm that the KDC does not serve", as_user("OTHER.EXAMPLE"), known, "credentials", DENIED,
         "does not know that principal", "operator@OTHER.EXAMPLE"),
        ("a realm in lower case", as_user("corp.example"), known, "credentials", MISTAKE,
         "Kerberos realms are upper case"),
        ("a realm in lower case without a KDC", as_user("nowhere.example"), {}, "credentials", UNREACHABLE,
         "Kerberos realms are upper case: is NOWHERE.EXAMPLE meant?"),
        ("a keytab's principal in lower case", f"credentials: {{keytab: {outside.lab('OPERATOR_KEYTAB')}, "
         "principal: operator@corp.example}", known, "credentials", MISTAKE, "is CORP.EXAMPLE meant?"),
        ("a host in a realm in lower case", "", krb5_conf(program, "lower.conf", maps_to="corp.example"), "sign-on",
         UNREACHABLE, "Kerberos realms are upper case: is CORP.EXAMPLE meant?"),
        ("a host in a realm that nobody knows", "", krb5_conf(program, "nowhere.conf", maps_to="NOWHERE.EXAMPLE"),
         "sign-on", DENIED, "[domain_realm]", "into the realm NOWHERE.EXAMPLE", "CORP.EXAMPLE knows no way there"),
        ("a host in a realm that is known here and not to the domain", "", krb5_conf(
            program, "other.conf", maps_to="OTHER.EXAMPLE", **other), "sign-on", DENIED, "into the realm OTHER.EXAMPLE"),
        ("a host of which krb5.conf says nothing", "", krb5_conf(program, "silent.conf", maps_to=""), None, FINE,
         "the host proved to be HTTP/hv03.corp.example@CORP.EXAMPLE", "domain corp.example"),
    ]:
        stops(check, program, what, entry, env, step, status, *words)


def clocks(check, program):
    check.part("clocks")
    keytab = f"credentials: {{keytab: {outside.lab('OPERATOR_KEYTAB')}, principal: operator@{outside.lab('REALM')}}}"
    strict = krb5_conf(program, "timesync.conf", timesync=0)
    differ = ["this machine's clock and the domain's differ", "set the clock"]
    for minutes in (10, -10):
        stops(check, program, f"{minutes:+} minutes, a ticket", "", clock(minutes), "sign-on", DENIED, *differ)
        stops(check, program, f"{minutes:+} minutes, a keytab", keytab, {**clock(minutes), **strict}, "credentials",
              DENIED, *differ)
    stops(check, program, "a day later", "", clock(24 * 60), "credentials", DENIED, "has expired", "kinit")
    # A second HV03, whose clock is wrong: it cannot read the ticket, and like Windows says no more than 401.
    folder, port = outside.lab("DIR"), 7985
    options = {"estate": outside.lab("ESTATE"), "host": "hv03", "keytab": f"{outside.lab('KEYS')}/hv03.keytab",
               "users": f"{outside.lab('KEYS')}/basic.users", "ntlm-users": f"{outside.lab('KEYS')}/ntlm.users",
               "ldap": f"ldap://{outside.lab('DC')}", "certs": outside.lab("CERTS"), "ca": outside.lab("CA"),
               "port": port, "tls-port": port + 1}
    with open(f"{folder}/log/hv03-late.log", "w", encoding="utf-8") as log, subprocess.Popen(
            [os.environ["HVHOST"], *(f"--{name}={value}" for name, value in options.items())], stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, env={**os.environ, **clock(10)}) as late:
        try:
            wait_until("the late host listens", lambda: listens(f"hv03.{outside.lab('DOMAIN')}", port))
            stops(check, program, "the host's clock", f"reach: {{port: {port}}}", {}, "sign-on", DENIED,
                  "did not accept the sign-on", "does its clock agree with the domain's")
        finally:
            late.terminate()


def listens(name, port):
    try:
        socket.create_connection((name, port), outside.PATIENCE).close()
    except OSError:
        return False
    return True


def names_of_others(check, program):
    """Samba's LDAP lets no second account have a name, so that one is written past it."""
    check.part("service principal names")
    spn = f"HTTP/hv03.{outside.lab('DOMAIN')}"
    outside.modify("hv04", ("add", "servicePrincipalName", spn))
    stops(check, program, "a name on another account", "", {}, "sign-on", DENIED, "did not accept the sign-on",
          f"does its own account hold the name {spn} and no other account (`setspn -Q {spn}`)")
    partition = f"tdb://{outside.lab('DIR')}/dc01/private/sam.ldb.d/{outside.lab('BASE_DN').upper()}.ldb"
    for verb in ("add", "delete"):
        outside.tool("ldbmodify", "-H", partition, text=f"dn: {outside.dn('hv03')}\nchangetype: modify\n"
                                                        f"{verb}: servicePrincipalName\nservicePrincipalName: {spn}\n")
        if verb == "add":
            stops(check, program, "a name on two accounts", "", {}, "sign-on", DENIED, "several accounts hold its name",
                  "setspn -Q")
    outside.modify("hv04", ("delete", "servicePrincipalName", spn))
    wsman = f"WSMAN/hv03.{outside.lab('DOMAIN')}"
    outside.modify("hv03", ("delete", "servicePrincipalName", wsman))
    for way in ("kerberos", "negotiate"):
        stops(check, program, f"no name WSMAN, by {way}", f"reach: {{service: WSMAN, authentication: {way}}}", {},
              "sign-on", DENIED, "the domain knows no such service", "is reached with `service: HTTP`")
    outside.modify("hv03", ("add", "servicePrincipalName", wsman))
    stops(check, program, "on its own account again", "", {}, None, FINE, f"the host proved to be {spn}@CORP.EXAMPLE")


def reverse_names(check, program):
    """MIT's defaults ask DNS for a canonical and a reverse name. Here the hosts file answers, of one program's own."""
    check.part("reverse DNS")
    hosts = program.file("hosts")
    with open("/etc/hosts", encoding="utf-8") as file:
        program.write("hosts", file.read().replace(f"hv03.{outside.lab('DOMAIN')}", "rack7-03.example.net "
                                                   f"hv03.{outside.lab('DOMAIN')}"))
    with open(os.environ["KRB5_CONFIG"], encoding="utf-8") as file:
        text = file.read().replace("dns_canonicalize_hostname = false", "").replace("rdns = false", "")
    conf = {"KRB5_CONFIG": program.file(program.write("rdns.conf", text))}
    inside = ("unshare", "--mount", "sh", "-c", f'mount --bind {hosts} /etc/hosts && exec "$@"', "sh")
    asked = subprocess.run([*inside, "kvno", "-S", "HTTP", f"hv03.{outside.lab('DOMAIN')}"], check=False, text=True,
                           capture_output=True, timeout=outside.PATIENCE, env={**os.environ, **conf})
    check.says("MIT's own tools ask for the reverse name", asked.stderr, "HTTP/rack7-03.example.net")
    reading.inventory(program, {"HV03": ""})
    for way in ("kerberos", "negotiate"):
        reading.inventory(program, {"HV03": f"reach: {{authentication: {way}}}"})
        said = subprocess.run([*inside, os.environ["FAIRWAY"], "probe", "HV03", "-i", "inventory.yaml"], check=False,
                              cwd=program.file(""), text=True, capture_output=True, timeout=outside.PATIENCE,
                              env={**os.environ, **conf})
        check(f"the program asks for the inventory's ({way})", said.returncode == FINE, said.stdout + said.stderr)
        check.says(f"and is shown it ({way})", said.stdout, f"HTTP/hv03.{outside.lab('DOMAIN')}@CORP.EXAMPLE")


if __name__ == "__main__":
    sys.exit(run_parts(reading.prepare, no_ticket, probes, as_an_example, every_fact, realms, clocks, names_of_others, reverse_names))
