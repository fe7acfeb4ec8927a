#!/usr/bin/python3
"""Does `apply` warn of a Windows build that nobody probed, and refuse it where the policy requires a probe?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/probed_test.py
"""
import sys

import outside
from loop_tools import CHANGES, FINE, policy, run_parts

REFUSED = 10
HOST = "hv02"
REQUIRED = "rollout: {require: probed}\n"
NEVER = "no build of Windows was ever probed from here"


def wants(program, number, more=""):
    program.write("policy.yaml", policy(f"migration.max_storage: {number}", on=f"{{name: {HOST.upper()}}}") + more)


def planned(check, program, number, more=""):
    wants(program, number, more)
    return program.expect(CHANGES, "plan", "--out", "plan.json")


def build(number):
    outside.control(HOST, "otherwise", {"shown": {"Win32_OperatingSystem": {"BuildNumber": number}}})


def probe(program):
    return program.run("probe", HOST.upper(), "--assume")


def prepare(program):
    program.inventory("inventory.yaml")
    outside.control(HOST, "event", {"channel": "System", "provider": "EventLog", "id": 6005})


def warned(check, program):
    check.part("a warning")
    said = planned(check, program, 3)
    check("plan says nothing where nobody requires it", "probed" not in said.out, str(said))
    said = program.expect(FINE, "apply", "plan.json", "--output", "json")
    check.says("apply warns", " ".join(said.json()["warnings"]), "HV02", NEVER, "fairway probe HV02")
    planned(check, program, 4)
    check.same("and asks no host for its build", [one for one in outside.control(HOST, "log", None) if one[
        "resource"].endswith("Win32_OperatingSystem")], [])
    check.says("in text, too", program.expect(FINE, "apply", "plan.json").out, "warning: HV02: " + NEVER)


def required(check, program):
    check.part("a requirement")
    said = planned(check, program, 5, REQUIRED)
    check.says("plan says that apply will refuse it", said.out, "apply will refuse it", NEVER)
    check.says("and in the result", str(program.expect(CHANGES, "plan", "--output", "json").json()["warnings"]), NEVER)
    outside.control(HOST, "reset", None)
    said = program.expect(REFUSED, "apply", "plan.json", "--output", "json")
    check.says("apply refuses it", said.json()["error"]["text"], "the policy requires hosts that were probed", NEVER)
    check.same("and writes nothing", outside.control(HOST, "requests", None).get("ModifyServiceSettings", 0), 0)
    outside.control(HOST, "otherwise", {"words": ["other-channel-code"]})
    probe(program)
    outside.control(HOST, "otherwise", {})
    said = program.expect(REFUSED, "apply", "plan.json", "--output", "json")
    check.says("nor is a probe enough that refuted something", said.json()["error"]["text"], "1 of what is assumed of it was refuted")
    check.same("a probe that refutes nothing", probe(program).status, FINE)
    said = planned(check, program, 5, REQUIRED)
    check("then plan says nothing", "refuse" not in said.out, str(said))
    program.expect(FINE, "apply", "plan.json")
    run = program.last_run()
    build("26100")
    planned(check, program, 6, REQUIRED)
    check.says("another build is another question", program.expect(REFUSED, "apply", "plan.json").err, "Windows build 26100 was never")
    build("vNext")
    check.says("and one that cannot be read is none", program.expect(REFUSED, "apply", "plan.json").err, "cannot be read")
    program.expect(FINE, "rollback", run, "--yes")
    outside.control(HOST, "otherwise", {})


if __name__ == "__main__":
    sys.exit(run_parts(prepare, warned, required))
