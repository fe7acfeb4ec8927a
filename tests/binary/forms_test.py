"""Do other programs take each form of a result as it is meant? Outside judges decide: a parser of CommonMark with GitHub's
extensions, the schemas of Jenkins and OASIS (judges/README.md), and promtool. Asked for the sample, for an estate whose names and texts mean harm, and for six hundred hosts.
"""
import datetime
import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET

import jsonschema

from estate import BAD_DOCUMENT, CHANGES, FINE, HERE, STORAGE, USAGE, Case
from fleet import POLICY, Fleet

with open(os.path.join(HERE, "judges/sarif-2.1.0.json"), encoding="utf-8") as schema:
    SARIF = json.load(schema)
TICKET = 30_000
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
GITHUB = [word for one in ("table", "autolink", "strikethrough", "tasklist") for word in ("-e", one)]
# What a person of ill will writes wherever a text is taken.
EVIL = ["<script>alert(1)</script>", "![x](http://evil.example/x.png)", "[click](javascript:alert(1))", "@everyone", "bob@corp.example",
        "http://evil.example/a?b=c", "www.evil.example", "`code`", "| a | b |", "# head", "**bold** _em_ ~~gone~~", "{html}{color:red}", "[~admin]",
        "!img.png!", "#12", "group/project!12", "&lt;b&gt; &#64;", "<http://evil.example>", "$x^2$", "[^1]", "[x]: http://evil.example", "ftp://evil.example",
        "\\", "\\\\server\\share", "<!-- -->", "mailto:bob@corp.example", "--- | ---", "\u202egnp.exe", "x\u2028y"]


def nodes(text, *extensions):
    """The tree of a text, as the parser sees it, without its name space."""
    done = subprocess.run(["cmark-gfm", "--to", "xml", *extensions], input=text, capture_output=True, encoding="utf-8", check=True)
    tree = ET.fromstring(re.sub(r' xmlns="[^"]+"', "", done.stdout.split("\n", 2)[2]))
    return list(tree.iter())


class Forms(Case):
    def ticket(self, folder, status, *arguments):
        """The Markdown of a command, after the judges have looked at it."""
        said = folder.run(*arguments, "--output", "markdown")
        self.assertEqual(said.status, status, str(said)[:2000])
        self.assertLess(len(said.out.encode()), TICKET)
        self.assertEqual([c for c in said.out if ord(c) < 32 and c != "\n" or c in "\u202e\u2028\x7f"], [])
        for extensions in ([], GITHUB):
            all_nodes = nodes(said.out, *extensions)
            kinds = {one.tag for one in all_nodes}
            self.assertEqual(kinds - {"document", "heading", "paragraph", "text", "softbreak", "code", "table", "table_header", "table_row", "table_cell"}, set())
            # Titles and code are ours, and no text looks like a link, a mention or the name of an issue to a system that looks for them.
            for one in all_nodes:
                if one.tag == "heading":
                    self.assertRegex("".join(one.itertext()).strip(), r"^[A-Z][A-Za-z ,-]+$")
                if one.tag == "code":
                    self.assertRegex(one.text, r"^(fairway [a-z]+|--output text)( (PLAN|RUN|HOST|--[a-z-]+))*$")
            seen = "".join(one.text or "" for one in all_nodes if one.tag == "text")
            self.assertIsNone(re.search(r"@|://|www\.|[#!]\w|\[~", seen), seen)
        return said.out

    def rows(self, text, title):
        """The rows of the table with that title: cells as text, as the parser sees them."""
        found = False
        for one in nodes(text, *GITHUB)[0]:
            if one.tag == "heading":
                found = "".join(one.itertext()).strip() == title
            if one.tag == "table" and found:
                return [["".join(cell.itertext()).strip() for cell in row] for row in one if row.tag == "table_row"]
        return []

    def junit(self, folder, *arguments):
        """Test results as Jenkins takes them: (suite, case, what it is, message) of each."""
        said = folder.run(*arguments, "--output", "junit")
        done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", os.path.join(HERE, "judges/jenkins-junit.xsd"), "-"],
                              input=said.out, capture_output=True, encoding="utf-8")
        self.assertEqual(done.returncode, 0, done.stderr[:2000])
        tree = ET.fromstring(said.out)
        cases = [(suite.get("name"), case.get("name"), case[0].tag if len(case) else "passed", case[0].text if len(case) else "")
                 for suite in tree for case in suite]
        for count, tag in (("failures", "failure"), ("errors", "error")):
            self.assertEqual(int(tree.get(count)), sum(one[2] == tag for one in cases))
            self.assertEqual(int(tree.get(count)), sum(int(suite.get(count)) for suite in tree))
        self.assertEqual(int(tree.get("tests")), len(cases))
        return cases

    def sarif(self, folder, *arguments):
        """The one run of a log that fits the schema; each result has a rule of that id."""
        log = folder.run(*arguments, "--output", "sarif").json()
        jsonschema.Draft4Validator(SARIF).validate(log)
        run, = log["runs"]
        rules = run["tool"]["driver"]["rules"]
        for one in run["results"]:
            self.assertEqual(rules[one["ruleIndex"]]["id"], one["ruleId"])
            self.assertEqual(one["level"] == "none", one["kind"] != "fail")
        self.assertEqual(len({rule["id"] for rule in rules}), len(rules))
        marks = [json.dumps(one["partialFingerprints"]) for one in run["results"] if not one["ruleId"].startswith(("cause.", "check"))]
        self.assertEqual(len(set(marks)), len(marks))
        return run

    def metrics(self, folder, *arguments):
        """Metrics that promtool takes without a word: {series: value}."""
        text = folder.run(*arguments, "--output", "prometheus").out
        done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, encoding="utf-8")
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""), text[:3000])
        return {line.rpartition(" ")[0]: int(line.rpartition(" ")[2]) for line in text.splitlines() if not line.startswith("#")}


