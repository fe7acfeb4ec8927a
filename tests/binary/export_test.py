"""`fairway export`: what is there, as a policy; a plan by it has nothing to do. tests/laws tries it on generated worlds."""
import os
import re
import shutil
import unittest

from estate import CHANGES, FINE, HERE, UNREACHABLE, Case

SCENARIOS = os.path.join(os.path.dirname(HERE), "scenarios")



class Export(Case):
    def test_a_rule_for_most_hosts_and_one_for_each_odd_group(self):
        said = self.expect(self.estate.run("export"), FINE)
        self.assertIn("  - id: common-1\n    why: 2 of 3 hosts have this; no other value has more.\n", said.out)
        self.assertRegex(said.out, r"on: \{except: \[HV\d\d\]\}")
        self.assertRegex(said.out, r"why: 1 of 3 hosts has this, unlike what common-\d wants\.")
        self.estate.write("today.yaml", said.out)
        self.assertIn("policy ok", self.expect(self.estate.run("check", "today.yaml", "inventory.yaml"), FINE).out)
        self.expect(self.estate.run("plan", "-p", "today.yaml"), FINE)

    def test_it_is_strict_and_sees_what_somebody_changes_later(self):
        self.expect(self.estate.run("export", "--out", "today.yaml"), FINE, "The result is in today.yaml.")
        self.estate.change_world(lambda world: world["hosts"]["HV02"].update({"migration.max_live": 7}))
        said = self.estate.run("plan", "-p", "today.yaml", "--output", "json")
        changes = [change for phase in said.json()["plan"]["phases"] for change in phase["changes"]]
        self.assertEqual([(change["object"], change["setting"]) for change in changes], [("HV02", "migration.max_live")])

    def test_what_cannot_be_read_is_a_comment(self):
        self.estate.fault("read", "unreachable", "HV02", times=100)
        said = self.estate.run("export")
        self.assertEqual(said.status, UNREACHABLE, str(said))
        rules, rest = said.out.split("\n# No rule has these")
        self.assertIn("# HV02  migration.enabled, migration.authentication, ", rest)
        self.assertNotIn("hosts: [HV02]", rules)
        self.assertFalse([line for line in rest.splitlines()[1:] if not line.startswith("# ")])
        left_out = self.estate.run("export", "--output", "json").json()["exported"]["left_out"]
        self.assertEqual({(one["object"], one["read"]) for one in left_out}, {("HV02", False)})

    def test_nothing_to_read_is_no_policy(self):
        for host in ("HV01", "HV02", "HV03"):
            self.estate.fault("read", "unreachable", host, times=100)
        said = self.expect(self.estate.run("export", "--out", "today.yaml"), UNREACHABLE, "nothing to export")
        self.assertFalse(os.path.exists(self.estate.file("today.yaml")))
        self.assertEqual(said.out, "")

    def test_hostile_values_stay_values(self):
        hostile = ["cifs/a: b", "x\ny", "- id: mine", "}", "*", "cifs/FS01\u202e", "cifs/" + "x" * 5000, "null"]
        self.estate.change_world(
            lambda world: world["computers"]["HV02"].update({"delegation.services": hostile + ["cifs/FS01", "cifs/HV01"]}))
        said = self.expect(self.estate.run("export", "--out", "today.yaml"), FINE, "The result is in")
        text = self.estate.read("today.yaml").decode()
        self.assertIn("cifs/FS01", text)
        self.assertRegex(text, r"# HV02  delegation.services: has .* which no rule can want")
        self.assertEqual(len(re.findall(r"^  - id: ", text, flags=re.M)), len(re.findall(r"^    want:", text, flags=re.M)))
        self.assertEqual(self.estate.run("plan", "-p", "today.yaml", "--output", "json").json()["plan"]["phases"], [])
        self.assertEqual(said.out, "")

    def test_every_scenario_is_exported_and_its_plan_is_empty(self):
        tried = 0
        for name in sorted(os.listdir(SCENARIOS)):
            if not os.path.exists(os.path.join(SCENARIOS, name, "world.json")):
                continue
            with self.subTest(name):
                for file in ("world.json", "inventory.yaml"):
                    shutil.copy(os.path.join(SCENARIOS, name, file), self.estate.path)
                self.assertIn(self.estate.run("export", "--out", "today.yaml").status, (FINE, UNREACHABLE))
                said = self.estate.run("plan", "-p", "today.yaml", "--output", "json")
                self.assertEqual(said.json()["plan"]["phases"], [])
                self.assertIn(said.status, (FINE, CHANGES), str(said))
                tried += 1
        self.assertGreater(tried, 15)


if __name__ == "__main__":
    unittest.main()
