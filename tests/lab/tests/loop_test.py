#!/usr/bin/python3
"""Does Fairway do in a living domain what it promises? Audit, plan, apply, verify, rollback with the real binary:

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/loop_test.py                        # sealed HTTP
    FAIRWAY=build/release/fairway LAB_TRANSPORT=https tests/lab/lab tests/lab/tests/loop_test.py    # TLS

What is claimed is looked at from outside, with ldapsearch, curl and the KDC (outside.py). Prints a line for each
fact; the exit status is 0 only if all held. Staleness, kills and mistakes are in loop_troubles.py, callers of
whom no ticket may be delegated in loop_caller.py, both over sealed HTTP only: what they are about lies above the transport.
"""
import itertools
import json
import sys

import loop_caller
import loop_moves
import loop_troubles
import outside
from loop_tools import CHANGES, FINE, NAMES, RECREATED, REFUSED, SERVER, run_parts, transport

MIGRATION = "Microsoft Virtual System Migration Service"
FOREIGN = ["MSSQLSvc/sql01.corp.example:1433", "MSSQLSvc/sql01:1433"]
VERIFY = "\nverify: {moves: {vm: fairway-canary, pairs: all}}\n"
PAIRS = list(itertools.permutations(NAMES, 2))

# The faults of estate.json, seen through the shipped policy.
PLANTED = [
    ("HV01", "delegation.protocol_transition"), ("HV01", "delegation.services"),
    ("HV02", "delegation.protocol_transition"), ("HV02", "delegation.services"), ("HV02", "migration.authentication"),
    ("HV03", "migration.enabled"), ("HV03", "migration.networks"),
    ("HV04", "delegation.protocol_transition"), ("HV04", "delegation.unconstrained"), ("HV04", "spn.migration"),
]


def names_of(*services):
    """Both services of each, spelt as directories hold them."""
    return {f"{service}/{name}" for name in services for service in ("cifs", MIGRATION)}


# What fixes them, in the order in which it is written: (object, setting, before, after), or what a set gains and loses.
ADDITIONS = [
    ("HV01", "delegation.services", names_of("hv03.corp.example", "HV04", "hv04.corp.example"), set()),
    ("HV01", "delegation.protocol_transition", False, True),
    ("HV02", "delegation.services", names_of("HV01", "hv01.corp.example", "HV03", "hv03.corp.example", "HV04",
                                             "hv04.corp.example"), set()),
    ("HV02", "delegation.protocol_transition", False, True),
    ("HV04", "spn.migration", {MIGRATION + "/HV04"}, set()),
    ("HV04", "delegation.protocol_transition", False, True),
]
ON_HOSTS = [
    ("HV02", "migration.authentication", "credssp", "kerberos"),
    ("HV03", "migration.networks", {"any"}, {"10.9.0.0/16 metric 5"}),
    ("HV03", "migration.enabled", False, True),
]
REMOVALS = [("HV04", "delegation.unconstrained", True, False)]
PHASES = [("directory additions", ADDITIONS), ("hosts", ON_HOSTS), ("directory removals", REMOVALS)]
ALL_OPEN, NONE_OPEN = {"open": 12, "closed": 0, "unknown": 0}, {"open": 0, "closed": 12, "unknown": 0}


def prepare(program):
    program.shipped("kerberos-live-migration", VERIFY)
    program.inventory("inventory.yaml")
    program.expect(FINE, "check", "policy.yaml", "inventory.yaml")
    outside.ldif(SERVER)


def finds_the_planted_faults(check, program):
    audit = program.expect(CHANGES, "audit", "--all", "--output", "json").json()
    findings = audit["findings"]
    check.same("it finds exactly the planted faults", sorted({(f["object"], f["setting"]) for f in findings
                                                              if f["verdict"] == "drifted"}), PLANTED)
    check.same("and everything else complies", {f["verdict"] for f in findings}, {"compliant", "drifted"})
    check.same("no path is open", audit["paths"], NONE_OPEN)
    dc = outside.lab("DC")
    check.same("it says where it read", audit["sources"], NAMES + [dc, f"the global catalogue at {dc}"])


def refused_by_the_kdc(check, when):
    reply = outside.move("hv01", "hv04")
    check.same(f"{when}: a move from HV01 to HV04 that curl starts fails", outside.element(reply, "JobState"), "10")
    check.says("with Windows' code and the KDC's words", outside.element(reply, "ErrorDescription") or reply,
               "0x8009030E", "The KDC says: S4U2Proxy to cifs/hv04.corp.example")
    granted, words = outside.s4u("hv01", "cifs/hv04.corp.example")
    check("MIT's tools are refused that ticket too", not granted and "delegation failed" in words, words)