class Markdown(Forms):
    def test_a_plan_begins_with_what_a_change_manager_asks(self):
        text = self.ticket(self.estate, CHANGES, "plan", "--out", "plan.json", "--ticket", "CHG0041")
        plan = self.estate.run("show", "plan.json", "--output", "json").json()["plan"]
        lines = text.split("\n")
        self.assertEqual(lines[2], f"Plan {plan['digest'][:12]} of estate corp, for CHG0041.")
        self.assertTrue(lines[4].startswith("0 of 6 paths are open now, and 6 after this plan. No step closes a path. "
                                            "It makes 6 changes on 3 hosts; the highest risk is medium."), lines[4])
        rows = self.rows(text, "Changes")
        self.assertEqual([(row[1], row[3]) for row in rows],
                         [(one["setting"], one["object"]) for phase in plan["phases"] for one in phase["changes"]])
        self.assertEqual(self.rows(text, "Paths")[-1][:4], ["after directory removals", "6", "0", "0"])
        shown = self.ticket(self.estate, FINE, "show", "plan.json")
        self.assertEqual(self.rows(shown, "Changes"), rows)

    def test_every_command_that_has_it(self):
        self.estate.plan()
        self.ticket(self.estate, CHANGES, "audit")
        applied = self.ticket(self.estate, FINE, "apply", "plan.json")
        run = re.search(r"Run (\S+) ended: complete\. 6 of 6 changes made, 0 left\.", applied).group(1)
        self.assertIn("6 of 6 trial moves succeeded", self.ticket(self.estate, FINE, "verify", run))
        self.assertIn("6 of 6 changes done", self.ticket(self.estate, FINE, "show", run))
        self.assertEqual(self.ticket(self.estate, FINE, "history", run).count("| done |"), 6)
        self.assertEqual([row[0] for row in self.rows(self.ticket(self.estate, FINE, "history"), "Runs")], [run])
        for command in (["spn"], ["blame", "HV01"], ["diagnose", "HV01"]):
            said = self.estate.run(*command, "--output", "json")
            self.ticket(self.estate, said.status, *command)
        self.assertIn("Nothing was changed", self.ticket(self.estate, CHANGES, "rollback", run, "--dry-run"))
        self.assertIn("6 of 6 changes made", self.ticket(self.estate, FINE, "rollback", run))
        self.assertIn("exit status 3", self.ticket(self.estate, BAD_DOCUMENT, "show", "nope.json"))
        self.expect(self.estate.run("config", "--output", "markdown"), USAGE, "`config` has no result as markdown; --output takes text, json, csv with it")

    def test_what_means_harm_is_text(self):
        ticket = " ".join(one for one in EVIL if one.isprintable())[:200]

        self.estate.change_world(harm)
        text = self.ticket(self.estate, CHANGES, "plan", "--out", "plan.json", "--ticket", ticket)
        self.assertIn("alert(1)", text)
        self.ticket(self.estate, FINE, "show", "plan.json")
        run = re.search(r"Run (\S+) ended", self.ticket(self.estate, FINE, "apply", "plan.json")).group(1)
        for command in (["audit"], ["spn"], ["blame", "HV01"], ["history"], ["show", run], ["verify", run], ["rollback", run, "--dry-run"],
                        ["diagnose", "HV01"], *(["show", one] for one in EVIL if one[0] != "-")):
            with self.subTest(command):
                said = self.estate.run(*command, "--output", "json")
                self.ticket(self.estate, said.status, *command)

    def test_hostile_words_of_events(self):
        events = [{"Id": 20306, "Level": 2, "RecordId": i, "ProviderName": "Microsoft-Windows-Hyper-V-VMMS", "LogName": one, "MachineName": one,
                   "TimeCreated": "2026-11-28T11:09:02+09:00", "Properties": [{"Value": one}, {"Value": "0x8009030E"}], "Message": one} for i, one in enumerate(EVIL)]
        self.estate.write("events.json", json.dumps(events))
        text = self.ticket(self.estate, CHANGES, "diagnose", "--events", "events.json")
        self.assertGreater(len(self.rows(text, "Causes")), 0)


