"""Can a script rely on what the program prints? One JSON document that the program's own schema describes, for
every command and every way to fail; results on stdout and troubles on stderr; colour only when asked for; the
same plan from the same world; flags over environment over config files.
"""
import csv
import fcntl
import io
import json
import os
import re

import jsonschema

from estate import (BAD_DOCUMENT, CHANGES, CHANGES_UNREAD, CONFIG, ERROR, FINE, LOCK_HELD, NOT_VERIFIED,
                    PARTLY_APPLIED, REFUSED, STALE, STORAGE, UNREACHABLE, USAGE, Case, Estate)

COMMANDS = ["check", "schema", "settings", "config", "init", "audit", "watch", "plan", "show", "apply", "verify", "rollback", "break-glass", "expire", "explain", "diagnose", "probe",
            "spn", "export", "blame", "diff", "history", "manual", "completion", "version"]
ESCAPE = "\x1b["


class Json(Case):
    @classmethod
    def setUpClass(cls):
        estate = Estate()
        cls.addClassCleanup(estate.remove)
        cls.schema = estate.run("schema", "results").json()
        jsonschema.Draft202012Validator.check_schema(cls.schema)

    def result(self, status, command, *arguments, **more):
        """The command's JSON, which must fit the schema and name command and exit status."""
        said = self.estate.run(command, *arguments, "--output", "json", **more)
        self.assertEqual(said.status, status, str(said))
        json_result = said.json()
        jsonschema.validate(json_result, self.schema, cls=jsonschema.Draft202012Validator)
        self.assertEqual((json_result["command"], json_result["exit"]), (command, status))
        if status in (FINE, CHANGES):
            self.assertEqual(said.err, "", str(said))
        return json_result

    def test_every_command_is_a_whole_row(self):
        """Each command of the help has a rule in the schema whose fields the schema knows; options that help shows are taken."""
        named = {one["if"]["properties"]["command"]["const"]: sum((either["required"] for either in one["then"].get("anyOf", [one["then"]])), [])
                 for one in self.schema["allOf"]}
        listed = re.findall(r"^  ([a-z-]+) ", self.estate.run("--help").out.split("Exit status")[0], re.M)
        self.assertEqual(list(named), listed)
        self.assertEqual(sorted(named), sorted(COMMANDS))
        for command, fields in named.items():
            self.assertTrue(fields and set(fields) <= set(self.schema["properties"]), command)

    def test_a_list_as_a_table_for_spreadsheets(self):
        table = list(csv.DictReader(io.StringIO(self.estate.run("audit", "--output", "csv").out)))
        findings = self.result(CHANGES, "audit")["findings"]
        self.assertEqual([(row["object"], row["setting"], row["because"]) for row in table],
                         [(one["object"], one["setting"], one["because"]) for one in findings])
        self.expect(self.estate.run("plan", "--output", "csv"), USAGE, "`plan` has no result as csv; --output takes text, json, markdown, html with it")
        self.assertIn("object,kind,setting", self.expect(self.estate.run("audit", "--output", "csv"), CHANGES).out)
        failed = self.expect(self.estate.run("audit", "--policy", "gone.yaml", "--output", "csv"), BAD_DOCUMENT, "gone.yaml")
        self.assertEqual(failed.out, "")

    def test_a_whole_night_in_json(self):
        self.assertEqual(self.result(FINE, "version")["version"].count("."), 2)
        build = self.result(FINE, "version", "--verbose")["build"]
        self.assertIn("OpenSSL", [one["library"] for one in build["built_with"]])
        self.assertTrue(any("/libssl.so" in file for file in build["loaded"]), build)
        self.assertGreater(len(self.result(FINE, "settings")["settings"]), 10)
        self.assertIn("policy", [one["name"] for one in self.result(FINE, "config")["config"]])
        self.assertEqual([one["ok"] for one in self.result(FINE, "check", "policy.yaml", "inventory.yaml")["documents"]],
                         [True, True])
        audit = self.result(CHANGES, "audit")
        self.assertEqual(sum(one["verdict"] == "drifted" for one in audit["findings"]), 6)
        self.assertEqual(self.result(CHANGES, "explain", "HV01", "HV03")["path"]["state"], "closed")
        self.assertEqual(self.result(FINE, "init")["proposed"]["migration_domains"][0]["hosts"], ["HV01", "HV02", "HV03"])
        self.assertIn({"rule": "odd-2", "hosts": ["HV02"], "settings": ["migration.performance", "delegation.services"]},
                      self.result(FINE, "export")["exported"]["rules"])
        plan = self.result(CHANGES, "plan", "--out", "plan.json", "--ticket", "CHG0041")["plan"]
        self.assertEqual(plan, json.loads(self.estate.read("plan.json")))
        self.assertEqual(self.result(FINE, "show", "plan.json")["plan"], plan)
        rehearsed = self.result(FINE, "rollback", "--rehearse", "plan.json")
        self.assertEqual((rehearsed["rehearsal"]["exact"], rehearsed["plan"]["purpose"]), (6, "rollback"))
        self.assertEqual(self.result(CHANGES, "plan", "--rehearse")["plan"]["rehearsed"], {"exact": 6, "others": []})
        applied = self.result(FINE, "apply", "plan.json")["applied"]
        self.assertEqual((applied["ending"], applied["changed"], applied["left"]), ("complete", 6, 0))
        verified = self.result(FINE, "verify", applied["run"])
        self.assertEqual([trial["moved"] for trial in verified["trials"]], [True] * 6)
        self.assertEqual(self.result(FINE, "audit")["paths"]["open"], 6)
        self.assertEqual(self.result(FINE, "plan")["plan"]["phases"], [])
        dry = self.result(CHANGES, "rollback", applied["run"], "--dry-run")
        self.assertEqual(dry["plan"]["purpose"], "rollback")
        self.assertEqual(self.result(FINE, "rollback", applied["run"])["applied"]["changed"], 6)
        runs = self.result(FINE, "history")["runs"]
        self.assertEqual([(run["ticket"], run["end"]) for run in runs], [("CHG0041", "complete")] * 2)
        self.assertEqual(runs[1]["rolls_back"], runs[0]["run"])

    def test_documents_that_are_wrong(self):
        self.estate.write("policy.yaml", "policy: p\nrules: many\n")
        diagnostics = self.result(BAD_DOCUMENT, "check", "policy.yaml", "nope.yaml")["diagnostics"]
        self.assertIn((2, 8), [(one["line"], one["column"]) for one in diagnostics])
        for command in ("audit", "plan"):
            one = self.result(BAD_DOCUMENT, command)
            self.assertEqual(one["error"]["code"], "bad_input")
            self.assertEqual(one["diagnostics"][0]["file"], "policy.yaml")

    def test_every_way_to_fail_has_its_code(self):
        run = self.estate.apply()
        self.estate.write("cut.json", self.estate.read("plan.json")[:100])
        self.estate.write("text.db", "no database" * 100)
        for code, status, arguments in [
                ("bad_input", BAD_DOCUMENT, ["show", "nope.json"]), ("bad_input", BAD_DOCUMENT, ["show", "cut.json"]),
                ("bad_input", BAD_DOCUMENT, ["apply", "cut.json"]), ("bad_input", BAD_DOCUMENT, ["audit", "-p", "nope.yaml"]),
                ("stale", STALE, ["apply", "plan.json"]), ("not_found", ERROR, ["rollback", "nope"]),
                ("not_found", ERROR, ["verify", "nope"]), ("not_found", ERROR, ["history", "-s", "nope.db"]),
                ("storage", STORAGE, ["history", "-s", "text.db"]), ("refused", REFUSED, ["apply", "--resume", run]),
                ("not_found", USAGE, ["explain", "HV01", "HV09"]), ("bad_input", USAGE, ["schema", "polcy"]),
                ("bad_input", USAGE, ["apply"]), ("storage", STORAGE, ["plan", "--out", "no/folder/p.json"])]:
            with self.subTest(arguments):
                self.assertEqual(self.result(status, *arguments)["error"]["code"], code)

    def test_a_command_line_that_is_wrong_in_any_way(self):
        self.estate.write("bad.yaml", "output: json\npolcy: x\n")
        self.estate.write("json.yaml", "output: json\n")
        rows = [
            ("", ["--output", "json"], {}), ("", ["--output", "json", "adit"], {}), ("audit", ["audit", "--output=json", "--nope"], {}),
            ("", ["adit"], {"FAIRWAY_OUTPUT": "json"}), ("audit", ["audit", "--output", "json", "-p"], {}),
            ("rollback", ["rollback", "--output", "json"], {}), ("show", ["show", "a", "b", "--output", "json"], {}),
            ("audit", ["audit", "--color", "blue", "--output", "json"], {}), ("audit", ["audit", "-p", "", "--output", "json"], {}),
            ("audit", ["audit", "--log-level", "loud"], {"FAIRWAY_OUTPUT": "json"}), ("show", ["show", "x", "-p", "y", "--output", "json"], {}),
            ("audit", ["audit", "--config", "bad.yaml", "--output", "json"], {}), ("audit", ["audit", "--config", "json.yaml", "--nope"], {}),
            ("audit", ["audit", "--nope"], {"FAIRWAY_CONFIG": "json.yaml"}), ("audit", ["audit", "--output", "json"], {"FAIRWAY_POLCY": "x"}),
            ("verify", ["verify", "x", "--converge", "soon", "--output", "json"], {}), ("audit", ["audit", "--output", "json", "--output", "json"], {}),
        ]
        for command, arguments, env in rows:
            with self.subTest(arguments, **env):
                said = self.estate.run(*arguments, env=env)
                result = said.json()
                self.assertEqual((said.status, result["exit"], result["command"], result["error"]["code"]),
                                 (USAGE, USAGE, command, "bad_input"))
                self.assertNotEqual(said.err, "")
                jsonschema.validate(result, self.schema if hasattr(self, "schema") else self.estate.run("schema", "results").json())
        for arguments, env in ((["audit", "--output", "yaml"], {}), (["audit", "--nope", "--output", "text"], {"FAIRWAY_OUTPUT": "json"}),
                               (["adit", "--", "--output", "json"], {}), (["audit", "--nope"], {})):
            with self.subTest(arguments, **env):
                said = self.expect(self.estate.run(*arguments, env=env), USAGE, "error: ")
                self.assertEqual(said.out, "")

    def test_an_unreachable_host(self):
        self.estate.fault("read", "unreachable", "HV02")
        error = self.result(UNREACHABLE, "plan")["error"]
        self.assertEqual(error["code"], "unreachable")
        unread = {one["object"] for one in self.result(CHANGES_UNREAD, "audit")["findings"] if one["verdict"] == "unreadable"}
        self.assertEqual(unread, {"HV02"})
        self.assertEqual(self.result(UNREACHABLE, "explain", "HV01", "HV02")["path"]["state"], "unknown")
        self.assertIn("HV02", error["text"], "a script is not told who was unreachable")

    def test_a_run_that_ends_early_and_one_that_is_resumed(self):
        self.estate.plan()
        self.estate.fault("write", "denied", "HV03", "migration.authentication")
        applied = self.result(PARTLY_APPLIED, "apply", "plan.json")["applied"]
        self.assertEqual((applied["ending"], applied["changed"], applied["left"]), ("failed", 4, 2))
        self.assertIn("HV03", applied["because"])
        self.assertEqual(self.result(FINE, "apply", "--resume", applied["run"])["applied"]["ending"], "complete")

    def test_a_run_whose_changes_are_gone(self):
        run = self.estate.apply()
        self.estate.change_world(lambda world: world["hosts"]["HV02"].update({"migration.performance": "smb"}))
        verified = self.result(NOT_VERIFIED, "verify", run, "--no-moves")
        self.assertEqual(verified["trials"], [])
        back = self.result(PARTLY_APPLIED, "rollback", run)
        self.assertEqual(back["plan"]["notes"][0]["verdict"], "conflict")
        self.assertEqual([(one["object"], one["setting"], one["rules"], one["runs"], one["over"]) for one in back["conflicts"]],
                         [("HV02", "migration.performance", [run], [], "smb")])

    def test_a_lock_that_is_held(self):
        self.estate.plan()
        with open(self.estate.file("world.json.run-lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertEqual(self.result(LOCK_HELD, "apply", "plan.json")["error"]["code"], "lock_held")

    def test_the_schemas_of_the_documents_are_schemas_and_take_what_ships(self):
        for kind in ("policy", "inventory"):
            said = self.expect(self.estate.run("schema", kind), FINE)
            jsonschema.validators.validator_for(said.json()).check_schema(said.json())
            self.assertEqual(self.estate.run("schema", kind, "--output", "json").json(), said.json())

    def test_the_schemas_of_the_documents_refuse_what_check_refuses(self):
        good = {"policy": "p", "owner": "o", "why": "w",
                "rules": [{"id": "r", "why": "w", "on": "hosts", "want": {"migration.enabled": True}}]}
        schema = self.estate.run("schema", "policy").json()
        jsonschema.validate(good, schema)
        for wrong in ({**good, "ownr": "o"}, {**good, "rules": []}, {key: good[key] for key in good if key != "why"},
                      {**good, "rules": [{**good["rules"][0], "want": {"migration.enabled": "maybe"}}]}):
            with self.subTest(wrong), self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate(wrong, schema)
            self.estate.write("wrong.yaml", json.dumps(wrong))
            self.assertEqual(self.estate.run("check", "wrong.yaml").status, BAD_DOCUMENT)

    def test_the_schema_of_inventories_takes_and_refuses_what_the_loader_does(self):
        schema = self.estate.run("schema", "inventory").json()
        digits = "AB:" * 31 + "cd"
        ways = [  # what a host says, and whether it may
            ({"reach": {"tls": "system"}}, True), ({"reach": {"tls": {"ca": "ca.pem", "fingerprint": digits}}}, True),
            ({"reach": {"tls": "none", "seal": "never", "service": "WSMAN"}}, True),
            ({"reach": {"tls": {}}}, False), ({"reach": {"tls": "yes"}}, False),
            ({"reach": {"tls": {"fingerprint": digits[3:]}}}, False), ({"reach": {"seal": "always"}}, False),
            ({"credentials": {"password_fd": 0, "user": "a@B"}}, True),
            ({"credentials": {"password_command": ["vault", "-n"], "user": "a@B"}}, True),
            ({"credentials": {"password_fd": 1, "user": "a@B"}}, False),
            ({"credentials": {"password_command": [], "user": "a@B"}}, False),
            ({"credentials": {"password_fd": 3}}, False), ({"credentials": {"ticket_cache": "x", "user": "a@B"}}, False),
            ({"credentials": {"password_fd": 3, "password_file": "x", "user": "a@B"}}, False),
            ({"credentials": {"certificate": "x"}}, False),
        ]
        self.estate.write("ca.pem", "x")  # `check` looks whether the files of a pair are there
        for host, good in ways:
            inventory = {"estate": "e", "directory": {"domain": "corp.example", "servers": ["dc"]},
                         "hosts": {"limits": {"run": 1}, "list": [{"name": "HV01", **host}]}}
            with self.subTest(host):
                self.assertEqual(jsonschema.Draft202012Validator(schema).is_valid(inventory), good)
                self.estate.write("way.yaml", "".join(f"{key}: {json.dumps(inventory[key])}\n" for key in inventory))
                said = self.estate.run("check", "policy.yaml", "way.yaml")
                self.assertEqual(said.status == BAD_DOCUMENT, not good, str(said))


class Text(Case):
    def test_results_go_to_stdout_and_troubles_to_stderr(self):
        for arguments, status in ((["audit"], CHANGES), (["plan", "--out", "plan.json"], CHANGES), (["settings"], FINE),
                                  (["apply", "plan.json"], FINE), (["history"], FINE), (["show", "plan.json"], FINE)):
            with self.subTest(arguments):
                self.assertNotEqual(self.expect(self.estate.run(*arguments), status).out, "")
        for arguments in (["apply", "plan.json"], ["show", "nope.json"], ["rollback", "nope"], ["audit", "-p", "nope"]):
            with self.subTest(arguments):
                said = self.estate.run(*arguments)
                self.assertEqual(said.out, "", str(said))
                self.assertTrue(said.err.startswith("error: ") and said.err.endswith("\n"), str(said))

    def test_a_trouble_is_called_an_error_once(self):
        self.estate.write("fairway.yaml", "polcy: x\n")
        said = self.expect(self.estate.run("audit"), USAGE, "fairway.yaml:1:1:")
        self.assertEqual(said.err.count("error:"), 1, said.err)
        self.assertNotIn("\n\n", said.err)

    def test_colour_only_when_it_is_asked_for(self):
        for arguments, env, coloured in [([], {}, False), (["--color", "never"], {}, False), (["--color", "always"], {}, True),
                                         (["--color", "always"], {"NO_COLOR": "1"}, True),
                                         ([], {"FAIRWAY_COLOR": "always"}, True), ([], {"NO_COLOR": "1"}, False),
                                         (["--color", "always", "--output", "json"], {}, False)]:
            with self.subTest(arguments, **env):
                said = self.expect(self.estate.run("audit", *arguments, env=env), CHANGES)
                self.assertEqual(ESCAPE in said.out, coloured, said.out)

    def test_on_a_terminal_colour_is_there_unless_no_color_or_never(self):
        for arguments, env, coloured in [([], {}, True), ([], {"NO_COLOR": "1"}, False), ([], {"NO_COLOR": ""}, True),
                                         (["--color", "never"], {}, False)]:
            with self.subTest(arguments, **env):
                self.assertEqual(ESCAPE in self.estate.on_terminal("audit", *arguments, env=env)[0], coloured)

    def test_help_of_every_command_names_its_options(self):
        overview = self.expect(self.estate.run("--help"), FINE).out
        for command in COMMANDS:
            with self.subTest(command):
                self.assertIn(f"\n  {command} ", overview)
                for arguments in ([command, "--help"], ["--help", command], [command, "-h"]):
                    said = self.expect(self.estate.run(*arguments), FINE)
                    self.assertTrue(said.out.startswith(f"usage: fairway {command} "), said.out)
                for option in ("--output", "--color", "--log-level", "--help"):
                    self.assertIn(option, said.out)
                self.assertFalse([line for line in said.out.split("\n") if len(line) > 120], "too wide")

    def test_help_prints_every_exit_status_once(self):
        out = self.estate.run("--help").out
        numbers = [int(one) for one in re.findall(r"^ +(\d+)  \w", out, re.M)]
        self.assertEqual(numbers, list(range(17)) + [64])

    def test_no_command_prints_the_overview_and_fails(self):
        self.assertEqual(self.estate.run().status, USAGE)

    def test_the_same_world_gives_the_same_plan_byte_for_byte(self):
        for form in ("text", "json"):
            first, second = [re.sub(rf'{name}|"time": "[^"]*"', "", self.estate.run("plan", "--out", name, "--output", form).out)
                             for name in ("a.json", "b.json")]
            self.assertEqual(first, second)
            self.assertEqual(self.estate.read("a.json"), self.estate.read("b.json"))

    def test_audit_and_plan_write_nothing_but_the_plan_file(self):
        before = sorted(os.listdir(self.estate.path))
        with self.untouched():
            self.estate.run("audit")
            self.estate.run("plan", "--out", "plan.json")
        self.assertEqual(sorted(os.listdir(self.estate.path)), sorted(before + ["plan.json"]))


class Precedence(Case):
    """Which store a command uses tells who had the last word: each place names another one, none is there."""

    def store(self, *arguments, env=None):
        said = self.estate.run("history", *arguments, env=env)
        self.assertEqual(said.status, ERROR, str(said))
        return re.search(r"there is no journal at (\S+);", said.err).group(1)

    def test_flag_over_environment_over_config_files_over_the_default(self):
        xdg = self.estate.file("xdg")
        os.makedirs(os.path.join(xdg, "fairway"))
        self.estate.usual = {}
        self.estate.write("fairway.yaml", "")
        self.assertEqual(self.store(), self.estate.file("home/.local/state/fairway/journal.db"))
        self.assertEqual(self.store(env={"XDG_STATE_HOME": xdg}), xdg + "/fairway/journal.db")
        self.estate.write("xdg/fairway/config.yaml", "store: user.db\n")
        self.assertEqual(self.store(env={"XDG_CONFIG_HOME": xdg}), xdg + "/fairway/user.db")
        self.estate.write("fairway.yaml", "output: text\n")
        self.assertEqual(self.store(env={"XDG_CONFIG_HOME": xdg}), xdg + "/fairway/user.db")
        env = {"XDG_CONFIG_HOME": xdg, "FAIRWAY_STORE": "environment.db"}
        self.assertEqual(self.store(env=env), "environment.db")
        self.assertEqual(self.store("--store", "flag.db", env=env), "flag.db")
        self.assertEqual(self.store("-s", "flag.db", env=env), "flag.db")

    def test_config_files_are_merged_key_by_key(self):
        os.makedirs(self.estate.file("home/.config/fairway"))
        self.estate.write("home/.config/fairway/config.yaml", "store: user.db\noutput: json\n")
        self.estate.write("fairway.yaml", CONFIG)
        said = self.estate.run("audit")
        self.assertEqual((said.status, said.json()["policy"]), (CHANGES, "corp-standard"))

    def test_a_named_config_file_replaces_the_usual_ones(self):
        self.estate.usual = {}
        os.mkdir(self.estate.file("else"))
        self.estate.write("else/mine.yaml", "store: mine.db\n")
        self.assertEqual(self.store("--config", "else/mine.yaml"), "else/mine.db")
        self.assertEqual(self.store(env={"FAIRWAY_CONFIG": "else/mine.yaml"}), "else/mine.db")

    def test_an_empty_variable_counts_as_unset(self):
        user = self.estate.file("home/.config/fairway")
        os.makedirs(user)
        self.estate.write("home/.config/fairway/config.yaml", "store: user.db\n")
        self.assertEqual(self.store(env={"FAIRWAY_STORE": ""}), user + "/user.db")

    def test_policy_and_inventory_from_the_environment(self):
        self.estate.write("fairway.yaml", "")
        env = {"FAIRWAY_POLICY": "policy.yaml", "FAIRWAY_INVENTORY": "inventory.yaml", "FAIRWAY_OUTPUT": "json"}
        said = self.estate.run("audit", env=env)
        self.assertEqual((said.status, said.json()["estate"]), (CHANGES, "corp"))
        self.assertEqual(self.estate.run("audit", "-p", "nope.yaml", env=env).status, BAD_DOCUMENT)
