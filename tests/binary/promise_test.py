"""Does a run keep its promises? A rollback never undoes a later run, names what others took, and goes on without what
cannot be read; verify calls a run verified only if every change is done; a list may be edited by others meanwhile; and
what the host complains of is told.
"""
import jsonschema

from estate import (CHANGES, FINE, IN_DOUBT, NOT_VERIFIED, PARTLY_APPLIED, REFUSED, STALE, UNREACHABLE, Case)
from lock_test import LockCase

LIST = "delegation.services"
MINE = ["cifs/HV03", "cifs/hv03.corp.example", "Microsoft Virtual System Migration Service/HV03",
        "Microsoft Virtual System Migration Service/hv03.corp.example"]  # that the plan gives to HV02


class PromiseCase(Case):
    def result(self, status, *arguments):
        said = self.estate.run(*arguments, "--output", "json")
        self.assertEqual(said.status, status, str(said))
        jsonschema.validate(said.json(), self.estate.run("schema", "results").json())
        return said.json()

    def services(self, host="HV02"):
        return self.estate.world()["computers"][host][LIST]

    def edit(self, add=(), take=(), host="HV02"):
        """Somebody else's hand at a list."""
        def change(world):
            held = world["computers"][host][LIST]
            fold = [one.lower() for one in take]
            world["computers"][host][LIST] = [one for one in held if one.lower() not in fold] + list(add)
        self.estate.change_world(change)

    def set(self, host, setting, value):
        self.estate.change_world(lambda world: world["hosts"][host].update({setting: value}))

    def dead(self, host):
        """The host no longer answers; its account lives in the directory."""
        for setting in self.estate.world()["hosts"][host]:
            if setting.startswith(("migration.", "host.")):
                self.estate.fault("read", "unreachable", host, setting)
                self.estate.fault("write", "unreachable", host, setting, times=1000)

    def alive(self):
        self.estate.change_world(lambda world: world.pop("faults", None))


