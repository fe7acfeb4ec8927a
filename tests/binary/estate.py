"""A work folder with the estate of sample/, a store of its own and a clean environment. Every test makes one; nothing of
one test is seen by another.
"""
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import struct
import tempfile
import termios
import unittest

import program
from program import *  # noqa: F401, F403  (what a test needs of it comes from here)
from program import CHANGES, CONFIG, FINE, STORE

HERE = os.path.dirname(os.path.abspath(__file__))


class Folder(program.Folder):
    def on_terminal(self, *arguments, columns=80, env=None):
        """What it prints on a terminal of so many columns, without the bar; and its exit status."""
        ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        with self.start(*arguments, env=env, stdout=theirs) as process:
            os.close(theirs)
            out = b""
            try:
                while more := os.read(ours, 65536):
                    out += more
            except OSError:  # how a terminal ends
                pass
            process.communicate()
        os.close(ours)
        return out.decode().replace("\r\n", "\n"), process.returncode


class Estate(Folder):
    """The three hosts of sample/, with drift for a plan of six changes."""
    usual = STORE

    def __init__(self, like=None):
        super().__init__()
        if like:
            shutil.copytree(like.path, self.path, dirs_exist_ok=True)
        else:
            shutil.copytree(os.path.join(HERE, "sample"), self.path, dirs_exist_ok=True)
            self.write("fairway.yaml", CONFIG)

    def world(self):
        return json.loads(self.read("world.json"))

    def change_world(self, change):
        """Somebody else's hand: `change` gets the world and alters it."""
        world = self.world()
        change(world)
        self.write("world.json", json.dumps(world, indent=2) + "\n")

    def fault(self, on, effect, host, setting="", skip=0, times=1):
        fault = {"on": on, "effect": effect, "object": host, "setting": setting, "skip": skip, "times": times}
        self.change_world(lambda world: world.setdefault("faults", []).append(fault))

    def plan(self, name="plan.json"):
        said = self.run("plan", "--out", name)
        assert said.status == CHANGES, said
        return name

    def forge(self, change, name="forged.json"):
        """plan.json after `change`, with the right digest: anybody can compute that."""
        plan = json.loads(self.read("plan.json"))
        del plan["digest"]
        change(plan)
        head = json.dumps(plan, indent=2, ensure_ascii=False).removesuffix("\n}")
        digest = hashlib.sha256(head.encode()).hexdigest()  # the last key, over every byte before it
        return self.write(name, head + f',\n  "digest": "{digest}"\n}}\n')

    def apply(self):
        """Plans and applies; the run's name."""
        said = self.run("apply", self.plan(), "--output", "json")
        assert said.status == FINE, said
        return said.json()["applied"]["run"]

    def entries(self, store="journal.db"):
        """The journal's (run, kind, body) in order, read from a copy so that the store stays as it is."""
        if not os.path.exists(self.file(store)):
            return []
        with tempfile.TemporaryDirectory() as copy:
            for end in ("", "-wal"):
                if os.path.exists(self.file(store + end)):
                    shutil.copy(self.file(store + end), os.path.join(copy, "j" + end))
            with contextlib.closing(sqlite3.connect(os.path.join(copy, "j"))) as db:
                if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'entry'").fetchall():
                    return []
                return [(run, kind, json.loads(body))
                        for run, kind, body in db.execute("SELECT run, kind, body FROM entry ORDER BY seq")]

    def runs(self, store="journal.db"):
        return [run for run, kind, _ in self.entries(store) if kind == "begin"]


class Case(unittest.TestCase):
    """A test with an estate of its own, and the two questions that most tests ask."""
    maxDiff = None

    def setUp(self):
        self.estate = Estate()
        self.addCleanup(self.estate.remove)

    def folder(self):
        one = Folder()
        self.addCleanup(one.remove)
        return one

    def expect(self, said, status, *words):
        """That exit status, and all those words on stderr; no words: nothing on stderr."""
        self.assertEqual(said.status, status, str(said))
        for word in words:
            self.assertIn(word, said.err, str(said))
        if not words:
            self.assertEqual(said.err, "", str(said))
        return said

    @contextlib.contextmanager
    def untouched(self):
        """Whatever happens inside: not a byte of the world changes, and no run begins."""
        world, entries = self.estate.read("world.json"), self.estate.entries()
        yield
        self.assertEqual(self.estate.read("world.json"), world, "the world was changed")
        self.assertEqual(self.estate.entries(), entries, "the journal was written")
