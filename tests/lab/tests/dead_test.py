#!/usr/bin/python3
"""Does one dead host lock the others? The second of three hosts is gone from each request of an apply on:

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/dead_test.py

While it is gone, every second run is continued and every run is rolled back: the other two must be as after the whole
command, and what is left must be in the list. When it is there again, the same command does the rest.
"""
import os
import sys

import outside
from loop_tools import FINE, IN_DOUBT, PARTLY_APPLIED, REFUSED, UNREACHABLE, Checks, Program
from wire_bench import DIRECTIONS, World
from wire_host import Host
from wire_relay import Fault, Relay

SETTINGS, NETWORKS, WANT = DIRECTIONS["to any"]
STEP = int(os.environ.get("LAB_DEAD_STEP", "1"))  # every so many-th request

INVENTORY = """estate: dead
directory: {{domain: {domain}, servers: [{dc}], bind: gssapi}}
hosts:
  reach: {{protocol: wsman, authentication: kerberos}}
  list:
{hosts}
"""
POLICY = """policy: dead
owner: tests
why: A small one, so that a host can be gone at every request of a run.
rules:
  - {{id: all-hosts, why: w, on: hosts, want: {want}}}
"""


class Estate:
    """Three hosts, the second behind a relay."""

    def __init__(self, check):
        self.hosts = [Host(outside.HOSTS[i], i + 1) for i in range(3)]
        self.relay = Relay(self.hosts[1].address, self.hosts[1].port)
        self.program = Program(check)
        self.program.write("policy.yaml", POLICY.format(want=WANT))
        places = [(host.name.upper(), host.address, host.port) for host in self.hosts]
        places[1] = (places[1][0], "127.0.0.1", self.relay.port)
        self.program.write("inventory.yaml", INVENTORY.format(
            domain=outside.lab("DOMAIN"), dc=outside.lab("DC"),
            hosts="\n".join(f"    - {{name: {name}, reach: {{address: {address}, port: {port}}}}}"
                            for name, address, port in places)))
        self.begin()
        self.before = self.worlds()
        said = self.program.run("plan", "--out", "plan.json")
        check.same("a plan is made", said.status, 2)
        self.relay.repair()
        check.same("it can be applied", self.program.run("apply", "plan.json").status, FINE)
        self.requests, self.after = self.relay.requests, self.worlds()

    def begin(self):
        self.relay.repair()
        for host in self.hosts:
            host.control("jobs", {"answer": "never", "delay_ms": 0})
            host.control("third-hand", {"settings": SETTINGS, "networks": NETWORKS})
            host.control("reset", {})
        for name in ("journal.db", "journal.db.head", "journal.db-wal", "journal.db-shm"):
            if os.path.exists(self.program.file(name)):
                os.remove(self.program.file(name))

    def worlds(self):
        return [World(host) for host in self.hosts]

    def differ(self, wanted, which):
        return "; ".join(filter(None, (World(self.hosts[i]).differs(wanted[i]) for i in which)))


def listed(said):
    """The settings that the command says it left."""
    return {(one["object"], one["setting"]) for one in said.json().get("left_out")
            or said.json().get("applied", {}).get("left_out", [])}


def dead_from(check, estate, k):
    """What is wrong, or nothing."""
    estate.begin()
    estate.relay.spoil(Fault(k, "gone"))
    said = estate.program.run("apply", "plan.json")
    if said.status == UNREACHABLE:
        return estate.differ(estate.before, range(3))  # before the first write
    if said.status == FINE:
        return ""
    run = estate.program.runs()[-1]["run"]
    if k % 2:
        said = estate.program.run("apply", "--resume", run, "--output", "json")
        if said.status not in (IN_DOUBT, PARTLY_APPLIED) or not listed(said):
            return f"not continued: {said}"
        if wrong := estate.differ(estate.after, (0, 2)):
            return f"continued, but the others: {wrong}\n{said}"
    said = estate.program.run("rollback", run, "--output", "json")
    if wrong := estate.differ(estate.before, (0, 2)):
        return f"rolled back, but the others: {wrong}\n{said}"
    away = World(estate.hosts[1])
    left = {(estate.hosts[1].name.upper(), setting) for setting, value in away.values.items()
            if value != estate.before[1].values[setting]}
    if not left <= listed(said) or (left and said.status not in (IN_DOUBT, PARTLY_APPLIED)):
        return f"left {left}, but {said}"
    estate.relay.repair()
    said = estate.program.run("rollback", run)
    if said.status not in (FINE, REFUSED):
        return f"the rest is not done: {said}"
    return estate.differ(estate.before, range(3))


def main():
    outside.become("operator", os.environ["KRB5CCNAME"])
    check = Checks()
    check.part("a host that is dead from each request on")
    estate = Estate(check)
    for k in range(1, estate.requests + 1, STEP):
        check.same(f"dead from request {k} of {estate.requests} on", dead_from(check, estate, k), "")
    return check.end()


if __name__ == "__main__":
    sys.exit(main())
