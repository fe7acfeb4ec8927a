#!/usr/bin/python3
"""Does Fairway wait until both controllers have a run, does it tell whose a change is, and does a run stay where it began?

    FAIRWAY=build/release/fairway LAB_CONTROLLERS=2 tests/lab/lab tests/lab/tests/converge_test.py [PART...]

Over the real binary, Samba's replication (held and let go) and power cuts. What the program says of stamps is compared with
Samba's own decoding. Prints a line for each fact; the exit status is 0 only if all held. A PART is a name in PARTS.
"""
import datetime
import json
import sys
import time

import controllers as c
import directory_tools as tools
import outside
import pinning
import waves
from loop_tools import CHANGES, FINE, wait_until

NOT_VERIFIED = 9
FIRST, SECOND = c.ALL
PATH = "msDS-AllowedToDelegateTo"
# The account that drifts, and one that no rule of this policy changes.
HOST, ACCOUNT, OTHER = "HV04", outside.dn("hv04"), outside.dn("hv02")
SETTING, ATTRIBUTE = "delegation.unconstrained", "userAccountControl"


def trusted(name):
    """Is HV04 trusted for unconstrained delegation at that controller?"""
    return bool(int(c.read(name, ACCOUNT, ATTRIBUTE)[0]) & 0x80000)


def drift(check):
    """As the estate begins: HV04 drifts, at both."""
    flags = c.read(FIRST, ACCOUNT, ATTRIBUTE)[0]
    c.let_go()
    if not trusted(FIRST):
        c.modify(FIRST, ACCOUNT, ("replace", ATTRIBUTE, int(flags) | 0x80000))
        c.replicate(SECOND, FIRST)
    check("HV04 drifts at both", trusted(FIRST) and trusted(SECOND))


def apply(program, *servers):
    """Plans and applies at these, in that order; the run."""
    tools.inventory(program, [c.full(name) for name in servers or c.ALL])
    program.expect(CHANGES, "plan", "--out", "plan.json", "--ticket", "CHG0815")
    return program.expect(FINE, "apply", "plan.json", "--output", "json").json()["applied"]["run"]


def verify(program, status, run, *options):
    return program.expect(status, "verify", run, "--output", "json", *options).json()


def blamed(program, host, setting):
    said = program.expect(FINE, "blame", host, setting, "--output", "json").json()
    return said["blame"][0]


