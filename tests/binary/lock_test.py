"""Who may change an estate now, and what does Ctrl-C do? A second run is refused with the name of the first, and
a lock ends with its holder. A run is held in the middle by a lock on the embedded estate's file: its first write
waits for it.
"""
import contextlib
import fcntl
import os
import signal
import subprocess
import time

from estate import CHANGES, FINE, LOCK_HELD, NOT_VERIFIED, PARTLY_APPLIED, PATIENCE, STALE, Case, clock

LIVE = """estate: corp
directory: {domain: corp.example, servers: [dc.corp.example]}
hosts: {list: [{name: HV01}]}
"""


class LockCase(Case):
    def setUp(self):
        super().setUp()
        self.estate.plan()

    @contextlib.contextmanager
    def held(self, name, holder=""):
        """An flock of ours on that file, with that text in it."""
        with open(self.estate.file(name), "a+") as f:
            f.write(holder)
            f.flush()
            fcntl.flock(f, fcntl.LOCK_EX)
            yield

    def wait_for(self, what, told):
        end = time.monotonic() + PATIENCE
        while not told():
            self.assertLess(time.monotonic(), end, f"waited in vain for {what}")
            time.sleep(0.01)

    @contextlib.contextmanager
    def held_in_the_middle(self, *arguments, kinds=("begin", "intent"), in_flight=("--in-flight", "1")):
        """A run of the program, one change at a time, that stands before its first write; inside the block it stays there."""
        seen = len(self.estate.entries())
        with self.held("world.json.lock"):
            process = self.estate.start(*arguments, *in_flight)
            self.addCleanup(process.communicate)
            self.addCleanup(process.kill)
            self.wait_for("the run's first intent",
                          lambda: tuple(kind for _, kind, _ in self.estate.entries()[seen:]) == kinds)
            yield process

    def waits(self, process):
        """Until it waits for a lock that we hold. A line of /proc/locks: `4: -> FLOCK ADVISORY WRITE 4711 …`."""
        def told():
            with open("/proc/locks", encoding="ascii") as locks:
                return any(f" {process.pid} " in line for line in locks if "->" in line)
        self.wait_for("the program to wait for a lock", told)

    def interrupt(self, process, sign=signal.SIGINT):
        """Sends it, and returns when the program has got it: a second one would else be the same."""
        def taken():
            with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
                pending = dict(line.split(":", 1) for line in status)["ShdPnd"]
            return not int(pending, 16) >> (sign - 1) & 1
        process.send_signal(sign)
        self.wait_for(f"the program to take {sign.name}", taken)

    def finish(self, process):
        out, err = process.communicate(timeout=PATIENCE)
        return process.returncode, out, err

    def run_name(self):
        return self.estate.runs()[-1]


class Locks(LockCase):
    def test_a_second_run_on_the_store_is_refused_and_hears_who_holds_it(self):
        with self.held("journal.db.run-lock", "jane@desk (process 4711, applying)"), self.untouched():
            self.expect(self.estate.run("apply", "plan.json"), LOCK_HELD, "jane@desk (process 4711, applying)",
                        "journal.db.run-lock", "the lock goes with it")

    def test_a_second_run_on_the_estate_with_another_store_is_refused(self):
        with self.held("world.json.run-lock", "jane@desk (process 4711, applying)"), self.untouched():
            self.expect(self.estate.run("apply", "plan.json", "-s", "other.db"), LOCK_HELD,
                        "jane@desk (process 4711, applying)", "world.json.run-lock")
        self.assertEqual(self.estate.runs("other.db"), [])

    def test_a_holder_without_a_name_is_called_so(self):
        with self.held("journal.db.run-lock"):
            self.expect(self.estate.run("apply", "plan.json"), LOCK_HELD, "somebody who left no name")

    def test_a_live_estate_is_locked_by_its_domain(self):
        self.estate.write("live.yaml", LIVE)
        with self.held("fairway-corp.example.lock", "jane@desk"):
            self.expect(self.estate.run("apply", "plan.json", "-i", "live.yaml"), LOCK_HELD, "jane@desk",
                        "fairway-corp.example.lock")

    def test_a_running_apply_is_named_with_process_and_purpose(self):
        with self.held_in_the_middle("apply", "plan.json") as process:
            run = self.run_name()
            for arguments in (["apply", "plan.json"], ["apply", "plan.json", "-s", "other.db"], ["rollback", run],
                              ["verify", run], ["apply", "--resume", run]):
                with self.subTest(arguments), self.untouched():
                    self.expect(self.estate.run(*arguments), LOCK_HELD, f"(process {process.pid}, since ", "applying plan ")
        self.assertEqual(self.finish(process)[0], FINE)

    def test_a_stopped_process_still_holds_its_lock(self):
        with self.held_in_the_middle("apply", "plan.json") as process:
            process.send_signal(signal.SIGSTOP)
        self.expect(self.estate.run("rollback", self.run_name()), LOCK_HELD, f"(process {process.pid},")
        process.send_signal(signal.SIGCONT)
        self.assertEqual(self.finish(process)[0], FINE)

    def test_reading_commands_do_not_wait_for_a_run(self):
        with self.held_in_the_middle("apply", "plan.json") as process:
            for arguments, status in ((["audit"], CHANGES), (["plan"], CHANGES), (["show", "plan.json"], FINE),
                                      (["explain", "HV01", "HV02"], CHANGES), (["history"], FINE)):
                with self.subTest(arguments), self.untouched():
                    self.expect(self.estate.run(*arguments), status)
        self.assertEqual(self.finish(process)[0], FINE)

    def test_the_lock_goes_away_when_its_holder_is_killed(self):
        with self.held_in_the_middle("apply", "plan.json") as process:
            process.kill()
            process.wait()
        said = self.expect(self.estate.run("apply", "plan.json"), FINE)
        self.assertIn("had no end (it was killed): settled by reading", said.out)

    def test_of_many_who_start_at_once_one_applies_and_the_others_hear_why_not(self):
        for turn in range(5):
            with self.subTest(turn=turn):
                store = f"new-{turn}.db"
                self.estate.change_world(lambda world: world["hosts"]["HV02"].update({"migration.performance": "tcpip"}))
                self.estate.plan()
                processes = [self.estate.start("apply", "plan.json", "-s", store) for _ in range(6)]
                ends = [self.finish(process) for process in processes]
                statuses = sorted(end[0] for end in ends)
                troubles = "\n".join(end[2] for end in ends)
                self.assertLessEqual(set(statuses), {FINE, STALE, LOCK_HELD}, troubles)
                self.assertEqual(statuses.count(FINE), 1, troubles)
                self.assertEqual(len(self.estate.runs(store)), 1)


