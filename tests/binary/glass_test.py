"""Break-glass: a run that ends by itself. What is said before, what the journal knows before the first write, what is
refused, and how it is seen while it is open."""
import hashlib
import json
import os
import shlex
import subprocess

from estate import CHANGES, FINE, PAST_END, REFUSED, STORAGE, UNREACHABLE, USAGE
from glass import KERBEROS, OPEN, OPENED, Glass, later


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

    def test_every_host_that_is_named_is_listed_with_the_end_that_it_has(self):
        self.estate.change_world(lambda world: world["hosts"]["HV03"].update({"migration.authentication": "credssp"}))
        all_three = ("break-glass", "--hosts", "HV01,HV02,HV03", *OPEN[3:])
        self.assertEqual([(one["host"], one["state"]) for one in self.result(CHANGES, *all_three, "--dry-run")["exposed"]],
                         [("HV01", "switched"), ("HV02", "switched"), ("HV03", "already")])
        run = self.result(FINE, "break-glass", "--hosts", "HV01", *OPEN[3:])["applied"]["run"]
        exposed = self.result(CHANGES, *all_three, "--dry-run")["exposed"]
        self.assertEqual([(one["host"], one["state"], one["run"]) for one in exposed],
                         [("HV02", "switched", None), ("HV01", "open", run), ("HV03", "already", None)])
        self.assertEqual(exposed[1]["until"], self.result(FINE, "history")["runs"][0]["until"])
        said = " ".join(self.expect(self.estate.run(*all_three), FINE).out.split())
        for words in (f"HV01 open by run {run} until 20", f"`fairway break-glass --extend {run}` lets it end later; useless as a source: Credential Guard",
                      "HV03 already credssp, not by a break-glass run: it stays so after the end; sign on at HV03 itself",
                      "That is not the end of HV01, HV03"):
            self.assertIn(words, said)
        nothing = " ".join(self.expect(self.estate.run("break-glass", "--hosts", "HV01,HV03", *OPEN[3:]), FINE).out.split())
        self.assertIn(f"HV01 open by run {run} until 20", nothing)
        self.assertIn("HV03 already credssp", nothing)
        self.assertIn("past its end since", self.estate.run(*all_three, "--dry-run", env=later(46)).out)

    def test_a_host_that_the_policy_leaves_as_it_is_is_said(self):
        self.estate.write("own.yaml", "policy: own\nowner: o\nwhy: w\nrules:\n  - {id: r, why: w, severity: high, on: {hosts: [HV01]}, "
                                      "want: {migration.authentication: credssp}}\n")
        exposed = self.result(CHANGES, *OPEN, "--emergency", "own.yaml", "--dry-run")["exposed"]
        self.assertEqual([(one["host"], one["state"]) for one in exposed], [("HV01", "switched"), ("HV02", "left")])

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


class History(Glass):
    def test_every_form_marks_them(self):
        run = self.opened()
        until = self.result(FINE, "history")["runs"][0]["until"]
        for form in ("text", "markdown", "html"):
            with self.subTest(form):
                said = self.estate.run("history", "--output", form).out.replace("\\", "")
                self.assertIn(f"(break-glass until {until})", said)
                self.assertIn(f"! break-glass run {run} is open until {until}", said)
                self.assertIn("is past its end since", self.estate.run("history", "--output", form, env=later(46)).out)
        for end, state in ((0, "open"), (46, "past")):
            said = self.result(FINE, "history", env=later(end))
            self.assertEqual(said["runs"][0]["break_glass"], {"state": state, "reason": "the KDC is broken", "hosts": ["HV01", "HV02"],
                                                              "left": ["HV01", "HV02"]})
            self.assertEqual([one["run"] for one in said["break_glass"]], [run])
        self.expect(self.estate.run("expire", env=later(46)), FINE)
        said = self.result(FINE, "history")
        self.assertEqual([one["break_glass"] and one["break_glass"]["state"] for one in said["runs"]], ["over", None])
        self.assertEqual(said["break_glass"], [])


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

    def objects(self, status, minutes):
        return [one for _, _, one in self.findings(status, env=later(minutes))[0]]

    def test_a_clock_that_was_set_back_is_said_while_one_is_open(self):
        self.opened(env=later(60))
        for command, status in (("audit", CHANGES), ("expire", FINE), ("history", FINE)):
            self.assertIn("clock of this machine is wrong", " ".join(self.expect(self.estate.run(command), status).out.split()))
            self.assertNotIn("clock of this machine", self.estate.run(command, env=later(61)).out)

    def test_only_hosts_of_which_something_is_to_be_put_back_are_named_and_what_puts_it_back(self):
        self.estate.fault("write", "dies", "HV02")
        self.estate.run("break-glass", "--hosts", "HV01,HV02,HV03", *OPEN[3:], "--in-flight", "1")
        run = self.estate.runs()[0]
        begun = [body["change"] for of, kind, body in self.estate.entries() if (of, kind) == (run, "intent")]
        self.assertLess(len(begun), 3)  # one was never written
        changed = sorted(name for name, value in self.values().items() if value == "credssp" or name == "HV02")
        self.assertEqual(self.objects(PAST_END, 46), changed)
        said = self.estate.run("audit", env=later(46)).out
        self.assertIn("`fairway expire` puts back what is left of it", said)
        self.assertNotIn("timer", said)
        self.estate.run("expire", env=later(46))
        self.assertEqual(self.objects(PAST_END, 46), ["HV02"])
        self.assertEqual(self.result(PAST_END, "audit", env=later(46))["break_glass"][0]["left"], ["HV02"])

    def test_a_host_that_was_put_back_alone_or_belongs_to_another_run_is_not_named(self):
        run = self.opened()
        self.expect(self.estate.run("rollback", run, "--host", "HV01", "--yes"), FINE)
        self.assertEqual(self.objects(CHANGES, 1), ["HV02"])
        self.assertEqual(self.objects(PAST_END, 46), ["HV02"])
        self.assertEqual(self.result(FINE, "history")["runs"][0]["break_glass"]["left"], ["HV02"])

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
