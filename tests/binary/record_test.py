"""What do `show` and `history` tell of one run, and which runs do the filters of `history` choose?"""
import datetime
import json
import re

import jsonschema

from estate import BAD_DOCUMENT, ERROR, FINE, USAGE, Case


class Record(Case):
    def result(self, *arguments):
        said = self.expect(self.estate.run(*arguments, "--output", "json"), FINE)
        jsonschema.validate(said.json(), self.estate.run("schema", "results").json())
        return said.json()

    def test_a_run_is_told_change_by_change_by_both_commands(self):
        self.estate.run("plan", "--out", "plan.json", "--ticket", "CHG-7")
        plan = json.loads(self.estate.read("plan.json"))
        run = self.estate.apply()
        shown = self.result("show", run)
        self.assertEqual(shown["record"], self.result("history", run)["record"])
        changes = [change for phase in plan["phases"] for change in phase["changes"]]
        record = shown["record"]
        self.assertEqual((record["run"], record["end"], record["rolled_back_by"]), (run, "complete", []))
        self.assertEqual([(one["object"], one["setting"], one["state"]) for one in record["changes"]],
                         [(one["object"], one["setting"], "done") for one in changes])
        for told, change in zip(record["changes"], changes):
            self.assertEqual(told["before"], change["before"])
            if "after" in change:
                self.assertEqual(told["after"], change["after"])
            self.assertRegex(told["begun"], r"^\d{4}-\d\d-\d\dT.*Z$")
        text = self.expect(self.estate.run("show", run), FINE).out
        self.assertEqual(text, self.expect(self.estate.run("history", run), FINE).out)
        self.assertEqual(len(re.findall("✓", text)), 6)
        self.assertIn("host HV03 migration.authentication: credssp → kerberos", text)
        self.assertEqual(len(re.findall(r"^       done, begun \d{4}", text, re.M)), 6)

    def test_what_others_did_with_it_later_is_told(self):
        run = self.estate.apply()
        self.expect(self.estate.run("rollback", run, "--yes", "--host", "HV03"), FINE)
        back = self.estate.runs()[-1]
        again = self.estate.apply()
        record = self.result("show", run)["record"]
        self.assertEqual(record["rolled_back_by"], [back])
        later = {(one["object"], one["setting"]): one["changed_later_by"] for one in record["changes"]}
        self.assertEqual(later["HV03", "migration.authentication"], [back, again])
        self.assertEqual(later["HV01", "migration.networks"], [])
        text = self.estate.run("show", run).out
        self.assertIn(f"Partly rolled back by run {back}", text)
        self.assertEqual(text.count(f"put back by run {back}"), 2)
        self.assertEqual(text.count(f"changed again by run {again}"), 2)

    def test_a_run_that_was_cut_off_and_settled_by_another_command(self):
        self.estate.fault("write", "unreachable", "HV03", "migration.authentication")
        self.estate.plan()
        self.estate.run("apply", "plan.json")
        run = self.estate.runs()[0]
        text = self.estate.run("show", run).out
        self.assertNotIn("not_done", text)
        self.assertNotIn("in_doubt", text)
        states = [one["state"] for one in self.result("show", run)["record"]["changes"]]
        self.assertEqual(states[5], "not_begun")
        self.assertIn("never begun", text)
        self.assertEqual(states.count("done"), 4)

    def test_what_is_a_file_is_a_file_and_what_was_not_found_is_said(self):
        run = self.estate.apply()
        self.assertIn(f"Run {run}", self.estate.run("show", run).out)
        self.estate.write(run, self.estate.read("plan.json"))
        self.assertTrue(self.estate.run("show", run).out.startswith("Plan "))
        self.expect(self.estate.run("show", "2026-01-01-01"), ERROR, "no file 2026-01-01-01", "no run 2026-01-01-01", "journal.db")
        self.expect(self.estate.run("show", "2026-01-01-01", "-s", "nowhere.db"), ERROR, "no file 2026-01-01-01", "nowhere.db")
        self.expect(self.estate.run("show", "nope.json"), BAD_DOCUMENT, "nope.json", "no run's name")
        self.expect(self.estate.run("history", "2026-01-01-01"), ERROR, "no run 2026-01-01-01")
        self.expect(self.estate.run("apply", "2026-01-01-01"), BAD_DOCUMENT, "fairway apply --resume 2026-01-01-01")
        for command in ("rollback", "verify"):
            self.expect(self.estate.run(command, "plan.json"), ERROR, "plan.json is a file", "name of a run")

    def test_the_filters_of_the_history(self):
        self.estate.run("plan", "--out", "plan.json", "--ticket", "CHG-7")
        self.expect(self.estate.run("apply", "plan.json"), FINE)
        run = self.estate.runs()[0]
        self.expect(self.estate.run("rollback", run, "--yes", "--host", "HV03", "--ticket", "INC-1"), FINE)
        back = self.estate.runs()[1]
        today = datetime.datetime.now(datetime.timezone.utc)
        day, before, after = ((today + datetime.timedelta(days=days)).strftime("%Y-%m-%d") for days in (0, -2, 2))
        rows = [
            ([], [run, back]),
            (["--ticket", "CHG-7"], [run]), (["--ticket", "inc-*"], [back]), (["--ticket", "CHG"], []),
            (["--host", "hv03"], [run, back]), (["--host", "HV01"], [run]), (["--host", "HV09"], []),
            (["--host", "HV09", "--host", "HV01"], [run]),
            (["--since", before], [run, back]), (["--since", after], []), (["--until", after], [run, back]),
            (["--until", before], []), (["--since", before, "--until", after, "--host", "HV01", "--ticket", "INC-1"], []),
            (["--since", f"{before}T00:00:00+02:00"], [run, back]),
            (["--since", before, "--until", day], [run, back]),
        ]
        for arguments, runs in rows:
            with self.subTest(arguments):
                self.assertEqual([one["run"] for one in self.result("history", *arguments)["runs"]], runs)
        self.assertIn("No run that was asked for.", self.estate.run("history", "--host", "HV09").out)
        for wrong in ("yesterday", "2026-02-30", "2026-11-22T04:10:00", "22.11.2026", "2026-11-22T"):
            with self.subTest(wrong):
                self.expect(self.estate.run("history", "--since", wrong), USAGE, "--since takes a day", wrong)
        self.expect(self.estate.run("history", "--since", after, "--until", before), USAGE, "later than --until")
        self.expect(self.estate.run("history", run, "--host", "HV01"), USAGE, "one run needs none")


