"""Break-glass: a run that ends by itself. What is said before, what the journal knows before the first write, and what is
refused. Times are made by libfaketime."""
import contextlib
import fcntl
import hashlib
import json
import os
import shlex
import subprocess

import jsonschema

from estate import CHANGES, ERROR, FINE, LOCK_HELD, PARTLY_APPLIED, PAST_END, REFUSED, STORAGE, UNREACHABLE, USAGE, Case, clock

OPEN = ("break-glass", "--hosts", "HV01,HV02", "--for", "45m", "--ticket", "CHG1", "--reason", "the KDC is broken", "--yes")
KERBEROS = {"HV01": "kerberos", "HV02": "kerberos", "HV03": "kerberos"}
OPENED = {**KERBEROS, "HV01": "credssp", "HV02": "credssp"}


def later(minutes):
    """The environment in which it is so much later."""
    return clock(f"{minutes * 60:+d}s")


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
        self.assertEqual(opened["break_glass"][0]["terms"][0]["reason"], "the KDC is broken")
        self.assertEqual(opened["break_glass"][0]["hosts"], ["HV01", "HV02"])
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

    def test_without_a_terminal_only_yes_confirms(self):
        run = self.opened()
        extend = ("break-glass", "--extend", run, "--for", "2h", "--reason", "new")
        with self.untouched():
            for arguments in (("break-glass", "--hosts", "HV03", *OPEN[3:-1]), extend):
                self.expect(self.estate.run(*arguments), REFUSED, "nothing was changed. Nobody can be asked here", "--yes confirms it")

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
        shipped = os.path.join(os.path.dirname(__file__), "../../policies/credssp-emergency.yaml")
        with open(shipped, "rb") as f:
            digest = hashlib.sha256(f.read()).hexdigest()
        self.assertEqual(self.result(CHANGES, *OPEN, "--dry-run")["policy_sha256"], digest)


