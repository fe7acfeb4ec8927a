"""Does `diagnose` name the cause of each event file of events/, alone and with the sample estate, and nothing that it must not?"""
import json
import os
import shutil
import time
import unittest

import fleet
from estate import BAD_DOCUMENT, CHANGES, FINE, HERE, USAGE, Case

EVENTS = os.path.join(HERE, "events")
SAMPLE = os.path.join(os.path.dirname(os.path.dirname(HERE)), "examples", "corp")


def first_word(text):
    return text.split()[0].rstrip(":")


class Files(Case):
    def setUp(self):
        super().setUp()
        self.estate.write("fairway.yaml", "")
        for name in ("inventory.yaml", "world.json"):
            shutil.copy(os.path.join(SAMPLE, name), self.estate.file(name))

    def result(self, status, *arguments):
        said = self.expect(self.estate.run("diagnose", "--output", "json", *arguments), status)
        return said.json()

    def test_every_file_gives_its_cause(self):
        with open(os.path.join(EVENTS, "expected.json"), encoding="utf-8") as f:
            expected = json.load(f)
        for name, want in expected.items():
            path = os.path.join(EVENTS, name)
            files = sorted(os.path.join(path, one) for one in os.listdir(path)) if os.path.isdir(path) else [path]
            options = [word for one in files for word in ("--events", one)]
            for key, more in (("first", []), ("first_with_harbour", ["--inventory", "inventory.yaml"])):
                with self.subTest(name, estate=bool(more)):
                    causes = self.result(CHANGES, *options, *more)["causes"]
                    self.assertEqual(causes[0]["id"], first_word(want.get(key, want["first"])), causes)
                    self.assertEqual(causes[0]["pair"].replace("?", "*").lower(), want["pair"].replace("?", "*").lower())
                    self.assertFalse({one["id"] for one in causes[1:]} & {first_word(one) for one in want["not_"]}, causes)
                    self.assertTrue(all(one["evidence"] and one["fix"] for one in causes))

    def test_a_file_that_is_cut_is_said(self):
        result = self.result(CHANGES, "--events", os.path.join(EVENTS, "s10-truncated.xml"))
        self.assertEqual([(one["events"], one["cut"]) for one in result["event_files"]], [(3, True)])
        self.assertIn("ends in the middle of an event; 3 events of it were read", result["notes"][0])

    def test_what_was_made_good_is_left_out(self):
        result = self.result(CHANGES, "--events", os.path.join(EVENTS, "s06-bundle-noise.xml"))
        self.assertEqual([one["id"] for one in result["causes"]], ["limit-reached"])
        self.assertEqual(result["made_good"], 1)

    def test_a_pair_of_the_estate_without_events(self):
        for pair, cause in ((("HV04", "HV02"), "delegation-missing"), (("HV03", "HV01"), "authentication"),
                            (("HV01", "HV07"), "migration-off")):
            with self.subTest(pair):
                causes = self.result(CHANGES, *pair, "--inventory", "inventory.yaml")["causes"]
                self.assertEqual((causes[0]["id"], causes[0]["pair"]), (cause, " ".join(pair)))
        open_path = self.result(FINE, "HV01", "HV02", "--inventory", "inventory.yaml")
        self.assertEqual(open_path["causes"], [])
        self.assertTrue(any("krbtgt" in one for one in open_path["not_looked_at"]))

    def test_a_plan_of_what_fixes_the_causes_opens_the_path(self):
        shutil.copy(os.path.join(SAMPLE, "policy.yaml"), self.estate.file("policy.yaml"))
        files = ["--policy", "policy.yaml", "--inventory", "inventory.yaml"]
        said = self.result(CHANGES, "HV04", "HV02", *files, "--plan", "fix.json")
        changes = [one for phase in said["plan"]["phases"] for one in phase["changes"]]
        self.assertEqual({(one["object"], one["setting"]) for one in changes}, {("HV04", "delegation.services")})
        self.assertNotIn("paths_closed", [one["fault"] for one in said["plan"].get("estate_findings", [])])
        self.expect(self.estate.run("apply", "fix.json", "--inventory", "inventory.yaml"), FINE)
        self.assertEqual(self.result(FINE, "HV04", "HV02", *files)["causes"], [])
        self.expect(self.estate.run("diagnose", "HV03", "HV01", "--inventory", "inventory.yaml", "--plan", "x"), USAGE, "--policy")
        nothing = self.expect(self.estate.run("diagnose", "HV01", "HV02", *files, "--plan", "none.json"), FINE)
        self.assertIn("no plan was made", nothing.out)
        self.assertFalse(os.path.exists(self.estate.file("none.json")))

    def test_the_stories(self):
        for story, cause in (("st1-protocol-transition", "protocol-transition-off"), ("st4-fresh-delegation", "fresh-change"),
                             ("st5-remote-only-denied", "protocol-transition-off")):
            with self.subTest(story):
                with open(os.path.join(EVENTS, "stories", story + ".json"), encoding="utf-8") as f:
                    patch = json.load(f)
                self.lay_out(patch)
                causes = self.result(CHANGES, patch["from"], patch["to"], "--inventory", "inventory.yaml")["causes"]
                self.assertEqual(causes[0]["id"], cause)

    def test_a_change_that_is_old_is_no_cause(self):
        with open(os.path.join(EVENTS, "stories", "st4-fresh-delegation.json"), encoding="utf-8") as f:
            patch = json.load(f)
        patch["set"]["stamps"][0]["ago_s"] = 16 * 60
        self.lay_out(patch)
        self.assertEqual(self.result(FINE, "HV01", "HV02", "--inventory", "inventory.yaml")["causes"], [])

    def lay_out(self, patch):
        """The sample estate with what the story says of it."""
        with open(os.path.join(SAMPLE, "world.json"), encoding="utf-8") as f:
            world = json.load(f)
        for path, value in patch["set"].items():
            *way, last = path.split("/")
            at = world
            for key in way:
                at = at[key]
            at[last] = value
        for stamp in world.get("stamps", []):
            stamp["time"] = int(time.time()) - stamp.pop("ago_s")
        self.estate.write("world.json", json.dumps(world))

    def test_of_a_host_with_many_peers_it_is_said_which_were_not_looked_at(self):
        for peers, said in ((8, []), (9, ["how 1 of its 9 peers resolve HV001"]),
                            (18, ["how 10 of its 18 peers resolve HV001", "its paths from and to 2 of its 18 peers"])):
            with self.subTest(peers):
                self.estate = fleet.Fleet([peers + 1])
                self.addCleanup(self.estate.remove)
                unseen = json.loads(self.estate.run("diagnose", "HV001", "--output", "json").out)["not_looked_at"]
                self.assertEqual([one.split(";")[0] for one in unseen if "peers" in one], said)

    def test_a_line_that_asks_nothing(self):
        for arguments in ([], ["HV01"], ["HV01", "HV02"]):
            self.expect(self.estate.run("diagnose", *arguments), USAGE, "error: ")
        self.expect(self.estate.run("diagnose", "HV01", "HV99", "--inventory", "inventory.yaml"), USAGE, "HV99")

if __name__ == "__main__":
    unittest.main()