class LaterRuns(PromiseCase):
    def test_a_rollback_never_undoes_a_later_run(self):
        one = self.estate.apply()
        two = self.result(FINE, "rollback", one)["applied"]["run"]
        three = self.estate.apply()
        with self.untouched():
            for more in ([], ["--dry-run"], ["--yes"]):
                self.expect(self.estate.run("rollback", one, *more), REFUSED,
                            f"run {one} was rolled back already, by run {two}; nothing was changed",
                            f"fairway rollback {three}")
            self.assertEqual(self.result(REFUSED, "rollback", one)["error"]["code"], "refused")
        first = self.estate.read("world.json")
        self.expect(self.estate.run("rollback", three), FINE)
        self.assertNotEqual(self.estate.read("world.json"), first)

    def test_a_rollback_of_a_rollback(self):
        first = self.estate.read("world.json")
        one = self.estate.apply()
        final = self.estate.read("world.json")
        two = self.result(FINE, "rollback", one)["applied"]["run"]
        three = self.result(FINE, "rollback", two)["applied"]["run"]
        self.assertEqual(self.estate.read("world.json"), final)
        self.expect(self.estate.run("rollback", one), REFUSED, f"by run {two}", f"fairway rollback {three}")
        self.expect(self.estate.run("rollback", two), REFUSED, f"by run {three}")
        self.expect(self.estate.run("rollback", three), FINE)
        self.assertEqual(self.estate.read("world.json"), first)

    def test_a_part_of_a_run_and_then_the_rest(self):
        first = self.estate.read("world.json")
        one = self.estate.apply()
        two = self.result(FINE, "rollback", one, "--host", "HV02")["applied"]["run"]
        self.expect(self.estate.run("rollback", one, "--host", "hv02"), REFUSED,
                    f"this part of run {one} was rolled back already, by run {two}")
        said = self.estate.run("verify", one, "--no-moves")
        self.assertEqual(said.status, NOT_VERIFIED)
        self.assertIn(f"Run {one} was partly rolled back by run {two}.\n", said.out)
        three = self.result(FINE, "rollback", one)["applied"]["run"]
        self.assertEqual(self.estate.read("world.json"), first)
        self.expect(self.estate.run("rollback", one), REFUSED, f"by run {two} and {three}")

    def test_an_element_that_was_taken_and_is_of_a_later_run(self):
        one = self.estate.apply()
        self.edit(take=[MINE[0]])
        two = self.estate.apply()
        self.assertIn(MINE[0], self.services())
        back = self.result(PARTLY_APPLIED, "rollback", one)
        self.assertIn(MINE[0], self.services())
        self.assertNotIn(MINE[1], self.services())
        [other] = [one for one in back["others"] if one["runs"]]
        self.assertEqual((other["object"], other["runs"]), ("HV02", [{"run": two, "values": [MINE[0]]}]))
        [note] = [note for note in back["plan"]["notes"] if note["setting"] == LIST]
        self.assertEqual(note["verdict"], "conflict")
        self.assertIn(f"run {two} changed these values later, so they stay as it left them: {MINE[0]}", note["because"])
        # What the first rollback took was there when the second run began.
        self.expect(self.estate.run("rollback", two), PARTLY_APPLIED)
        self.assertNotIn(MINE[0], self.services())

    def test_a_scalar_that_came_back_by_a_later_run(self):
        one = self.estate.apply()
        self.set("HV02", "migration.performance", "tcpip")
        two = self.estate.apply()
        back = self.result(PARTLY_APPLIED, "rollback", one)
        [note] = back["plan"]["notes"]
        self.assertEqual((note["object"], note["verdict"]), ("HV02", "conflict"))
        self.assertEqual(note["because"], f"is compression; run {two} changed it later, so it stays")
        self.assertEqual(self.estate.world()["hosts"]["HV02"]["migration.performance"], "compression")
        self.expect(self.estate.run("rollback", two), FINE)
        self.assertEqual(self.estate.world()["hosts"]["HV02"]["migration.performance"], "tcpip")

    def test_a_run_that_was_rolled_back_is_not_continued(self):
        self.estate.fault("write", "unreachable", "HV03", "migration.authentication")
        said = self.estate.run("apply", self.estate.plan(), "--output", "json")
        run = said.json()["applied"]["run"]
        back = self.result(FINE, "rollback", run)["applied"]["run"]
        with self.untouched():
            self.expect(self.estate.run("apply", "--resume", run), REFUSED, f"run {run} was rolled back by run {back}")

    def test_limits_hold_for_rollbacks_where_the_policy_says_so(self):
        policy = self.estate.read("policy.yaml").decode()
        for says, status in (("", FINE), (", rollbacks: false", FINE), (", rollbacks: true", REFUSED)):
            with self.subTest(says):
                self.estate.write("policy.yaml", policy.replace(
                    "\nverify:", "\nrollout: {limits: {paths_closed: 0%s}}\n\nverify:" % says))
                run = self.estate.apply()
                said = self.estate.run("rollback", run)
                self.assertEqual(said.status, status, str(said))
                if status == REFUSED:
                    self.assertIn("the rollback goes beyond a limit: ", said.err)
                    self.assertIn("its steps close 6 open paths on the way; the policy allows 0", said.err)
                    self.assertEqual(len(self.estate.runs()), 5)
                    self.expect(self.estate.run("rollback", run, "--setting", "migration.performance"), FINE)


