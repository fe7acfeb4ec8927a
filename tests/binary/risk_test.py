"""Does somebody who approves a plan see what it grants, and is nothing else ever applied? Gradings, limits and --plan-id."""
import json
import os
import shutil

import estate as place
from estate import CHANGES, FINE, REFUSED, USAGE, Case

SAMPLE = os.path.join(os.path.dirname(os.path.dirname(place.HERE)), "examples", "corp")

# Grants that open the domain: to every service, to the directory, to a domain controller.
BLIND = """policy: bad
owner: x
why: test
{rollout}
rules:
  - {{id: a, why: w, on: computers, want: {{delegation.unconstrained: true}}}}
  - {{id: b, why: w, on: {{name: HV01}}, want: {{delegation.services: {{includes:
      ["ldap/dc01.corp.example", "krbtgt/CORP.EXAMPLE", "cifs/dc01.corp.example"]}}}}}}
"""


def changes(plan):
    return [change for phase in plan["phases"] for change in phase["changes"]]


class Sample(Case):
    def setUp(self):
        super().setUp()
        for name in ("inventory.yaml", "world.json"):
            shutil.copy(os.path.join(SAMPLE, name), self.estate.file(name))

    def policy(self, rollout=""):
        self.estate.write("policy.yaml", BLIND.format(rollout=rollout))

    def test_grants_that_open_the_domain_are_critical_and_refused_unless_the_policy_says_so(self):
        for rollout in ("", "rollout: {limits: {risk: medium}}", "rollout: {limits: {risk: high}}"):
            self.policy(rollout)
            with self.subTest(rollout), self.untouched():
                self.expect(self.estate.run("plan", "--out", "p.json"), REFUSED, "its highest risk is critical",
                            "(rollout.limits.risk)", "unconstrained delegation is granted")
                self.assertFalse(os.path.exists(self.estate.file("p.json")))
        self.policy("rollout: {limits: {risk: critical}}")
        said = self.estate.run("plan", "--out", "p.json")
        self.assertEqual(said.status, CHANGES, said)
        self.assertIn("highest risk: critical\nLimits: risk critical\n", said.out)
        self.assertIn("risk: unconstrained delegation is granted", said.out)
        self.assertIn("krbtgt/CORP.EXAMPLE, ldap/dc01.corp.example: a service that domain controllers alone hold", said.out)
        plan = json.loads(self.estate.read("p.json"))
        self.assertEqual({change["risk"] for change in changes(plan)}, {"critical"})

    def test_a_name_is_graded_by_whose_it_is(self):
        accounts = [{"account": "DC01$", "class": "computer", "names": ["HOST/dc01.corp.example"], "controller": True},
                    {"account": "FS01$", "class": "computer", "names": ["HOST/fs01.corp.example"]}]
        self.estate.change_world(lambda world: world.update(accounts=world.get("accounts", []) + accounts))
        for name, risk, because in (("cifs/dc01.corp.example", "critical", "a domain controller's name"),
                                    ("cifs/fs01.corp.example", "high", "no host of the inventory"),
                                    ("cifs/fs02.corp.example", "critical", "no account was seen to hold"),
                                    ("cifs/HV02.corp.example", "medium", "needs of a peer")):
            with self.subTest(name):
                self.estate.write("policy.yaml", "policy: p\nowner: o\nwhy: w\nrollout: {limits: {risk: critical}}\nrules:\n"
                                  f"  - {{id: r, why: w, on: {{name: HV04}}, want: {{delegation.services: {{includes: [{name}]}}}}}}\n")
                said = self.estate.run("plan", "--output", "json")
                self.assertEqual(said.status, CHANGES, said)
                change, = changes(said.json()["plan"])
                self.assertEqual(change["risk"], risk)
                self.assertIn(because, change["risk_because"])

    def test_a_rollback_that_grants_something_critical_is_graded_and_goes(self):
        self.estate.write("policy.yaml", "policy: p\nowner: o\nwhy: w\nrules:\n"
                          "  - {id: r, why: w, on: computers, want: {delegation.unconstrained: false}}\n")
        run = self.estate.apply()
        said = self.estate.run("rollback", run)
        self.assertEqual(said.status, FINE, said)
        self.assertIn("highest risk: critical", said.out)


