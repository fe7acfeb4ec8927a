"""How much may one plan do? Default limits of a fleet, --allow, who allowed it, and that going back is never in the way."""
import getpass
import json

import jsonschema

import fleet
from estate import CHANGES, FINE, REFUSED, USAGE, Case, Estate

BEYOND = ("the plan goes beyond a limit: it changes 20 of 20 hosts; without a limit in the policy 16 are allowed, 50% of the hosts, "
          "but 16 in any case and at most 100 (rollout.limits.hosts); to allow it once: --allow hosts=20")


class Fleet(fleet.Fleet):
    forge, entries = Estate.forge, Estate.entries


class Limits(Case):
    def setUp(self):
        self.estate = Fleet([20], policy=fleet.POLICY.replace(fleet.NO_LIMITS, ""))
        self.addCleanup(self.estate.remove)
        for host in self.estate.hosts:
            self.estate.hosts[host]["migration.performance"] = "tcpip"
        self.estate.save()
        self.schema = self.estate.run("schema", "results").json()

    def values(self):
        world = json.loads(self.estate.read("world.json"))
        return {host["migration.performance"] for host in world["hosts"].values()}

    def result(self, status, *arguments):
        said = self.estate.run(*arguments, "--output", "json")
        self.assertEqual(said.status, status, str(said))
        jsonschema.validate(said.json(), self.schema, cls=jsonschema.Draft202012Validator)
        return said.json()

    def states(self, limits):
        self.estate.write("policy.yaml", fleet.POLICY.replace(fleet.NO_LIMITS, f"rollout: {{limits: {limits}}}\n"))

    def without_allowance(self):
        """The plan of everything, as a Fairway would have made it that knew no defaults."""
        self.states("{hosts: 100%}")
        self.estate.run("plan", "--out", "plan.json")
        self.estate.forge(lambda plan: plan["limits"].pop("hosts_percent"))
        return "forged.json"

    def test_a_plan_of_a_whole_fleet_is_refused_and_allowed_once_by_name(self):
        self.expect(self.estate.run("plan", "--out", "plan.json"), REFUSED, BEYOND)
        self.expect(self.estate.run("plan", "--allow", "hosts=99%"), REFUSED, "and once 99% (rollout.limits.hosts)")
        self.assertEqual(self.values(), {"tcpip"})
        who = getpass.getuser()
        said = self.estate.run("plan", "--allow", "hosts=20", "--allow", "risk=critical", "--out", "plan.json")
        self.assertEqual(said.status, CHANGES, str(said))
        self.assertIn(f"Limits: risk high\nAllowed once by {who}: hosts=20\n", said.out)  # what was not needed is not there
        allowed = [{"limit": "hosts", "value": "20", "by": who}]
        self.assertEqual(json.loads(self.estate.read("plan.json"))["allowed"], allowed)
        run = self.result(FINE, "apply", "plan.json")["applied"]["run"]
        self.assertIn(f"Allowed once by {who}: hosts=20\n", self.estate.run("history", run).out)
        self.assertEqual(self.result(FINE, "show", run)["record"]["allowed"], allowed)
        self.assertEqual(self.values(), {"compression"})
        self.expect(self.estate.run("rollback", run), FINE)
        self.assertEqual(self.values(), {"tcpip"})

    def test_the_policy_states_limits_stricter_and_looser(self):
        for limits, status in (("{hosts: 100%}", CHANGES), ("{hosts: 20}", CHANGES), ("{hosts: 95%}", REFUSED), ("{hosts: 19}", REFUSED)):
            with self.subTest(limits):
                self.states(limits)
                self.assertEqual(self.estate.run("plan").status, status)
        self.assertIn("the policy allows 19 (rollout.limits.hosts); to allow it once: --allow hosts=20", self.estate.run("plan").err)
        self.expect(self.estate.run("plan", "--host", "HV001,HV002"), CHANGES)

    def test_apply_allows_what_its_plan_did_not(self):
        forged, who = self.without_allowance(), getpass.getuser()
        self.expect(self.estate.run("apply", forged), REFUSED, BEYOND, "; nothing was written")
        self.assertFalse(self.estate.entries())
        applied = self.result(FINE, "apply", forged, "--allow", "hosts=100%")
        allowed = [{"limit": "hosts", "value": "100%", "by": who}]
        self.assertEqual(applied["allowed"], allowed)
        begin = next(body for _, kind, body in self.estate.entries() if kind == "begin")
        self.assertEqual(begin["allowed"], allowed)
        run = applied["applied"]["run"]
        self.assertIn(f"Allowed once by {who}: hosts=100%\n", self.estate.run("history", run).out)
        self.expect(self.estate.run("rollback", run), FINE)

    def test_a_run_that_has_begun_meets_no_limit_again(self):
        forged = self.without_allowance()
        self.estate.faults.append({"on": "write", "effect": "denied", "object": "HV007", "setting": "", "skip": 0, "times": 1})
        self.estate.save()
        stopped = self.estate.run("apply", forged, "--allow", "hosts=20", "--output", "json").json()["applied"]
        self.assertEqual(stopped["left"], 14, stopped)
        self.expect(self.estate.run("apply", "--resume", stopped["run"], "--allow", "hosts=20"), USAGE, "meets no limit again")
        self.expect(self.estate.run("apply", "--resume", stopped["run"]), FINE)

    def test_a_rollback_that_is_held_to_limits_says_the_way_out(self):
        self.states("{hosts: 15, rollbacks: true}")
        self.expect(self.estate.run("plan"), REFUSED, "the policy allows 15")
        first = self.result(FINE, "apply", self.planned("--host", "HV00*"))["applied"]["run"]
        self.expect(self.estate.run("rollback", first), FINE)
        run = self.result(FINE, "apply", self.planned("--allow", "hosts=20"))["applied"]["run"]
        self.expect(self.estate.run("rollback", run, "--host", "HV001"), FINE)
        self.expect(self.estate.run("rollback", run), FINE)  # what the run was allowed, the way back is

    def test_a_rollback_beyond_what_its_run_was_allowed(self):
        self.states("{values_removed: 0, rollbacks: true}")
        for host in list(self.estate.computers)[:2]:
            del self.estate.computers[host]["delegation.services"][:4]
        self.estate.save()
        run = self.result(FINE, "apply", self.planned("--host", "HV00*"))["applied"]["run"]
        said = self.expect(self.estate.run("rollback", run), REFUSED, "the rollback goes beyond a limit: it removes 8 values",
                           "--allow values_removed=8", "--host and --setting narrow it")
        self.assertIn("the policy allows 0 (rollout.limits.values_removed)", said.err)
        back = self.result(FINE, "rollback", run, "--allow", "values_removed=100%")
        self.assertEqual([one["value"] for one in back["plan"]["allowed"]], ["100%"])

    def planned(self, *arguments):
        self.expect(self.estate.run("plan", "--out", "plan.json", *arguments), CHANGES)
        return "plan.json"

    def test_slips_of_allow(self):
        for given, words in ((["hosts"], "hosts takes a number or a share like 80%, not ``"),
                             (["host=3"], "there is no limit `host` (did you mean `hosts`?)"),
                             (["hosts=most"], "not `most`"), (["risk=forbidden"], "not `forbidden`"),
                             (["hosts=3", "hosts=4"], "--allow hosts=… is given twice")):
            for command in (["plan"], ["apply", "plan.json"], ["rollback", "2026-11-22-01"]):
                with self.subTest(given=given, command=command):
                    allow = [word for one in given for word in ("--allow", one)]
                    self.expect(self.estate.run(*command, *allow), USAGE, words)
