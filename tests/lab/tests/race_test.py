#!/usr/bin/python3
"""Does Fairway keep its word while somebody else writes to the same accounts? 200 applies and rollbacks of the real binary,
during which race_adversary.py edits delegation lists, flags and service names.

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/race_test.py     # LAB_RACE_SEED=… draws the same edits again

After each command the adversary rests and ldapsearch reads the accounts. Two ledgers are then held against the directory:
the adversary's, and the program's journal as sqlite shows it. Both must fit into one order (race_order.py) that ends in what
is there; so no foreign edit is lost, nothing is written that the journal does not tell, and what it calls done was done.
Exit statuses must mean what the manual says. What must have happened (`needs`) is awaited however long it takes, for 200
applies at most; LAB_RACE_SECONDS is for the rest of them.
"""
import collections
import contextlib
import json
import os
import random
import select
import sqlite3
import subprocess
import sys
import time

import outside
from loop_tools import CHANGES, FINE, IN_DOUBT, NOT_VERIFIED, PARTLY_APPLIED, REFUSED, STALE, Checks, Program, policy
from race_order import Edit, Step, explained

APPLIES, FEWEST = 200, 30  # as many as that in the time, on a machine that is not busy; else at least so many
SECONDS = float(os.environ.get("LAB_RACE_SECONDS", "60"))
SOMETIMES = 5  # what costs a command of its own and seldom tells anything is done in one cycle of so many
LONGER = 40  # quarters of a second, at most, until the adversary has taken away what a run wrote
TRIES = 3  # of a rollback under fire; then the adversary rests
LIST, FLAGS, NAMES = "msDS-AllowedToDelegateTo", "userAccountControl", "servicePrincipalName"
HOSTS = [host.upper() for host in outside.HOSTS]
PLACES = [(host, attribute) for host in HOSTS for attribute in (LIST, FLAGS, NAMES)]
# What each setting is in the directory: the attribute, and the bit of a flag.
SETTINGS = {"delegation.services": (LIST, 0), "spn.migration": (NAMES, 0),
            "delegation.protocol_transition": (FLAGS, 0x1000000), "delegation.unconstrained": (FLAGS, 0x80000)}
WANT = ("delegation.services: {includes: {services: [cifs, migration], of: peers}}, delegation.protocol_transition: true, "
        "delegation.unconstrained: false, spn.migration: present")

Taken = collections.namedtuple("Taken", "run host setting step outcome note")


