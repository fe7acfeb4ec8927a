"""Some hosts are down, as always: audit, plan and apply go on without them by choice, and say so."""
from estate import CHANGES, FINE, NOT_VERIFIED, PARTLY_APPLIED, STALE, UNREACHABLE, USAGE
from promise_test import PromiseCase


class CoverageCase(PromiseCase):
    def told(self, said, status, *words):
        """That exit status, and all those words in what is printed."""
        self.assertEqual(said.status, status, str(said))
        for word in words:
            self.assertIn(word, said.out + said.err, str(said))


class Choice(CoverageCase):
    def changed(self, plan):
        return {(change["object"], change["setting"]) for phase in plan["phases"] for change in phase["changes"]}

    def test_a_plan_leaves_out_hosts_by_name_pattern_and_tag_and_says_so(self):
        whole = self.changed(self.result(CHANGES, "plan")["plan"])
        for words in ("HV03", "hv03", "HV?3", "HV02,HV03"):
            plan = self.result(CHANGES, "plan", "--except", words)["plan"]
            gone = {"HV03"} | ({"HV02"} if "," in words else set())
            self.assertEqual({host for group in plan["not_covered"] for host in group["hosts"]}, gone)
            self.assertEqual(self.changed(plan), {one for one in whole if one[0] not in gone})
        said = self.estate.run("plan", "--except", "HV03", "--out", "plan.json")
        self.told(said, CHANGES, "Not covered: 1 host, because", "HV03: --except HV03")
        self.assertLess(said.out.index("Not covered"), said.out.index("Paths open"))
        self.told(self.estate.run("show", "plan.json"), FINE, "HV03: --except HV03")

    def test_host_is_the_same_the_other_way_round(self):
        plan = self.result(CHANGES, "plan", "--host", "HV02")["plan"]
        self.assertEqual({host for host, _ in self.changed(plan)}, {"HV02"})
        audit = self.result(CHANGES, "audit", "--host", "HV02")
        self.assertEqual({finding["object"] for finding in audit["findings"]}, {"HV02"})
        self.assertNotIn("HV02", audit["not_covered"][0]["hosts"])

    def test_a_slip_is_a_mistake_and_nothing_is_read(self):
        for arguments in (["--except", "HV99"], ["--host", "tag:none"], ["--except", "*"], ["--host", "HV01,"],
                          ["--host", "HV01", "--except", "hv01"], ["--except", "rack:a"]):
            for command in ("plan", "audit"):
                with self.subTest(arguments=arguments, command=command):
                    self.told(self.estate.run(command, *arguments), USAGE)

    def test_an_excluded_host_is_not_asked_and_its_exception_is_no_error(self):
        self.dead("HV03")
        self.told(self.estate.run("plan", "--out", "plan.json"), UNREACHABLE, "`fairway plan --without-unreadable`")
        self.told(self.estate.run("plan", "--except", "HV03", "--out", "plan.json"), CHANGES)
        self.told(self.estate.run("apply", "plan.json"), FINE, "complete")

    def test_verify_counts_no_path_that_the_plan_did_not_cover(self):
        self.estate.run("plan", "--except", "HV03", "--out", "plan.json")
        run = self.result(FINE, "apply", "plan.json")["applied"]["run"]
        verified = self.result(FINE, "verify", run, "--no-moves")
        hosts = len(self.estate.world()["hosts"]) - 1
        self.assertLessEqual(sum(verified["paths"].values()), hosts * (hosts - 1))
        self.assertEqual(verified["paths"]["unknown"], 0)

    def test_without_unreadable_names_them_with_the_cause(self):
        self.dead("HV03")
        said = self.estate.run("plan", "--without-unreadable", "--out", "plan.json")
        self.told(said, CHANGES, "Not covered: 1 host, because", "HV03: ")
        self.assertNotIn("host     HV03", said.out)
        self.dead("HV03")
        self.assertFalse(self.result(CHANGES, "plan", "--without-unreadable")["all_read"])
        self.told(self.estate.run("apply", "plan.json"), FINE, "complete")
        for host in self.estate.world()["hosts"]:
            self.dead(host)
        said = self.estate.run("plan", "--without-unreadable")
        self.told(said, UNREACHABLE, "no host could be read, so no plan was made")


class Failures(CoverageCase):
    def hosts(self, applied):
        return {one.pop("host"): one for one in applied["hosts"]}

    def test_apply_leaves_out_what_it_is_told_and_what_rests_on_it(self):
        plan = self.estate.plan()
        said = self.estate.run("apply", plan, "--except", "HV02")
        self.told(said, PARTLY_APPLIED, "! skipped: ", "--except HV02", "RECAP")
        run = self.estate.runs()[-1]
        self.told(self.estate.run("verify", run, "--no-moves"), NOT_VERIFIED, "never begun")
        self.told(self.estate.run("apply", "--resume", run), FINE, "complete")

    def test_a_host_that_fails_is_left_and_the_others_go_on(self):
        plan = self.estate.plan()
        self.estate.fault("write", "denied", "HV03", "migration.authentication", times=1)
        applied = self.result(PARTLY_APPLIED, "apply", plan, "--max-failures", "2")["applied"]
        self.assertEqual(applied["ending"], "failed")
        hosts = self.hosts(applied)
        self.assertEqual(hosts["HV03"]["failed"], 1)
        for host, counts in hosts.items():
            self.assertEqual(counts["unchanged"], 0, host)
        self.assertGreater(applied["changed"], 1)
        self.told(self.estate.run("apply", "--resume", applied["run"]), FINE, "complete")

    def test_one_failure_stops_it_unless_more_are_borne(self):
        plan = self.estate.plan()
        self.estate.fault("write", "denied", "HV03", "migration.authentication", times=1)
        applied = self.result(PARTLY_APPLIED, "apply", plan)["applied"]
        self.assertGreater(sum(one["unchanged"] for one in applied["hosts"]), 0)
        self.assertEqual(sum(one["skipped"] for one in applied["hosts"]), 0)

    def test_a_host_that_is_dead_before_the_first_write(self):
        plan = self.estate.plan()
        self.dead("HV03")
        with self.untouched():
            self.told(self.estate.run("apply", plan), UNREACHABLE, "--except HOSTS, or --max-failures N")
        applied = self.result(PARTLY_APPLIED, "apply", plan, "--max-failures", "2")["applied"]
        hosts = self.hosts(applied)
        self.assertEqual(hosts["HV03"]["changed"], 0)
        self.assertGreater(hosts["HV03"]["skipped"], 0)
        self.assertGreater(applied["changed"], 0)
        self.alive()
        self.told(self.estate.run("apply", "--resume", applied["run"]), FINE, "complete")

    def test_a_value_that_is_stale_counts_as_a_failure_of_its_host(self):
        plan = self.estate.plan()
        self.set("HV03", "migration.authentication", "kerberos")
        self.told(self.estate.run("apply", plan), STALE)
        applied = self.result(PARTLY_APPLIED, "apply", plan, "--max-failures", "2")["applied"]
        self.assertGreater(self.hosts(applied)["HV03"]["skipped"], 0)

    def test_numbers(self):
        for bad in ("0", "-1", "x", "1.5", "", "100001"):
            self.told(self.estate.run("apply", self.estate.plan(), "--max-failures", bad), USAGE)
