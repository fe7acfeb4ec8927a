#!/usr/bin/python3
"""Does `fairway probe --rehearse-write` show that a write works, and change nothing?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/rehearse_test.py

And where it does not work: does it stop at the right step, with nothing written, and what does the journal say?
"""
import fcntl
import subprocess
import sys

import outside
import reading
from loop_tools import DENIED, FINE, run_parts, wait_until

STALE, LOCK_HELD, IN_DOUBT, NOT_VERIFIED, REFUSED = 5, 6, 8, 9, 10
HOST = "hv02"
STEPS = ["setting", "migrations", "unchanged", "write", "read back"]
READER = f"credentials: {{keytab: {outside.lab('READER_KEYTAB')}, principal: reader@{outside.lab('REALM')}}}"
# What is done to the host first and taken back after, the step that stops, exit status, words, writes that arrived.
CASES = [
    ("migrations run", {"busy": {"migrations": 1}}, {"busy": {"migrations": 0}}, "migrations", REFUSED,
     ["1 migration run", "nothing was written"], 0),
    ("two readings differ", {"otherwise": {"words": ["fresh-ids"]}}, {"otherwise": {}}, "unchanged", STALE,
     ["InstanceID was", "somebody else writes there", "nothing was written"], 0),
    ("the job fails", {"fail-next": {"code": 2147942405, "text": "Access is denied. (0x80070005)"},
                       "jobs": {"answer": "always"}}, {}, "write", DENIED, ["0x80070005"], 1),
    ("the answer is lost", {"misbehave": {"how": "cut-before-reply", "next": 4}}, {}, "write", IN_DOUBT,
     ["proves nothing about the request"], 1),
]


def rehearse(program, *arguments):
    return program.run("probe", HOST.upper(), "-i", "inventory.yaml", "--rehearse-write", "--output", "json", *arguments)


def writes():
    return outside.control(HOST, "requests", None).get("ModifyServiceSettings", 0)


def make(controls):
    for path, body in controls.items():
        outside.control(HOST, path, body)


def prepare(program):
    reading.inventory(program, {HOST.upper(): ""})
    make({"jobs": {"delay_ms": 0}})  # a write whose answer was lost must not come into the next part


def steps_of(said):
    return {step["step"]: step for step in said.json()["probes"][0]["steps"]}


def it_works(check, program):
    check.part("it works")
    before = outside.instances(HOST, "settings")
    outside.control(HOST, "reset", None)
    said = rehearse(program)
    steps = steps_of(said)
    check.same("every step is good", (said.status, {name: step["state"] for name, step in steps.items()}),
               (FINE, dict.fromkeys(STEPS, "good")))
    check.same("one write arrived, and nothing is other than before", (writes(), outside.instances(HOST, "settings")),
               (1, before))
    said = program.run("history", "--output", "json").json()
    check.same("the journal has it, from before it was sent, and no run",
               ([(one["what"], one["host"], one["outcome"]) for one in said["contacts"]], said["runs"]),
               ([("rehearsal_begins", "HV02", ""), ("rehearsal", "HV02", "done, and read back equal")], []))
    check.says("so does its text", program.run("history").out, "rehearsed write", "done, and read back equal")


def it_stops(check, program):
    check.part("it stops")
    for what, controls, back, stops, status, words, arrived in CASES:
        make(controls)
        outside.control(HOST, "reset", None)
        said = rehearse(program)
        steps = steps_of(said)
        bad = [name for name, step in steps.items() if step["state"] == "bad"]
        check.same(f"{what}: exit status {status}, stops at {stops}", (said.status, bad), (status, [stops]))
        check.says(f"{what}: says why", steps[stops]["saw"], *words)
        check.same(f"{what}: writes that arrived", writes(), arrived)
        make(back)
    reading.inventory(program, {HOST.upper(): READER})
    said = rehearse(program)
    check("an account without rights is denied", said.status == DENIED, str(said))
    prepare(program)
    said = program.run("history", "--output", "json").json()["contacts"][-1]
    check.says("and the journal says so", said["outcome"], "stopped at setting")


def another_hand(check, program):
    """Somebody changes the setting after the write had its effect and before it is read back."""
    check.part("another hand")
    make({"jobs": {"answer": "always", "runs_for": 12}})
    outside.control(HOST, "reset", None)
    with open(program.file("hand.json"), "w+", encoding="utf-8") as out:
        process = program.start("probe", HOST.upper(), "-i", "inventory.yaml", "--rehearse-write", "--output", "json",
                                stdout=out, stderr=subprocess.STDOUT)
        # Its job is asked about, so the write had its effect.
        wait_until("the write was made", lambda: outside.control(HOST, "requests", None).get("Get", 0) > 0)
        make({"third-hand": {"settings": {"MaximumActiveStorageMigration": 7}}})
        status = process.wait(outside.PATIENCE)
        out.seek(0)
        said = out.read()
    check.same("exit status", status, NOT_VERIFIED)
    check.says("it says so, and writes nothing more", said, "MaximumActiveStorageMigration was 2 and is 7", "nothing more was written")
    check.same("one write arrived", writes(), 1)
    make({"jobs": {"runs_for": 0}, "third-hand": {"settings": {"MaximumActiveStorageMigration": 2}}})


def locks(check, program):
    check.part("locks")
    outside.control(HOST, "reset", None)
    with open(program.file("journal.db.run-lock"), "a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = rehearse(program)
        check.same("another run holds the store", (said.status, writes()), (LOCK_HELD, 0))
        said = program.run("probe", HOST.upper(), "-i", "inventory.yaml", "--assume")
        check("a probe of assumptions goes on, and says that nobody remembers it",
              said.status == FINE and "does not remember this probe" in said.err, str(said))
    program.run("probe", HOST.upper(), "-i", "inventory.yaml", "--assume")
    last = program.run("history", "--output", "json").json()["contacts"][-1]
    check.same("it is remembered where nobody holds it", (last["what"], last["build"], last["refuted"]), ("probe", 20348, 0))


if __name__ == "__main__":
    sys.exit(run_parts(prepare, it_works, it_stops, another_hand, locks))