def at(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def same_stamp(check, what, said, name, dn, attribute):
    version, origin, _, when = c.stamps(name, dn)[attribute]
    check.same(f"{what}: version, origin and time are as Samba decodes them",
               (said.get("version"), said.get("invocation_id"), at(said["changed"])), (version, origin, when))


def converges(check, program):
    check.part("convergence")
    drift(check)
    c.hold()
    run = apply(program)
    check("held back, the second does not yet have it", not trusted(FIRST) and trusted(SECOND))
    found = verify(program, NOT_VERIFIED, run, "--converge", "0")["replication"]
    check.same("not converged: both are named", sorted(found["controllers"]), sorted(c.full(name) for name in c.ALL))
    check.same("not converged: the second lacks the value",
               [(lag["controller"], lag["behind"], "error" in lag) for lag in found["lags"]],
               [(c.full(SECOND), [{"object": HOST, "setting": SETTING}], False)])
    began = time.monotonic()
    said = program.expect(NOT_VERIFIED, "verify", run, "--converge", "4")
    check.says("not converged: and the text says so", said.out, "not converged: 1 of 2 values at 2 domain controllers",
               c.full(SECOND) + " does not yet have delegation.unconstrained of HV04")
    check("it waited as long as it should", time.monotonic() - began > 3, time.monotonic() - began)

    with open(program.file("waiting.log"), "w+", encoding="utf-8") as log:
        waiting = program.start("verify", run, "--output", "json", "--log-level", "debug", stderr=log)
        wait_until("it asks the other", lambda: "signing on to ldap://" + c.full(SECOND) in program.read("waiting.log"))
        time.sleep(3)
        check("it waits for the other", waiting.poll() is None)
        c.let_go()
        out, _ = waiting.communicate(timeout=outside.PATIENCE)
    check("let go, it is verified", waiting.returncode == FINE, out + program.read("waiting.log"))
    found = json.loads(out).get("replication", {})
    check("and it says how long that took", found.get("converged") and found.get("waited_s", 0) >= 2, found)
    check("both have it", not trusted(FIRST) and not trusted(SECOND))
    found = verify(program, FINE, run, "--converge", "0")["replication"]
    check.same("a second look is quick", (found["converged"], found["shown"], found["of"]), (True, 2, 2))

    check.part("a controller that is dead")
    c.kill(SECOND)
    found = verify(program, NOT_VERIFIED, run, "--converge", "0")["replication"]
    check.same("it is named, and nothing is known of it", [lag["controller"] for lag in found["lags"]], [c.full(SECOND)])
    check.says("and why", found["lags"][0].get("error", ""), "cannot connect to " + c.full(SECOND))
    verify(program, FINE, run, "--converge", "none")
    c.start(SECOND)
    found = verify(program, FINE, run)["replication"]
    check("back, it has converged", found["converged"], found)
    return run


def blames(check, program):
    check.part("whose was it")
    drift(check)
    run = apply(program)
    c.replicate(SECOND, FIRST)
    ours = blamed(program, HOST, SETTING)
    check.same("ours: the run, the ticket, the controller", (ours["whose"], ours.get("run"), ours.get("ticket"),
                                                             ours.get("controller")), ("ours", run, "CHG0815", c.full(FIRST)))
    same_stamp(check, "ours", ours, FIRST, ACCOUNT, ATTRIBUTE)
    beside = blamed(program, HOST, "delegation.protocol_transition")
    check.same("a setting of the same attribute was changed by the same write", (beside["whose"], beside.get("run")),
               ("ours", run))
    # The same asked of the other controller, which has it by replication.
    tools.inventory(program, [c.full(SECOND)])
    check.same("the other controller says the same", blamed(program, HOST, SETTING), ours)
    tools.inventory(program, [c.full(name) for name in c.ALL])

    c.modify(SECOND, OTHER, ("add", PATH, "cifs/FS07"))
    c.replicate(FIRST, SECOND)
    theirs = blamed(program, "HV02", "delegation.services")
    check.same("somebody else's: where", (theirs["whose"], theirs.get("controller"), theirs.get("invocation_id")),
               ("somebody else", c.full(SECOND), c.invocation_id(SECOND)))
    same_stamp(check, "somebody else's", theirs, SECOND, OTHER, PATH)
    said = program.expect(FINE, "blame", "HV02")
    check.says("and where the user stands", said.out, "event 4742", c.full(SECOND), "no run of this journal wrote it")
    c.modify(FIRST, OTHER, ("delete", PATH, "cifs/FS07"))
    flags = int(c.read(SECOND, ACCOUNT, ATTRIBUTE)[0])
    c.modify(SECOND, ACCOUNT, ("replace", ATTRIBUTE, flags | 0x80000))
    c.modify(SECOND, ACCOUNT, ("replace", ATTRIBUTE, flags))
    c.replicate(FIRST, SECOND)
    again = blamed(program, HOST, SETTING)
    check.same("our value, but set once more by somebody else", (again["whose"], again.get("controller")),
               ("somebody else", c.full(SECOND)))
    reader = program.run("blame", HOST, "--output", "json", KRB5CCNAME=tools.tickets(program, "reader", "blamer"))
    check.same("a plain reader may ask", reader.status, FINE)
    program.expect(FINE, "rollback", run)


PARTS = {"converges": converges, "waves": waves.run, "blames": blames, "pinning": pinning.run}


if __name__ == "__main__":
    sys.exit(tools.run_parts("converge_test", PARTS))