def harm(world):
    services = [f"{one}/HV0{i % 3 + 1}" for i, one in enumerate(EVIL) if one.isprintable()]
    for host in ("HV01", "HV02"):
        world["computers"][host]["delegation.services"] += services


class Programs(Forms):
    def test_an_audit_as_test_results(self):
        findings = self.estate.run("audit", "--all", "--output", "json").json()["findings"]
        cases = self.junit(self.estate, "audit", "--all")
        self.assertEqual([one[:3] for one in cases if one[0] == "estate corp"], [("estate corp", "everything was read", "passed")])
        self.assertEqual(sorted((host, name, message) for host, name, tag, message in cases if tag == "failure"),
                         sorted((one["object"], f"{one['setting']} ({one['rule']})", one["because"]) for one in findings if one["verdict"] == "drifted"))
        self.assertEqual(sum(one[2] == "passed" for one in cases), 1 + sum(one["verdict"] == "compliant" for one in findings))
        self.estate.fault("read", "unreachable", "HV02")
        self.assertIn(("estate corp", "everything was read", "error"), [one[:3] for one in self.junit(self.estate, "audit")])
        self.assertEqual([one[:3] for one in self.junit(self.estate, "audit", "--policy", "nope.yaml")], [("fairway", "fairway audit", "error")])

    def test_a_verified_run_as_test_results(self):
        run = self.estate.apply()
        cases = self.junit(self.estate, "verify", run)
        self.assertEqual({one[2] for one in cases}, {"passed"})
        self.assertEqual(sum(one[1].startswith("trial move of canary from ") for one in cases), 6)
        self.estate.change_world(lambda world: world["hosts"]["HV02"].update({"migration.performance": "smb"}))
        self.assertEqual([one[:2] for one in self.junit(self.estate, "verify", run, "--no-moves") if one[2] == "failure"],
                         [("HV02", f"migration.performance ({run})")])

    def test_findings_as_sarif(self):
        findings = self.estate.run("audit", "--output", "json").json()["findings"]
        run = self.sarif(self.estate, "audit")
        self.assertEqual([(one["ruleId"], one["properties"]["policyRule"], one["level"]) for one in run["results"]],
                         [(one["setting"], one["rule"], "error") for one in findings])
        places = [one["locations"][0] for one in run["results"]]
        self.assertEqual([(one["physicalLocation"]["artifactLocation"]["uri"], one["physicalLocation"]["region"]["startLine"]) for one in places],
                         [("policy.yaml", one["line"]) for one in findings])
        self.assertEqual([one["logicalLocations"][0]["fullyQualifiedName"] for one in places], [f"{one['object']}/{one['setting']}" for one in findings])
        self.assertTrue(run["invocations"][0]["executionSuccessful"])
        names = self.estate.run("spn", "--output", "json").json()["service_names"]["findings"]
        self.assertEqual([one["ruleId"] for one in self.sarif(self.estate, "spn")["results"]], [f"spn.{one['fault']}" for one in names])
        self.assertIn("stale_delegation", {one["fault"] for one in names})
        cases = self.junit(self.estate, "spn")
        self.assertEqual({one[0] for one in cases}, {"HV01", "HV02", "HV03", "other names"})
        wrong = [one for one in cases if one[2] == "failure"]
        self.assertEqual(sorted({one[3] for one in wrong}), sorted({one["because"] for one in names}))
        self.assertTrue(all(any(name in one[1] for one in wrong) for finding in names for name in finding["names"]))
        failed = self.sarif(self.estate, "audit", "--policy", "nope.yaml")
        self.assertEqual((failed["results"], failed["invocations"][0]["executionSuccessful"]), ([], False))

    def test_an_audit_as_metrics(self):
        metrics = self.metrics(self.estate, "audit")
        self.assertEqual(metrics['fairway_audit_findings{estate="corp",severity="critical"}'], 3)
        self.assertEqual(metrics['fairway_audit_host_findings{estate="corp",host="HV03",severity="high"}'], 1)
        self.assertEqual(metrics['fairway_domain_paths{estate="corp",migration_domain="north-a",state="closed"}'], 6)
        self.assertEqual((metrics['fairway_audit_success{estate="corp"}'], metrics['fairway_audit_exit_status{estate="corp"}']), (1, CHANGES))
        failed = self.metrics(self.estate, "audit", "--policy", "nope.yaml")
        self.assertEqual((failed['fairway_audit_success{estate=""}'], failed['fairway_audit_exit_status{estate=""}']), (0, BAD_DOCUMENT))
        self.expect(self.estate.run("plan", "--output", "prometheus"), USAGE, "`plan` has no result as prometheus; --output takes text, json, markdown, html with it")

    def test_the_history_as_metrics(self):
        self.estate.apply()
        runs = self.estate.run("history", "--output", "json").json()["runs"]
        metrics = self.metrics(self.estate, "history")
        self.assertEqual(metrics['fairway_runs{estate="corp",end="complete"}'], len(runs))
        ended = datetime.datetime.fromisoformat(runs[0]["ended"].replace("Z", "+00:00")).timestamp()
        self.assertEqual(metrics['fairway_run_last_timestamp_seconds{estate="corp",end="complete"}'], ended)

    def test_what_means_harm_to_other_programs(self):
        self.estate.change_world(harm)
        for command in (["audit", "--all"], ["spn"], ["diagnose", "HV01"]):
            with self.subTest(command):
                self.sarif(self.estate, *command)
        told = " ".join(one[3] or "" for one in self.junit(self.estate, "audit", "--all"))
        self.assertIn("<script>", told)
        self.metrics(self.estate, "audit")