def explains(check, program, status, closed):
    path = program.expect(status, "explain", "HV01", "HV04", "--output", "json").json()["path"]
    check.same("it names what closes the path, and what would fix it",
               {c["name"]: c["fix"]["object"] + " " + c["fix"]["setting"] for c in path["conditions"]
                if c["state"] == "closed"}, closed)
    check.same("and knows the rest", {c["state"] for c in path["conditions"]} - {"closed"}, {"open"})


def as_expected(change):
    if isinstance(change["before"], list):
        return change["object"], change["setting"], set(change["add"]), set(change["remove"])
    return change["object"], change["setting"], change["before"], change["after"]


def plans(check, program):
    said = program.expect(CHANGES, "plan", "--out", "plan.json", "--output", "json")
    plan = said.json()["plan"]
    check.same("the phases come in order", [phase["phase"] for phase in plan["phases"]], [name for name, _ in PHASES])
    for (name, wanted), phase in zip(PHASES, plan["phases"]):
        check.same(f"exactly the expected changes: {name}", [as_expected(change) for change in phase["changes"]], wanted)
    first = plan["phases"][0]["changes"][0]
    check.same("foreign values that are kept are named", sorted(first["keeps"]), FOREIGN)
    check.same("no path is open now", plan["paths"], NONE_OPEN)
    check.same("after the last phase all are", plan["phases"][-1]["paths"], ALL_OPEN)
    check.same("no step closes a path", [phase["closes"] for phase in plan["phases"]], [0, 0, 0])
    check.same("nothing is left aside", plan["notes"], [])
    with open(program.file("plan.json"), encoding="utf-8") as file:
        check.same("the file is what was shown", json.load(file), plan)
    check.same("and `show` shows it", program.expect(FINE, "show", "plan.json", "--output", "json").json()["plan"], plan)
    return plan


def setting(host, name):
    return outside.element(outside.instances(host, "settings")[0], name)


def written_as_planned(check, before, after):
    """By ldapsearch and curl: the planned values are there, and nothing else is different."""
    lines = {line for line in outside.differences(before, after) if line.startswith("dn: ")}
    wanted = set()
    for host, name, add, _ in ADDITIONS:
        attribute = {"delegation.services": "msDS-AllowedToDelegateTo", "spn.migration": "servicePrincipalName"}.get(name)
        for value in add if attribute else ():
            wanted.add(f"dn: {outside.dn(host)} got {attribute}: {value}")
    for host, old, new in (("HV01", 0x1000, 0x1001000), ("HV02", 0x1000, 0x1001000), ("HV04", 0x81000, 0x1001000)):
        wanted |= {f"dn: {outside.dn(host)} lost userAccountControl: {old}",
                   f"dn: {outside.dn(host)} got userAccountControl: {new}"}
    check.same("in the whole directory exactly the planned values came and went", sorted(lines), sorted(wanted))
    delegated = {host: outside.values(host, "msDS-AllowedToDelegateTo") for host in outside.HOSTS}
    check("HV01's foreign values are still there", set(FOREIGN) <= set(delegated["hv01"]), delegated["hv01"])
    names = [value for host in outside.HOSTS for value in delegated[host] + outside.values(host, "servicePrincipalName")]
    check.same("no name was written in its escaped form", [value for value in names if "\\" in value], [])
    check.same("every host is on", [setting(host, "EnableVirtualSystemMigration") for host in outside.HOSTS], ["true"] * 4)
    check.same("every host uses Kerberos", [setting(host, "AuthenticationType") for host in outside.HOSTS], ["1"] * 4)
    networks = after[1]["hv03", "networks"]
    check.same("HV03 takes any network", [(outside.element(n, "Tags"), outside.element(n, "SubnetNumber")) for n in networks],
               [("Microsoft:UserManagedAllNetworks", "0.0.0.0"), ("Microsoft:UserManagedAllNetworks", "::")])
    changed = {key for key in after[1] if before[1][key] != after[1][key]}
    check.same("no other host was written", changed, {("hv02", "settings"), ("hv03", "settings"), ("hv03", "networks"),
                                                      ("hv03", "service")})


