#!/usr/bin/python3
"""What does an account know that lacks one right, and does the advice name just that right?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/least_test.py

The reader is in no administrative group. Each host gives it the two groups and Remote Enable on four WMI namespaces, and
each of these is taken away in turn; so is the right to read an account or one of its attributes in the directory. What an
audit says then is compared with what it says with all rights.
"""
import base64
import re
import sys

from samba.dcerpc import security
from samba.ndr import ndr_unpack

import controllers
import outside
from loop_tools import CHANGES, run_parts

GROUPS = ["Remote Management Users", "Hyper-V Administrators"]
V2, CIMV2, GUARD, CLUSTER = ("root/virtualization/v2", "root/cimv2", "root/Microsoft/Windows/DeviceGuard",
                             "root/mscluster")
NAMESPACES = [V2, CIMV2, GUARD, CLUSTER]
NODE = "HV02"  # of a cluster; HV01 is of none
HOSTS = ["HV01", NODE]
LIMIT = "migration.max_live"  # what a cluster sets on its nodes
POLICY = """policy: least
owner: tests
why: w
rules:
  - id: hosts
    why: w
    on: hosts
    want: {migration.enabled: true, migration.authentication: kerberos, migration.networks: any, migration.max_live: 7}
  - id: computers
    why: w
    on: computers
    want:
      delegation.services: {includes: {services: [cifs, migration], of: peers}}
      delegation.protocol_transition: true
      spn.migration: present
"""
INVENTORY = """estate: least
directory: {{domain: {domain}, servers: [{dc}], bind: gssapi}}
hosts:
  reach: {{protocol: wsman, authentication: kerberos}}
  list: [{{name: HV01}}, {{name: HV02}}]
migration_domains: [{{name: least, hosts: [HV01, HV02]}}]
"""


def grant(groups=GROUPS, namespaces=NAMESPACES):
    for host in HOSTS:
        outside.control(host.lower(), "rights", {"account": f"reader@{outside.lab('REALM')}", "groups": groups,
                                                 "remote_enable": namespaces})


def without(lost):
    return [one for one in NAMESPACES if one != lost]


def as_windows_writes(namespace):
    return namespace.replace("/", "\\")


class Audit:
    """By the reader: verdicts and reasons by (object, kind, setting), and how many paths are open, closed, unknown."""

    def __init__(self, program):
        self.said = program.run("audit", "--all", "--output", "json")
        seen = self.said.json()
        self.findings = {(f["object"], f["kind"], f["setting"]): f for f in seen["findings"]}
        self.verdicts = {key: f["verdict"] for key, f in self.findings.items()}
        self.paths = seen["paths"]

    def unreadable(self):
        return {key for key, verdict in self.verdicts.items() if verdict == "unreadable"}


def probed(program, host):
    """What the probe's last two steps say, and where it stops."""
    said = program.run("probe", host, "--output", "json")
    steps = said.json()["probes"][0]["steps"]
    return " ".join(step["saw"] for step in steps if step["step"] in ("rights", "facts", "Hyper-V")), [
        step["step"] for step in steps if step["state"] == "bad"]


def of_hosts(keys, setting=None, host=None):
    return {key for key in keys
            if key[1] == "host" and setting in (None, key[2]) and host in (None, key[0])}


def prepare(program):
    program.write("policy.yaml", POLICY)
    program.write("inventory.yaml", INVENTORY.format(domain=outside.lab("DOMAIN"), dc=outside.lab("DC")))
    outside.become("reader", program.usual["KRB5CCNAME"] + ".reader")
    program.usual["KRB5CCNAME"] += ".reader"
    outside.control(NODE.lower(), "cluster", {"name": "CLU1", "push_ms": 600000})
    grant()


def everything(check, program):
    check.part("all rights")
    full = program.full = Audit(program)
    check.same("an account of least rights reads everything", full.unreadable(), set())
    check.same("so the exit status is that of drift", full.said.status, CHANGES)
    check.says("the node's limit is its cluster's", full.findings[(NODE, "host", LIMIT)]["because"], "CLU1")
    check.same("and the other host's is drift", full.verdicts[("HV01", "host", LIMIT)], "drifted")
    check.same("no path is unknown", full.paths["unknown"], 0)
    for host in HOSTS:
        said, stops = probed(program, host)
        check.same(f"{host} is ready", stops, [])
        check.says(f"{host} tells its facts", said, "addresses 10.20.0.1", "build 20348", "credential_guard false")


