#!/usr/bin/python3
"""A maintenance window: twelve hosts, a canary and two waves with trial moves at the gates, and a host that refuses in the last one.

    LAB_ESTATE=tests/lab/world/estate_of_twelve.json FAIRWAY=… tests/lab/lab tests/lab/tests/window_test.py

Half of the hosts use CredSSP, two accounts have half a list, one has no protocol transition. What hosts and directory hold
before and after is read by others: raw requests and ldapsearch.
"""
import datetime
import json
import sys

import outside
from loop_tools import CHANGES, FINE, NAMES, run_parts
from program import REFUSED, ROLLED_BACK

ROLLOUT = """
rollout:
  canary: 1
  waves: [50%]
  order: name
  gates: [replication, values, paths, idle, events, trials]
  on_failure: rollback
  limits: {hosts: 100%, risk: critical, paths_closed: 100%}
verify: {moves: {vm: fairway-canary, pairs: ring}}
"""
CREDSSP = NAMES[1::2]


def window(begins, ends):
    now = datetime.datetime.now(datetime.timezone.utc)
    return "/".join((now + datetime.timedelta(minutes=at)).strftime("%Y-%m-%dT%H:%M:%SZ") for at in (begins, ends))


def prepare(program):
    program.shipped("kerberos-live-migration", ROLLOUT)
    program.inventory("inventory.yaml")


def plan(check, program):
    said = program.expect(CHANGES, "plan", "--out", "plan.json", "--window", window(-1, 600), "--output", "json").json()["plan"]
    waves = [sorted({change["object"] for change in phase["changes"]}) for phase in said["phases"] if phase["phase"] == "hosts"]
    check.same("a canary, half of the hosts, the rest", waves, [CREDSSP[:1], CREDSSP[1:4], CREDSSP[4:]])
    check.same("at the end every path is open", said["phases"][-1]["paths"], {"open": 132, "closed": 0, "unknown": 0})


def a_window(check, program):
    check.part("the last wave fails")
    plan(check, program)
    before = outside.world()
    program.expect(REFUSED, "apply", "plan.json", "--window", window(60, 120))
    check.same("outside of its window nothing is written", outside.differences(before, outside.world()), [])
    outside.control(CREDSSP[-1].lower(), "fail-next", {"code": 0x80070005, "text": "General access denied error"})
    said = program.expect(ROLLED_BACK, "apply", "plan.json", "--purged", "--events", "events.jsonl", "--output", "json").json()
    check.same("because a host refused", said["applied"]["reason"], "failure")
    check("all of it was put back", said["rollback"]["complete"], str(said["rollback"]))
    check.same("hosts and directory are as they were", outside.differences(before, outside.world()), [])
    events = [json.loads(line) for line in program.read("events.jsonl").splitlines()]
    check.same("no gate says why it was not passed",
               [event for event in events if event["event"] == "gate" and not event["passed"]], [])
    gates = [(event["phase"], event["gate"], event["passed"]) for event in events if event["event"] == "gate"]
    wanted = ["replication", "values", "paths", "idle", "events", "trials"]
    check.same("each gate was asked behind two waves, and passed",
               gates, [(wave, gate, True) for wave in ("wave 1 (canary)", "wave 2") for gate in wanted])
    moves = [event["saw"] for event in events if event["event"] == "gate" and event["gate"] == "trials"]
    check("a VM moved to the canary and back before others were changed",
          any(f"to {CREDSSP[0]}" in move for move in moves[0]) and any(f"{CREDSSP[0]} to" in move for move in moves[0]), str(moves))
    check.part("the next window")
    run = program.expect(FINE, "apply", program.file("plan.json"), "--purged", "--output", "json").json()["applied"]["run"]
    program.expect(FINE, "rollback", run)
    check.same("and back: as they were", outside.differences(before, outside.world()), [])


if __name__ == "__main__":
    sys.exit(run_parts(prepare, a_window))
