"""Does the next command that is printed work when it is copied? Everything lies in a folder with a hostile name, the program is
called from another one, and what it advises is run there by a shell, as it stands.
"""
import os
import re
import shlex
import subprocess

import estate
from estate import CHANGES, ERROR, FINE, NOT_VERIFIED, PARTLY_APPLIED, REFUSED, STALE, USAGE, Case

RUN = re.compile(r"\d{4}-\d\d-\d\d-\d\d+$")


def advised(text):
    """The commands that a text names, each as a person would copy it: what is in backticks, or up to the run's name."""
    out = re.findall(r"`(fairway [a-z][^`]*)`", text)
    for begin in re.finditer(r"(?<!`)\bfairway [a-z]", text):
        line = text[begin.start():].split("\n")[0].split("   ")[0].split("  Go ")[0]
        words = []
        for word in line.split(" "):
            words.append(word)
            if RUN.match(word) or re.match(r"\d+:[0-9a-f]{12}$", word):
                break
        out.append(" ".join(words))
    return out


class Advice(Case):
    def setUp(self):
        super().setUp()
        top = self.estate.path
        self.place = "d;e 'f $(touch hit)"
        os.mkdir(self.estate.file(self.place))
        for name in ("policy.yaml", "inventory.yaml", "world.json"):
            os.rename(self.estate.file(name), self.estate.file(f"{self.place}/{name}"))
        os.remove(self.estate.file("fairway.yaml"))
        for folder in ("elsewhere", "bin"):
            os.mkdir(os.path.join(top, folder))
        os.symlink(estate.FAIRWAY, os.path.join(top, "bin/fairway"))
        self.estate.usual = {}
        self.policy, self.inventory = f"../{self.place}/policy.yaml", f"../{self.place}/inventory.yaml"
        self.store, self.plan = f"../{self.place}/jöurnal & more.db", "-a plan; x.json"

    def environment(self, **more):
        folder = self.estate.path
        return {**self.estate.environment(), "PATH": f"{folder}/bin:{os.environ['PATH']}", **more}

    def shell(self, command, **more):
        done = subprocess.run(["/bin/sh", "-c", command], cwd=self.estate.file("elsewhere"), env=self.environment(**more),
                              stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=estate.PATIENCE, check=False)
        self.assertFalse(os.path.exists(self.estate.file("elsewhere/hit")), command)
        return estate.Said([command], done.returncode, done.stdout, done.stderr)

    def run_it(self, *arguments, **more):
        return self.shell("fairway " + shlex.join(arguments), **more)

    def the_one(self, said, beginning):
        found = [one for one in advised(said.out + said.err) if one.startswith(beginning)]
        self.assertEqual(len(set(found)), 1, f"{beginning}: {found}\n{said}")
        return found[0]

    def planned(self, **more):
        said = self.run_it("plan", "-p", self.policy, "--inventory", self.inventory, f"--out={self.plan}", "-s", self.store, **more)
        self.assertEqual(said.status, CHANGES, str(said))
        return said

    def change_world(self, change):
        self.estate.write("world.json", self.estate.read(f"{self.place}/world.json"))
        self.estate.change_world(change)
        self.estate.write(f"{self.place}/world.json", self.estate.read("world.json"))

    def fault(self, setting, effect):
        self.change_world(lambda world: world.setdefault("faults", []).append(
            {"on": "write", "effect": effect, "object": "HV03", "setting": setting, "skip": 0, "times": 1}))

    def test_from_the_plan_to_the_rollback_by_copying(self):
        for env in ({}, {"LC_ALL": "C"}):
            with self.subTest(**env):
                said = self.planned(**env)
                self.assertEqual(self.shell(self.the_one(said, "fairway show"), **env).status, FINE)
                applied = self.shell(self.the_one(said, "fairway apply"), **env)
                self.assertEqual(applied.status, FINE, str(applied))
                undo = self.the_one(applied, "fairway rollback")
                back = self.shell(undo, **env)
                self.assertEqual(back.status, FINE, str(back))
                again = self.shell(undo, **env)
                self.assertEqual(again.status, REFUSED, str(again))

    def test_going_on_and_going_back(self):
        for beginning, status in (("fairway apply", FINE), ("fairway rollback", FINE)):
            with self.subTest(beginning):
                self.fault("migration.authentication", "unreachable")
                self.planned()
                failed = self.run_it("apply", f"./{self.plan}", "-i", self.inventory, "-s", self.store)
                self.assertEqual(failed.status, PARTLY_APPLIED, str(failed))
                done = self.shell(self.the_one(failed, beginning))
                self.assertEqual(done.status, status, str(done))
                if beginning == "fairway apply":
                    self.assertEqual(self.shell(self.the_one(done, "fairway rollback")).status, FINE)

    def test_a_rollback_that_is_narrowed_is_repeated_as_narrow(self):
        self.planned()
        applied = self.run_it("apply", f"./{self.plan}", "-i", self.inventory, "-s", self.store)
        run = RUN.search(self.the_one(applied, "fairway rollback")).group()
        self.change_world(lambda world: world.setdefault("faults", []).append(
            {"on": "read", "effect": "unreachable", "object": "HV03", "setting": "migration.authentication", "skip": 0, "times": 1}))
        said = self.run_it("rollback", run, "-i", self.inventory, "-s", self.store, "--host", "HV03", "--setting",
                           "migration.authentication")
        again = self.the_one(said, "fairway rollback").rstrip()
        self.assertTrue(again.endswith(run), again)
        line, = [line for line in (said.out + said.err).split("\n") if again in line]
        self.assertIn("--host HV03 --setting migration.authentication", line)

    def test_what_is_stale_or_waits_or_is_not_found(self):
        self.change_world(lambda world: world.update(
            copies=[{"server": "dc01", "id": "id-of-1"}, {"server": "dc02", "id": "id-of-2", "late_s": 10**9}], faults=[]))
        self.planned()
        applied = self.run_it("apply", f"./{self.plan}", "-i", self.inventory, "-s", self.store)
        verify = self.the_one(applied, "fairway verify")
        waits = self.shell(verify + " --converge 0")
        self.assertEqual(waits.status, NOT_VERIFIED, str(waits))
        self.assertEqual(self.the_one(waits, "fairway verify"), verify)
        self.assertEqual(self.run_it("apply", f"./{self.plan}", "-i", self.inventory, "-s", self.store).status, STALE)
        for command in ("rollback", "verify", "show", "history"):
            arguments = [command, "2026-01-01-01", "-s", self.store, *(["-i", self.inventory] if command in ("rollback", "verify") else [])]
            missing = self.run_it(*arguments)
            self.assertEqual(missing.status, ERROR, str(missing))
            self.assertEqual(self.shell(self.the_one(missing, "fairway history")).status, FINE)
            text = self.run_it(*arguments, "--output", "json").json()["error"]["text"]
            self.assertEqual(self.shell(advised(text)[0]).status, FINE)
        os.remove(self.estate.file(f"{self.place}/{os.path.basename(self.store)}.head"))
        lost = self.run_it("history", "-s", self.store)
        self.assertEqual(self.shell(self.the_one(lost, "fairway history")).status, FINE, str(lost))

    def test_what_holds_anyway_is_not_repeated(self):
        self.estate.write("elsewhere/c.yaml", "store: ../own.db\n")
        said = self.run_it("plan", "-p", self.policy, "-i", self.inventory, "--out", "p.json", FAIRWAY_STORE="env.db")
        self.assertEqual(self.the_one(said, "fairway show"), "fairway show p.json")
        said = self.run_it("apply", "p.json", "-i", self.inventory, "--config", "c.yaml")
        undo = self.the_one(said, "fairway rollback")
        self.assertIn(" --config c.yaml ", undo)
        self.assertNotIn(" -s ", undo)
        self.assertEqual(self.shell(undo).status, FINE)

    def test_usage_and_names_are_left_alone(self):
        said = self.run_it("apply", "-s", self.store)
        self.assertEqual(said.err, "error: usage: fairway apply PLAN, or fairway apply --resume RUN\n")
        self.assertEqual(said.status, USAGE)