class Apply(Case):
    def test_apply_says_which_plan_its_risk_and_its_limits_before_it_writes(self):
        self.estate.plan()
        heading = self.estate.run("show", "plan.json").out.split("\n\n")[0]
        said = self.estate.run("apply", "plan.json")
        self.assertEqual(said.status, FINE, said)
        self.assertIn("highest risk: medium\nLimits: risk high", heading)
        self.assertTrue(said.out.startswith(heading), said)
        self.assertLess(said.out.index(heading), said.out.index("Baseline recorded"))

    def test_another_plan_than_the_one_meant_is_refused(self):
        self.estate.plan()
        digest = json.loads(self.estate.read("plan.json"))["digest"]
        other = ("0" if digest[0] != "0" else "1") + digest[1:]
        with self.untouched():
            for wrong in (other, other[:12]):
                self.expect(self.estate.run("apply", "plan.json", "--plan-id", wrong), REFUSED, f"this is plan {digest[:12]}", wrong)
            for bad in (digest[:11], digest + "0", "g" * 12):
                self.expect(self.estate.run("apply", "plan.json", "--plan-id", bad), USAGE, "--plan-id takes 12 to 64")
            self.expect(self.estate.run("apply", "plan.json", "--plan-id", ""), USAGE, "--plan-id is empty")
        self.estate.forge(lambda plan: plan.update(ticket="CHG1"))
        with self.untouched():
            self.expect(self.estate.run("apply", "forged.json", "--plan-id", digest[:12]), REFUSED, "this is plan")
        said = self.estate.run("apply", "plan.json", "--plan-id", digest[:12].upper(), "--output", "json")
        self.assertEqual(said.status, FINE, said)
        self.assertEqual((said.json()["plan_id"], said.json()["risk"]), (digest[:12], "medium"))

    def refused(self, change, *words):
        with self.untouched():
            self.estate.forge(change)
            self.expect(self.estate.run("apply", "forged.json"), REFUSED, "the plan goes beyond a limit", *words)

    def test_a_plan_beyond_its_limits_is_not_applied_whatever_its_digest_says(self):
        self.estate.plan()
        limit = lambda **limits: lambda plan: plan["limits"].update(limits)
        self.refused(limit(risk="low"), "its highest risk is medium; the policy allows low")
        self.refused(limit(hosts=1), "the policy allows 1 (rollout.limits.hosts)")
        self.refused(limit(hosts_percent=10), "the policy allows 10%")

        def lowered(plan):
            plan["limits"]["risk"] = "low"
            for change in changes(plan):
                change.update(risk="low", risk_because="harmless")
        self.refused(lowered, "its highest risk is medium; the policy allows low")

        def directory(plan):
            changes(plan)[0]["add"] = ["krbtgt/CORP.EXAMPLE"]
            changes(plan)[0].update(risk="low", risk_because="harmless")
        self.assertIn("add", changes(json.loads(self.estate.read("plan.json")))[0])
        self.refused(directory, "its highest risk is critical", "domain controllers alone hold")

        def without_limits(plan):
            directory(plan)
            del plan["limits"]
        self.refused(without_limits, "its highest risk is critical; the policy allows high")

    def test_a_plan_of_an_older_fairway_is_held_to_the_default_limits(self):
        def older(plan):
            del plan["limits"]
            for change in changes(plan):
                del change["risk"], change["risk_because"]
        self.estate.plan()
        self.estate.forge(older)
        self.assertEqual(self.estate.run("apply", "forged.json").status, FINE)