class Others(PromiseCase):
    def test_what_others_took_is_named_as_what_they_added_is(self):
        run = self.estate.apply()
        self.edit(add=["cifs/BACKUP01"], take=["mssqlsvc/sql01:1433", "cifs/hv01", MINE[1]])
        dry = self.estate.run("rollback", run, "--dry-run")
        for said in (dry, self.estate.run("rollback", run)):
            self.assertIn("! conflict HV02 delegation.services: others took 2 values since the run, and they are not put back: "
                          "cifs/HV01, MSSQLSvc/sql01:1433\n", said.out)
            self.assertIn("! cifs/hv03.corp.example is gone from delegation.services of HV02: the run had added it, and others took it\n", said.out)
            self.assertIn("! keeps cifs/BACKUP01 in delegation.services of HV02: it is not the run's\n", said.out)
        self.assertEqual((dry.status, said.status), (CHANGES, PARTLY_APPLIED))
        self.assertIn("cifs/BACKUP01", self.services())
        self.assertNotIn("cifs/HV01", self.services())

    def test_the_same_in_json(self):
        run = self.estate.apply()
        self.edit(add=["cifs/BACKUP01"], take=["MSSQLSvc/sql01:1433"])
        back = self.result(PARTLY_APPLIED, "rollback", run)
        self.assertEqual(back["others"], [{"object": "HV02", "setting": LIST, "added": ["cifs/BACKUP01"],
                                           "taken": ["MSSQLSvc/sql01:1433"], "withdrawn": [], "runs": []}])

    def test_where_others_took_what_the_run_had_added_all_is_as_before(self):
        first = self.estate.world()
        run = self.estate.apply()
        self.edit(take=[MINE[0]])
        back = self.result(FINE, "rollback", run)
        self.assertEqual((back["others"][0]["withdrawn"], back["conflicts"]), ([MINE[0]], []))
        self.assertEqual(self.estate.world(), first)
        self.expect(self.estate.run("rollback", run), FINE)  # nothing is left of it
        self.assertEqual(self.estate.world(), first)

    def test_another_spelling_is_the_same_value(self):
        first = self.estate.world()
        run = self.estate.apply()
        self.edit(take=[MINE[0]], add=[MINE[0].upper()])
        self.expect(self.estate.run("rollback", run), FINE)
        self.assertEqual(self.estate.world(), first)

    def test_what_others_added_alone_is_no_conflict(self):
        run = self.estate.apply()
        self.edit(add=["cifs/BACKUP01"])
        self.assertEqual(self.result(FINE, "rollback", run)["others"][0]["added"], ["cifs/BACKUP01"])


class Verify(PromiseCase):
    def test_a_run_that_is_not_done_is_not_verified(self):
        self.estate.fault("write", "unreachable", "HV02", "migration.performance")
        run = self.estate.run("apply", self.estate.plan(), "--output", "json").json()["applied"]["run"]
        said = self.estate.run("verify", run, "--no-moves")
        self.assertEqual(said.status, NOT_VERIFIED, str(said))
        self.assertIn(f"Only 3 of 6 changes of run {run} are done.\n  ✗ host HV02 migration.performance (not there, but "
                      "nobody refused it: it may still arrive)\n  2 changes were never begun\n", said.out)
        self.assertTrue(said.out.endswith(f"Not verified. Go on: fairway apply --resume {run}   Go back: fairway rollback {run}\n"))
        result = self.result(NOT_VERIFIED, "verify", run, "--no-moves")
        self.assertEqual((result["done"], result["changes"], result["rolled_back_by"]), (3, 6, []))
        self.expect(self.estate.run("apply", "--resume", run), FINE)
        self.expect(self.estate.run("verify", run, "--no-moves"), FINE)

    def test_a_run_that_was_rolled_back_is_called_so(self):
        one = self.estate.apply()
        two = self.result(FINE, "rollback", one)["applied"]["run"]
        self.estate.apply()  # and all its values are there again
        said = self.estate.run("verify", one)
        self.assertEqual(said.status, NOT_VERIFIED)
        self.assertIn(f"Run {one} was rolled back by run {two}.\n", said.out)
        self.assertNotIn("trial move", said.out)
        self.assertEqual(self.result(NOT_VERIFIED, "verify", one)["rolled_back_by"], [two])


