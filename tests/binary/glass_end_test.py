"""How a break-glass run ends, and that nothing opens it again without an end of its own."""
import contextlib
import fcntl
import os

from estate import CHANGES, ERROR, FINE, LOCK_HELD, PARTLY_APPLIED, REFUSED, UNREACHABLE, USAGE
from glass import KERBEROS, OPEN, OPENED, Glass, later


class Ending(Glass):
    def expired(self, status=FINE, minutes=46):
        return self.result(status, "expire", env=later(minutes))["expired"]

    def test_nothing_is_past_its_end(self):
        with self.untouched():
            said = self.expect(self.estate.run("expire", "--store", "/no/such/x.db"), FINE)  # a timer may run before the first run
            self.assertEqual(said.out, "There is no journal at /no/such/x.db, so no break-glass run is open.\n")
            self.estate.write("wrong.yaml", "estate: [\n")
            for wrong in ("none.yaml", "wrong.yaml"):
                self.expect(self.estate.run("expire", "--inventory", wrong), self.estate.run("audit", "--inventory", wrong).status, wrong)
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

    def test_runs_of_another_estate_are_left_alone_and_named(self):
        run = self.opened()
        inventory = self.estate.read("inventory.yaml").decode()
        self.estate.write("other.yaml", inventory.replace("estate: corp", "estate: other"))
        with self.untouched():
            said = self.result(FINE, "expire", "--inventory", "other.yaml", env=later(46))
            self.assertEqual((said["expired"], [(one["run"], one["estate"]) for one in said["other_estates"]]), ([], [(run, "corp")]))
            words = self.estate.run("expire", "--inventory", "other.yaml", env=later(46)).out
        self.assertIn("No break-glass run of the estate other is past its end", words)
        self.assertIn(f"! run {run} of the estate corp is past its end since 20", words)
        self.assertIn("it is ended with that estate's inventory", words)
        self.assertEqual(self.result(FINE, "expire", "--inventory", "other.yaml")["other_estates"], [])


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

    def test_what_another_run_took_over_is_not_opened_again_once_the_break_glass_run_is_over(self):
        self.opened()
        self.estate.write("own.yaml", "policy: own\nowner: o\nwhy: w\nrules:\n  - {id: r, why: w, severity: high, on: {hosts: [HV01]}, "
                                      "want: {migration.authentication: kerberos}}\n"
                                      "  - {id: m, why: w, severity: high, on: {hosts: [HV03]}, want: {migration.max_live: 7}}\n")
        self.expect(self.estate.run("plan", "--policy", "own.yaml", "--out", "own.json"), CHANGES)
        self.expect(self.estate.run("apply", "own.json"), FINE)
        other = self.estate.runs()[-1]
        self.assertIn("2 changes on 2", self.expect(self.estate.run("rollback", other, "--dry-run"), CHANGES).out)  # it would end by itself
        ended, = self.result(FINE, "expire", env=later(46))["expired"]
        self.assertEqual((ended["over"], self.values()), (True, KERBEROS))
        for part in ((), ("--host", "HV01"), ("--dry-run",)):
            with self.untouched():
                self.expect(self.estate.run("rollback", other, *part, *(() if part == ("--dry-run",) else ("--yes",))), REFUSED,
                            "would open HV01 again", f"fairway rollback {other} --except HV01")
        self.expect(self.estate.run("rollback", other, "--except", "HV01", "--yes"), FINE)
        self.assertEqual(self.values(), KERBEROS)

    def test_a_rollback_that_was_stopped_is_gone_on_with_and_not_undone(self):
        run = self.result(FINE, "break-glass", "--hosts", "HV02", *OPEN[3:])["applied"]["run"]
        self.estate.fault("write", "denied", "HV02", times=1000)
        said = self.estate.run("rollback", run, "--yes")
        back = self.estate.runs()[-1]
        self.assertIn(f"The same command puts back the rest, when nothing stands in its way: fairway rollback {run}\n", said.out)
        self.assertNotIn(f"fairway rollback {back}", said.out)
        failed = self.estate.run("apply", "--resume", back, "--on-failure", "rollback")
        self.assertIn("What is done stays done", failed.out)
        self.estate.change_world(lambda world: world.pop("faults"))
        said = self.expect(self.estate.run("apply", "--resume", back), FINE)
        self.assertNotIn(f"fairway rollback {back}", said.out)
        self.assertEqual(self.values(), KERBEROS)
        with self.untouched():
            self.expect(self.estate.run("rollback", back, "--yes"), REFUSED, "fairway break-glass --hosts HV02")


class Extending(Glass):
    def test_a_later_end_needs_a_reason_of_its_own(self):
        run = self.opened()
        more = ("break-glass", "--yes", "--extend", run, "--for", "2h")
        with self.untouched():
            self.expect(self.estate.run(*more), USAGE, "break-glass needs --reason")
            self.expect(self.estate.run(*more, "--reason", "The KDC is broken"), REFUSED, "has this reason already; say what is new")
            self.expect(self.estate.run(*more, "--reason", " the  KDC is   broken"), REFUSED, "has this reason already; say what is new")
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
