"""What does somebody hear who gives the program something wrong? Each mistake: its exit status, the words that
name it and the way out, and nothing written. Documents first, then plans, journals and the command line.
"""
import contextlib
import json
import sqlite3

from estate import (BAD_DOCUMENT, CHANGES_UNREAD, DENIED, ERROR, FINE, REFUSED, STALE, STORAGE, UNREACHABLE, USAGE, Case)

# file, what stands there, what is put there instead, words of the complaint
DOCUMENTS = [
    ("unknown setting", "policy.yaml", "migration.authentication: kerberos", "migration.autentication: kerberos",
     ["policy.yaml:13:7: error: unknown setting `migration.autentication`", "did you mean `migration.authentication`?"]),
    ("wrong type", "policy.yaml", "migration.enabled: true", "migration.enabled: maybe",
     ["policy.yaml:12:26:", "`migration.enabled` must be true or false, not `maybe`"]),
    ("wrong unit", "policy.yaml", "{at_least: 2}", "{at_least: 4GB}",
     ["policy.yaml:15:", "whole number from 0 to 1000 migrations", "`GB` is no unit of it"]),
    ("a value out of its range", "policy.yaml", "{at_least: 2}", "{at_least: 1001}",
     ["must be from 0 to 1000 migrations, not 1001"]),
    ("a fact as a want", "policy.yaml", "migration.enabled: true", "host.build: 20348",
     ["`host.build` is only read: no rule can want it"]),
    ("duplicate rule", "policy.yaml", "id: no-unconstrained", "id: delegation",
     ["policy.yaml:28:9:", "rule `delegation` is here twice; first in line 18"]),
    ("duplicate key", "policy.yaml", "owner: tests@corp.example", "owner: a\nowner: b",
     ["the key `owner` is here twice; first in line 3"]),
    ("a rule without why", "policy.yaml", "    why: Any host must take any VM.\n", "",
     ["rule `migration-on` has no reason: `why` is required"]),
    ("an exception without until", "policy.yaml", "verify:",
     "exceptions:\n  - {host: HV01, setting: migration.enabled, owner: me, reason: r}\nverify:",
     ["the exception for HV01 has no end: `until` is required (RFC 3339 with a zone)"]),
    ("an exception until a time without zone", "policy.yaml", "verify:",
     "exceptions:\n  - {host: HV01, setting: migration.enabled, owner: me, reason: r, until: 2027-01-01T00:00:00}\n"
     "verify:", ["policy.yaml:36:75:", "`2027-01-01T00:00:00` has no zone"]),
    ("empty migration domain", "inventory.yaml", "[HV01, HV02, HV03]", "[]",
     ["inventory.yaml:10:", "migration domain north-a is empty: it must have two hosts at least"]),
    ("a host in two domains", "inventory.yaml", "[HV01, HV02, HV03]}",
     "[HV01, HV02]}\n  - {name: lab, hosts: [HV02, HV03]}",
     ["inventory.yaml:11:", "host HV02 is in two migration domains, north-a (line 10) and lab"]),
    ("an unknown host in a domain", "inventory.yaml", "[HV01, HV02, HV03]", "[HV01, HV22]",
     ["unknown host HV22 in migration domain north-a", "did you mean `HV02`?"]),
    ("a secret in the inventory", "inventory.yaml", "estate: corp", "estate: corp\npassword: hunter2",
     ["`password` looks like a secret", "secrets are never in documents"]),
]

# Mistakes that only show when policy and inventory come together.
TOGETHER = [
    ("contradictory rules", "verify:",
     "  - id: other\n    why: w\n    on: {tag: rack-a}\n    want:\n      migration.enabled: false\nverify:",
     ["rule `other`", "wants migration.enabled off", "but rule `migration-on` (line 12) wants on",
      "no value can be both"]),
    ("a rule for no host", "    on: hosts\n", "    on: {tag: rack-c}\n", ["rule `migration-on` selects no host"]),
    ("an exception for no host", "verify:",
     "exceptions:\n  - {host: HV09, setting: migration.enabled, owner: me, reason: r, until: 2099-01-01T00:00:00Z}\n"
     "verify:", ["the exception for HV09 is for no host of inventory inventory.yaml"]),
]

