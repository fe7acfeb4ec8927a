"""Does the program wait until every domain controller has a run's changes, and does it tell whose a change is? On an
embedded estate with copies that are late, or do not answer (providers/memory/README.md).
"""
import json
import signal
import time

import jsonschema

from estate import BAD_DOCUMENT, CHANGES, FINE, NOT_VERIFIED, PARTLY_APPLIED, PATIENCE, USAGE, Case

NEVER = 10**9
PURGE = ("klist purge -li 0x3e7", "klist purge -li 0x3e4")
OF_RUN = {("HV01", "delegation.unconstrained"), ("HV02", "delegation.services"), ("HV03", "spn.migration")}


class Copies(Case):
    def copies(self, **second):
        self.estate.change_world(lambda world: world.update(
            copies=[{"server": "dc01", "id": "id-of-1"}, {"server": "dc02", "id": "id-of-2", **second}]))

    def result(self, status, *arguments):
        said = self.estate.run(*arguments, "--output", "json")
        self.assertEqual(said.status, status, str(said))
        jsonschema.validate(said.json(), self.estate.run("schema", "results").json())
        return said.json()


class Converging(Copies):
    def test_an_estate_of_one_copy_converges_at_once_and_without_a_word(self):
        run = self.estate.apply()
        verified = self.result(FINE, "verify", run)
        self.assertNotIn("replication", verified)
        self.assertEqual(len(verified["trials"]), 6)
        said = self.estate.run("verify", run)
        self.assertNotIn("Replication", said.out)
        self.assertNotIn("klist", said.out)

    def test_no_move_is_tried_before_all_have_heard_of_the_run(self):
        self.copies(late_s=NEVER)
        run = self.estate.apply()
        verified = self.result(NOT_VERIFIED, "verify", run, "--converge", "0")
        self.assertEqual(verified["trials"], [])
        found = verified["replication"]
        self.assertEqual((found["converged"], found["controllers"], found["shown"], found["of"]),
                         (False, ["dc01", "dc02"], 3, 6))
        self.assertEqual([lag["controller"] for lag in found["lags"]], ["dc02"])
        self.assertEqual({(one["object"], one["setting"]) for one in found["lags"][0]["behind"]}, OF_RUN)
        said = self.estate.run("verify", run, "--converge", "1")
        self.assertEqual(said.status, NOT_VERIFIED)
        self.assertRegex(said.out, "not converged: 3 of 6 values at 2 domain controllers after [1-9][0-9]* s")
        for words in ("dc02 does not yet have",
                      "No trial move was tried", "repadmin", f"Again later: fairway verify {run}"):
            self.assertIn(words, said.out)
        # Whoever says so may go on all the same.
        self.assertEqual(len(self.result(FINE, "verify", run, "--converge", "none")["trials"]), 6)

    def test_it_waits_until_they_have_and_says_what_hosts_may_remember(self):
        self.copies(late_s=2)
        run = self.estate.apply()
        said = self.expect(self.estate.run("verify", run), FINE)
        for words in ("converged: 6 of 6 values at 2 domain controllers", "S4UCacheTimeout", *PURGE, f"fairway verify --wait-for-caches {run}\n"):
            self.assertIn(words, said.out)
        self.assertEqual(said.out.count("✓ trial move"), 6)
        self.assertIn("refusals_until", self.result(FINE, "verify", run)["replication"])

    def test_after_a_quarter_of_an_hour_nothing_is_remembered(self):
        self.copies()
        run = self.estate.apply()
        later = self.estate.run("verify", run, env=self.later(901))
        self.assertEqual(later.status, FINE, str(later))
        self.assertIn("converged", later.out)
        self.assertNotIn("klist", later.out)

    def later(self, seconds):
        import subprocess
        listed = subprocess.run(["dpkg", "-L", "libfaketime"], capture_output=True, encoding="utf-8", check=True).stdout
        library = next(line for line in listed.splitlines() if line.endswith("/libfaketimeMT.so.1"))
        return {"LD_PRELOAD": library, "FAKETIME": f"{seconds:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    def test_a_move_that_fails_in_that_time_carries_the_hint(self):
        self.copies()
        run = self.estate.apply()
        # A host that is off in a way that no run wrote: its trial moves fail.
        self.estate.change_world(lambda world: world["hosts"]["HV02"].update({"migration.enabled": False}))
        verified = self.result(NOT_VERIFIED, "verify", run)
        failed = [trial for trial in verified["trials"] if not trial["moved"]]
        self.assertEqual(len(failed), 1)
        self.assertIn(PURGE[0], failed[0]["hint"])
        self.assertFalse([trial for trial in verified["trials"] if trial["moved"] and "hint" in trial])

    def test_a_caller_whose_tickets_may_not_be_delegated_is_told_that_and_not_of_caches(self):
        for word, mark in (("not_delegated", 'is marked "sensitive and cannot be delegated"'),
                           ("protected_users", "is a member of Protected Users")):
            with self.subTest(word):
                self.setUp()
                self.copies()
                run = self.estate.apply()
                self.estate.change_world(lambda world: [computer.update({"caller.delegable": word})
                                                        for computer in world["computers"].values()])
                verified = self.result(NOT_VERIFIED, "verify", run, "--wait-for-caches")
                self.assertEqual(verified["paths"], {"open": 0, "closed": 6, "unknown": 0})
                trial, = verified["trials"]
                self.assertFalse(trial["moved"])
                self.assertIn(f"your account {mark}", trial["hint"])
                said = self.estate.run("verify", run).out
                self.assertEqual(said.count(f"Trial moves are expected to fail: your account {mark}"), 1)
                self.assertNotIn("klist", said)
                audit = self.result(CHANGES, "audit")
                self.assertEqual([(one["fault"], one["condition"], one["paths"]) for one in audit["estate_findings"]],
                                 [("paths_closed", "caller", 6)])
                # What a plan says is for whoever applies it.
                self.assertNotIn("Protected Users", self.estate.run("plan", "--output", "json").out)

    def test_a_controller_that_does_not_answer_is_named_and_is_not_converged(self):
        self.copies(reachable=False)
        run = self.estate.apply()
        verified = self.result(NOT_VERIFIED, "verify", run, "--converge", "0")
        self.assertEqual(verified["trials"], [])
        lag, = verified["replication"]["lags"]
        self.assertEqual(lag["controller"], "dc02")
        self.assertIn("does not answer", lag["error"])

    def test_ctrl_c_ends_the_waiting_and_nothing_else(self):
        self.copies(late_s=NEVER)
        run = self.estate.apply()
        entries = self.estate.entries()
        process = self.estate.start("verify", run)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.assertIn("values of run", process.stdout.readline())
        self.assertIn("Paths", process.stdout.readline())  # what comes next is the waiting
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, NOT_VERIFIED, out)
        self.assertIn("not converged", out)
        self.assertIn("Interrupted", out)
        self.assertEqual(self.estate.entries(), entries)
        self.copies()
        self.assertEqual(self.estate.run("verify", run).status, FINE)

    def test_apply_says_what_comes_next(self):
        self.copies()
        said = self.expect(self.estate.run("apply", self.estate.plan()), FINE)
        self.assertIn(f"fairway verify {self.estate.runs()[0]} looks until they have", said.out)

    def test_a_limit_that_is_no_number_is_refused(self):
        run = self.estate.apply()
        for wrong in ("soon", "-1", "1s", "999999999999"):
            self.expect(self.estate.run("verify", run, "--converge=" + wrong), USAGE, "--converge takes seconds")

    def test_a_world_with_broken_copies_is_refused(self):
        self.estate.change_world(lambda world: world.update(copies=[{"server": "dc01", "id": "x", "late": 3}]))
        self.assertEqual(self.estate.run("audit").status, BAD_DOCUMENT)


