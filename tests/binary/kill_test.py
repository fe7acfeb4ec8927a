"""Does the way back survive a kill at any moment? The program is killed with SIGKILL at every write, sync, rename
and removal of an apply, and then of a rollback, once before the call and once after it. After an odd call the run
is gone on with, after an even one gone back from. Since "after call n" leaves the disk as "before call n + 1"
does, every state that a kill can leave is met by both.
"""
import multiprocessing
import signal
import subprocess
import unittest

import power
from estate import FINE, REFUSED, Estate

WORKERS = 2


def resumed(estate, run):
    """What is wrong with `apply --resume RUN` here, or nothing."""
    said = estate.run("apply", "--resume", run)
    complete = said.status == REFUSED and "is complete" in said.err  # killed after the last entry
    return "" if said.status == FINE or complete else str(said)


def rolled_back(estate, run):
    said = estate.run("rollback", run)
    gone = said.status == REFUSED and f"run {run} was rolled back already" in said.err  # killed after the last change
    return "" if said.status == FINE or gone else str(said)


def left_over(estate, world, what):
    """What is wrong with the world and the journal after everything was recovered."""
    if estate.read("world.json") != world:
        return f"the world is not the {what} one"
    open_runs = [line["run"] for line in estate.run("history", "--output", "json").json()["runs"] if not line["end"]]
    return f"the runs {open_runs} have no end" if open_runs else ""


def after_killed_apply(estate, call, first, final):
    runs = estate.runs()
    if not runs:
        if estate.read("world.json") != first:
            return "the world was changed before the run was in the journal"
        said = estate.run("apply", "plan.json")
        return left_over(estate, final, "final") if said.status == FINE else str(said)
    run = runs[0]
    wrong = ""
    if call % 2 == 1:
        wrong = resumed(estate, run) or left_over(estate, final, "final")
    return wrong or rolled_back(estate, run) or left_over(estate, first, "first")


def after_killed_rollback(estate, call, first, _final):
    run, *rollbacks = estate.runs()
    if call % 2 == 1 or not rollbacks:
        return rolled_back(estate, run) or left_over(estate, first, "first")
    return resumed(estate, rollbacks[0]) or left_over(estate, first, "first")


def case(job):
    """One kill and what follows; says what is wrong, or nothing."""
    prepared, arguments, beside, call, how, recover, first, final = job
    estate = Estate(like=prepared)
    try:
        said = estate.run(*arguments, env=power.at(estate, call, how, beside=beside))
        if said.status != -signal.SIGKILL:
            return f"{how} call {call}: not killed\n{said}"
        told = estate.run("history")  # what only reads does so wherever the other was killed
        if told.status != FINE and "there is no journal" not in told.err:
            return f"{how} call {call}: {told}"
        wrong = recover(estate, call, first, final)
        return f"{how} call {call}: {wrong}" if wrong else ""
    finally:
        estate.remove()


class Everywhere(unittest.TestCase):
    def setUp(self):
        self.prepared = Estate()
        self.addCleanup(self.prepared.remove)
        self.prepared.plan()
        self.first = self.prepared.read("world.json")

    def kill_everywhere(self, arguments, recover, final, beside=None, hows=("before", "after")):
        counting = Estate(like=self.prepared)
        self.addCleanup(counting.remove)
        calls, said = power.count(counting, *arguments, beside=beside)
        self.assertEqual(said.status, FINE, str(said))
        self.assertGreater(calls, 50, "the counting run saw too few writes: is the library preloaded?")
        jobs = [(self.prepared, arguments, beside, call, how, recover, self.first, final)
                for call in range(1, calls + 1) for how in hows]
        with multiprocessing.get_context("fork").Pool(WORKERS) as pool:
            wrong = [one for one in pool.imap_unordered(case, jobs, chunksize=4) if one]
        self.assertEqual(len(wrong), 0, f"{len(wrong)} of {len(jobs)} kills did not recover:\n" + "\n".join(wrong[:5]))


class Kill(Everywhere):
    def applied_world(self):
        estate = Estate(like=self.prepared)
        self.addCleanup(estate.remove)
        self.assertEqual(estate.run("apply", "plan.json").status, FINE)
        return estate.read("world.json")

    def test_an_apply_killed_at_any_write_is_resumed_or_rolled_back(self):
        self.kill_everywhere(["apply", "plan.json"], after_killed_apply, self.applied_world())

    def test_a_rollback_killed_at_any_write_is_repeated_or_resumed(self):
        self.assertEqual(self.prepared.run("apply", "plan.json").status, FINE)
        run = self.prepared.runs()[0]
        self.kill_everywhere(["rollback", run], after_killed_rollback, self.prepared.read("world.json"))

    def test_an_undisturbed_rollback_gives_the_first_world(self):
        self.assertEqual(self.prepared.run("apply", "plan.json").status, FINE)
        self.assertNotEqual(self.prepared.read("world.json"), self.first)
        self.assertEqual(rolled_back(self.prepared, self.prepared.runs()[0]), "")
        self.assertEqual(self.prepared.read("world.json"), self.first)


OPEN = ["break-glass", "--hosts", "HV01,HV02", "--for", "1m", "--ticket", "t", "--reason", "r", "--yes"]


def past(seconds=61):
    """The environment in which a break-glass run of now is past its end."""
    listed = subprocess.run(["dpkg", "-L", "libfaketime"], capture_output=True, encoding="utf-8", check=True).stdout
    library = next(line for line in listed.splitlines() if line.endswith("/libfaketimeMT.so.1"))
    return {"LD_PRELOAD": library, "FAKETIME": f"{seconds:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def expired(estate, _call, first, _final):
    """The timer's next call has nothing but the journal. A write that was never answered is waited for, an hour long."""
    said = [estate.run("expire", "--output", "json", env=past(seconds)) for seconds in (61, 3700, 3760)]
    if any(one.status != FINE for one in said):
        return "\n".join(map(str, said))
    if said[-1].json()["expired"]:
        return f"the last call still had something to do\n{said[-1]}"
    return left_over(estate, first, "first") if estate.runs() else ""


class Glass(Everywhere):
    """What another call leaves "after" one leaves "before" the next: here one of the two is enough."""

    def setUp(self):
        super().setUp()
        self.prepared.change_world(lambda world: [host.update({"migration.enabled": True, "migration.authentication": "kerberos"})
                                                  for host in world["hosts"].values()])
        self.first = self.prepared.read("world.json")

    def test_a_break_glass_run_killed_at_any_write_ends_by_itself(self):
        self.kill_everywhere(OPEN, expired, self.first, hows=("before",))

    def test_the_end_itself_may_be_killed_at_any_write(self):
        self.assertEqual(self.prepared.run(*OPEN).status, FINE)
        self.kill_everywhere(["expire"], expired, self.first, beside=past(), hows=("before",))
