#!/usr/bin/python3
"""Does `fairway probe` stop at the right step, with the right words, for each thing that keeps people out?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/probe_test.py
"""
import os
import sys

import outside
import reading
from loop_tools import DENIED, FINE, UNREACHABLE, Checks, Program

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
    ("a node of a cluster", "", {"cluster": {"name": "CLU1"}}, None, FINE, ["cluster CLU1"]),
    ("Credential Guard", "", {"cluster": {"name": None}}, None, FINE, ["credential_guard false"]),
]


def probes(check, program):
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


def records(check, program):
    reading.inventory(program, {"HV02": "", "HV03": ""})
    program.expect(FINE, "probe", "HV02", "HV03", "-i", "inventory.yaml", "--record", "kept", "--output", "json")
    kept = {}
    for name in sorted(os.listdir(program.file("kept"))):
        with open(os.path.join(program.file("kept"), name), encoding="utf-8") as file:
            kept[name] = file.read()
    check("a record has questions and answers of both hosts",
          all(sum(name.startswith(host) for name in kept) >= 10 for host in ("HOST001", "HOST002")), str(list(kept)))
    for told in ("hv02", "hv03", "corp.example", "10.20.0.", "fd20::", "operator"):
        check(f"a record does not hold {told}", not [n for n, text in kept.items() if told in text.lower()])


def main():
    check = Checks()
    program = Program(check)
    reading.prepare(program)
    reading.inventory(program, {"HV02": ""})
    check.part("nobody ran kinit")
    said = program.run("probe", "HV02", "-i", "inventory.yaml")
    check("it stops at the credentials", said.status == DENIED and "stopped at credentials" in said.out, str(said))
    check.says("and says what to do", said.out, "run `kinit` first")
    os.system("kinit -k -t $LAB_OPERATOR_KEYTAB operator")
    check.part("probes")
    probes(check, program)
    check.part("records")
    records(check, program)
    check.part("end")
    print(f"{check.all} facts, {check.failed} failed")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())