# What is taken away; which findings of the hosts are unreadable then; what the advice says; where a probe of the node
# stops; facts that the probe tells all the same.
HOST_CASES = [
    ("Remote Enable on root\\cimv2", GROUPS, without(CIMV2), lambda key: key[2] == LIMIT,
     ["Remote Enable on root\\cimv2", "whether the host is a node of a cluster is unknown"], "facts",
     ["listeners 10.20.0.12", "credential_guard false", "not read: addresses, build"]),
    ("Remote Enable on root\\mscluster", GROUPS, without(CLUSTER), lambda key: key[2] == LIMIT and key[0] == NODE,
     ["Remote Enable on root\\mscluster", "Grant-ClusterAccess"], "facts",
     ["addresses 10.20.0.12", "build 20348", "not read: cluster"]),
    ("Remote Enable on DeviceGuard", GROUPS, without(GUARD), lambda key: False,
     [], "facts", ["addresses 10.20.0.12", "cluster CLU1", "not read: credential_guard",
                   "Remote Enable on root\\Microsoft\\Windows\\DeviceGuard"]),
    ("Remote Enable on root\\virtualization\\v2", GROUPS, without(V2), lambda key: True,
     ["Remote Enable on root\\virtualization\\v2"], "rights", []),
    ("Remote Management Users", GROUPS[1:], NAMESPACES, lambda key: True, ["Remote Management Users there"], "rights", []),
    ("Hyper-V Administrators", GROUPS[:1], NAMESPACES, lambda key: True,
     ["is the account in Hyper-V Administrators there?"], "Hyper-V", []),
]


def hosts(check, program):
    for what, groups, namespaces, lost, advice, stops, facts in HOST_CASES:
        check.part(f"without {what}")
        grant(groups, namespaces)
        seen = Audit(program)
        wanted = {key for key in of_hosts(program.full.verdicts) if lost(key)}
        check.same(f"without {what} just these are unreadable", of_hosts(seen.unreadable()), wanted)
        check.same("everything else is judged as with all rights",
                   {key: verdict for key, verdict in seen.verdicts.items() if key not in wanted},
                   {key: verdict for key, verdict in program.full.verdicts.items() if key not in wanted})
        for key in sorted(wanted):
            check.says(f"{key[0]} {key[2]} says what to grant", seen.findings[key]["because"], *advice)
        if not any(lost(key) for key in program.full.verdicts if key[2] == "migration.enabled"):
            check.same("the paths are those of all rights", seen.paths, program.full.paths)
        said, where = probed(program, NODE)
        check.same(f"a probe stops at {stops}", where, [stops])
        check.says("and tells what is known, and the right", said, *facts, *advice[:1])
        if groups == GROUPS:
            others = [name for name in map(as_windows_writes, namespaces) if f"Remote Enable on {name}" in said]
            check.same("no right that the account has is asked for", others, [])
    grant()


def use(authentication):
    for host in HOSTS:
        outside.control(host.lower(), "third-hand", {"settings": {"AuthenticationType": authentication}})


def questions():
    """How many classes the hosts were asked for since the last call."""
    counted = sum(outside.control(host.lower(), "requests", None).get("Enumerate", 0) for host in HOSTS)
    for host in HOSTS:
        outside.control(host.lower(), "reset", {})
    return counted


def credential_guard(check, program):
    """Who uses Kerberos is not asked whether Credential Guard runs, so the right to say it is worth nothing there."""
    credssp, kerberos = 0, 1
    check.part("Kerberos, with and without DeviceGuard")
    use(kerberos)
    questions()
    full, asked = Audit(program), questions()
    grant(namespaces=without(GUARD))
    less, asked_less = Audit(program), questions()
    check.same("the output and the exit status are the same", (less.said.out, less.said.status), (full.said.out, full.said.status))
    check.same("and so is the number of questions", asked_less, asked)
    check.part("CredSSP, with and without DeviceGuard")
    use(credssp)
    check.same("no path is open that nobody can tell", Audit(program).paths, {"open": 0, "closed": 0, "unknown": 2})
    said = program.run("explain", *HOSTS)
    check.says("the reason names the right", said.out, "credentials", "Remote Enable on root\\Microsoft\\Windows\\DeviceGuard")
    grant()
    questions()
    check.same("with the right both are open", Audit(program).paths, {"open": 2, "closed": 0, "unknown": 0})
    check.same("each host is asked once more than with Kerberos", questions(), asked + len(HOSTS))
    outside.control("hv01", "credential-guard", {"running": True})
    check.same("where it runs no move starts", Audit(program).paths, {"open": 1, "closed": 1, "unknown": 0})
    check.says("and why", program.run("explain", *HOSTS).out, "HV01 uses credssp, and Credential Guard runs there")
    outside.control("hv01", "credential-guard", {"running": False})
    use(kerberos)
    outside.control(NODE.lower(), "third-hand", {"settings": {"AuthenticationType": credssp}})  # as it was