class DeadHost(PromiseCase):
    def stopped_at(self, host):
        """A run that stopped at that host's first change, which is in doubt."""
        self.estate.fault("write", "unreachable", host, "migration.performance")
        run = self.estate.run("apply", self.estate.plan(), "--output", "json").json()["applied"]["run"]
        self.alive()
        self.dead(host)
        return run

    def test_a_rollback_undoes_all_else_and_lists_what_is_left(self):
        first = self.estate.world()
        run = self.stopped_at("HV02")
        said = self.estate.run("rollback", run)
        self.assertEqual(said.status, IN_DOUBT, str(said))
        self.assertIn("! in doubt: host HV02 migration.performance: HV02 does not answer", said.out)
        self.assertIn(f"The same command puts back the rest, when nothing stands in its way: fairway rollback {run}\n", said.out)
        self.alive()
        self.expect(self.estate.run("rollback", run), FINE)
        self.assertEqual(self.estate.world(), first)

    def test_a_narrowed_rollback_is_not_stopped_by_another_host(self):
        run = self.stopped_at("HV02")
        self.expect(self.estate.run("rollback", run, "--host", "HV01"), FINE)

    def test_a_resumption_goes_on_without_it(self):
        run = self.stopped_at("HV02")
        result = self.result(IN_DOUBT, "apply", "--resume", run)["applied"]
        self.assertEqual((result["ending"], result["changed"], result["left"]), ("in_doubt", 4, 2))
        self.assertEqual([(one["object"], one["setting"]) for one in result["left_out"]],
                         [("HV02", "migration.performance"), ("HV01", "delegation.unconstrained")])  # a path of HV02 may need it
        self.alive()
        self.expect(self.estate.run("apply", "--resume", run), FINE)
        self.expect(self.estate.run("verify", run, "--no-moves"), FINE)

    def test_where_nothing_can_be_read_it_says_what_to_do(self):
        run = self.estate.apply()
        self.dead("HV02")
        self.expect(self.estate.run("rollback", run, "--host", "HV02", "--setting", "migration.performance"), UNREACHABLE,
                    "host HV02 migration.performance: HV02 does not answer", f"fairway rollback {run}")


class InDoubt(LockCase, PromiseCase):
    """A run that was killed in the middle of its first write, at a host that is dead since."""

    def setUp(self):
        super().setUp()
        policy = self.estate.read("policy.yaml").decode()
        head, rules = policy.split("rules:")
        self.estate.write("policy.yaml", head + "rules:\n  - {id: words, why: w, on: hosts, want: {migration.authentication: "
                          "kerberos, migration.performance: compression}}\n")
        del rules
        self.first = self.estate.world()
        self.estate.plan()
        with self.held_in_the_middle("apply", "plan.json") as process:
            process.kill()
            process.wait()
        self.run_id = self.run_name()
        self.dead("HV02")

    def test_all_else_is_continued_and_then_undone_and_then_the_rest(self):
        result = self.result(IN_DOUBT, "apply", "--resume", self.run_id)["applied"]
        self.assertEqual((result["ending"], result["changed"], result["left"]), ("in_doubt", 1, 1))
        self.assertEqual([(one["object"], one["in_doubt"]) for one in result["left_out"]], [("HV02", True)])
        said = self.estate.run("apply", "--resume", self.run_id)
        self.expect(said, IN_DOUBT)
        self.assertIn("! in doubt: host HV02 migration.performance: HV02 does not answer (planted)\n", said.out)
        verified = self.estate.run("verify", self.run_id, "--no-moves")
        self.assertEqual(verified.status, NOT_VERIFIED)
        self.assertIn("✗ host HV02 migration.performance (in doubt)", verified.out)
        said = self.estate.run("rollback", self.run_id)
        self.expect(said, IN_DOUBT)
        self.assertIn("! in doubt: host HV02 migration.performance: HV02 does not answer (planted)\n", said.out)
        self.assertEqual(self.estate.world()["hosts"]["HV03"], self.first["hosts"]["HV03"])
        self.alive()
        self.expect(self.estate.run("rollback", self.run_id), FINE)
        self.assertEqual(self.estate.world(), self.first)

    def test_where_that_is_all_it_says_so(self):
        said = self.expect(self.estate.run("rollback", self.run_id), IN_DOUBT, "host HV02 migration.performance: HV02 does "
                           "not answer", "what became of the last write is in doubt", f"fairway rollback {self.run_id}")
        self.assertEqual(said.out, "")
        self.assertTrue(self.result(IN_DOUBT, "rollback", self.run_id)["left_out"][0]["in_doubt"])

    def test_another_apply_is_not_stopped(self):
        policy = self.estate.read("policy.yaml").decode()
        self.alive()
        self.estate.write("policy.yaml", policy.replace(", migration.performance: compression", ""))
        self.estate.plan("other.json")
        self.dead("HV02")
        said = self.expect(self.estate.run("apply", "other.json"), FINE)
        self.assertIn("had no end (it was killed)", said.out)
        self.assertIn("! in doubt: host HV02 migration.performance: HV02 does not answer", said.out)


