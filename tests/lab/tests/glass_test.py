#!/usr/bin/python3
"""Does a break-glass run end by itself, whatever becomes of the process that opened it?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/glass_test.py

It is opened, killed in the middle, audited and forgotten; then the command line of the timer's unit is run, as systemd would.
Directory and hosts are compared from outside. It is opened by a clock that is four minutes slow, which Kerberos bears, so that
nobody has to wait for its end.
"""
import shlex
import signal
import subprocess
import sys
import time

import outside
from directory_tools import later
from loop_tools import CHANGES, FINE, run_parts, wait_until
from program import PAST_END

OPEN = ["break-glass", "--hosts", "HV01,HV02", "--for", "2m", "--ticket", "CHG1", "--reason", "the KDC is broken", "--in-flight", "1", "--yes"]
SLOW = later(-240)


def prepare(program):
    program.shipped("kerberos-live-migration")
    program.bring_to_policy()


def authentication(host):
    return outside.element(outside.instances(host, "settings")[0], "AuthenticationType")


def glass(said):
    return [(one["fault"], one["object"]) for one in said.json()["estate_findings"] if one["fault"].startswith("glass")]


def opened_and_killed(check, program):
    check.part("opened, and killed in the middle")
    check.same("all use Kerberos", [authentication(host) for host in outside.HOSTS], ["1"] * len(outside.HOSTS))
    program.before = outside.world()
    outside.control("hv02", "jobs", {"answer": "always", "delay_ms": 1500})
    outside.control("hv02", "reset", None)
    with open(program.file("opened.txt"), "w", encoding="utf-8") as said:
        process = program.start(*OPEN, env=SLOW, stdout=said, stderr=subprocess.STDOUT)
        wait_until("HV02 was told", lambda: outside.control("hv02", "requests", None).get("ModifyServiceSettings", 0) > 0 or
                   process.poll() is not None)
        process.kill()
        check.same("killed before it could know", process.wait(outside.PATIENCE), -signal.SIGKILL)
    time.sleep(2)  # the host does what it was told
    outside.control("hv02", "jobs", {"delay_ms": 0})
    check.same("HV02 uses CredSSP", authentication("hv02"), "0")


def audited_and_forgotten(check, program):
    check.part("audited, and forgotten")
    said = program.expect(CHANGES, "audit", "--output", "json", **SLOW)
    check.same("before its end it is a finding", glass(said), [("glass_open", "HV01"), ("glass_open", "HV02")])
    said = program.expect(PAST_END, "audit", "--output", "json")
    check.same("after it, a critical one", glass(said), [("glass_past", "HV01"), ("glass_past", "HV02")])


def unit_of(program):
    """The command line and the variables that systemd would read of the unit."""
    program.expect(FINE, "break-glass", "--install-timer", "--out", program.path, "--yes")
    lines = program.read("fairway-expire-lab.service").splitlines()
    values = {key: [line.partition("=")[2] for line in lines if line.startswith(key + "=")] for key in ("ExecStart", "Environment")}
    return shlex.split(values["ExecStart"][0]), dict(shlex.split(one)[0].split("=", 1) for one in values["Environment"])


def expired(check, program):
    check.part("expired by the timer's command")
    command, variables = unit_of(program)
    for what in ("rolled back", "nothing more to do"):
        said = subprocess.run(command, cwd=program.path, env={"PATH": "/usr/bin", "HOME": program.path, **variables},
                              capture_output=True, encoding="utf-8", timeout=outside.PATIENCE)
        check.same(f"the timer's command: {what}", said.returncode, FINE)
        check("in words", ("is over" if what == "rolled back" else "No break-glass run is past its end.") in said.stdout,
              said.stdout + said.stderr)
    check.same("directory and hosts are as before", outside.differences(program.before, outside.world()), [])
    said = program.expect(FINE, "audit", "--output", "json")
    check.same("and an audit has nothing to say of it", (glass(said), said.json()["break_glass"]), ([], []))
    check.same("every run has its end", [run["end"] == "" for run in program.runs()], [False] * len(program.runs()))


if __name__ == "__main__":
    sys.exit(run_parts(prepare, opened_and_killed, audited_and_forgotten, expired))