class Adversary:
    """The other process; its ledger, host by host and attribute by attribute."""

    def __init__(self, seed):
        self.process = subprocess.Popen(["/usr/bin/python3", f"{outside.HERE}/race_adversary.py", str(seed)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr)
        self.made = self.late = 0

    def say(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def rest(self):
        self.say("rest")
        if not select.select([self.process.stdout], [], [], outside.PATIENCE)[0]:
            raise RuntimeError("the adversary does not rest")
        report = json.loads(self.process.stdout.readline())
        self.late += report["refused"]
        self.made += len(report["edits"])
        ledger = collections.defaultdict(list)
        for edit in report["edits"]:
            ledger[edit["host"], edit["attribute"]].append(Edit(tuple(edit["removed"]), tuple(edit["added"])))
        return ledger

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=outside.PATIENCE)


def directory():
    """{(host, attribute): state}, by one ldapsearch for all accounts."""
    out = {}
    found = outside.search(outside.lab("OU"), "(objectClass=computer)", "cn", LIST, FLAGS, NAMES)
    for entry in found.split("\n\n"):
        if not entry.startswith("dn: "):
            continue  # what is left of the pages
        held = collections.defaultdict(list)
        for line in entry.splitlines():
            name, _, value = line.partition(": ")
            held[name].append(value)
        for attribute in (LIST, NAMES):
            out[held["cn"][0], attribute] = frozenset(held[attribute])
        out[held["cn"][0], FLAGS] = int(held[FLAGS][0])
    return out


def step_of(change, sure, taken):
    attribute, mask = SETTINGS[change["setting"]]
    if attribute == FLAGS:
        return Step(() if change["after"] else (mask,), (mask,) if change["after"] else (), sure, taken, mask)
    return Step(tuple(change["remove"]), tuple(change["add"]), sure, taken)


class Race:
    def __init__(self, check, program, seed):
        self.check, self.program, self.adversary = check, program, Adversary(seed)
        self.state, self.seen = directory(), 0
        self.count = collections.Counter()

    def fail(self, what, said, detail=""):
        self.check(what, False, f"{detail}\n{said}")

    def journal(self):
        """What the program's journal has got since the last time: its steps with their last outcomes, and ends."""
        path = self.program.file("journal.db")
        if not os.path.exists(path):
            return [], {}
        with contextlib.closing(sqlite3.connect(path)) as database:
            rows = database.execute("select seq, run, kind, body from entry where seq > ? order by seq", (self.seen,)).fetchall()
        changes, outcomes, order, ends = {}, {}, [], {}
        for self.seen, run, kind, body in rows:
            body = json.loads(body)
            if kind == "begin":
                changes[run] = [change for phase in json.loads(body["plan"])["phases"] for change in phase["changes"]]
            elif kind == "intent":
                order.append((run, body["change"]))
            elif kind == "outcome":
                outcomes[run, body["change"]] = (body["outcome"], body["note"])
            elif run in changes:  # a rollback settles what its run left in doubt, and ends that run once more
                ends[run] = body
        taken = []
        for run, number in order:
            change, (outcome, note) = changes[run][number], outcomes[run, number]
            taken.append(Taken(run, change["object"], change["setting"], step_of(change, outcome == "done", not note), outcome, note))
        return taken, ends

    def under_fire(self, *arguments):
        """Runs a command while the adversary edits; what the program said and its journal got."""
        self.adversary.say("go")
        said = self.program.run(*arguments)
        return (said, *self.settle(said))

    def at_rest(self, *arguments):
        said = self.program.run(*arguments)
        return (said, *self.settle(said, resting=True))

    def settle(self, said, resting=False):
        """The heart: both ledgers against the directory."""
        ledger = collections.defaultdict(list) if resting else self.adversary.rest()
        taken, ends = self.journal()
        before, self.state = self.state, directory()
        for place in PLACES:
            host, attribute = place
            steps = [one.step for one in taken if (one.host, SETTINGS[one.setting][0]) == place
                     and one.outcome != "not_done"]
            if not explained(before[place], ledger[place], steps, self.state[place]):
                self.fail(f"{host} {attribute}: both ledgers explain what is there", said,
                          f"before {before[place]}\nnow {self.state[place]}\nadversary {ledger[place]}\n"
                          f"program {[one for one in taken if one.host == host]}")
        for one in taken:
            self.count[one.outcome] += 1
            if "noSuchAttribute" in one.note or "attributeOrValueExists" in one.note:
                self.count["refused by the server"] += 1
            if one.outcome == "in_doubt" and not ledger[one.host, SETTINGS[one.setting][0]]:
                self.fail("a step is in doubt only where somebody else was", said, str(one))
        return taken, ends, ledger

    def plan(self):
        said, taken, ends, _ = self.under_fire("plan", "--out", "plan.json")
        if said.status not in (FINE, CHANGES) or taken or ends:
            self.fail("a plan is made, and no more", said, f"{taken} {ends}")
        return said.status == CHANGES

    def apply(self):
        """The run, if one began, and what it did."""
        said, taken, ends, ledger = self.under_fire("apply", "plan.json")
        self.count[f"apply exits {said.status}"] += 1
        self.count["applies"] += 1
        if not self.means(said, taken, ends, (FINE, STALE, PARTLY_APPLIED, IN_DOUBT)) or not ends:
            return None, []
        run = next(iter(ends))
        if said.status == FINE:
            self.missing_is_told(said, run, taken)
            self.count["complete"] += 1
        return run, taken

    def means(self, said, taken, ends, allowed, of=()):
        """Does the exit status mean what the manual says? By the journal; the directory was looked at already. `of`: what
        the run that is rolled back had done; what is in doubt of it may stay so."""
        # A rollback tries again while somebody is faster, and goes on with the rest when one value is in doubt: its last
        # attempt counts, but a doubt of any attempt stays one.
        latest = taken[-1].run if taken else None
        kinds = {one.outcome for one in taken if one.run == latest}
        end = (ends.get(latest) or next(iter(ends.values())))["end"] if ends else None
        doubt = any(one.outcome == "in_doubt" for one in taken)
        wanted = {FINE: end in ("complete", None) and kinds <= {"done"} and not doubt,
                  STALE: not ends and not taken and any(word in said.err for word in ("since", "now", "no longer")),
                  PARTLY_APPLIED: end in ("failed", "complete", None) and not doubt,
                  IN_DOUBT: doubt and any(one["end"] == "in_doubt" for one in ends.values())
                  or any(one.outcome == "in_doubt" and f"! in doubt: computer {one.host} {one.setting}: " in said.out for one in of),
                  REFUSED: not taken and "was rolled back already" in said.err}
        if said.status not in allowed or not wanted[said.status]:
            self.fail("the exit status means what the manual says", said, f"{ends} {taken}")
            return False
        return True

    def missing(self, taken):
        """What the run has done and is not so now, as ldapsearch sees it: (host, setting)."""
        out = set()
        for one in taken:
            if one.outcome != "done":
                continue
            state = self.state[one.host, SETTINGS[one.setting][0]]
            if one.step.mask:
                wrong = bool(state & one.step.mask) != bool(one.step.added)
            else:
                there = {value.lower() for value in state}
                wrong = any(value.lower() not in there for value in one.step.added) \
                    or any(value.lower() in there for value in one.step.removed)
            if wrong:
                out.add((one.host, one.setting))
        return out

    def missing_is_told(self, said, run, taken):
        """The adversary may have taken away what a complete run wrote; `verify` must say so, and of nothing else."""
        gone = self.missing(taken)
        if not self.count["values of ours taken away, and told"]:  # it seldom comes between a run's last write and its end
            for _ in range(LONGER):
                if gone:
                    break
                self.adversary.say("go")
                time.sleep(0.25)
                self.settle(said)
                gone = self.missing(taken)
        if not gone and self.count["complete"] % SOMETIMES:
            return
        verified = self.program.run("verify", run, "--no-moves", "--output", "json")
        told = {(f["object"], f["setting"]) for f in verified.json()["findings"] if f["verdict"] != "compliant"}
        self.count["values of ours taken away, and told"] += len(gone)
        if told != gone or verified.status != (NOT_VERIFIED if gone else FINE):
            self.fail("verify tells just what is missing", verified, f"missing {gone}, told {told}")

    def rollback(self, run, written):
        back = []
        for _ in range(TRIES):
            said, taken, ends, _ = self.under_fire("rollback", run)
            back += [one for one in taken if one.outcome == "done"]
            self.count[f"rollback exits {said.status}"] += 1
            if not self.means(said, taken, ends, (FINE, STALE, PARTLY_APPLIED, IN_DOUBT, REFUSED), written):
                return
            if said.status in (FINE, REFUSED):
                break
        if said.status == REFUSED:
            return
        if said.status == FINE and self.count["applied and rolled back"] % SOMETIMES:
            return  # what it left was looked at; that there is nothing more to do is looked at now and then
        said, taken, ends, _ = self.at_rest("rollback", run)
        if said.status == REFUSED and self.means(said, taken, ends, (REFUSED,)):
            return
        doubtful = {IN_DOUBT} if any(one.outcome == "in_doubt" for one in written) else set()
        if not self.means(said, taken, ends, {FINE, PARTLY_APPLIED} | doubtful, written) or set(one.outcome for one in taken) - {"done"}:
            self.fail("at rest a rollback does all that it can", said)
        self.all_is_back(said, written, back)

    def all_is_back(self, said, written, back):
        """Nothing that the run did stands any more, but what a line with `!` tells of. What an earlier rollback had put back
        is done with: if it stands again, somebody else did it."""
        notes = [line for line in said.out.splitlines() if line.lstrip().startswith("!")]
        for one in written:
            if one.outcome not in ("done", "in_doubt"):
                continue
            state, step = self.state[one.host, SETTINGS[one.setting][0]], one.step
            earlier = [was.step for was in back if (was.host, was.setting) == (one.host, one.setting)]
            if step.mask:
                stands = not earlier and bool(state & step.mask) == bool(step.added)
            else:
                there = {value.lower() for value in state}
                done_with = {value.lower() for was in earlier for value in (*was.removed, *was.added)}
                stands = any(value.lower() in there - done_with for value in step.added) \
                    or any(value.lower() not in there | done_with for value in step.removed)
            told = any(one.host in line and one.setting in line for line in notes)
            self.count["conflicts told"] += stands and told
            if stands and not told:
                self.fail("a rollback that leaves something says so", said, str(one))

    def cycle(self):
        while not self.plan():
            self.count["plans without a change"] += 1
        run, taken = self.apply()
        if run:
            self.rollback(run, taken)
            self.count["applied and rolled back"] += 1


def needs(count):
    """What must have happened, else the race has proved nothing: (what, did it?)."""
    return [
        (f"{count['applies']} applies and their rollbacks: both ledgers explain the directory after each command",
         count["applies"] >= FEWEST),
        ("the adversary came between a reading and a write, and the server refused the write",
         count["refused by the server"] > 0),
        *((f"there were applies of each kind: {what}", count[f"apply exits {status}"] > 0)
          for status, what in ((FINE, "whole"), (STALE, "stale"), (PARTLY_APPLIED, "part of it"))),
        ("and rollbacks that somebody came between",
         count[f"rollback exits {STALE}"] + count[f"rollback exits {PARTLY_APPLIED}"] > 0),
        ("values that others took away were told by verify", count["values of ours taken away, and told"] > 0),
    ]


def goes_on(race, took):
    return race.count["applies"] < APPLIES and (took < SECONDS or not all(holds for _, holds in needs(race.count)))


def summary(check, race, took):
    count = race.count
    print(f"{count['applies']} of {APPLIES} applies and {sum(n for what, n in count.items() if what.startswith('rollback'))} "
          f"rollbacks in {took:.0f} s; {race.adversary.made} edits of the adversary's, "
          f"{race.adversary.late} too late")
    for what, times in sorted(count.items()):
        print(f"{times:6} {what}")
    if check.failed:
        return
    for what, holds in needs(count):
        check(what, holds)


def main():
    seed = int(os.environ.get("LAB_RACE_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"seed {seed} (LAB_RACE_SEED draws the same again)", flush=True)
    outside.become("operator", os.environ["KRB5CCNAME"])
    check = Checks()
    program = Program(check, place="/dev/shm")  # the lab's own; a journal on a disk waits for it twice a change
    program.write("policy.yaml", policy(WANT))
    program.inventory("inventory.yaml")
    race = Race(check, program, seed)
    check.part("the race")
    began = time.monotonic()
    while check.failed < 5 and goes_on(race, time.monotonic() - began):
        race.cycle()
    race.adversary.rest()
    race.adversary.end()
    summary(check, race, time.monotonic() - began)
    return check.end()


if __name__ == "__main__":
    sys.exit(main())