def odd_hosts(check, program):
    """Not rights, but answers as odd as real hosts give: twice the same object, an address that is none."""
    check.part("odd answers")
    odd = ["fe80::1c2d:3e4f%12", "fe80::5efe:10.20.0.11", "", "no address"]
    for host in HOSTS:
        outside.control(host.lower(), "third-hand", {"more_addresses": odd})
        outside.control(host.lower(), "twice", {"on": True})
    seen = Audit(program)
    check.same("they hide nothing", (seen.verdicts, seen.paths), (program.full.verdicts, program.full.paths))
    check.says("what is left out is reported, with its host", seen.said.err, "HV01: IPAddress holds `no address`",
               f"{NODE}: MigrationServiceListenerIPAddressList holds `no address`")
    for host in HOSTS:
        outside.control(host.lower(), "third-hand", {"more_addresses": []})
        outside.control(host.lower(), "twice", {"on": False})
    check.part("who is a node")
    for what, service, verdict in [("the feature alone", {"State": "Stopped", "StartMode": "Disabled"}, "drifted"),
                                   ("the service of no cluster that shows", {"State": "Stopped", "StartMode": "Auto"},
                                    "unreadable")]:
        outside.control("hv01", "cluster", {"name": None, "service": service})
        check.same(f"{what}: the limit is {verdict}", Audit(program).verdicts[("HV01", "host", LIMIT)], verdict)
    outside.control("hv01", "cluster", {"name": None})
    outside.control("hv01", "third-hand", {"networks": ["any", {"SubnetNumber": "10.7.0.0", "PrefixLength": 16,
                                                                "Tags": ["Somebody:Else"]}]})
    check.same("a network of somebody else's makes no node", Audit(program).verdicts[("HV01", "host", LIMIT)], "drifted")
    outside.control("hv01", "third-hand", {"networks": ["any"]})


def sid_of_reader():
    said = outside.search(outside.lab("BASE_DN"), "(sAMAccountName=reader)", "objectSid")
    return str(ndr_unpack(security.dom_sid, base64.b64decode(re.search(r"objectSid:: (\S+)", said)[1])))


def deny(host, ace):
    controllers.samba_tool("dsacl", "set", "-H", "ldap://" + outside.lab("DC"), f"--objectdn={outside.dn(host)}",
                           f"--sddl={ace}")


def directory(check, program):
    """Last, because these entries stay."""
    sid = sid_of_reader()
    check.part("without reading userAccountControl of HV01")
    deny("HV01", f"(OD;;RP;bf967a68-0de6-11d0-a285-00aa003049e2;;{sid})")
    seen = Audit(program)
    key = ("HV01", "computer", "delegation.protocol_transition")
    check.same("just what is read from it is unreadable", seen.unreadable(), {key})
    check.says("and the advice names it", seen.findings[key]["because"], "userAccountControl is not shown to us",
               "grant read access")
    check.part("without reading the account HV02")
    deny("HV02", f"(D;;RPLC;;;{sid})")
    seen = Audit(program)
    check.same("all of that account is unreadable, and no more", seen.unreadable() - {key},
               {one for one in program.full.verdicts if one[:2] == ("HV02", "computer")})
    check.says("and the advice says that it may be hidden", seen.findings[("HV02", "computer", "spn.migration")]["because"],
               "no computer account HV02$", "hidden from us")
    check.same("the hosts are judged as ever", {one: seen.verdicts[one] for one in of_hosts(seen.verdicts)},
               {one: program.full.verdicts[one] for one in of_hosts(program.full.verdicts)})


if __name__ == "__main__":
    sys.exit(run_parts(prepare, everything, hosts, odd_hosts, credential_guard, directory))