# The command line and the config: arguments, words.
COMMAND_LINES = [
    ("unknown command", ["audti"], ["there is no command `audti`", "did you mean `audit`?", "fairway --help"]),
    ("unknown option", ["audit", "--polcy", "x"], ["--polcy", "did you mean `--policy`?"]),
    ("an option of another command", ["settings", "--canary", "1"], ["`fairway settings` takes no --canary"]),
    ("an option without its value", ["audit", "--policy"], ["--policy", "fairway --help"]),
    ("an option twice", ["audit", "-p", "a", "-p", "b"], ["--policy is given 2 times"]),
    ("a word that is none of the choices", ["audit", "--output", "xml"], ["--output takes one of text|json|csv|markdown|html|junit|sarif|prometheus, not `xml`"]),
    ("too few arguments", ["rollback"], ["usage: fairway rollback RUN"]),
    ("too many arguments", ["show", "a", "b"], ["usage: fairway show PLAN"]),
    ("apply of nothing", ["apply"], ["fairway apply PLAN, or fairway apply --resume RUN"]),
    ("apply of both", ["apply", "plan.json", "--resume", "r"], ["fairway apply PLAN, or fairway apply --resume RUN"]),
    ("a probe of an embedded estate", ["probe", "HV01"], ["an embedded estate has no hosts on the network"]),
    ("unknown log level", ["audit", "--log-level", "loud"], ["`loud` is no log level; use trace"]),
    ("missing config file", ["audit", "--config", "nope.yaml"], ["cannot read nope.yaml", "No such file"]),
    ("unknown host to explain", ["explain", "HV01", "HV09"], ["inventory.yaml has no host HV09"]),
    ("one host as a path", ["explain", "HV01", "hv01"], ["a path is between two different hosts"]),
    ("unknown schema", ["schema", "polcy"], ["prints policy, inventory, results, events or alarms"]),
]

CONFIGS = [
    ("wrong key", "polcy: policy.yaml\n", ["fairway.yaml:1:1: error: unknown key `polcy`", "did you mean `policy`?"]),
    ("wrong word", "output: xml\n", ["--output takes one of text|json|csv|markdown|html|junit|sarif|prometheus, not `xml`"]),
    ("a list as a value", "policy: [policy.yaml]\n", ["fairway.yaml:1:", "`policy` takes FILE"]),
    ("a list as the whole", "- policy.yaml\n", ["fairway.yaml:1:1", "must be a map"]),
    ("a word as the whole", "policy.yaml\n", ["fairway.yaml:1:1", "must be a map"]),
    ("no YAML", "policy: [\n", ["fairway.yaml:"]),
]


