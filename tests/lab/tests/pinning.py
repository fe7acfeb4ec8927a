"""Does a run stay at the controller where it began? Part of converge_test.py: power cuts in the middle of an apply, going
on without and with that controller, and an edit at the other one between plan and apply.
"""
import signal
import subprocess
import time

import controllers as c
import directory_tools as tools
import outside
from loop_tools import CHANGES, FINE, PARTLY_APPLIED, STALE, UNREACHABLE, done, policy

IN_DOUBT = 8
FIRST, SECOND = c.ALL
FLAGS = "userAccountControl"
BITS = 0x1080000  # protocol transition and unconstrained: neither is wanted here
HOSTS = outside.HOSTS
POLICY = policy("delegation.unconstrained: false, delegation.protocol_transition: false")
CHANGES_PLANNED = 2 * len(HOSTS)


def flags(name, host):
    return int(c.read(name, outside.dn(host), FLAGS)[0])


def drift(check):
    """All accounts have both bits, at both controllers: eight changes to make."""
    c.let_go()
    for host in HOSTS:
        if flags(FIRST, host) & BITS != BITS:
            c.modify(FIRST, outside.dn(host), ("replace", FLAGS, flags(FIRST, host) | BITS))
    c.replicate(SECOND, FIRST)
    check.same("all accounts drift at both", {flags(name, host) & BITS for name in c.ALL for host in HOSTS}, {BITS})


def set_right(name):
    """How many of the eight bits are as the policy wants them, there."""
    return sum(2 - bin(flags(name, host) & BITS).count("1") for host in HOSTS)


def plan(program, *servers):
    tools.inventory(program, [c.full(name) for name in servers])
    program.expect(CHANGES, "plan", "--out", "plan.json")


def cut_off(check, program, in_the_middle):
    """Applies change by change; after the first lets `in_the_middle` happen and FIRST die, and goes on; the exit status."""
    with open(program.file("cut.txt"), "w+", encoding="utf-8") as said:
        process = program.start("apply", "plan.json", "--in-flight", "1", stdout=said, stderr=subprocess.STDOUT)
        try:
            limit, made = time.monotonic() + outside.PATIENCE, 0
            while process.poll() is None and time.monotonic() < limit and made == 0:
                with open(said.name, encoding="utf-8") as so_far:
                    made = done(so_far.read().splitlines())
            process.send_signal(signal.SIGSTOP)
            in_the_middle()
            c.kill(FIRST)
            process.send_signal(signal.SIGCONT)
            process.wait(timeout=outside.PATIENCE)
        finally:
            process.kill()
            process.wait()
        with open(said.name, encoding="utf-8") as all_of_it:
            text = all_of_it.read()
    run = program.runs()[-1]
    check(f"its power was cut in the middle of the apply ({run['done']} of {CHANGES_PLANNED} done)",
          0 < run["done"] < CHANGES_PLANNED, text)
    # Cut between a write and its reading back, nobody knows what became of it.
    expected = {PARTLY_APPLIED: "failed", IN_DOUBT: "in_doubt"}
    check.same("exit status and journal agree that it did not get to its end", run["end"],
               expected.get(process.returncode, f"status {process.returncode}"))
    check.says("it says which controller is gone, and how to go on or back", text, c.full(FIRST),
               f"fairway rollback {run['run']}")
    return run["run"]


def origins(name):
    return {c.stamps(name, outside.dn(host))[FLAGS][1] for host in HOSTS}


def back_again(check, program):
    check.part("pinned: the run's controller comes back")
    drift(check)
    c.hold(FIRST)
    plan(program, FIRST, SECOND)
    run = cut_off(check, program, lambda: None)
    for what in (("apply", "--resume", run), ("rollback", run), ("verify", run)):
        said = program.expect(UNREACHABLE, *what)
        check.says(f"{what[0]} while it is dead: it is named", said.err, f"the run wrote at {c.full(FIRST)} only",
                   "--controller")
    check.same("nothing was done at the other one", set_right(SECOND), 0)
    c.start(FIRST)
    # The order of the inventory means nothing to a run that has begun.
    tools.inventory(program, [c.full(name) for name in (SECOND, FIRST)])
    run_changed = program.run("audit", "--all", "--output", "json").json()["sources"]
    check.same("an audit goes to the first of the inventory", run_changed, [c.full(SECOND)])
    # The inventory is part of the plan, so resuming needs the one of the plan.
    tools.inventory(program, [c.full(name) for name in c.ALL])
    program.expect(FINE, "apply", "--resume", run)
    check.same("resumed, all is right at the run's controller", set_right(FIRST), CHANGES_PLANNED)
    check.same("and nothing was written at the other", set_right(SECOND), 0)
    tools.inventory(program, [c.full(name) for name in (SECOND, FIRST)])
    program.expect(FINE, "rollback", run)
    check.same("rolled back where it was applied", (set_right(FIRST), set_right(SECOND)), (0, 0))
    check.same("by that controller itself", origins(FIRST), {c.invocation_id(FIRST)})
    c.let_go()


def without_it(check, program):
    check.part("pinned: going on at the other controller")
    drift(check)
    plan(program, FIRST, SECOND)

    def heard():
        # Whatever was done until now is at the other one before the power goes.
        c.replicate(SECOND, FIRST)
        check("what was done has come over", set_right(SECOND) == set_right(FIRST) > 0, set_right(SECOND))
    run = cut_off(check, program, heard)
    program.expect(UNREACHABLE, "apply", "--resume", run)
    program.expect(FINE, "apply", "--resume", run, "--controller", c.full(SECOND))
    check.same("all is right at the other one", set_right(SECOND), CHANGES_PLANNED)
    check("and part of it was written there", c.invocation_id(SECOND) in origins(SECOND), origins(SECOND))
    c.start(FIRST)
    c.replicate(FIRST, SECOND)
    check.same("back, the first hears of it", set_right(FIRST), CHANGES_PLANNED)
    program.expect(FINE, "verify", run)
    whose = [program.expect(FINE, "blame", host.upper(), "delegation.unconstrained", "--output", "json").json()["blame"][0]
             for host in HOSTS]
    check.same("all of it is the run's, wherever it was written", {(one["whose"], one.get("run")) for one in whose},
               {("ours", run)})
    check("and part of it at the other one", c.full(SECOND) in {one["controller"] for one in whose}, whose)
    program.expect(FINE, "rollback", run)
    check.same("the rollback goes there by itself", (set_right(SECOND), origins(SECOND)), (0, {c.invocation_id(SECOND)}))


def edited_meanwhile(check, program):
    check.part("an edit at the other controller")
    drift(check)
    plan(program, FIRST, SECOND)
    person = outside.dn("hv03")
    c.modify(SECOND, person, ("replace", FLAGS, flags(SECOND, "hv03") & ~0x80000))
    c.replicate(FIRST, SECOND)
    runs = program.runs()
    said = program.expect(STALE, "apply", "plan.json")
    check.says("what it made stale is named", said.err, "HV03", "delegation.unconstrained")
    check.same("and nothing was written", (set_right(FIRST), program.runs()), (1, runs))


def run(check, program):
    program.write("policy.yaml", POLICY)
    back_again(check, program)
    without_it(check, program)
    edited_meanwhile(check, program)
    drift(check)
    tools.prepare(program)