class Script(Case):
    def test_the_script_of_a_plan_is_ascii_in_its_order_and_says_whose_it_is(self):
        self.estate.plan()
        plan = json.loads(self.estate.read("plan.json"))
        for env in ({}, {"LC_ALL": "C"}):
            out = self.expect(self.estate.run("show", "--cmdlets", "plan.json", env=env), FINE).out
            self.assertTrue(out.isascii())
            self.assertIn(f"# Fairway's plan {plan['digest'][:12]}", out)
            self.assertIn("neither ran these commands nor checks them", out)
            commands = [line for line in out.split("\n") if line and line[0] not in "#$"]
            objects = [change["object"] for phase in plan["phases"] for change in phase["changes"]]
            self.assertEqual([re.search(r"HV\d\d", line).group() for line in commands], objects)
        said = self.estate.run("show", "--cmdlets", "plan.json", "--output", "json").json()
        self.assertEqual([one["command"] for one in said["cmdlets"]], commands)
        run = self.estate.apply()
        self.assertEqual([line for line in self.estate.run("show", "--cmdlets", run).out.split("\n") if line and line[0] not in "#$"],
                         commands)

    def test_commands_are_whole_where_nobody_looks(self):
        self.estate.plan()
        for line in self.estate.run("show", "plan.json").out.split("\n"):
            if "as a cmdlet" in line:
                self.assertNotIn("…", line)


class Plain(Case):
    def test_where_the_locale_has_no_more_all_is_ascii(self):
        inventory = self.estate.read("inventory.yaml").decode()
        run = self.estate.apply()
        for env in ({"LC_ALL": "C"}, {"LC_ALL": "", "LANG": ""}, {"LC_ALL": "POSIX"}, {"LC_ALL": "", "LC_CTYPE": "C", "LANG": "C.UTF-8"},
                    {"LC_ALL": "de_DE.ISO-8859-1"}, {"LC_ALL": "", "LC_CTYPE": "", "LANG": "xx_XX"}):
            for arguments in (["audit"], ["plan"], ["show", "plan.json"], ["show", run], ["history"], ["settings"],
                              ["explain", "HV01", "HV02"], ["check", "policy.yaml"], ["rollback", run, "--dry-run"], ["--help"],
                              ["audit", "-p", "Zürich – 東京.yaml"]):
                with self.subTest(arguments, **env):
                    said = self.estate.run(*arguments, env=env)
                    self.assertTrue((said.out + said.err).isascii(), str(said))
        said = self.estate.run("explain", "HV01", "HV02", env={"LC_ALL": "C"})
        self.assertIn("HV01 -> HV02: open", said.out)
        self.assertIn("Z\\u{fc}rich", self.estate.run("audit", "-p", "Zürich", env={"LC_ALL": "C"}).err)
        for env in ({"LC_ALL": "C.UTF-8"}, {"LC_ALL": "xx_XX.utf8"}, {"LC_ALL": "", "LANG": "C.UTF-8"}):
            self.assertIn("HV01 → HV02: open", self.estate.run("explain", "HV01", "HV02", env=env).out)
        self.assertEqual(inventory, self.estate.read("inventory.yaml").decode())

    def test_what_is_for_machines_is_the_same_everywhere(self):
        self.estate.write("policy.yaml", self.estate.read("policy.yaml").decode().replace("why: ", "why: Zürich → ", 1))
        for arguments in (["plan", "--out", "-"], ["settings", "--output", "json"], ["schema", "policy"]):
            plain, whole = (re.sub(r'"time": "[^"]*"', "", self.estate.run(*arguments, env=env).out) for env in ({"LC_ALL": "C"}, {}))
            self.assertEqual(plain, whole)
