"""Policies that share files: do all commands read them, name the right file, and see when one of them changed? And may a file
that somebody else can write get into a policy that nobody else can write?
"""
import hashlib
import json
import os
import unittest

from estate import BAD_DOCUMENT, CHANGES, FINE, REFUSED
from promise_test import PromiseCase
from trust_test import Trap


def cut(text):
    """sample/policy.yaml as a policy that includes, and the file with its rules of computers."""
    head, hosts, rest = text.partition("  - id: delegation\n")
    computers, _, tail = rest.partition("verify:")
    return (head.replace("rules:", "include: [rules/computers.yaml]\n\nrules:") + "verify:" + tail,
            "# Shared.\nrules:\n" + hosts + computers)


class Includes(PromiseCase, Trap):
    def setUp(self):
        super().setUp()
        self.whole = self.estate.read("policy.yaml").decode()
        self.policy, self.shared = cut(self.whole)
        os.mkdir(self.estate.file("rules"), 0o700)
        self.estate.write("policy.yaml", self.policy)
        self.estate.write("rules/computers.yaml", self.shared)

    def findings(self):
        return self.result(CHANGES, "audit")["findings"]

    def test_what_a_policy_includes_is_as_if_it_stood_there(self):
        included = self.result(CHANGES, "plan", "--out", "plan.json")["plan"]
        self.estate.write("policy.yaml", self.whole)
        alone = self.result(CHANGES, "plan", "--out", "alone.json")["plan"]
        self.assertNotEqual(included["source_sha256"], alone["source_sha256"])
        for plan in (included, alone):
            del plan["source_sha256"], plan["digest"]
        self.assertEqual(included, alone)
        self.estate.write("policy.yaml", self.policy)
        self.expect(self.estate.run("apply", "plan.json"), FINE)
        self.assertEqual(self.estate.run("audit").status, FINE)

    def test_every_form_names_the_file_of_the_rule(self):
        files = {one["rule"]: one.get("file") for one in self.findings()}
        self.assertEqual(files, {"migration-on": None, "delegation": "rules/computers.yaml", "no-unconstrained": "rules/computers.yaml"})
        line = self.shared.splitlines().index("      delegation.services:") + 2
        self.assertIn(f"rules/computers.yaml:{line}", self.estate.run("audit").out)
        self.assertIn(f"rules/computers.yaml:{line}", self.estate.run("audit", "--output", "markdown").out)
        self.assertIn(f"rules/computers.yaml line {line}", self.estate.run("audit", "--output", "html").out)
        self.assertIn("rules/computers.yaml", self.estate.run("audit", "--output", "csv").out)
        places = {(place["artifactLocation"]["uri"], place["region"]["startLine"])
                  for one in json.loads(self.estate.run("audit", "--output", "sarif").out)["runs"][0]["results"]
                  for place in [one["locations"][0].get("physicalLocation")] if place}
        self.assertIn(("rules/computers.yaml", line), places)
        self.assertIn("policy.yaml", {file for file, _ in places})

    def test_an_audit_says_which_bytes_of_which_files_it_was_of(self):
        result = self.result(CHANGES, "audit")
        digests = [hashlib.sha256(text.encode()).hexdigest() for text in (self.policy, self.shared)]
        self.assertEqual(result["included_files"], [{"file": "rules/computers.yaml", "sha256": digests[1]}])
        self.assertEqual(result["policy_sha256"], hashlib.sha256("\n".join(digests).encode()).hexdigest())
        self.estate.write("policy.yaml", self.whole)
        self.assertEqual(self.result(CHANGES, "audit")["included_files"], [])

    def test_a_file_that_changed_makes_another_policy(self):
        self.expect(self.estate.run("plan", "--ticket", "CHG1", "--out", "plan.json"), CHANGES)
        self.expect(self.estate.run("plan", "--again", "plan.json"), CHANGES)
        self.estate.write("rules/computers.yaml", self.shared + "# a line\n")
        self.expect(self.estate.run("plan", "--again", "plan.json"), REFUSED,
                    "policy.yaml with the files that it includes is not the one that plan", "leave out --again")
        self.estate.write("rules/computers.yaml", self.shared)
        self.expect(self.estate.run("plan", "--again", "plan.json"), CHANGES)

    def test_watch_reads_them_each_time(self):
        self.expect(self.estate.run("watch", "--once"), CHANGES)
        self.estate.write("rules/computers.yaml", "rules: 3\n")
        said = self.estate.run("watch", "--once")
        self.assertIn("rules/computers.yaml:1", said.out + said.err, str(said))

    def test_mistakes_are_shown_in_their_file(self):
        self.estate.write("rules/computers.yaml", self.shared.replace("spn.migration", "spn.migraton"))
        line = self.shared.splitlines().index("      spn.migration: present") + 1
        for command in (("check", "policy.yaml"), ("audit",), ("plan",)):
            self.expect(self.estate.run(*command), BAD_DOCUMENT, f"rules/computers.yaml:{line}:7: error: unknown setting",
                        f"{line} |       spn.migraton: present\n", "did you mean `spn.migration`?")
        told = self.result(BAD_DOCUMENT, "check", "policy.yaml")["diagnostics"]
        self.assertEqual([(one["file"], one["line"]) for one in told], [("rules/computers.yaml", line)])
        self.estate.write("rules/computers.yaml", self.shared.replace("on: computers", "on: {tag: nobodys}"))
        for command in (("check", "policy.yaml", "inventory.yaml"), ("audit",)):  # seen when it is bound
            self.expect(self.estate.run(*command), BAD_DOCUMENT, "rules/computers.yaml:3:5: error: rule `delegation` selects no host",
                        "    3 |   - id: delegation\n")
        os.remove(self.estate.file("rules/computers.yaml"))
        self.expect(self.estate.run("audit"), BAD_DOCUMENT, "policy.yaml:6:11: error: cannot read rules/computers.yaml: No such file",
                    "include: [rules/computers.yaml]")

    def test_an_included_file_is_checked_with_its_policy(self):
        for files in (("policy.yaml", "rules/computers.yaml"), ("./rules//computers.yaml", "policy.yaml")):
            said = self.expect(self.estate.run("check", *files), FINE)
            self.assertIn("computers.yaml: included ok", said.out)
        self.expect(self.estate.run("check", "rules/computers.yaml"), BAD_DOCUMENT, "name that policy too")
        kinds = {one["file"]: (one["kind"], one["ok"]) for one in self.result(FINE, "check", *files)["documents"]}
        self.assertEqual(kinds, {"policy.yaml": ("policy", True), "./rules//computers.yaml": ("included", True)})

    def test_the_folder_is_the_policys(self):
        inside = self.estate.file("rules")
        said = self.estate.run("audit", "--policy", os.path.join(self.estate.path, "policy.yaml"))
        self.assertIn(inside + "/computers.yaml:", said.out, str(said))
        with open(self.estate.file("policy.yaml"), encoding="utf-8") as text:
            said = self.estate.run("check", "/dev/stdin", stdin=text)
        self.expect(said, BAD_DOCUMENT, "this policy is in no file of a folder")

    def test_what_others_may_write_gets_into_no_policy_that_they_may_not_write(self):
        name = "rules/computers.yaml"
        for what, words, spoil, restore in self.ways(name):
            if "folder" in what:
                continue  # of the policy as well
            with self.subTest(what):
                spoil()
                said = self.estate.run("audit")
                restore()
                self.expect(said, BAD_DOCUMENT, "policy.yaml:6:11: error: ", words)
        self.assertEqual(self.estate.run("audit").status, CHANGES)
        os.chmod(self.estate.file("rules"), 0o777)
        self.expect(self.estate.run("audit"), BAD_DOCUMENT, "rules/computers.yaml lies in a folder that others may write")
        os.chmod(self.estate.file("policy.yaml"), 0o666)  # whoever wrote the one could write the other
        self.assertEqual(self.estate.run("audit").status, CHANGES)

    def test_a_pipe_or_a_device_is_no_file(self):
        os.remove(self.estate.file("rules/computers.yaml"))
        os.mkfifo(self.estate.file("rules/computers.yaml"), 0o600)
        for mode in (0o600, 0o666):
            os.chmod(self.estate.file("policy.yaml"), mode)
            self.expect(self.estate.run("audit"), BAD_DOCUMENT, "rules/computers.yaml is not a regular file")


if __name__ == "__main__":
    unittest.main()
