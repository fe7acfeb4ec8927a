"""Does the first wave of hosts wait until both controllers have what came before it in the directory? Part of
converge_test.py: the second controller gets nothing for some seconds, and meanwhile the hosts are looked at by raw requests.
"""
import datetime
import json
import os
import time

import controllers as c
import directory_tools as tools
import outside
from loop_tools import CHANGES, FINE, wait_until

FIRST, SECOND = c.ALL
PATH = "msDS-AllowedToDelegateTo"
ACCOUNT = outside.dn("hv02")  # which has none of its peers' names at first, and uses CredSSP
HELD_S = 3
POLICY = """policy: waves
owner: tests
why: w
rules:
  - {id: hosts, why: w, on: hosts, want: {migration.enabled: true, migration.authentication: kerberos}}
  - {id: computers, why: w, on: computers, want: {delegation.services: {includes: {services: [cifs, migration], of: peers}}}}
rollout: {canary: 1, order: name, gates: [replication, values]}
"""


def prepare(program):
    program.write("policy.yaml", POLICY)
    program.inventory("inventory.yaml")
    both = ", ".join(c.full(name) for name in c.ALL)
    program.write("inventory.yaml", program.read("inventory.yaml").replace(f"servers: [{outside.lab('DC')}]", f"servers: [{both}]"))


def events(program):
    if not os.path.exists(program.file("events.jsonl")):
        return []
    return [json.loads(line) for line in program.read("events.jsonl").splitlines(keepends=True) if line.endswith("\n")]


def waits(program):
    return [event for event in events(program) if event["event"] == "waiting" and "replication" in event["for"]]


def at(event):
    return datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()


def run(check, program):
    check.part("waves")
    prepare(program)
    c.let_go()
    before = outside.world()
    c.hold()
    program.expect(CHANGES, "plan", "--out", "plan.json")
    process = program.start("apply", "plan.json", "--purged", "--events", "events.jsonl")
    try:
        wait_until("it waits for replication", lambda: waits(program) or process.poll() is not None)
        time.sleep(HELD_S)
        check("it waits", process.poll() is None)
        check.same("the first controller has the additions, the second has none",
                   [bool(c.read(name, ACCOUNT, PATH)) for name in c.ALL], [True, False])
        check.same("and no host was touched", outside.hosts(), before[1])
        let_go = time.time()
        c.let_go()
        out, err = process.communicate(timeout=outside.PATIENCE)
    finally:
        process.kill()
        process.wait()
    check.same("let go, it is done", process.returncode, FINE)
    all_events = events(program)
    phases = [event["phase"] for event in all_events if event["event"] == "phase"]
    check.same("additions, then the waves", phases, ["directory additions", "wave 1 (canary)", "wave 2"])
    first = next((event for event in all_events if event["event"] == "phase" and event["phase"] == "wave 1 (canary)"), None)
    check("the first wave began when it had been let go", first and at(first) >= int(let_go), f"{first} {out} {err}")
    waiting = waits(program)
    check("what is waited for has a deadline, and is told before the first wave", waiting and all_events.index(waiting[-1]) <
          all_events.index(first) and waiting[0]["deadline"] > waiting[0]["time"], waiting)
    check("now the second has them", c.read(SECOND, ACCOUNT, PATH))
    program.expect(FINE, "rollback", program.last_run())
    own = f"dn: {outside.lab('BASE_DN')} "  # in which the domain keeps how far its controllers have come
    check.same("and back: as they were",
               [line for line in outside.differences(before, outside.world()) if not line.startswith(own)], [])
    c.replicate(SECOND, FIRST)
    tools.prepare(program)
