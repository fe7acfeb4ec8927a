"""Break-glass: a run that ends by itself. What is said before, what the journal knows before the first write, and what is
refused. Times are made by libfaketime."""
import json
import subprocess

import jsonschema

from estate import CHANGES, FINE, REFUSED, UNREACHABLE, USAGE, Case

OPEN = ("break-glass", "--hosts", "HV01,HV02", "--for", "45m", "--ticket", "CHG1", "--reason", "the KDC is broken")
KERBEROS = {"HV01": "kerberos", "HV02": "kerberos", "HV03": "kerberos"}
OPENED = {**KERBEROS, "HV01": "credssp", "HV02": "credssp"}


def later(minutes):
    """The environment in which it is so much later."""
    listed = subprocess.run(["dpkg", "-L", "libfaketime"], capture_output=True, encoding="utf-8", check=True).stdout
    library = next(line for line in listed.splitlines() if line.endswith("/libfaketimeMT.so.1"))
    return {"LD_PRELOAD": library, "FAKETIME": f"{minutes * 60:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


class Glass(Case):
    def setUp(self):
        super().setUp()
        self.estate.change_world(lambda world: [host.update({"migration.enabled": True, "migration.authentication": "kerberos",
                                                             "host.credential_guard": name == "HV01"})
                                                for name, host in world["hosts"].items()])
        self.first = self.values()

    def values(self):
        return {name: host["migration.authentication"] for name, host in self.estate.world()["hosts"].items()}

    def result(self, status, *arguments, **more):
        said = self.estate.run(*arguments, "--output", "json", **more)
        self.assertEqual(said.status, status, str(said))
        jsonschema.validate(said.json(), self.estate.run("schema", "results").json(), cls=jsonschema.Draft202012Validator)
        return said.json()

    def opened(self, *more, env=None):
        return self.result(FINE, *OPEN, *more, env=env)["applied"]["run"]


class Opening(Glass):
    def test_it_says_what_credssp_exposes_switches_these_hosts_alone_and_says_when_it_ends(self):
        said = self.expect(self.estate.run(*OPEN), FINE)
        for words in ("2 changes on 2 objects", "hands the whole credentials, password included", "HV01  useless as a source: Credential Guard",
                      "HV02  sign on at HV02 itself", "Start each move on its source host", "Ends by itself at 20", "Baseline recorded"):
            self.assertIn(words, said.out)
        self.assertLess(said.out.index("What CredSSP exposes"), said.out.index("Baseline recorded"))
        self.assertEqual(self.values(), OPENED)

    def test_its_end_is_in_the_journal_before_the_first_write(self):
        run = self.opened()
        entries = self.estate.entries()
        self.assertEqual([kind for of, kind, _ in entries if of == run][:2], ["begin", "intent"])
        self.assertEqual(entries[0][2]["term"]["reason"], "the KDC is broken")
        record = self.result(FINE, "show", run)["record"]
        self.assertEqual([term["reason"] for term in record["terms"]], ["the KDC is broken"])
        self.assertGreater(record["terms"][0]["until"], record["started"])
        self.assertIn("! break-glass run " + run, self.estate.run("history").out)
        self.assertIn("(break-glass until 20", self.estate.run("history").out)
        self.expect(self.estate.run("rollback", run), FINE)
        self.assertEqual(self.values(), KERBEROS)
        self.assertNotIn("! break-glass", self.estate.run("history").out)

    def test_the_results_fit_the_schema_and_say_what_is_exposed(self):
        dry = self.result(CHANGES, *OPEN, "--dry-run")
        self.assertEqual([(one["host"], one["credential_guard"]) for one in dry["exposed"]], [("HV01", True), ("HV02", False)])
        self.assertEqual(self.values(), KERBEROS)
        self.assertEqual(self.estate.entries(), [])
        opened = self.result(FINE, *OPEN)
        self.assertEqual(opened["term"]["reason"], "the KDC is broken")
        again = self.result(FINE, *OPEN)  # they use it already
        self.assertNotIn("applied", again)
        self.assertIn("! break-glass run", self.estate.run(*OPEN).out)

    def test_slips_are_refused_and_write_nothing(self):
        def without(option):
            at = OPEN.index(option)
            return OPEN[:at] + OPEN[at + 2:]
        slips = [(without(option), f"break-glass needs {option}") for option in ("--hosts", "--for", "--ticket", "--reason")]
        for time in ("45", "59s", "24h1s", "1d", "5"):
            slips.append(([*without("--for"), "--for", time], "--for takes a time from 1m to 24h"))
        slips += [([*without("--reason"), "--reason", words], "--reason takes one line") for words in ("  ", "a\nb", "x" * 501)]
        slips.append(([*without("--hosts"), "--hosts", "HV09"], "HV09"))
        with self.untouched():
            for arguments, words in slips:
                with self.subTest(arguments):
                    self.expect(self.estate.run(*arguments), USAGE, words)

    def test_an_emergency_policy_of_ones_own_is_held_to_its_limits(self):
        own = "policy: own\nowner: o\nwhy: w\nrollout: {limits: {hosts: 1, rollbacks: true}}\nrules:\n" \
              "  - {id: r, why: w, severity: high, on: hosts, want: {migration.authentication: credssp}}\n"
        self.estate.write("own.yaml", own)
        with self.untouched():
            self.expect(self.estate.run(*OPEN, "--emergency", "own.yaml"), REFUSED, "the plan goes beyond a limit", "--allow hosts=2")
        run = self.opened("--emergency", "own.yaml", "--allow", "hosts=2")
        self.expect(self.estate.run("rollback", run), FINE)  # the way back meets no limit, as nobody is asked

    def test_a_configured_policy_is_not_the_emergency_policy(self):
        plan = self.result(CHANGES, *OPEN, "--dry-run")["plan"]
        self.assertEqual(plan["source"], "credssp-emergency")
        self.assertEqual([one["hosts"] for one in plan["not_covered"]], [["HV03"]])

    def test_a_host_that_cannot_be_read_is_named(self):
        self.estate.fault("read", "unreachable", "HV02", times=9)
        self.expect(self.estate.run(*OPEN), UNREACHABLE, "not everything could be read of HV02; name the other hosts alone")
        self.assertEqual(self.values(), KERBEROS)

    def test_a_run_past_its_end_is_not_gone_on_with(self):
        self.estate.fault("write", "denied", "HV02")
        stopped = self.estate.run(*OPEN, "--output", "json").json()["applied"]
        self.assertEqual(stopped["left"], 1)
        self.expect(self.estate.run("apply", "--resume", stopped["run"], env=later(46)), REFUSED, "was past its end")
        self.expect(self.estate.run("apply", "--resume", stopped["run"]), FINE)
        self.assertEqual(self.values(), OPENED)


class Bytes(Glass):
    def test_the_shipped_policy_is_the_one_of_the_program(self):
        import hashlib
        import os
        shipped = os.path.join(os.path.dirname(__file__), "../../policies/credssp-emergency.yaml")
        with open(shipped, "rb") as f:
            digest = hashlib.sha256(f.read()).hexdigest()
        self.assertEqual(self.result(CHANGES, *OPEN, "--dry-run")["policy_sha256"], digest)
        self.assertTrue(json.loads(self.estate.read("world.json")))