class BadDocuments(Case):
    @contextlib.contextmanager
    def spoilt(self, file, *pairs):
        """The file with those texts replaced, as long as the caller is inside."""
        good = self.estate.read(file)
        text = good.decode()
        for old, new in pairs:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        self.estate.write(file, text)
        try:
            with self.untouched():
                yield
        finally:
            self.estate.write(file, good)

    def test_check_and_plan_name_the_mistake_and_write_nothing(self):
        for name, file, old, new, words in DOCUMENTS:
            with self.subTest(name), self.spoilt(file, (old, new)):
                self.expect(self.estate.run("check", file), BAD_DOCUMENT, *words, "1 error; nothing was written.")
                self.expect(self.estate.run("plan", "--out", "p.json"), BAD_DOCUMENT, *words)

    def test_check_and_plan_name_what_does_not_go_together(self):
        for name, old, new, words in TOGETHER:
            with self.subTest(name), self.spoilt("policy.yaml", (old, new)):
                self.expect(self.estate.run("check", "policy.yaml"), FINE)
                self.expect(self.estate.run("check", "policy.yaml", "inventory.yaml"), BAD_DOCUMENT, *words)
                self.expect(self.estate.run("plan", "--out", "p.json"), BAD_DOCUMENT, *words)

    def test_a_refused_plan_leaves_an_older_plan_file_alone(self):
        self.estate.write("plan.json", "the plan of yesterday")
        with self.spoilt("policy.yaml", ("migration.enabled: true", "migration.enabled: maybe")):
            self.assertEqual(self.estate.run("plan", "--out", "plan.json").status, BAD_DOCUMENT)
        self.assertEqual(self.estate.read("plan.json"), b"the plan of yesterday")

    def test_every_mistake_of_a_document_is_told_at_once(self):
        with self.spoilt("policy.yaml", ("migration.enabled: true", "migration.enabled: maybe"),
                         ("{at_least: 2}", "many"), ("severity: high", "severity: dire")):
            self.expect(self.estate.run("check", "policy.yaml"), BAD_DOCUMENT, "`maybe`", "`many`", "`dire`", "3 errors")

    def test_a_secret_is_named_but_never_shown(self):
        with self.spoilt("inventory.yaml", ("estate: corp", "estate: corp\npassword: hunter2")):
            for form in ("text", "json"):
                said = self.estate.run("check", "inventory.yaml", "--output", form)
                self.assertEqual(said.status, BAD_DOCUMENT)
                self.assertNotIn("hunter2", said.out + said.err)

    def test_a_missing_document_is_named(self):
        for option in ("--policy", "--inventory"):
            self.expect(self.estate.run("audit", option, "nope.yaml"), BAD_DOCUMENT, "cannot read nope.yaml",
                        "No such file")

    def test_a_missing_option_says_the_three_ways_to_give_it(self):
        self.estate.write("fairway.yaml", "")
        self.expect(self.estate.run("audit"), USAGE, "needs --policy FILE", "FAIRWAY_POLICY", "fairway.yaml")
        self.expect(self.estate.run("audit", "-p", "policy.yaml"), USAGE, "needs --inventory FILE", "FAIRWAY_INVENTORY")


class BadEstates(Case):
    def test_an_unreachable_host_is_named_and_no_plan_is_made(self):
        self.estate.fault("read", "unreachable", "HV02")
        with self.untouched():
            said = self.expect(self.estate.run("plan", "--out", "p.json"), UNREACHABLE,
                               "not everything could be read, so no plan was made", "HV02 does not answer")
            self.assertNotIn("HV01 does not answer", said.err)
            self.assertEqual(self.estate.run("audit").status, CHANGES_UNREAD)
        self.assertFalse(self.estate.run("show", "p.json").out)

    def test_a_host_that_denies_is_told_from_one_that_is_silent(self):
        self.estate.fault("read", "denied", "HV02")
        self.expect(self.estate.run("plan", "--out", "p.json"), DENIED, "HV02 refuses: access denied")

    def test_a_host_that_falls_silent_after_the_plan_is_not_written_to(self):
        self.estate.plan()
        self.estate.fault("read", "unreachable", "HV03", "migration.authentication")
        with self.untouched():
            self.expect(self.estate.run("apply", "plan.json"), UNREACHABLE, "host HV03 migration.authentication",
                        "does not answer")

    def test_the_world_of_another_estate_is_refused(self):
        self.estate.change_world(lambda world: world.update(estate="lab"))
        with self.untouched():
            self.expect(self.estate.run("audit"), REFUSED, "world.json is the estate lab, the inventory is of corp")

    def test_a_missing_world_is_unreachable(self):
        self.estate.write("inventory.yaml", self.estate.read("inventory.yaml").replace(b"world.json", b"gone.json"))
        self.expect(self.estate.run("audit"), UNREACHABLE, "the embedded estate is not there", "gone.json")


