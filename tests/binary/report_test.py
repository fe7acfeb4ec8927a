"""What do audit and plan tell of an estate, to a script and to a person? Drift and what could not be read are told apart; what a
result was made of stands in it; a large estate is summed up.
"""
import hashlib

import jsonschema

from estate import (CHANGES, CHANGES_UNREAD, DENIED, FINE, UNREACHABLE, Case)


class Results(Case):
    def result(self, status, *arguments):
        said = self.estate.run(*arguments, "--output", "json")
        self.assertEqual(said.status, status, str(said))
        jsonschema.validate(said.json(), self.estate.run("schema", "results").json())
        return said.json()

    def test_drift_and_what_was_not_read_have_a_status_for_each_of_the_four(self):
        def told():
            said = self.result(self.estate.run("audit").status, "audit")
            return said["exit"], said["drift"], said["all_read"]
        self.assertEqual(told(), (CHANGES, True, True))
        self.estate.fault("read", "unreachable", "HV02")
        self.assertEqual(told(), (CHANGES_UNREAD, True, False))
        refused = self.result(UNREACHABLE, "plan")
        self.assertEqual((refused["drift"], refused["all_read"]), (True, False))
        self.estate.change_world(lambda world: world.pop("faults"))
        self.estate.apply()
        self.assertEqual(told(), (FINE, False, True))
        for effect, status in (("unreachable", UNREACHABLE), ("denied", DENIED)):
            self.estate.change_world(lambda world: world.pop("faults", None))
            self.estate.fault("read", effect, "HV02")
            self.assertEqual(told(), (status, False, False))
        # A fault of the estate is drift, too.
        self.estate.change_world(lambda world: world["computers"]["HV01"]["delegation.services"].append("cifs/größe"))
        self.assertEqual(told(), (CHANGES_UNREAD, True, False))

    def test_an_audit_lists_what_does_not_comply_and_with_all_the_rest(self):
        short, long = self.result(CHANGES, "audit"), self.result(CHANGES, "audit", "--all")
        self.assertEqual({one["verdict"] for one in short["findings"]}, {"drifted"})
        self.assertEqual([one for one in long["findings"] if one["verdict"] != "compliant"], short["findings"])
        self.assertEqual(long["verdicts"], short["verdicts"])
        self.assertEqual(len(long["findings"]), sum(long["verdicts"].values()))
        self.assertEqual(short["verdicts"]["drifted"], 6)

    def test_paths_are_one_letter_each(self):
        audit = self.result(CHANGES, "audit")
        matrix, = audit["matrices"]
        self.assertEqual([len(row) for row in matrix["rows"]], [3, 3, 3])
        self.assertEqual([row[at] for at, row in enumerate(matrix["rows"])], ["-"] * 3)
        letters = "".join(matrix["rows"])
        self.assertEqual([letters.count(one) for one in "ox?"],
                         [audit["paths"][state] for state in ("open", "closed", "unknown")])
        self.estate.apply()
        self.assertEqual(self.result(FINE, "audit")["matrices"][0]["rows"], ["-oo", "o-o", "oo-"])

    def test_results_carry_when_who_and_of_what_they_were_made(self):
        def digest(name):
            return hashlib.sha256(self.estate.read(name)).hexdigest()

        def carries(result, policy):
            self.assertRegex(result["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            self.assertRegex(result["version"], r"^\d+\.\d+\.\d+$")
            self.assertRegex(result["who"], r"^.+@.+$")
            self.assertEqual(result["inventory_sha256"], digest("inventory.yaml"))
            self.assertEqual(result["policy_sha256"], policy)
        policy = digest("policy.yaml")
        carries(self.result(CHANGES, "audit"), policy)
        plan = self.result(CHANGES, "plan", "--out", "plan.json")
        changes = [one for phase in plan["plan"]["phases"] for one in phase["changes"]]
        applied = self.result(FINE, "apply", "plan.json")
        run = applied["applied"]["run"]
        verified = self.result(FINE, "verify", run)
        for result in (plan, applied, verified):
            carries(result, policy)
            self.assertEqual([(one["object"], one["setting"], one["risk"]) for one in result["risks"]],
                             [(one["object"], one["setting"], one["risk"]) for one in changes])
            self.assertTrue(all(one["because"] for one in result["risks"]), result["risks"])
        dry = self.result(CHANGES, "rollback", run, "--dry-run")
        back = self.result(FINE, "rollback", run)
        for result in (dry, back):
            carries(result, policy)
            self.assertEqual(len(result["risks"]), len(changes))
        carries(self.result(FINE, "apply", self.empty()), policy)

    def empty(self):
        self.estate.apply()
        self.assertEqual(self.estate.run("plan", "--out", "empty.json").status, FINE)
        return "empty.json"