def moves_everywhere(check, program, run):
    verified = program.expect(FINE, "verify", run, "--output", "json").json()
    trials = verified["trials"]
    check.same("a VM was moved over every ordered pair", sorted((t["from"], t["to"]) for t in trials), sorted(PAIRS))
    check("and arrived every time", all(t["moved"] and t["vm"] == "fairway-canary" for t in trials), trials)
    check.same("each move begins where the last one ended", [t["from"] for t in trials],
               ["HV01"] + [t["to"] for t in trials[:-1]])
    check.same("all values are the run's", {f["verdict"] for f in verified["findings"]}, {"compliant"})
    where = [host for host in outside.HOSTS if "fairway-canary" in "".join(outside.instances(host, "machines"))]
    check.same("the VM is at home again", where, ["hv01"])
    for source, service in (("hv01", "cifs/hv04.corp.example"), ("hv01", "cifs/HV04"), ("hv04", "cifs/HV02")):
        granted, words = outside.s4u(source, service)
        check(f"the KDC grants {source} a ticket to {service} in the operator's name", granted, words)


def rolls_back(check, program, run, before):
    outside.modify("hv01", ("add", "msDS-AllowedToDelegateTo", "cifs/FS01"))
    applied = outside.world()
    dry = program.expect(CHANGES, "rollback", run, "--dry-run")
    check.says("the dry run names what somebody else added", dry.out, "keeps cifs/FS01 in delegation.services of HV01")
    check.same("and writes nothing", outside.differences(applied, outside.world()), [])
    said = program.expect(FINE, "rollback", run)
    check.says("the rollback names it again", said.out, "keeps cifs/FS01 in delegation.services of HV01")
    check("cifs/FS01 was left alone", "cifs/FS01" in outside.values("hv01", "msDS-AllowedToDelegateTo"))
    outside.modify("hv01", ("delete", "msDS-AllowedToDelegateTo", "cifs/FS01"))
    check.same("without it, directory and hosts are byte for byte as before the run",
               outside.differences(before, outside.world(), RECREATED), [])
    refused_by_the_kdc(check, "after the rollback")
    runs = program.runs()
    again = program.expect(REFUSED, "rollback", run)
    check.says("a second rollback is told who did it", again.err, f"run {run} was rolled back already, by run ")
    check.same("and is no run", program.runs(), runs)
    check.same("nor a change", outside.differences(before, outside.world(), RECREATED), [])


class Overheard:
    """Asks the hosts: while it lasts, requests come to them, and all over the transport of this pass."""

    def __init__(self, check, hosts):
        self.check, self.hosts = check, hosts

    def __enter__(self):
        for host in outside.HOSTS:
            outside.control(host, "reset", {})

    def __exit__(self, *_):
        sealed = transport() == "sealed"
        for host in self.hosts:
            log = outside.control(host, "log", None)
            self.check.same(f"{host.upper()} was spoken to by Kerberos over {transport()} alone",
                            {(line["sealed"], line["tls"], line["mechanism"]) for line in log},
                            {(sealed, not sealed, "kerberos")})


def loop(check, program):
    check.part(f"before anything, over {transport()}")
    before = outside.world()
    with Overheard(check, outside.HOSTS):
        finds_the_planted_faults(check, program)
    explains(check, program, CHANGES, {"delegation": "HV01 delegation.services",
                                       "protocol transition": "HV01 delegation.protocol_transition",
                                       "service names": "HV04 spn.migration"})
    refused_by_the_kdc(check, "before")
    check.part("plan")
    plans(check, program)
    check.same("so far nothing was written", outside.differences(before, outside.world()), [])

    check.part("apply")
    with Overheard(check, ["hv02", "hv03"]):
        applied = program.expect(FINE, "apply", "plan.json", "--output", "json").json()["applied"]
    check.same("all ten changes were made", (applied["ending"], applied["changed"], applied["left"]), ("complete", 10, 0))
    written_as_planned(check, before, outside.world())
    audit = program.expect(FINE, "audit", "--all", "--output", "json").json()
    check.same("now everything complies", {f["verdict"] for f in audit["findings"]}, {"compliant"})
    check.same("and every path is open", audit["paths"], ALL_OPEN)
    check.same("a plan has nothing to do", program.expect(FINE, "plan", "--output", "json").json()["plan"]["phases"], [])
    explains(check, program, FINE, {})

    check.part("verify")
    moves_everywhere(check, program, applied["run"])
    loop_moves.run(check, program, applied["run"])
    if transport() == "sealed":
        loop_caller.run(check, program, applied["run"])
    check.part("rollback")
    rolls_back(check, program, applied["run"], before)
    if transport() == "sealed":
        loop_troubles.run(check, program, before)


if __name__ == "__main__":
    sys.exit(run_parts(prepare, loop))