class BadPlans(Case):
    def setUp(self):
        super().setUp()
        self.estate.plan()
        self.text = self.estate.read("plan.json").decode()

    def refuse(self, status, *words):
        with self.untouched():
            return self.expect(self.estate.run("apply", "plan.json"), status, *words)

    def test_a_truncated_plan_is_no_plan(self):
        for size in (0, 1, len(self.text) // 2, len(self.text) - 3):
            with self.subTest(size=size):
                self.estate.write("plan.json", self.text[:size])
                self.refuse(BAD_DOCUMENT, "plan.json: this is no plan")

    def test_a_plan_with_one_value_edited_is_refused(self):
        for old, new in [('"after": "kerberos"', '"after": "credssp "'), ('"tcpip"', '"smb"'), ('"closes": 0', '"closes": 1'),
                         ('"cifs/HV03"', '"cifs/HV99"'), ('"ticket": ""', '"ticket": "CHG1"')]:
            with self.subTest(new):
                self.assertIn(old, self.text)
                self.estate.write("plan.json", self.text.replace(old, new, 1))
                self.refuse(BAD_DOCUMENT, "plan.json: ", "digest" if new != '"after": "credssp "' else "")

    def test_a_missing_plan_is_named(self):
        with self.untouched():
            self.expect(self.estate.run("apply", "nope.json"), BAD_DOCUMENT, "cannot read nope.json", "No such file")

    def test_a_plan_of_another_estate_is_refused(self):
        self.estate.write("inventory.yaml", self.estate.read("inventory.yaml").replace(b"estate: corp", b"estate: lab"))
        self.estate.change_world(lambda world: world.update(estate="lab"))
        self.refuse(REFUSED, "this plan is for the estate corp", "inventory.yaml is of lab")

    def test_a_plan_from_before_an_inventory_change_is_refused(self):
        self.estate.write("inventory.yaml", self.estate.read("inventory.yaml") + b"# one more line\n")
        self.refuse(REFUSED, "inventory.yaml was changed since the plan was made", "fresh plan")

    def test_the_plan_of_a_rollback_is_not_applied(self):
        run = self.estate.apply()
        said = self.estate.run("rollback", run, "--dry-run", "--output", "json")
        self.estate.write("plan.json", json.dumps(said.json()["plan"], indent=2) + "\n")
        self.refuse(REFUSED, f"this is the plan of a rollback; use `fairway rollback {run}`")

    def test_a_stale_plan_names_all_who_are_stale(self):
        def third_hand(world):
            world["hosts"]["HV02"]["migration.performance"] = "smb"
            world["computers"]["HV02"]["delegation.services"] += ["cifs/FS01", "CIFS/hv03"]
            del world["hosts"]["HV03"]["migration.authentication"]
        self.estate.change_world(third_hand)
        said = self.refuse(STALE, "host HV02 migration.performance: the plan saw tcpip, now it is smb",
                           "computer HV02 delegation.services: came since the plan was made: CIFS/hv03; went: none",
                           "host HV03 migration.authentication: the property is no longer there",
                           "Nothing was written. Make a fresh plan")
        self.assertNotIn("HV01", said.err)

    def test_a_second_apply_of_the_same_plan_is_stale(self):
        self.assertEqual(self.estate.run("apply", "plan.json").status, FINE)
        said = self.refuse(STALE, "make a fresh plan")
        run = self.estate.runs()[-1]
        self.assertTrue(said.err.startswith(f"error: this plan was applied as run {run} (complete, 6 of 6 changes done, by "),
                        str(said))
        self.assertNotIn("somebody's again", said.err)
        self.assertIn("computer HV02 delegation.services: came since the plan was made: ", said.err)


class BadJournals(Case):
    def setUp(self):
        super().setUp()
        self.run_name = self.estate.apply()

    def spoil(self, *statements):
        with contextlib.closing(sqlite3.connect(self.estate.file("journal.db"))) as db:
            for statement in statements:
                db.execute(statement)
            db.commit()

    def refused_by_every_command(self, *words):
        for arguments in (["history"], ["verify", self.run_name], ["rollback", self.run_name],
                          ["apply", "--resume", self.run_name], ["apply", "plan.json"]):
            with self.subTest(arguments[0]), self.untouched():
                self.expect(self.estate.run(*arguments), STORAGE, *words)

    def test_a_journal_of_a_newer_version_is_refused(self):
        self.spoil("UPDATE format SET version = 3")
        self.refused_by_every_command("the journal has format 3, this Fairway writes format 2", "another --store")

    def test_a_journal_whose_entry_was_changed_is_refused(self):
        self.spoil("DROP TRIGGER entry_is_never_changed",
                   "UPDATE entry SET body = replace(body, 'done', 'none') WHERE seq = 5")
        self.refused_by_every_command("the journal's chain is broken at entry 5", "somebody changed it", "another --store")

    def test_a_journal_that_lost_an_entry_is_refused(self):
        self.spoil("DROP TRIGGER entry_is_never_removed", "DELETE FROM entry WHERE seq = 3")
        self.refused_by_every_command("the journal's chain is broken at entry", "somebody changed it")

    def test_a_file_that_is_no_journal_is_refused(self):
        self.estate.write("text.db", "no database at all, but long enough for a header\n" * 20)
        with contextlib.closing(sqlite3.connect(self.estate.file("other.db"))) as db:
            db.execute("CREATE TABLE entry (x)")
            db.commit()
        for store in ("text.db", "other.db"):
            before = self.estate.read(store)
            for arguments in (["history"], ["rollback", self.run_name]):
                with self.subTest(store, command=arguments[0]):
                    self.expect(self.estate.run(*arguments, "-s", store), STORAGE, store)
            self.assertEqual(self.estate.read(store), before)

    def test_no_such_run(self):
        for arguments in (["rollback", "2020-01-01-01"], ["verify", "2020-01-01-01"], ["apply", "--resume", "2020-01-01-01"]):
            with self.subTest(arguments[0]), self.untouched():
                self.expect(self.estate.run(*arguments), ERROR, "there is no run 2020-01-01-01", "fairway history")

    def test_no_such_journal(self):
        for arguments in (["history"], ["rollback", self.run_name], ["verify", self.run_name]):
            with self.subTest(arguments[0]), self.untouched():
                self.expect(self.estate.run(*arguments, "-s", "nope.db"), ERROR, "there is no journal at nope.db", "--store")

    def test_a_complete_run_is_not_resumed(self):
        with self.untouched():
            self.expect(self.estate.run("apply", "--resume", self.run_name), REFUSED, "is complete")


class BadCommandLines(Case):
    def test_a_wrong_command_line_says_how_it_would_be_right(self):
        for name, arguments, words in COMMAND_LINES:
            with self.subTest(name), self.untouched():
                said = self.expect(self.estate.run(*arguments), USAGE, *words)
                self.assertEqual(said.out, "", str(said))

    def test_version_and_help_are_found_by_the_words_that_other_programs_use(self):
        version, of_all, of_plan = (self.estate.run(*line).out for line in (["version"], ["--help"], ["plan", "--help"]))
        for said, forms in ((version, [["--version"], ["-V"]]), (of_all, [["help"]]), (of_plan, [["help", "plan"]])):
            for form in forms:
                self.assertEqual(self.expect(self.estate.run(*form), FINE).out, said)
        self.expect(self.estate.run("help", "plna"), USAGE, "there is no command `plna`")

    def test_a_wrong_config_file_is_named(self):
        for name, text, words in CONFIGS:
            with self.subTest(name), self.untouched():
                self.estate.write("fairway.yaml", text)
                said = self.estate.run("audit", "-p", "policy.yaml", "-i", "inventory.yaml")
                self.expect(said, USAGE, *words)

    def test_rollback_of_an_unknown_host_or_setting_is_refused(self):
        run = self.estate.apply()
        with self.untouched():
            self.expect(self.estate.run("rollback", run, "--host", "HV09"), USAGE, "no host HV09")
            self.expect(self.estate.run("rollback", run, "--setting", "migration.enabeld"), USAGE,
                        "there is no setting `migration.enabeld`")