class ByValue(PromiseCase):
    def test_an_edit_of_other_values_does_not_stop_an_apply(self):
        self.estate.plan()
        self.edit(add=["cifs/BACKUP01"], take=["MSSQLSvc/sql01:1433", "cifs/HV01"])
        said = self.estate.run("apply", "plan.json")
        self.expect(said, FINE)
        self.assertIn("others changed other values since the plan was made, and that stays: came cifs/BACKUP01; "
                      "went cifs/HV01, MSSQLSvc/sql01:1433\n", said.out)
        self.assertEqual(set(MINE) - set(self.services()), set())
        self.assertIn("cifs/BACKUP01", self.services())
        self.assertNotIn("MSSQLSvc/sql01:1433", self.services())

    def test_it_is_in_the_json(self):
        self.estate.plan()
        self.edit(add=["cifs/BACKUP01"])
        [remark] = self.result(FINE, "apply", "plan.json")["applied"]["remarks"]
        self.assertEqual((remark["object"], remark["setting"]), ("HV02", LIST))
        self.assertIn("came cifs/BACKUP01; went none", remark["moved"])

    def test_an_edit_of_its_own_values_does(self):
        self.estate.plan()
        self.edit(add=[MINE[0].lower()])
        with self.untouched():
            self.expect(self.estate.run("apply", "plan.json"), STALE, "came since the plan was made: cifs/hv03; went: none")

    def test_a_resumption_too(self):
        self.estate.fault("write", "unreachable", "HV02", LIST)
        run = self.estate.run("apply", self.estate.plan(), "--output", "json").json()["applied"]["run"]
        self.edit(add=["cifs/BACKUP01"])
        self.expect(self.estate.run("apply", "--resume", run), FINE)
        self.assertIn("cifs/BACKUP01", self.services())

    def test_an_empty_plan_proposes_nothing_and_makes_no_run(self):
        self.estate.apply()
        said = self.expect(self.estate.run("plan", "--out", "empty.json"), FINE)
        self.assertIn("Nothing to change.", said.out)
        self.assertNotIn("fairway apply", said.out)
        before = self.estate.entries()
        said = self.expect(self.estate.run("apply", "empty.json"), FINE)
        self.assertIn("no run was made", said.out)
        self.assertEqual(self.result(FINE, "apply", "empty.json")["applied"]["run"], "")
        self.assertEqual(self.estate.entries(), before)


class Complaints(PromiseCase):
    def test_what_the_host_says_is_told(self):
        self.estate.fault("write", "complaint", "HV02", "migration.performance")
        said = self.expect(self.estate.run("apply", self.estate.plan(), "--in-flight", "1"), FINE)
        self.assertIn("  !   4/6  hosts                host HV02 migration.performance: tcpip → compression\n"
                      "      done, but the host says: HV02: the job ended in an exception (planted)\n", said.out)
        self.assertIn("complete  changed 6", said.out)
        notes = [body["note"] for _, kind, body in self.estate.entries() if kind == "outcome" and body["note"]]
        self.assertEqual(notes, ["HV02: the job ended in an exception (planted)"])

    def test_the_same_in_json(self):
        self.estate.fault("write", "complaint", "HV02", "migration.performance")
        [remark] = self.result(FINE, "apply", self.estate.plan())["applied"]["remarks"]
        self.assertEqual(remark["complaint"], "HV02: the job ended in an exception (planted)")

    def test_a_lost_reply_is_no_complaint(self):
        self.estate.fault("write", "lost_reply", "HV02", "migration.performance")
        self.assertEqual(self.result(FINE, "apply", self.estate.plan())["applied"]["remarks"], [])
