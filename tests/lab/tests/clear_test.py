#!/usr/bin/python3
"""Is an answer in the clear believed about a sealed request? A relay answers one request of an apply or of a rollback in
the host's place, without a seal, and takes the request to the host at once, later, or never:

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/clear_test.py

Every answer of wire_relay.CLEAR meets every request of both commands, once, with one time of delivery; the next one has
the next time. What always holds: no act is sent twice, exit status and journal and host agree, a rollback whose host
changes after its end has said so, and once the request has landed a rollback puts everything back.
"""
import itertools
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import outside
from loop_tools import FINE, REFUSED, Checks
from wire_bench import DIRECTIONS, World, Wrong, all_benches, demand
from wire_relay import CLEAR, Fault
from wire_test import honest

BENCHES = 12
ONLY = os.environ.get("LAB_CLEAR_ONLY", "")
# When the host gets the request: before the answer, after the command, after a rollback that follows it, or not at all.
TIMES = {"now": "now", "after the command": "held", "after a rollback": "held", "never": "never"}


class Case:
    def __init__(self, direction, command, k, answer, when):
        self.direction, self.command, self.k, self.answer, self.when = direction, command, k, answer, when
        self.name = f"{command} {direction}, request {k}: {answer}, delivered {when}"

    def may_land(self):
        return True

    def fault(self):
        return Fault(self.k, "clear", TIMES[self.when], self.answer)


def told(said, run):
    """A write that nobody answered is not passed over."""
    waiting = [change["setting"] for change, outcome in zip(run.changes, run.outcomes) if outcome == "unanswered"]
    missing = [setting for setting in waiting if setting not in said.out or "may still" not in said.out]
    demand(not missing, f"does not say that the write of {missing} may still arrive: {said}")


def back(bench, run):
    """Rolls the run back; what was said."""
    said, _ = bench.run("rollback", run.name)
    gone = said.status == REFUSED and "was rolled back already" in said.err  # the one before came to its end
    demand(said.status == FINE or gone, f"the rollback does not come to its end, though nothing is wrong any more: {said}")
    now = World(bench.host)
    demand(not now.differs(bench.before), f"after the rollback of {run}: {now.differs(bench.before)}\n{said}")
    return said


def land(bench):
    """Lets it land before another command has asked for the same."""
    bench.relay.let_land()
    demand(not bench.sent_twice(), f"sent twice: {bench.sent_twice()}")


def attempt(bench, case):
    """Whether the run came to request k."""
    applied = None
    if case.command == "rollback":
        said, applied = bench.run("apply", "plan.json")
        demand(said.status == FINE, f"an apply without faults: {said}")
    start = bench.after if applied else bench.before
    bench.relay.spoil(case.fault())
    said, run = bench.run(case.command, applied.name if applied else "plan.json")
    fired, held = bench.relay.fired, TIMES[case.when] == "held" and bench.relay.fired
    if case.when != "after a rollback" and held:
        land(bench)
    honest(case, said, run, World(bench.host), World(bench.host) if held and run is None else start)
    whole = applied or run
    if whole is None:
        return fired
    if run is not None and "unanswered" in run.outcomes:
        demand("may still" in said.out, f"it does not say that the write may still arrive: {said}")
    again = back(bench, whole)
    if case.when == "after a rollback" and held:
        bench.relay.let_land()
        if run is not None and World(bench.host).differs(bench.before):
            told(again, run)
            said, _ = bench.run("rollback", whole.name)
            # The same networks may be there twice: those of the rollback, and those of the write that came late.
            now = World(bench.host).values
            demand(now == bench.before.values, f"after another rollback: {now}, not {bench.before.values}\n{again}\n{said}")
    return fired


def work(bench, cases, lock, report):
    while True:
        with lock:
            case = next((c for c in cases if c.direction == bench.direction), None)
            if case is None:
                return
            cases.remove(case)
        try:
            bench.begin("never")
            report(case, attempt(bench, case), None)
        except Wrong as wrong:
            report(case, True, str(wrong))
        except subprocess.TimeoutExpired as hung:
            report(case, True, f"it hangs: {hung}")


def requests_of(bench):
    """Of an apply and a rollback without faults."""
    bench.begin("never")
    out = {}
    for command in ("apply", "rollback"):
        bench.relay.repair()
        said, _ = bench.run(command, "plan.json" if command == "apply" else bench.runs()[0].name)
        demand(said.status == FINE, f"without faults: {said}")
        out[command] = bench.relay.requests
    return out


def main():
    outside.become("operator", os.environ["KRB5CCNAME"])
    check = Checks()
    directions = list(DIRECTIONS)
    with ThreadPoolExecutor(BENCHES) as workers:
        benches = all_benches(check, workers, BENCHES)
        check.part("answers in the clear at every request")
        counts = {bench.direction: requests_of(bench) for bench in benches[:2]}
        turn = itertools.cycle((direction, when) for when in TIMES for direction in directions)
        cases = []
        for command in ("apply", "rollback"):
            for k in range(1, max(row[command] for row in counts.values()) + 1):
                for answer in CLEAR:
                    direction, when = next(turn)
                    if k > counts[direction][command]:
                        direction = next(other for other in directions if k <= counts[other][command])
                    cases.append(Case(direction, command, k, answer, when))
                next(turn)  # or the same answers would always meet the same times
        cases = [case for case in cases if ONLY in case.name]
        wanted, unfired, lock = len(cases), [], threading.Lock()

        def report(case, fired, wrong):
            if not fired:
                unfired.append(case.name)
            if wrong:
                check(case.name, False, wrong)

        for done in [workers.submit(work, bench, cases, lock, report) for bench in benches]:
            done.result()
        print(f"        requests: {counts}; {wanted} cases")
        check("every answer met every request", wanted and not unfired, unfired)
    return check.end()


if __name__ == "__main__":
    sys.exit(main())
