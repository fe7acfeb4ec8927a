"""Do delegations to computers that are gone go, one by one, and nothing that is somebody's or that nobody knows of?"""
import json

import jsonschema

from estate import BAD_DOCUMENT, CHANGES, CHANGES_UNREAD, DENIED, FINE, STALE, Case

GONE = "MSSQLSvc/sql01:1433"  # HV02 may delegate to it, and the estate has no account for it
RULE = """
  - id: no-vanished-targets
    why: Who joins a computer of that name is handed our callers.
    severity: medium
    on: computers
    want:
      delegation.services: {without: vanished}

verify:"""


class Vanished(Case):
    def setUp(self):
        super().setUp()
        policy = self.estate.read("policy.yaml").decode()
        self.estate.write("policy.yaml", policy.replace("\nverify:", RULE, 1))

    def accounts(self, *accounts):
        self.estate.change_world(lambda world: world.update(
            accounts=[{"account": who, "class": "user", "names": names} for who, names in accounts]))

    def blind(self):
        """The names of the forest cannot be told: a computer that is no host of ours is not to be read."""
        self.estate.change_world(lambda world: world["computers"].update(HV99={}))
        self.estate.fault("read", "denied", "HV99")

    def services(self, host="HV02"):
        return self.estate.world()["computers"][host]["delegation.services"]

    def json(self, status, *arguments):
        said = self.expect(self.estate.run(*arguments, "--output", "json"), status)
        jsonschema.validate(said.json(), self.estate.run("schema", "results").json())
        return said.json()

    def finding(self, status):
        return next(one for one in self.json(status, "audit", "--all")["findings"]
                    if one["object"] == "HV02" and one["rule"] == "no-vanished-targets")

    def removals(self, plan):
        return [change for phase in plan["phases"] if phase["phase"] == "directory removals"
                for change in phase["changes"] if change["setting"] == "delegation.services"]

    def taken_as_gone(self, plan, change):
        premises = []
        for span in change.get("premises", []):  # "3", or "3-17"
            first, last = (span.split("-") * 2)[:2]
            premises += plan["premises"][int(first):int(last) + 1]
        return [name for one in premises if one["setting"] == "delegation.vanished" for name in one["holds"]]

    def test_a_rule_that_demands_it_conflicts_with_the_rule_that_wants_it_gone(self):
        self.assertEqual(self.json(CHANGES, "audit")["conflicts"], [])
        policy = self.estate.read("policy.yaml").decode()
        demands = f"""
  - id: sql
    why: It was forgotten here.
    severity: low
    on: computers
    want:
      delegation.services: {{includes: ["{GONE}"]}}
"""
        self.estate.write("policy.yaml", policy.replace("\nverify:", demands + "\nverify:", 1))
        allowed = ("plan", "--allow", "risk=critical")
        for command in (["audit"], allowed):
            one, = self.json(CHANGES, *command)["conflicts"]
            self.assertEqual((one["object"], one["setting"], one["rules"], one["runs"], one["over"]),
                             ("HV02", "delegation.services", ["no-vanished-targets", "sql"], [], [GONE]))
        page = self.estate.run(*allowed, "--output", "html").out
        self.assertIn("rule no-vanished-targets wants no values for computers that are gone, rule sql demands one: it stays", page)

    def test_it_goes_alone_and_comes_back_with_a_rollback(self):
        before = self.estate.world()
        found = self.finding(CHANGES)
        self.assertEqual((found["verdict"], found["severity"]), ("drifted", "medium"))
        self.assertEqual(found["because"], f"1 for computers that are gone: {GONE}")
        told = [one["names"] for one in self.json(CHANGES, "spn")["service_names"]["findings"]
                if one["fault"] == "stale_delegation"]
        self.assertEqual(told, [[GONE]], "`spn` and the policy judge alike")
        plan = self.json(CHANGES, "plan")["plan"]
        self.assertEqual([(one["object"], one["remove"], self.taken_as_gone(plan, one)) for one in self.removals(plan)],
                         [("HV02", [GONE], [GONE])])
        self.assertIn("for computers that are gone; apply looks again whether they still are, before it takes it", self.estate.run("plan").out)
        run = self.estate.apply()
        self.assertNotIn(GONE, self.services())
        self.assertEqual(self.finding(FINE)["verdict"], "compliant")
        self.assertEqual(self.json(FINE, "plan")["plan"]["phases"], [])
        self.expect(self.estate.run("verify", run, "--no-moves"), FINE)
        self.expect(self.estate.run("rollback", run), FINE)
        self.assertIn(GONE, self.services())
        self.assertEqual(self.estate.world(), before)

    def test_what_somebody_holds_or_is_called_stays(self):
        for who in (("SQL01$", []), ("svc-sql", [GONE.upper()]), ("DC01$", ["HOST/sql01"])):
            self.accounts(who)
            self.assertEqual(self.finding(CHANGES)["verdict"], "compliant", who)

    def test_the_spelling_is_no_matter_and_what_stays_keeps_its_own(self):
        others = self.services()
        self.estate.change_world(lambda world: world["computers"]["HV02"].update(
            {"delegation.services": others + ["CIFS/Gone", "cifs/gone.corp.example"]}))
        self.accounts(("SQL01$", []))
        self.estate.apply()
        self.assertEqual(set(others) - set(self.services()), set())
        self.assertEqual([one for one in self.services() if "gone" in one.lower()], [])

    def test_patterns_stand_beside_it_in_a_rule_of_their_own(self):
        policy = self.estate.read("policy.yaml").decode()
        self.estate.write("policy.yaml", policy.replace("\nverify:", """
  - id: patterns
    why: So.
    on: computers
    want: {delegation.services: {without: ["http/*"]}}

verify:"""))
        self.estate.change_world(lambda world: world["computers"]["HV02"]["delegation.services"].append("HTTP/gone"))
        plan = self.json(CHANGES, "plan")["plan"]
        change, = self.removals(plan)
        self.assertEqual(sorted(change["remove"]), ["HTTP/gone", GONE])
        self.assertEqual(self.taken_as_gone(plan, change), [GONE], "the other goes whoever it is for")
        self.assertEqual(change["rules"][-2:], ["no-vanished-targets", "patterns"])

    def test_a_computer_that_came_back_makes_the_plan_stale(self):
        self.estate.plan()
        self.accounts(("SQL01$", []))
        with self.untouched():
            said = self.estate.run("apply", "plan.json")
        self.expect(said, STALE, "computer HV02: the plan takes as gone what is somebody's again: " + GONE,
                    "Make a fresh plan")
        self.estate.apply()
        self.assertIn(GONE, self.services())

    def test_what_is_unknown_is_said_and_not_planned(self):
        self.blind()
        found = self.finding(CHANGES_UNREAD)
        self.assertEqual(found["verdict"], "unknown")
        self.assertIn(f"gone: no account was found for {GONE}, but HV99 refuses", found["because"])
        # Whose the names are that HV01, HV02 and HV03 lack, nobody can tell either.
        self.assertIn("4 findings unknown, and are not known to comply", self.estate.run("audit").out)
        said = self.json(CHANGES, "plan", "--out", "plan.json")
        self.assertEqual(self.removals(said["plan"]), [])
        self.assertEqual([(one["object"], one["setting"], one["verdict"]) for one in said["plan"]["notes"]],
                         [("HV01", "delegation.services", "unknown"), ("HV02", "delegation.services", "unknown"),
                          ("HV02", "delegation.services", "unknown"), ("HV03", "spn.migration", "unknown")])
        self.assertIn("! unknown HV02 delegation.services: unknown which", self.estate.run("show", "plan.json").out)
        self.expect(self.estate.run("apply", "plan.json"), FINE)
        self.assertIn(GONE, self.services())
        self.assertEqual(self.json(DENIED, "plan")["plan"]["phases"], [], "nothing to do, and yet not all is well")

    def test_what_is_unknown_when_it_comes_to_it_is_not_taken(self):
        self.estate.plan()
        self.blind()
        with self.untouched():
            said = self.estate.run("apply", "plan.json")
        self.expect(said, DENIED, "unknown whether the computers of these services are gone", "HV99 refuses")

    def test_who_is_gone_is_no_value_of_an_estate_and_no_want(self):
        rows = {one["name"]: one for one in self.json(FINE, "settings")["settings"]}
        self.assertEqual(rows["delegation.vanished"]["access"], "fact")
        world = self.estate.world()
        world["computers"]["HV01"]["delegation.vanished"] = []
        self.estate.write("world.json", json.dumps(world))
        self.expect(self.estate.run("audit"), BAD_DOCUMENT, "has no setting `delegation.vanished`")
