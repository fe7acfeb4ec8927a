#!/usr/bin/python3
"""Does `fairway diagnose` see what there is to see of hosts and the domain, and say what it cannot see?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/sights_test.py

Which cause each sight speaks for is diagnose_test's. Here the witnesses are Samba's KDC, the kernel, and events that others log.
"""
import os
import sys

import outside
from loop_tools import CHANGES, run_parts

SERVICE = "Microsoft Virtual System Migration Service"
FILES = ["--policy", "policy.yaml", "--inventory", "inventory.yaml", "--output", "json"]
READER = f"{outside.lab('READER')}@{outside.lab('REALM')}"
ELSEWHERE = "127.0.10.99"  # nobody is there


def diagnosed(program, *more):
    return program.expect(CHANGES, "diagnose", "HV01", "HV02", *FILES, *more).json()


def sights(said):
    return {one["about"]: (one["state"], one["saw"]) for one in said["checks"]}


def ids(said):
    return {one["id"] for one in said["causes"]}


def as_samba_looks_for_it(name):
    """Its KDC puts a backslash before each blank, see LEARNT.md."""
    return name.replace(" ", "\\ ")


def prepare(program):
    program.shipped("kerberos-live-migration")
    program.inventory("inventory.yaml")


def tickets(check, program):
    check.part("tickets")
    full, short = f"{SERVICE}/hv02.{outside.lab('DOMAIN')}", f"{SERVICE}/HV02"
    outside.modify("hv02", *[("add", "servicePrincipalName", as_samba_looks_for_it(name)) for name in (full, short)])
    seen = sights(diagnosed(program))
    for name in (full, short, "cifs/HV02"):
        check.same(f"the KDC gives one for {name}", seen[f"ticket for {name}"], ("fine", "the KDC gives one (aes256-cts-hmac-sha1-96)"))
    outside.modify("hv02", *[("delete", "servicePrincipalName", name) for name in (full, as_samba_looks_for_it(full))])
    said = diagnosed(program)
    seen = sights(said)
    check.same("none for a name that is gone", seen[f"ticket for {full}"][0], "bad")
    check.says("and it says so in the KDC's words", seen[f"ticket for {full}"][1], "0x7", "KDC_ERR_S_PRINCIPAL_UNKNOWN")
    check.same("the other one still is", seen[f"ticket for {short}"][0], "fine")
    check("the name that is missing is a cause", "spn-missing" in ids(said), str(said["causes"]))
    outside.modify("hv02", ("add", "servicePrincipalName", full))


def a_clock(check, program):
    check.part("a clock for which the host refuses tickets")
    outside.control("hv02", "clock", {"ahead_ms": -600000, "refuses_tickets": True})
    said = diagnosed(program)
    state, saw = sights(said)["clock of HV02"]
    check.same("it is seen all the same", state, "bad")
    check("ten minutes", saw.startswith(("9 min 5", "10 min ")) and "behind" in saw, saw)
    check("and it is a cause", "clock-skew" in ids(said), str(said["causes"]))
    outside.control("hv02", "clock", {"ahead_ms": 0})


def names(check, program):
    check.part("names")
    name = f"hv02.{outside.lab('DOMAIN')}"
    for pings in (True, False):
        outside.control("hv01", "resolves", {name: ELSEWHERE})
        outside.control("hv01", "pings", {"answered": pings})
        state, saw = sights(diagnosed(program))["name of HV02 at HV01"]
        check(f"elsewhere, pings answered: {pings}", state == "bad" and ELSEWHERE in saw, saw)
    outside.control("hv01", "pings", {"answered": True})
    outside.control("hv01", "resolves", {})
    check.same("as it should be again", sights(diagnosed(program))["name of HV02 at HV01"][0], "fine")


def ports(check, program):
    check.part("ports")
    outside.control("hv02", "listen", {"migration": False})
    seen = sights(diagnosed(program))
    check.says("refused, by the kernel", seen["port 6600 of HV02"][1], "refused from here")
    check("and by the host's own word", seen["listener of HV02"] == ("bad", "the host itself says that nothing listens on port 6600"),
          str(seen["listener of HV02"]))
    check.same("the source need not listen", seen["listener of HV01"][0], "fine")
    outside.control("hv02", "listen", {"migration": True})


def events(check, program):
    check.part("events")
    code = {"VmName": "app01", "ErrorCode": "0x80090322"}
    outside.control("hv01", "event", {"id": 20306, "level": 2, "data": code, "age_ms": 40 * 24 * 3600 * 1000})
    said = diagnosed(program)
    check("what was logged 40 days ago is not read", "spn-duplicate" not in str(said["causes"]), str(said["causes"]))
    outside.control("hv01", "event", {"id": 20306, "level": 2, "data": code})
    said = diagnosed(program)
    check("what was logged just now is", "20306" in str(said["causes"]), str(said["causes"]))
    check.says("a log that a host lacks is said", str(said), "Hyper-V-High-Availability-Admin", "15007")


def rights(check, program):
    """Whoever may not look must not take silence for health."""
    check.part("fewer rights")
    for host in outside.HOSTS:
        outside.control(host, "rights", {"account": READER, "groups": ["Remote Management Users", "Hyper-V Administrators"],
                                         "remote_enable": ["root/virtualization/v2", "root/cimv2"]})
    outside.become("reader", os.environ["KRB5CCNAME"])
    said = diagnosed(program)
    seen = sights(said)
    check("the listener is not known", seen["listener of HV02"][0] == "unknown", str(seen["listener of HV02"]))
    check.says("and it says what is missing", seen["listener of HV02"][1], "root\\StandardCimv2", "Remote Enable")
    check.same("the resolver still is, by a ping", seen["name of HV02 at HV01"][0], "fine")
    check.says("and the logs are said to be closed", str(said), "Event Log Readers")
    outside.become("operator", os.environ["KRB5CCNAME"])


if __name__ == "__main__":
    sys.exit(run_parts(prepare, tickets, a_clock, names, ports, events, rights))