class Interrupts(LockCase):
    def check_stop(self, process):
        """The first change was finished, the rest is left, and resuming goes on."""
        status, out, err = self.finish(process)
        self.assertEqual(status, PARTLY_APPLIED, out + err)
        self.assertIn("finishing what is in flight", err)
        self.assertIn("stopped on request, between two changes", out)
        self.assertIn("changed 1  left 5  of 6", out)
        self.assertIn(f"fairway apply --resume {self.run_name()}", out)
        kinds = [(kind, body.get("outcome") or body.get("end")) for _, kind, body in self.estate.entries()]
        self.assertEqual(kinds, [("begin", None), ("intent", None), ("outcome", "done"), ("end", "stopped")])

    def test_ctrl_c_and_a_service_stop_finish_the_current_change(self):
        for sign in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(sign.name):
                self.setUp()
                with self.held_in_the_middle("apply", "plan.json") as process:
                    self.interrupt(process, sign)
                    time.sleep(0.2)
                    self.assertIsNone(process.poll(), "it did not wait for the current change")
                self.check_stop(process)
                said = self.expect(self.estate.run("apply", "--resume", self.run_name()), FINE)
                self.assertIn("changed 6  left 0  of 6", said.out)

    def test_a_terminal_that_is_closed_stops_it_too_but_not_under_nohup(self):
        with self.held_in_the_middle("apply", "plan.json") as process:
            self.interrupt(process, signal.SIGHUP)
        self.check_stop(process)
        self.expect(self.estate.run("rollback", self.run_name()), FINE)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGHUP, signal.SIG_DFL)
        with self.held_in_the_middle("apply", self.estate.plan()) as process:
            process.send_signal(signal.SIGHUP)
            time.sleep(0.2)
        self.assertEqual(self.finish(process)[0], FINE)

    def test_an_output_that_is_lost_in_the_middle_changes_nothing_about_the_run(self):
        with self.held_in_the_middle("apply", "plan.json") as process:
            process.stdout.close()
        self.assertEqual(process.wait(PATIENCE), FINE)
        self.assertEqual(self.estate.entries()[-1][2]["end"], "complete")

    def test_a_stopped_run_can_be_rolled_back(self):
        first = self.estate.read("world.json")
        with self.held_in_the_middle("apply", "plan.json") as process:
            self.interrupt(process)
        self.check_stop(process)
        self.expect(self.estate.run("rollback", self.run_name()), FINE)
        self.assertEqual(self.estate.read("world.json"), first)

    def test_what_is_in_flight_is_finished_and_nothing_else_begins(self):
        with self.held_in_the_middle("apply", "plan.json", kinds=("begin", "intent", "intent"), in_flight=()) as process:
            self.interrupt(process)
        status, out, err = self.finish(process)
        self.assertEqual(status, PARTLY_APPLIED, out + err)
        steps = [body.get("outcome") for _, kind, body in self.estate.entries() if kind == "outcome"]
        self.assertEqual(len(steps), 2, steps)
        self.assertIn(f"changed {steps.count('done')}  left {6 - steps.count('done')}  of 6", out)
        said = self.expect(self.estate.run("apply", "--resume", self.run_name()), FINE)
        self.assertIn("changed 6  left 0  of 6", said.out)

    def test_ctrl_c_in_the_pause_between_two_waves_ends_the_run_there(self):
        self.estate.write("policy.yaml", self.estate.read("policy.yaml").replace(
            b"\nverify:", b"\nrollout: {canary: 1, pause_minutes: 60}\n\nverify:"))
        self.estate.plan()
        process = self.estate.start("apply", "plan.json")
        self.addCleanup(process.kill)
        self.wait_for("the pause", lambda: [kind for _, kind, _ in self.estate.entries()][-1:] == ["outcome"])
        time.sleep(0.5)  # the next wave would have begun
        self.assertIsNone(process.poll())
        done = [body["outcome"] for _, kind, body in self.estate.entries() if kind == "outcome"]
        self.assertLess(len(done), 6)
        self.interrupt(process)
        status, out, err = self.finish(process)
        self.assertEqual(status, PARTLY_APPLIED, out + err)
        self.assertIn("Pause of 60 minutes after wave 1 (canary), until ", out)
        self.assertIn("stopped on request, while it waited after wave 1 (canary)", out)
        ours = self.run_name()
        process = self.estate.start("apply", "--purged", "--resume", ours)  # purged tickets do not end the pause
        self.addCleanup(process.kill)
        self.assertRaises(subprocess.TimeoutExpired, process.wait, 0.5)
        self.interrupt(process)
        self.assertEqual(self.finish(process)[0], PARTLY_APPLIED)
        said = self.expect(self.estate.run("apply", "--resume", ours, env=clock("+0 x3600")), FINE)
        self.assertIn("changed 6  left 0  of 6", said.out)

    def test_a_second_signal_of_any_kind_ends_it_at_once_and_the_run_is_resumable(self):
        for first, second in ((signal.SIGINT, signal.SIGINT), (signal.SIGINT, signal.SIGTERM), (signal.SIGHUP, signal.SIGINT),
                              (signal.SIGTERM, signal.SIGHUP)):
            with self.subTest(first=first.name, second=second.name):
                self.setUp()
                with self.held_in_the_middle("apply", "plan.json") as process:
                    self.interrupt(process, first)
                    process.send_signal(second)
                    self.assertEqual(process.wait(PATIENCE), -second)
                self.expect(self.estate.run("apply", "--resume", self.run_name()), FINE)

    def test_a_signal_long_after_the_first_asks_again(self):
        with self.held_in_the_middle("apply", "plan.json") as process:
            self.interrupt(process)
            time.sleep(6.5)  # 5 s, and what clocks round
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
            self.assertIsNone(process.poll(), "it left at once")
        status, _, err = self.finish(process)
        self.assertEqual(status, PARTLY_APPLIED, err)
        self.assertEqual(err.count("finishing what is in flight"), 2, err)

    def test_ctrl_c_during_a_rollback_finishes_the_current_change(self):
        self.assertEqual(self.estate.run("apply", "plan.json").status, FINE)
        run = self.run_name()
        with self.held_in_the_middle("rollback", run) as process:
            self.interrupt(process)
        status, out, err = self.finish(process)
        self.assertEqual(status, PARTLY_APPLIED, out + err)
        self.expect(self.estate.run("apply", "--resume", self.run_name()), FINE)

    def test_ctrl_c_during_an_audit_just_ends_it(self):
        os.remove(self.estate.file("world.json"))
        os.mkfifo(self.estate.file("world.json"))
        process = self.estate.start("audit")
        # The audit has the pipe open for reading as soon as it can be opened for writing without waiting.
        self.wait_for("the audit to read its world", lambda: self.opened("world.json"))
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.finish(process)[0], -signal.SIGINT)

    def opened(self, name):
        try:
            self.pipe = os.open(self.estate.file(name), os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            return False
        self.addCleanup(os.close, self.pipe)
        return True

    def test_a_verification_that_was_cut_short_is_no_proof(self):
        self.assertEqual(self.estate.run("apply", "plan.json").status, FINE)
        with self.held("world.json.lock"):
            process = self.estate.start("verify", self.run_name(), stdout=subprocess.PIPE)
            self.addCleanup(process.kill)
            self.assertIn("6 values of run", process.stdout.readline())
            self.assertIn("Paths", process.stdout.readline())
            self.waits(process)
            self.interrupt(process)
        status, out, err = self.finish(process)
        self.assertEqual(out.count("trial move"), 1, out)
        self.assertEqual(status, NOT_VERIFIED, out + err)
        self.assertNotIn("Verified.", out)
