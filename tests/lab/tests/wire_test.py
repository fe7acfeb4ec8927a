#!/usr/bin/python3
"""Does the journal tell the truth when the wire fails? Every request of an apply and of a rollback is cut before,
after and inside its reply, or spoiled by the host, and then the run is gone on with or gone back from:

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/wire_test.py

Needed is one case of each class of fault for each request of each command: all of these are tried, however long it takes.
LAB_WIRE_SECONDS (10) is for more, drawn at random; LAB_WIRE_SEED is what is drawn first; LAB_WIRE_ONLY names cases (a
piece of the printed name). Whatever the program says is compared with the host as others see it. Jobs and absences that
take longer are in wire_jobs.py.
"""
import os
import random
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import outside
import wire_jobs
from loop_tools import FINE, PARTLY_APPLIED, Checks
from wire_bench import DIRECTIONS, World, Wrong, all_benches, demand
from wire_relay import PLACES, Fault

IN_DOUBT = 8
SECONDS = float(os.environ.get("LAB_WIRE_SECONDS", "10"))
SEED = int(os.environ.get("LAB_WIRE_SEED", "0")) or random.SystemRandom().randrange(1, 1_000_000)
ONLY = os.environ.get("LAB_WIRE_ONLY", "")
BENCHES = 12  # beside each other: most of a case is the program's patience with a host that failed it

# What /lab/misbehave can do (hosts/CONTROLS.md); `slow` is not slower than a person's patience here.
MISCHIEF = ["html", "empty-400", "busy", "503", "nested-fault", "wrong-relates-to", "two-lengths", "chunked",
            "truncated-seal", "flipped-bit", "replayed-seal", "slow", "cut-before-reply", "cut-in-reply"]
# (class of fault, its variants); a variant is what Fault takes, or a word for /lab/misbehave.
ENDS = ("fin", "rst")
FAULTS = {
    "before": [("before", how, "all") for how in ENDS] + [("half", how, "all") for how in ENDS],
    "after": [("after", how, "all") for how in ENDS] + [("unread", how, "all") for how in ENDS],
    "reply": [("reply", how, place) for place in PLACES for how in ENDS] + [("drip", "fin", "all")],
    "late": [("late", "fin", "all")],
    "host": MISCHIEF,
}


class Case:
    """Its name says all that there is to know, also whether changes are jobs and whether it is gone back from."""

    def __init__(self, direction, command, k, kind, variant):
        self.direction, self.command, self.k, self.kind, self.variant = direction, command, k, kind, variant
        words = variant if isinstance(variant, str) else " ".join(dict.fromkeys(variant))
        self.name = f"{command} {direction}, request {k}: {words}"
        draw = zlib.crc32(self.name.encode())
        self.back, self.jobs = draw & 1, "always" if draw & 2 else "never"

    def possible(self, counts):
        """Does a run get as far as request k? More of them do when changes are jobs."""
        counted = [counts[self.direction, jobs][self.command][self.kind == "host"] for jobs in ("never", "always")]
        if self.variant == "nested-fault":  # with a job it would say no, and do it later: no program can know
            self.jobs = "never"
        elif self.k > counted[0]:
            self.jobs = "always"
        return self.k <= counted[self.jobs == "always"]

    def may_land(self):
        """May the host come to a write after the program has looked?"""
        return self.kind != "host" and self.variant[0] in ("unread", "late")

    def arm(self, bench):
        if self.kind == "host":
            bench.control("misbehave", {"how": self.variant, "next": self.k,
                                        "delay_ms": 300 if self.variant == "slow" else 0})
        else:
            where, how, place = self.variant
            bench.relay.spoil(Fault(self.k, where, how, place))

    def disarm(self, bench):
        """Takes the fault back; whether it had happened."""
        if self.kind == "host":
            return not bench.control("misbehave", {"how": None})["waiting"]
        return bench.relay.fired


def honest(case, said, run, world, start):
    """The exit status, the journal and the host tell the same."""
    if run is None:
        demand(said.status not in (FINE, PARTLY_APPLIED, IN_DOUBT), f"no run, but {said}")
        demand(not world.differs(start), f"it says that nothing was written; {world.differs(start)}\n{said}")
        return
    status = {"complete": FINE, "failed": PARTLY_APPLIED, "stopped": PARTLY_APPLIED, "in_doubt": IN_DOUBT}
    demand(run.end in status, f"a run without an end: {run}")
    # A rollback goes on without what it cannot read, and says so.
    left = said.status in (PARTLY_APPLIED, IN_DOUBT) and ("! left out: " in said.out or "! in doubt: " in said.out)
    demand(said.status == status[run.end] or (run.end == "complete" and left), f"the exit status is not that of {run}\n{said}")
    demand("open" not in run.outcomes, f"an intent without an outcome: {run}")
    demand(run.end != "complete" or set(run.outcomes) == {"done"}, f"complete, but {run}")
    run.agrees(world, case.may_land())


def go_on(bench, run, wanted):
    """Nobody else was at the host, so that what could not be known when the wire failed can be read now."""
    said, _ = bench.run("apply", "--resume", run.name)
    demand(said.status == FINE, f"the resumption does not come to its end, though nothing is wrong any more: {said}")
    now = World(bench.host)
    demand(not now.differs(wanted), f"complete after the resumption, but {now.differs(wanted)}\n{said}")
    [run] = [r for r in bench.runs() if r.name == run.name]
    demand(run.end == "complete", f"the resumption ends well, but {run}")
    run.agrees(now)