class Blame(Copies):
    def blamed(self, *arguments):
        return {one["setting"]: one for one in self.result(FINE, "blame", *arguments)["blame"]}

    def test_a_run_of_ours_is_named_with_ticket(self):
        self.copies()
        self.estate.run("plan", "--out", "plan.json", "--ticket", "CHG0041")
        run = self.result(FINE, "apply", "plan.json")["applied"]["run"]
        one = self.blamed("hv02")["delegation.services"]
        self.assertEqual((one["whose"], one["run"], one["ticket"], one["controller"], one["version"]),
                         ("ours", run, "CHG0041", "dc01", 1))
        said = self.expect(self.estate.run("blame", "HV02", "delegation.services"), FINE)
        for words in (f"run {run} by", "CHG0041", "dc01", "event 4742"):
            self.assertIn(words, said.out)
        self.assertEqual(self.blamed("HV02")["spn.migration"]["whose"], "unknown")
        # What a rollback writes is ours as well.
        back = self.result(FINE, "rollback", run)["applied"]["run"]
        self.assertEqual(self.blamed("HV02")["delegation.services"]["run"], back)

    def stamp(self, **change):
        def alter(world):
            for stamp in world["stamps"]:
                if (stamp["object"], stamp["setting"]) == ("HV02", "delegation.services"):
                    stamp.update(change)
        self.estate.change_world(alter)

    def test_what_does_not_fit_is_somebody_elses_and_says_why(self):
        self.copies()
        self.estate.apply()
        now = int(time.time())
        for change, words in (({"origin": "id-of-2"}, "at another domain controller"),
                              ({"origin": "id-of-1", "time": now - 3600}, "another time"),
                              ({"time": now + 3600}, "another time")):
            self.stamp(**change)
            one = self.blamed("HV02")["delegation.services"]
            self.assertEqual(one["whose"], "somebody else")
            self.assertIn(words, one["because"])
        self.stamp(time=now)
        self.assertEqual(self.blamed("HV02")["delegation.services"]["whose"], "ours")
        self.estate.change_world(lambda world: world["computers"]["HV02"]["delegation.services"].append("cifs/FS01"))
        one = self.blamed("HV02")["delegation.services"]
        self.assertEqual(one["whose"], "somebody else")
        self.assertIn("no longer holds", one["because"])

    def move_to(self, server):
        """From now on that one is read and written, as with --controller in a directory."""
        self.estate.change_world(lambda world: world["copies"].sort(key=lambda copy: copy["server"] != server))

    def told(self):
        """The ids of the replicas that the journal names, entry by entry that names any."""
        return [(run, kind, [one["id"] for one in body["replicas"]])
                for run, kind, body in self.estate.entries() if body.get("replicas")]

    def test_a_run_that_goes_on_at_another_controller_wrote_at_both(self):
        self.copies()
        self.estate.fault("write", "denied", "HV01", "delegation.unconstrained")
        self.result(PARTLY_APPLIED, "apply", self.estate.plan())
        run, = self.estate.runs()
        self.assertEqual(self.told(), [(run, "begin", ["id-of-1"])])
        self.move_to("dc02")
        self.result(FINE, "apply", "--resume", run)
        self.assertEqual(self.told(), [(run, "begin", ["id-of-1"]), (run, "intent", ["id-of-2"])])
        for host, setting, controller in (("HV02", "delegation.services", "dc01"),
                                          ("HV01", "delegation.unconstrained", "dc02")):
            one = self.blamed(host)[setting]
            self.assertEqual((one["whose"], one["run"], one["controller"]), ("ours", run, controller))
        self.assertEqual(self.result(FINE, "verify", run)["replication"]["converged"], True)
        # A rollback is a run of its own, and names its own.
        self.move_to("dc01")
        back = self.result(FINE, "rollback", run)["applied"]["run"]
        self.assertEqual(self.told()[2:], [(back, "begin", ["id-of-1"])])
        one = self.blamed("HV01")["delegation.unconstrained"]
        self.assertEqual((one["whose"], one["run"], one["controller"]), ("ours", back, "dc01"))

    def test_each_time_it_goes_elsewhere_is_told_once(self):
        self.copies()
        self.estate.fault("write", "denied", "HV01", "delegation.unconstrained")
        self.result(PARTLY_APPLIED, "apply", self.estate.plan())
        run, = self.estate.runs()
        self.move_to("dc02")
        # Refused there, too: what it wrote is known, and where it stands.
        self.estate.fault("write", "denied", "HV01", "delegation.unconstrained")
        self.result(PARTLY_APPLIED, "apply", "--resume", run)
        self.assertEqual(self.told(), [(run, "begin", ["id-of-1"]), (run, "intent", ["id-of-2"])])
        # Gone on with there, it is not told twice; gone back from there, it is.
        self.estate.fault("write", "denied", "HV01", "delegation.unconstrained")
        self.result(PARTLY_APPLIED, "apply", "--resume", run)
        self.assertEqual(len(self.told()), 2)
        self.move_to("dc01")
        self.result(FINE, "apply", "--resume", run)
        self.assertEqual(self.told()[2:], [(run, "intent", ["id-of-1"])])
        self.assertEqual(self.blamed("HV01")["delegation.unconstrained"]["run"], run)

    def test_without_a_journal_nobody_is_accused(self):
        self.copies()
        self.estate.apply()
        one = {one["setting"]: one for one in self.result(FINE, "blame", "HV02", "--store", "none.db")["blame"]}
        self.assertEqual(one["delegation.services"]["whose"], "unknown")
        self.assertIn("there is no journal", one["delegation.services"]["because"])

    def test_what_is_not_there_is_said(self):
        self.expect(self.estate.run("blame", "HV09"), USAGE, "has no host HV09")
        self.expect(self.estate.run("blame", "HV01", "migration.enabled"), USAGE, "no setting of an account")
        self.assertEqual(json.loads(self.estate.run("blame", "HV01", "--output", "json").out)["blame"][0]["whose"], "unknown")
