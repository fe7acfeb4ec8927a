#!/usr/bin/env python3
"""Does a whole estate become what its policy says, and what it was? Every folder here is a test; see README.md.

usage: FAIRWAY=build/release/fairway tests/scenarios/run.py [-k NAME]      with FAIRWAY_ACCEPT=1 the expectations are written anew
"""
import contextlib
import datetime
import fcntl
import json
import os
import shlex
import shutil
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../python")]
sys.dont_write_bytecode = True

import golden  # noqa: E402
import program  # noqa: E402

RUNS = {"FIRST": 0, "SECOND": 1, "RUN": -1}  # of the store
WINDOW = "WINDOW:"  # and for how many minutes from now it is open
LOCKED = "locked: "  # and what is tried while somebody else has the store
LOOP = "audit\nplan --out plan.json\napply plan.json\nrollback RUN\n"


def settings(world):
    """(object, setting): its value, of all hosts and computers."""
    return {(name, setting): value for kind in ("hosts", "computers") for name, held in world.get(kind, {}).items()
            for setting, value in held.items()}


def word(value):
    return json.dumps(value, ensure_ascii=False)


def differences(before, after):
    """What became of the world, as lines; the order of a list means nothing."""
    before, after = settings(before), settings(after)
    for place in sorted(before.keys() | after.keys()):
        old, new = before.get(place), after.get(place)
        what = " ".join(place)
        if isinstance(old, list) and isinstance(new, list):
            yield from (f"{what}: - {one}" for one in sorted(set(old) - set(new)))
            yield from (f"{what}: + {one}" for one in sorted(set(new) - set(old)))
        elif old != new:
            yield f"{what}: {word(old)} → {word(new)}"


class Estate(program.Folder):
    usual = {**program.STORE, "NO_COLOR": "1"}

    def __init__(self, scenario):
        super().__init__()
        shutil.copytree(scenario, self.path, dirs_exist_ok=True)
        self.write("fairway.yaml", program.CONFIG)

    def world(self):
        return json.loads(self.read("world.json"))

    def meanwhile(self):
        """Somebody else's changes; faults of the world become those that are there."""
        world, new = self.world(), json.loads(self.read("meanwhile.json"))
        world["faults"] = new.pop("faults", world.get("faults", []))
        for kind, objects in new.items():
            for name, held in objects.items():
                world[kind][name].update(held)
        self.write("world.json", json.dumps(world, indent=2))

    def said(self, word):
        """What a word of a command stands for."""
        if word in RUNS:
            return self.run("history", "--output", "json").json()["runs"][RUNS[word]]["run"]
        if word.startswith(WINDOW):
            now, minutes = datetime.datetime.now(datetime.timezone.utc), int(word.removeprefix(WINDOW))
            return "/".join(f"{now + datetime.timedelta(minutes=at):%Y-%m-%dT%H:%M:%SZ}" for at in (-1, minutes))
        return word

    @contextlib.contextmanager
    def lock(self, wanted):
        """The store's lock, if it is wanted, as another operator's process has it."""
        with contextlib.ExitStack() as held:
            if wanted:
                file = held.enter_context(open(self.file("journal.db.run-lock"), "w", encoding="utf-8"))
                print("bea@desk (process 4711, applying b.json)", end="", file=file, flush=True)
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def does(self, line):
        """One line of the commands: what it printed, its exit status, and what became of the world."""
        before, out = self.world(), [f"\n$ {line}"]
        if line == "meanwhile":
            self.meanwhile()
        elif line == "paths":
            paths = self.run("audit", "--output", "json").json()["paths"]
            out.append(", ".join(f"{count} {state}" for state, count in paths.items()))
        else:
            command = line.removeprefix(LOCKED)
            with self.lock(command != line):
                said = self.run(*[self.said(one) for one in shlex.split(command)])
            out[0] = f"\n$ fairway {command}" + "  # while Bea holds the store" * (command != line)
            out += [said.out.rstrip("\n")] if said.out else []
            out += [f"stderr: {one}" for one in said.err.splitlines()]
            out += [f"(exit status {said.status})"] if said.status else []
        changed = list(differences(before, self.world()))
        return "\n".join(out + (["the world:"] + [f"  {one}" for one in changed] if changed else []))


class Scenarios(unittest.TestCase):
    maxDiff = None

    def scenario(self, name):
        estate = Estate(os.path.join(HERE, name))
        self.addCleanup(estate.remove)
        first, commands = estate.world(), LOOP
        if os.path.exists(estate.file("commands")):
            commands = estate.read("commands").decode()
        told = [line if line.startswith("#") else estate.does(line) for line in commands.splitlines()]
        if "rollback RUN" in commands and "meanwhile" not in commands:
            self.assertEqual(list(differences(first, estate.world())), [], "the rollback did not give the first world back")
        golden.compare(self, golden.normalised("\n".join(told).lstrip("\n") + "\n"), os.path.join(HERE, name, "expected.txt"))


for folder in sorted(os.listdir(HERE)):
    if os.path.exists(os.path.join(HERE, folder, "world.json")):
        setattr(Scenarios, "test_" + folder.replace("-", "_"), lambda self, name=folder: self.scenario(name))

if __name__ == "__main__":
    unittest.main()