class Ending(Glass):
    def expired(self, status=FINE, minutes=46):
        return self.result(status, "expire", env=later(minutes))["expired"]

    def test_nothing_is_past_its_end(self):
        with self.untouched():
            said = self.expect(self.estate.run("expire"), FINE)  # there is no journal
            self.assertEqual(said.out, "No break-glass run is past its end.\n")
        run = self.opened()
        with self.untouched(), self.estate_locked():
            said = self.expect(self.estate.run("expire"), FINE)
        self.assertRegex(said.out, rf"^No break-glass run is past its end; run {run} ends at 20\S+\.\n$")

    @contextlib.contextmanager
    def estate_locked(self):
        """Somebody holds the store's lock; who finds nothing to do needs none."""
        with open(self.estate.file("journal.db.run-lock"), "a", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def test_what_is_past_its_end_is_rolled_back_by_an_ordinary_run_and_only_once(self):
        run = self.opened()
        ended, = self.expired()
        self.assertEqual((ended["run"], ended["over"], ended["exit"]), (run, True, FINE))
        self.assertEqual(self.values(), KERBEROS)
        self.assertEqual([line["rolls_back"] for line in self.result(FINE, "history")["runs"]], ["", run])
        with self.untouched():
            self.assertEqual(self.expired(), [])

    def test_a_lock_that_is_held_is_said_and_nothing_is_lost(self):
        self.opened()
        with self.untouched(), self.estate_locked():
            self.expect(self.estate.run("expire", env=later(46)), LOCK_HELD, "journal.db.run-lock")
        self.assertEqual(len(self.expired()), 1)

    def test_what_others_changed_meanwhile_stays_and_the_run_is_over(self):
        run = self.opened()
        self.estate.change_world(lambda world: world["hosts"]["HV01"].update({"migration.authentication": "kerberos"}))
        self.assertEqual(self.expired()[0]["over"], True)
        self.assertEqual(self.values(), KERBEROS)
        both = self.opened()
        self.estate.change_world(lambda world: [world["hosts"][one].update({"migration.authentication": "kerberos"}) for one in OPENED])
        ended, = self.expired(minutes=200)
        self.assertEqual((ended["run"], ended["over"]), (both, True))
        self.assertNotIn("rollback", ended)  # nothing was to be written
        self.assertEqual([kind for of, kind, _ in self.estate.entries() if of == both][-1], "expire?")
        with self.untouched():
            self.assertEqual(self.expired(minutes=200), [])
        self.assertNotEqual(run, both)

    def test_a_host_that_is_lost_is_left_for_the_next_call(self):
        run = self.opened()
        self.estate.fault("read", "unreachable", "HV02", times=1000)
        ended, = self.expired(PARTLY_APPLIED)
        self.assertEqual((ended["over"], [one["object"] for one in ended["left_out"]]), (False, ["HV02"]))
        self.assertEqual(self.values(), {**KERBEROS, "HV02": "credssp"})
        ended, = self.expired(UNREACHABLE)
        self.assertFalse(ended["over"])
        self.estate.change_world(lambda world: world.pop("faults"))
        ended, = self.expired()
        self.assertEqual((ended["run"], ended["over"]), (run, True))
        self.assertEqual(self.values(), KERBEROS)

    def test_two_runs_over_one_host_are_unwound(self):
        self.opened()
        self.estate.change_world(lambda world: world["hosts"]["HV01"].update({"migration.authentication": "kerberos"}))
        self.opened(env=later(1))
        self.assertEqual(self.values(), OPENED)
        self.assertEqual([one["over"] for one in self.expired(minutes=60)], [True, True])
        self.assertEqual(self.values(), KERBEROS)

    def test_runs_of_another_estate_are_left_alone(self):
        self.opened()
        inventory = self.estate.read("inventory.yaml").decode()
        self.estate.write("other.yaml", inventory.replace("estate: corp", "estate: other"))
        with self.untouched():
            self.assertEqual(self.result(FINE, "expire", "--inventory", "other.yaml", env=later(46))["expired"], [])


class NotReopened(Glass):
    """What ended a break-glass run is not undone: CredSSP would be open with no end."""
    def refused(self, *arguments, words="would open again what break-glass run"):
        with self.untouched():
            said = self.expect(self.estate.run(*arguments), REFUSED, words, "fairway break-glass --hosts HV01,HV02")
        self.assertEqual(self.values(), KERBEROS)
        return said

    def test_the_rollback_of_what_ended_one_is_refused_in_whole_and_in_part_and_offered_nowhere(self):
        for end in (("expire",), ("rollback",)):
            with self.subTest(end):
                run = self.opened()
                said = self.expect(self.estate.run(*end, *([run] if end == ("rollback",) else []), env=later(46)), FINE)
                back = self.estate.runs()[-1]
                self.assertIn(f"Baseline recorded: run {back}.\n", said.out)
                self.assertNotIn(f"fairway rollback {back}", said.out)
                for part in ((), ("--dry-run",), ("--host", "HV01"), ("--except", "HV01"), ("--setting", "migration.authentication")):
                    self.refused("rollback", back, *part, *(() if "--dry-run" in part else ("--yes",)))
                self.assertEqual(self.result(FINE, "show", back)["record"]["undoable"], False)
                self.assertEqual(self.result(FINE, "show", run)["record"]["undoable"], True)
                self.assertNotIn(f"fairway rollback {back}", self.estate.run("show", back, "--output", "html").out)
                self.estate.change_world(lambda world: world["hosts"]["HV01"].update({"migration.authentication": "credssp"}))
                self.assertNotIn(f"rollback {back}", self.estate.run("verify", back, "--converge", "none").out)
                self.estate.change_world(lambda world: world["hosts"]["HV01"].update({"migration.authentication": "kerberos"}))

    def test_a_rollback_that_was_stopped_is_gone_on_with_and_not_undone(self):
        run = self.result(FINE, "break-glass", "--hosts", "HV02", *OPEN[3:])["applied"]["run"]
        self.estate.fault("write", "denied", "HV02", times=1000)
        said = self.estate.run("rollback", run, "--yes")
        back = self.estate.runs()[-1]
        self.assertIn(f"fairway apply --resume {back}", said.out)
        self.assertNotIn(f"fairway rollback {back}", said.out)
        failed = self.estate.run("apply", "--resume", back, "--on-failure", "rollback")
        self.assertIn("What is done stays done", failed.out)
        self.estate.change_world(lambda world: world.pop("faults"))
        said = self.expect(self.estate.run("apply", "--resume", back), FINE)
        self.assertNotIn(f"fairway rollback {back}", said.out)
        self.assertEqual(self.values(), KERBEROS)
        with self.untouched():
            self.expect(self.estate.run("rollback", back, "--yes"), REFUSED, "fairway break-glass --hosts HV02")


class Auditing(Glass):
    def findings(self, status, **more):
        audit = self.result(status, "audit", **more)
        return [(one["fault"], one["severity"], one["object"]) for one in audit["estate_findings"] if one["fault"].startswith("glass")], audit

    def test_an_audit_is_loud_while_one_is_open_and_critical_past_its_end(self):
        self.assertIsNone(self.findings(CHANGES)[1]["break_glass"])  # there is no journal
        run = self.opened()
        found, audit = self.findings(CHANGES)
        self.assertEqual(found, [("glass_open", "high", "HV01"), ("glass_open", "high", "HV02")])
        self.assertEqual([(one["run"], one["state"]) for one in audit["break_glass"]], [(run, "open")])
        said = self.estate.run("audit").out
        for words in ("break-glass open", f"break-glass run {run} is open until 20", "for CHG1: the KDC is broken", f"fairway rollback {run}"):
            self.assertIn(words, said)
        self.assertEqual(self.findings(CHANGES, env=later(44))[0], found)
        found, audit = self.findings(PAST_END, env=later(45))
        self.assertEqual(found, [("glass_past", "critical", "HV01"), ("glass_past", "critical", "HV02")])
        self.assertEqual(audit["break_glass"][0]["state"], "past")
        self.estate.fault("read", "unreachable", "HV03", times=1000)
        self.assertEqual(len(self.findings(PAST_END, env=later(45))[0]), 2)  # also where not everything can be read
        self.estate.change_world(lambda world: world.pop("faults"))
        self.expect(self.estate.run("expire", env=later(45)), FINE)
        found, audit = self.findings(CHANGES, env=later(45))
        self.assertEqual((found, audit["break_glass"]), ([], []))

    def test_a_plan_has_no_such_finding_as_it_is_the_same_at_any_time(self):
        self.opened()
        plan = self.result(CHANGES, "plan", env=later(45))["plan"]
        self.assertNotIn("glass", json.dumps(plan))

    def test_an_audit_that_cannot_read_the_journal_says_so_and_shows_the_rest(self):
        self.estate.write("text.db", "no database" * 100)
        said = self.expect(self.estate.run("audit", "--store", "text.db"), STORAGE, "it is not known whether a break-glass run is open")
        self.assertIn("Hosts", said.out)


class Timer(Glass):
    SERVICE, TIMER = "fairway-expire-corp.service", "fairway-expire-corp.timer"

    def install(self, *more, status=FINE, env=None):
        os.makedirs(self.estate.file("units"), exist_ok=True)
        return self.result(status, "break-glass", "--install-timer", "--out", "units", *more, env=env)

    def test_the_units_are_shown_written_and_what_systemd_takes(self):
        shown = self.install("--dry-run")["units"]
        self.assertEqual(os.listdir(self.estate.file("units")), [])
        self.install("--yes")
        self.assertEqual(sorted(os.listdir(self.estate.file("units"))), [self.SERVICE, self.TIMER])
        for unit in shown:
            self.assertEqual(self.estate.read(unit["file"]).decode(), unit["text"])
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", *(unit["file"] for unit in shown)], capture_output=True,
                              encoding="utf-8", check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        text = self.estate.run("break-glass", "--install-timer", "--out", "units").out
        for unit in shown:
            self.assertIn(unit["text"], text)  # as it is written
        self.assertIn(f"systemctl daemon-reload && systemctl enable --now {self.TIMER}", text)
        with self.untouched():
            self.install("--yes")

    def test_its_command_line_is_whole_and_ends_what_is_past(self):
        self.opened()
        self.install("--yes", env={"KRB5CCNAME": "FILE:/tmp/100% $HOME \"mine\"", "FAIRWAY_POLICY": "policy.yaml"})
        service = self.estate.read("units/" + self.SERVICE).decode()
        command, = (line.partition("=")[2] for line in service.splitlines() if line.startswith("ExecStart="))
        self.assertIn('Environment="KRB5CCNAME=FILE:/tmp/100%% $HOME \\"mine\\""\n', service)
        said = subprocess.run(shlex.split(command), cwd="/", env={"PATH": "/usr/bin", **later(46)}, capture_output=True, encoding="utf-8",
                              check=False)
        self.assertEqual(said.returncode, FINE, said.stdout + said.stderr)
        self.assertEqual(self.values(), KERBEROS)

    def test_a_folder_that_is_not_there_and_options_of_other_kinds(self):
        self.expect(self.estate.run("break-glass", "--install-timer", "--out", "none"), STORAGE, "none")
        self.expect(self.estate.run("break-glass", "--install-timer", "--hosts", "HV01"), USAGE, "--install-timer takes no --hosts")

    def test_where_a_program_gives_the_password_nothing_is_taken_from_it(self):
        self.estate.write("inventory.yaml", "estate: corp\ndirectory: {domain: corp.example}\nhosts:\n  reach: {protocol: wsman}\n"
                          "  credentials: {user: a@CORP.EXAMPLE, password_command: [pass, x]}\n  list: [{name: HV01}]\n")
        service = next(unit["text"] for unit in self.install("--dry-run")["units"] if "service" in unit["file"])
        self.assertNotIn("NoNewPrivileges", service)
        self.assertIn(f'Environment="FAIRWAY_LOCK_DIR={self.estate.path}"', service)


class Extending(Glass):
    def test_a_later_end_needs_a_reason_of_its_own(self):
        run = self.opened()
        more = ("break-glass", "--yes", "--extend", run, "--for", "2h")
        with self.untouched():
            self.expect(self.estate.run(*more), USAGE, "break-glass needs --reason")
            self.expect(self.estate.run(*more, "--reason", "The KDC is broken"), REFUSED, "has this reason already; say what is new")
            self.expect(self.estate.run(*more[:-1], "1m", "--reason", "new"), REFUSED, "already, which is not earlier")
            self.expect(self.estate.run(*more, "--reason", "new", "--hosts", "HV03"), USAGE, "--extend takes no --hosts")
        inventory = os.path.join(self.estate.path, "inventory.yaml")
        os.rename(inventory, inventory + ".away")  # the journal has all that it takes
        self.assertEqual(len(self.result(FINE, *more, "--reason", "the KDC is still broken")["break_glass"][0]["terms"]), 2)
        os.rename(inventory + ".away", inventory)
        self.assertEqual(self.values(), OPENED)
        self.assertEqual(self.result(FINE, "expire", env=later(46))["expired"], [])
        self.assertIn("Extended until", self.estate.run("show", run).out)
        self.assertEqual(len(self.result(FINE, "expire", env=later(121))["expired"]), 1)
        self.assertEqual(self.values(), KERBEROS)

    def test_what_is_past_or_undone_or_no_break_glass_is_not_extended(self):
        run = self.opened()
        more = ("break-glass", "--yes", "--for", "2h", "--reason", "new", "--extend")
        with self.untouched():
            self.expect(self.estate.run(*more, run, env=later(45)), REFUSED, "is past its end since")
            self.expect(self.estate.run(*more, "2020-01-01-01"), ERROR, "there is no run 2020-01-01-01")
        self.expect(self.estate.run("rollback", run), FINE)
        with self.untouched():
            self.expect(self.estate.run(*more, run), REFUSED, "was rolled back already")
            self.expect(self.estate.run(*more, self.estate.runs()[1]), REFUSED, "is no break-glass run")