def go_back(bench, run):
    said, _ = bench.run("rollback", run.name)
    demand(said.status == FINE, f"the rollback does not come to its end, though nothing is wrong any more: {said}")
    now = World(bench.host)
    demand(not now.differs(bench.before), f"after the rollback of {run}: {now.differs(bench.before)}\n{said}")


def spoiled(bench, case, start, *arguments):
    """The run with the fault in it; what it wrote, or None. Its words and the host are compared."""
    case.arm(bench)
    said, run = bench.run(*arguments)
    fired = case.disarm(bench)
    honest(case, said, run, World(bench.host), start)
    if fired and case.may_land():
        bench.relay.let_land()
        if run is not None:
            run.agrees(World(bench.host), may_land=True)
    bench.relay.repair()
    return run, fired, said.status


def spoil_apply(bench, case):
    run, fired, _ = spoiled(bench, case, bench.before, "apply", "plan.json")
    if run is None:
        return fired
    if run.end == "complete":
        demand(not World(bench.host).differs(bench.after), f"complete, but {World(bench.host).differs(bench.after)}")
    elif not case.back:
        go_on(bench, run, bench.after)
    go_back(bench, run)
    return fired


def spoil_rollback(bench, case):
    said, applied = bench.run("apply", "plan.json")
    demand(said.status == FINE, f"an apply without faults: {said}")
    run, fired, status = spoiled(bench, case, bench.after, "rollback", applied.name)
    if run is not None and status == FINE:
        demand(not World(bench.host).differs(bench.before), f"complete, but {World(bench.host).differs(bench.before)}")
    elif run is None or case.back or run.end == "complete":
        go_back(bench, applied)
    else:
        go_on(bench, run, bench.before)
    return fired


COMMANDS = {"apply": spoil_apply, "rollback": spoil_rollback}


def requests_of(bench, jobs):
    """Of an apply and a rollback without faults: how many requests with the sign-on, and how many without."""
    bench.begin(jobs)
    out = {}
    for command in COMMANDS:
        bench.relay.repair()
        said, _ = bench.run(command, "plan.json" if command == "apply" else bench.runs()[0].name)
        demand(said.status == FINE, f"without faults: {said}")
        out[command] = bench.relay.requests, len(bench.control("log", None))
    return out


def in_order(counts, draw):
    """Every case there is: first one of each class of fault for each request of each command, then the rest."""
    first, rest = [], []
    for command in COMMANDS:
        for k in range(1, max(count for row in counts.values() for count in row[command]) + 1):
            for kind, variants in FAULTS.items():
                cases = [Case(direction, command, k, kind, variant) for direction in DIRECTIONS for variant in variants]
                cases = [case for case in cases if case.possible(counts)]
                draw.shuffle(cases)
                first += cases[:1]
                rest += cases[1:]
    draw.shuffle(first)
    draw.shuffle(rest)
    return first, rest


class Pool:
    """The cases that are left, drawn by the benches of each direction: all that are needed, and others until the time is
    over that counts from the last needed one."""

    def __init__(self, needed, more):
        self.needed, self.more, self.lock = needed, more, threading.Lock()
        self.end = None

    def next(self, direction):
        with self.lock:
            if not self.needed:
                self.end = self.end or time.monotonic() + SECONDS
            over = self.end is not None and time.monotonic() >= self.end
            for cases in [self.needed] if over else [self.needed, self.more]:
                for at, case in enumerate(cases):
                    if case.direction == direction:
                        return cases.pop(at)
        return None


def work(bench, pool, report):
    while case := pool.next(bench.direction):
        try:
            bench.begin(case.jobs)
            report(case, COMMANDS[case.command](bench, case), None)
        except Wrong as wrong:
            report(case, True, str(wrong))
        except subprocess.TimeoutExpired as hung:
            report(case, True, f"it hangs: {hung}")


def try_all(check, benches, workers):
    counts = {(bench.direction, jobs): requests_of(bench, jobs)
              for bench in benches[:2] for jobs in ("never", "always")}
    needed, more = in_order(counts, random.Random(SEED))
    if ONLY:
        needed, more = [case for case in needed + more if ONLY in case.name], []
    pool, all_cases = Pool([*needed], more), len(needed) + len(more)
    tried, unfired, lock = [], [], threading.Lock()

    def report(case, fired, wrong):
        with lock:
            (tried if fired else unfired).append(case)
            if wrong:
                check(case.name, False, wrong)

    for done in [workers.submit(work, bench, pool, report) for bench in benches]:
        done.result()
    print(f"        requests of a run: {counts}")
    print(f"        {len(tried)} of {all_cases} cases tried; {len(unfired)} ended before their request; seed {SEED}")
    check("cases were tried", tried, f"none of {all_cases}")
    missed = [case.name for case in needed if case not in tried]
    check(f"with {len(needed)} of them every class of fault met every request", not missed, missed)


def main():
    outside.become("operator", os.environ["KRB5CCNAME"])
    check = Checks()
    print(f"LAB_WIRE_SEED={SEED} LAB_WIRE_SECONDS={SECONDS:.0f}", flush=True)
    with ThreadPoolExecutor(BENCHES) as workers:
        benches = all_benches(check, workers, BENCHES)
        check.part("faults at every request")
        try_all(check, benches, workers)
        if not ONLY:
            wire_jobs.run(check, benches, workers)
    return check.end()


if __name__ == "__main__":
    sys.exit(main())