class Large(Forms):
    @classmethod
    def setUpClass(cls):
        cls.fleet = Fleet([30] * 20, policy=POLICY.replace("at_least: 2", "at_least: 700"))
        cls.addClassCleanup(cls.fleet.remove)
        for i, host in enumerate(sorted(cls.fleet.hosts)):
            if i % 7 == 0:
                cls.fleet.hosts[host]["migration.authentication"] = "credssp"
            if i % 3 == 0:
                cls.fleet.computers[host]["delegation.services"] = cls.fleet.computers[host]["delegation.services"][i % 20 + 1:]
            cls.fleet.hosts[host]["migration.max_live"] = i + 1  # a row for each host
        cls.fleet.save()

    def test_a_ticket_has_a_size_whatever_the_estate(self):
        text = self.ticket(self.fleet, CHANGES, "plan", "--out", "plan.json")
        rows = self.rows(text, "Changes")
        self.assertIn("86: HV001, HV008, HV015, HV022, HV029 and 81 more", [row[3] for row in rows])
        self.assertIn("of 17400 paths are open now", text)
        self.cut(text, rows, 602)
        text = self.ticket(self.fleet, CHANGES, "audit")
        self.cut(text, self.rows(text, "Findings"), 602)

    def test_the_fleet_for_other_programs(self):
        self.assertGreater(len(self.junit(self.fleet, "audit")), 600)
        self.assertGreater(len(self.sarif(self.fleet, "audit")["results"]), 600)
        metrics = self.metrics(self.fleet, "audit")
        self.assertEqual(sum(value for series, value in metrics.items() if series.startswith("fairway_paths{")), 17400)
        self.assertLess(len(metrics), 2 * 600 + 200)

    def cut(self, text, rows, of):
        """Whole rows are left out, and as many as it says."""
        self.assertGreater(len(text.encode()), TICKET * 9 // 10)
        self.assertEqual(len({len(row) for row in rows}), 1)
        self.assertIn(f"\n{of - len(rows)} of {of} rows are left out here.\n", text)
        self.assertRegex(text, rf"\n{of - len(rows)} of \d+ rows are left out below, because a ticket takes {TICKET} characters\.\n")


class Out(Forms):
    def test_a_result_in_a_file_is_what_would_be_printed(self):
        for form in ("text", "json", "csv", "markdown"):
            with self.subTest(form):
                printed = self.estate.run("audit", "--output", form).out
                said = self.estate.run("audit", "--output", form, "--out", "result")
                self.assertEqual((said.status, said.out, said.err), (CHANGES, "", "The result is in result.\n"))
                self.assertEqual(TIME.sub("", self.estate.read("result").decode().replace("\r\n", "\n")), TIME.sub("", printed))
        self.assertEqual(os.stat(self.estate.file("result")).st_mode & 0o777, 0o600)
        self.assertEqual(sorted(name for name in os.listdir(self.estate.path) if "result" in name), ["result"])
        self.assertIn("Findings", self.expect(self.estate.run("audit", "--out", "-"), CHANGES).out)

    def test_what_is_no_file_is_never_written_to(self):
        os.mkfifo(self.estate.file("fifo"))
        os.symlink("/dev/full", self.estate.file("link"))
        for name in ("fifo", "link", ".", "/dev/null"):
            with self.subTest(name):
                self.expect(self.estate.run("audit", "--out", name, "--output", "json"), USAGE, "names no file")
        self.expect(self.estate.run("audit", "--out", "no/folder/result"), STORAGE, "no/folder/result")

    def test_a_result_that_is_there_survives_an_error(self):
        self.estate.write("result", "old")
        os.chmod(self.estate.file("result"), 0o640)
        self.expect(self.estate.run("audit", "--policy", "nope.yaml", "--out", "result"), BAD_DOCUMENT, "nope.yaml")
        self.assertEqual(self.estate.read("result"), b"old")
        self.estate.run("audit", "--out", "result")
        self.assertIn(b"Findings", self.estate.read("result"))
        self.assertEqual(os.stat(self.estate.file("result")).st_mode & 0o777, 0o640)

    def test_a_run_whose_result_is_lost_is_in_the_journal(self):
        self.estate.plan()
        self.expect(self.estate.run("apply", "plan.json", "--out", "no/folder/result"), STORAGE, "no/folder: No such file")
        self.assertEqual(self.estate.runs(), [])
        os.symlink("no/folder/result", self.estate.file("link"))  # where a link leads, only writing shows
        self.expect(self.estate.run("apply", "plan.json", "--out", "link"), FINE, "`fairway history` has the run")
        self.assertEqual(len(self.estate.runs()), 1)
