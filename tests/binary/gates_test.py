"""What stands between waves, when a run may go on, and what follows when it may not: gates, windows, on_failure."""
import datetime
import json
import os
import time

import jsonschema

from estate import BAD_DOCUMENT, CHANGES, FINE, PARTLY_APPLIED, REFUSED, ROLLBACK_INCOMPLETE, ROLLED_BACK, USAGE, Case, clock

USUAL = ["replication", "values", "paths", "idle", "events"]
FOR_EVER = "2099-01-01T00:00:00Z"


def window(begins, ends):
    """Between two moments, in minutes from now."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return "/".join((now + datetime.timedelta(minutes=at)).strftime("%Y-%m-%dT%H:%M:%SZ") for at in (begins, ends))


class Gates(Case):
    def setUp(self):
        super().setUp()
        self.schema = self.estate.run("schema", "results").json()

    def states(self, words):
        self.estate.write("policy.yaml", self.estate.read("policy.yaml").replace(
            b"\nverify:", f"\nrollout: {{{words}}}\n\nverify:".encode()))

    def result(self, status, *arguments, env=None):
        said = self.estate.run(*arguments, "--output", "json", env=env)
        self.assertEqual(said.status, status, str(said))
        jsonschema.validate(said.json(), self.schema, cls=jsonschema.Draft202012Validator)
        return said.json()

    def gates(self, run):
        return [(one["phase"], one["gate"], one["passed"]) for one in self.result(FINE, "show", run)["record"]["gates"]]

    def settings(self):
        world = self.estate.world()
        return {part: world[part] for part in ("hosts", "computers")}

    def test_flags_make_the_rollout_stricter_and_a_fresh_plan_keeps_them(self):
        self.states("canary: 2, order: name, pause_minutes: 5, gates: [values]")
        self.result(CHANGES, "plan", "--out", "plan.json", "--canary", "1", "--pause", "7", "--gate", "trials", "--gate", "events")
        self.result(CHANGES, "plan", "--again", "plan.json", "--out", "again.json")
        for file in ("plan.json", "again.json"):
            rollout = json.loads(self.estate.read(file))["rollout"]
            self.assertEqual((rollout["canary"], rollout["pause_minutes"], rollout["gates"]), (1, 7, ["values", "events", "trials"]))
            self.assertEqual(rollout["trials"]["vms"], ["canary"])
        for flags, words in ((["--pause", "4"], "--pause 4 is less strict than the policy, which waits 5 minutes"),
                             (["--gate", "luck"], "--gate takes replication, values, paths, idle, events, trials, not `luck`"),
                             (["--pause", "0"], "--pause takes a number of minutes")):
            self.expect(self.estate.run("plan", *flags), BAD_DOCUMENT, words)

    def test_a_plan_says_how_long_it_takes_and_that_its_window_is_too_short(self):
        self.states("canary: 1, order: name, pause_minutes: 60")
        out = self.result(CHANGES, "plan", "--window", window(0, 30))
        self.assertEqual((out["estimate"]["pauses_ms"] % 3_600_000, out["estimate"]["assumed"]), (900_000, True))  # 15 minutes for hosts to forget
        self.assertIn("then the window ends the run before its last phase", out["warnings"][-1])
        self.assertEqual(self.result(CHANGES, "plan", "--window", window(0, 60 * 24))["warnings"], [])

    def test_a_canary_that_no_host_is_stands_wrong_at_the_check_already(self):
        for words in ("canary: {hosts: [HV77]}", "canary: {tag: nobody}"):
            self.states(words + ", order: name")
            for command in (["check", "policy.yaml", "inventory.yaml"], ["plan"]):
                self.expect(self.estate.run(*command), BAD_DOCUMENT, "(rollout.canary)", "has none, so no plan can be made")
            self.estate.write("policy.yaml", self.estate.read("policy.yaml").replace(f"\nrollout: {{{words}, order: name}}\n".encode(), b""))

    def test_a_canary_without_a_change_is_said(self):
        self.states("canary: {hosts: [HV01]}, order: name")
        self.result(CHANGES, "plan", "--out", "plan.json", "--host", "HV02")
        self.assertIn("The plan changes no host of the canary", self.estate.run("show", "plan.json").out)

    def test_gates_are_asked_behind_each_wave_but_the_last_and_stand_in_the_journal(self):
        self.states("canary: 1, waves: [1], order: name")
        plan = json.loads(self.estate.read(self.estate.plan()))
        self.assertEqual([phase.get("then", {}).get("gates") for phase in plan["phases"] if phase["phase"] == "hosts"][0], USUAL)
        said = self.estate.run("apply", "plan.json", "--purged")
        self.assertEqual(said.status, FINE, str(said))
        run = self.estate.runs()[0]
        waves = [f"wave {wave}" for wave in ("1 (canary)", "2")] + (
            ["wave 3"] if plan["phases"][-1]["phase"] == "directory removals" else [])
        self.assertEqual(self.gates(run), [(wave, gate, True) for wave in waves for gate in USUAL])
        for words in ("Gates behind wave 1 (canary)\n", "✓ gate values: 1 as written", "to undo everything"):
            self.assertIn(words, said.out)
        self.assertIn("✓ gate values", self.estate.run("show", run).out)

    def test_a_host_that_logs_an_error_ends_the_run_and_on_failure_puts_everything_back(self):
        self.states("canary: 1, order: name, on_failure: rollback")
        self.estate.plan()
        event = {"host": "HV01", "channel": "VMMS-Admin", "id": 21502, "level": 2, "time": FOR_EVER}
        self.estate.change_world(lambda world: world.update(events=[event]))
        before = self.settings()
        out = self.result(ROLLED_BACK, "apply", "plan.json", "--purged")
        self.assertEqual(out["applied"]["reason"], "gate")
        self.assertTrue(out["rollback"]["complete"])
        self.assertEqual(self.settings(), before)
        first, back = self.estate.runs()
        self.assertEqual(out["rollback"]["runs"], [back])
        self.assertEqual(self.result(FINE, "show", back)["record"]["rolls_back"], first)
        self.assertIn(("wave 1 (canary)", "events", False), self.gates(first))
        told = self.estate.run("show", first).out
        self.assertIn(": failed (gate)\n", told)
        self.assertIn("\n" + out["applied"]["because"] + "\n", told)
        self.assertIn("failed (gate)", self.estate.run("history").out)

    def test_the_command_line_says_what_follows_a_failure(self):
        self.states("canary: 1, order: name")
        self.estate.plan()
        self.estate.fault("write", "denied", "HV03", "migration.authentication")
        stopped = self.result(PARTLY_APPLIED, "apply", "plan.json", "--purged", "--on-failure", "ask")  # nobody is there
        self.assertEqual(stopped["applied"]["reason"], "failure")
        self.assertNotIn("rollback", stopped)
        self.estate.fault("write", "denied", "HV03", "migration.authentication")
        resumed = self.result(ROLLED_BACK, "apply", "--resume", self.estate.runs()[0], "--purged", "--on-failure", "rollback")
        self.assertTrue(resumed["rollback"]["complete"])
        self.expect(self.estate.run("apply", "plan.json", "--on-failure", "luck"), USAGE, "stop|rollback|ask")

    def test_a_rollback_that_cannot_be_whole_says_what_is_left(self):
        self.states("canary: 1, order: name, on_failure: rollback")
        self.estate.plan()
        self.estate.fault("write", "denied", "HV03", "migration.authentication")
        self.estate.fault("write", "unreachable", "HV01", skip=1, times=9)
        said = self.estate.run("apply", "plan.json", "--purged")
        self.assertEqual(said.status, ROLLBACK_INCOMPLETE, str(said))
        first = self.estate.runs()[0]
        self.assertIn(f"The rest later: fairway rollback {first}", said.out)
        self.estate.change_world(lambda world: world.pop("faults"))
        self.assertEqual(self.estate.run("rollback", first).status, FINE)

    def test_vms_are_moved_at_the_gate_when_it_is_asked(self):
        self.states("canary: 2, order: name, gates: [values, trials]")
        self.estate.plan()
        self.assertEqual(self.estate.run("apply", "plan.json", "--purged").status, FINE)
        record = self.result(FINE, "show", self.estate.runs()[0])["record"]
        moved = [one["saw"] for one in record["gates"] if one["gate"] == "trials"][0]
        self.assertEqual([move.split(":")[0] for move in moved], ["canary HV01 to HV02", "canary HV02 to HV01"])
        self.assertIn("canary", self.estate.world()["hosts"]["HV01"]["host.machines"])

    def refused_by(self, gate, change, *words):
        self.states("canary: {hosts: [HV02]}, order: name, pause_minutes: 60, gates: [values, paths, idle, trials]")
        self.estate.plan()
        process = self.estate.start("apply", "plan.json", "--events", "events.jsonl")
        self.addCleanup(process.kill)
        self.wait_for(lambda: b'"Pause"' in self.estate.read("events.jsonl"))
        process.terminate()
        process.communicate()
        self.estate.change_world(change)
        out = self.result(PARTLY_APPLIED, "apply", "--resume", self.estate.runs()[0], "--purged", env=clock("+0 x3600"))
        self.assertEqual(out["applied"]["reason"], "gate")
        record = self.result(FINE, "show", self.estate.runs()[0])["record"]["gates"]
        passed = {one["gate"]: one["passed"] for one in record}
        self.assertFalse(passed[gate], record)
        saw = [one["saw"] for one in record if one["gate"] == gate][0]
        for word in words:
            self.assertIn(word, " ".join(saw))
        return passed

    def wait_for(self, happened):
        for _ in range(600):
            if os.path.exists(self.estate.file("events.jsonl")) and happened():
                return
            time.sleep(0.05)
        self.fail("it did not happen in 30 s")

    def test_a_value_that_somebody_changed_meanwhile_is_seen_at_the_gate(self):
        passed = self.refused_by("values", lambda world: world["hosts"]["HV02"].update({"migration.performance": "smb"}),
                                 "host HV02 migration.performance")
        self.assertFalse(passed["trials"])  # no VM is moved behind a gate that was not passed

    def test_a_path_that_somebody_closed_meanwhile_is_seen_at_the_gate(self):
        def close(world):
            world["hosts"]["HV02"]["migration.enabled"] = False
        plan = self.estate.plan()
        self.assertTrue(plan)
        passed = self.refused_by("paths", close, "paths are open, the plan says")
        self.assertTrue(passed["values"])

    def test_a_vm_that_is_nowhere_is_no_proof(self):
        self.estate.change_world(lambda world: [host["host.machines"].remove("canary") for host in world["hosts"].values()
                                                if "canary" in host["host.machines"]])
        self.states("canary: 2, order: name, gates: [trials]")
        self.estate.plan()
        self.assertEqual(self.result(PARTLY_APPLIED, "apply", "plan.json", "--purged")["applied"]["reason"], "gate")

    def test_a_canary_of_which_nothing_was_made_ends_the_run(self):
        self.states("canary: 1, order: name, max_failures: 3, on_failure: rollback")
        self.estate.plan()
        self.estate.fault("write", "denied", "HV01", "migration.networks", times=9)
        before = self.settings()
        out = self.result(ROLLED_BACK, "apply", "plan.json", "--purged")
        self.assertIn("nothing of wave 1 (canary) was made, so wave 2 was not begun", out["applied"]["because"])
        self.assertEqual((out["applied"]["reason"], self.settings()), ("failure", before))

    def test_a_canary_that_is_left_out_is_no_canary(self):
        self.states("canary: 1, order: name")
        self.estate.plan()
        with self.untouched():
            self.expect(self.estate.run("apply", "plan.json", "--except", "HV01"), REFUSED,
                        "nothing of wave 1 (canary) can be made, so wave 2 would go by nothing; nothing was written")

    def test_a_wait_for_refusals_that_the_window_has_no_room_for_is_not_begun(self):
        self.estate.change_world(lambda world: world.update(copies=[{"server": "dc01", "id": "a"}, {"server": "dc02", "id": "b", "late_s": 0}]))
        self.states("canary: 1, order: name, on_failure: rollback, gates: [values]")
        plan = json.loads(self.estate.read(self.estate.plan()))
        self.assertEqual(plan["phases"][0]["phase"], "directory additions")
        before = self.settings()
        out = self.result(ROLLED_BACK, "apply", "plan.json", "--window", window(-1, 14))  # they are remembered for 15 minutes
        self.assertEqual(out["applied"]["reason"], "window")
        self.assertRegex(out["applied"]["because"], "^until [^ ]+ hosts remember that a ticket was refused to them .*; "
                                                    "what follows has to begin by ")
        self.assertEqual(self.settings(), before)

    def test_outside_of_its_window_nothing_begins(self):
        self.estate.plan()
        with self.untouched():
            for dry in ([], ["--dry-run"]):
                for given, status, words in ((window(60, 120), REFUSED, "the window opens at "), (window(-120, -60), REFUSED, "is over"),
                                             (window(-60, 0.5), REFUSED, "of the window is left"), ("soon", USAGE, "is no window")):
                    self.expect(self.estate.run("apply", "plan.json", "--window", given, *dry), status, words)
            self.expect(self.estate.run("plan", "--window", window(-120, -60)), REFUSED, "is over")
        self.assertEqual(self.estate.run("apply", "plan.json", "--window", window(-60, 600)).status, FINE)

    def test_a_pause_that_the_window_has_no_room_for_ends_the_run_and_everything_goes_back(self):
        self.states("canary: 1, order: name, pause_minutes: 1, on_failure: rollback")
        self.assertEqual(self.estate.run("apply", self.estate.plan(), env=clock("+0 x60")).status, FINE)  # so that rounds are measured
        self.assertEqual(self.estate.run("rollback", self.estate.runs()[0]).status, FINE)
        before = self.settings()
        said = self.estate.run("apply", self.estate.plan(), "--window", window(-1, 0.75), "--output", "json")
        self.assertEqual(said.status, ROLLED_BACK, str(said))
        applied = said.json()["applied"]
        self.assertEqual(applied["reason"], "window")
        self.assertIn("after the pause behind wave 1 (canary), which lasts until ", applied["because"])
        self.assertFalse(any(one["assumed"] for one in applied["estimates"]))
        self.assertEqual(self.settings(), before)

    def test_a_window_of_the_policy_stands_in_the_plan_and_both_hold(self):
        self.states(f"window: {{from: '{window(-60, 600).split('/')[0]}', until: '{window(-60, 600).split('/')[1]}'}}")
        said = self.estate.run("plan", "--out", "plan.json")
        self.assertEqual(said.status, CHANGES, str(said))
        self.assertIn("Window: ", said.out)
        self.assertEqual(json.loads(self.estate.read("plan.json"))["fairway_plan"], 5)
        self.expect(self.estate.run("plan", "--window", window(0, 60)), USAGE, "the policy has another window")
        with self.untouched():
            self.expect(self.estate.run("apply", "plan.json", "--window", window(700, 800)), REFUSED, "at the same time")
        out = self.result(FINE, "apply", "plan.json")
        self.assertEqual([one["assumed"] for one in out["applied"]["estimates"]][0], True)


class Told(Case):
    """--events: a line for each event, as it happens."""

    def setUp(self):
        super().setUp()
        self.schema = self.estate.run("schema", "events").json()
        self.estate.write("policy.yaml", self.estate.read("policy.yaml").replace(
            b"\nverify:", b"\nrollout: {canary: 1, order: name}\n\nverify:"))
        self.estate.plan()

    def lines(self, text):
        events = [json.loads(line) for line in text.splitlines()]
        for event in events:
            jsonschema.validate(event, self.schema, cls=jsonschema.Draft202012Validator)
        return events

    def test_a_file_has_all_that_happens_and_results_stay_as_they_are(self):
        said = self.estate.run("apply", "plan.json", "--purged", "--events", "events.jsonl", "--output", "json")
        self.assertEqual(said.status, FINE, str(said))
        events = self.lines(self.estate.read("events.jsonl").decode())
        kinds = [event["event"] for event in events]
        self.assertEqual((kinds[0], kinds[1], kinds[-1]), ("started", "phase", "end"))
        for kind in ("intent", "written", "outcome"):
            self.assertEqual(kinds.count(kind), 6)
        self.assertIn(("wave 1 (canary)", "events", True),
                      [(event["phase"], event["gate"], event["passed"]) for event in events if event["event"] == "gate"])
        self.assertEqual(said.json()["applied"]["ending"], events[-1]["ending"])
        # An intent comes before its outcome.
        at = {(event["event"], event.get("object"), event.get("setting")): place for place, event in enumerate(events)}
        for event, thing, setting in list(at):
            if event == "outcome":
                self.assertLess(at["intent", thing, setting], at["outcome", thing, setting])

    def test_a_rollback_tells_its_events_too(self):
        run = self.estate.apply()
        self.assertEqual(self.estate.run("rollback", run, "--events", "back.jsonl").status, FINE)
        kinds = [event["event"] for event in self.lines(self.estate.read("back.jsonl").decode())]
        self.assertEqual((kinds[0], kinds.count("outcome"), kinds[-1]), ("started", 6, "end"))

    def test_standard_output_has_the_lines_alone(self):
        said = self.estate.run("apply", "plan.json", "--purged", "--events", "-")
        self.assertEqual(said.status, FINE, str(said))
        self.assertEqual(self.lines(said.out)[-1]["event"], "end")
        self.expect(self.estate.run("apply", "plan.json", "--events", "-", "--output", "json"), USAGE, "both write to standard output")

    def test_a_rollback_says_which_run_it_rolls_back(self):
        self.assertEqual(self.estate.run("apply", "plan.json", "--purged").status, FINE)
        run = self.estate.runs()[0]
        self.assertEqual(self.estate.run("rollback", run, "--events", "back.jsonl").status, FINE)
        self.assertEqual(self.lines(self.estate.read("back.jsonl").decode())[0]["rolls_back"], run)

    def test_a_file_that_cannot_be_written_is_known_before_the_run(self):
        with self.untouched():
            said = self.estate.run("apply", "plan.json", "--events", "no/such/folder.jsonl")
        self.expect(said, 12, "cannot write no/such/folder.jsonl")

    def test_what_is_waited_for_is_told_with_its_end(self):
        self.estate.write("policy.yaml", self.estate.read("policy.yaml").replace(b"canary: 1,", b"canary: 1, pause_minutes: 60,"))
        self.estate.plan()
        process = self.estate.start("apply", "plan.json", "--events", "-")
        self.addCleanup(process.kill)
        for line in process.stdout:
            if (event := self.lines(line)[0]).get("for") == "Pause":
                break
        process.terminate()
        rest = self.lines(process.communicate()[0])
        self.assertEqual((event["for"], event["run"]), ("Pause", self.estate.runs()[0]))
        self.assertGreater(event["deadline"], event["time"])
        self.assertEqual(rest[-1]["reason"], "asked")
