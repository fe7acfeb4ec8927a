"""What people type without looking it up: --dry-run and --what-if, and `explain` with the id of a finding."""
import os

import jsonschema

from estate import CHANGES, FINE, STALE, USAGE, Case


class Habits(Case):
    def result(self, *arguments):
        """The result, which its schema knows."""
        out = self.estate.run(*arguments, "--output", "json").json()
        jsonschema.validate(out, self.estate.run("schema", "results").json(), cls=jsonschema.Draft202012Validator)
        return out


class DryRuns(Habits):
    def tells(self, said, *words):
        self.assertEqual((said.status, said.err), (CHANGES, ""), str(said))
        for word in words:
            self.assertIn(word, said.out)

    def test_a_plan_file_is_not_written(self):
        for option in ("--dry-run", "--what-if"):
            said = self.estate.run("plan", "--out", "plan.json", option)
            self.tells(said, "6 changes", "no plan file was written")
            self.assertFalse(os.path.exists(self.estate.file("plan.json")))

    def test_apply_says_what_it_would_do_and_leaves_nothing_behind(self):
        self.estate.plan()
        before = sorted(os.listdir(self.estate.path)), self.estate.world()
        for option in ("--dry-run", "--what-if"):
            said = self.estate.run("apply", "plan.json", option)
            self.tells(said, "6 changes", "Each value is as the plan saw it", "Nothing was changed.")
        self.assertEqual((sorted(os.listdir(self.estate.path)), self.estate.world()), before)
        result = self.result("apply", "plan.json", "--dry-run")
        self.assertNotIn("applied", result)
        self.assertEqual(result["plan"], self.estate.run("show", "plan.json", "--output", "json").json()["plan"])
        for form, words in (("markdown", "# Planned change of"), ("html", "Change plan")):
            self.assertIn(words, self.estate.run("apply", "plan.json", "--dry-run", "--output", form).out)

    def test_apply_refuses_in_a_dry_run_what_it_would_refuse(self):
        self.estate.plan()
        self.estate.change_world(lambda world: world["hosts"]["HV02"].update({"migration.performance": "smb"}))
        said = self.estate.run("apply", "plan.json", "--dry-run")
        self.assertEqual(said.status, STALE, str(said))
        self.assertIn("would refuse the plan as well", said.err)
        self.estate.fault("write", "denied", "HV02")
        self.assertEqual(self.estate.run("apply", "plan.json", "--dry-run", "--plan-id", "0" * 12).status, 10)

    def test_hosts_that_are_left_out_are_not_asked(self):
        self.estate.plan()
        self.estate.change_world(lambda world: world["hosts"]["HV02"].update({"migration.performance": "smb"}))
        self.tells(self.estate.run("apply", "plan.json", "--dry-run", "--except", "HV02"), "Nothing was changed.")
        self.expect(self.estate.run("apply", "plan.json", "--dry-run", "--in-flight", "0"), USAGE, "--in-flight")

    def test_a_dry_run_bears_what_apply_would_bear(self):
        self.estate.plan()
        self.estate.change_world(lambda world: world["hosts"]["HV02"].update({"migration.performance": "smb"}))
        said = self.estate.run("apply", "plan.json", "--dry-run", "--max-failures", "2")
        self.tells(said, "HV02 migration.performance", "All else is as the plan saw it", "Nothing was changed.")
        result = self.result("apply", "plan.json", "--dry-run", "--max-failures", "2")
        self.assertIn("HV02", [one["object"] for one in result["left_out"]])

    def test_a_run_is_resumed_or_looked_at(self):
        self.expect(self.estate.run("apply", "--resume", "2026-01-01-01", "--dry-run"), USAGE, "--dry-run is for a plan")


class Explained(Habits):
    def test_every_finding_leads_to_what_it_means(self):
        audit = self.estate.run("audit", "--all", "--output", "json").json()
        ids = {one["setting"] for one in audit["findings"]} | {one["fault"] for one in audit["estate_findings"]} | set(
            audit["path_letters"]["conditions"])
        self.assertGreater(len(ids), 7)
        for one in sorted(ids):
            said = self.estate.run("explain", one)
            self.assertEqual(said.status, FINE, str(said))
            self.assertIn(one, said.out)
            self.assertRegex(said.out, "(from|fix) ")
            for command in ("audit", "verify", "plan"):
                self.assertEqual(self.estate.run(command, "--explain", one).out, said.out)
        topic, = self.result("explain", "credential-guard")["topics"]
        self.assertEqual(topic["kind"], "cause of failed moves")
        self.assertEqual([line["label"] for line in topic["lines"]], ["fix", "part of", "closes"])

    def test_an_unknown_id_names_the_nearest(self):
        self.expect(self.estate.run("explain", "delegation.service"), USAGE, "did you mean `delegation.services`?")
        self.expect(self.estate.run("explain", "\x1b[2J"), USAGE, "no finding has the id")
        self.expect(self.estate.run("audit", "--explain", ""), USAGE, "--explain is empty")
