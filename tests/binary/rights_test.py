"""Does `fairway plan` say what the caller may not write and what a list has no room for, and is either refused in time?"""
import jsonschema

from estate import CHANGES, DENIED, FINE, PARTLY_APPLIED, REFUSED, Case


class Rights(Case):
    def may(self, what, host, setting=""):
        self.estate.change_world(lambda world: world.setdefault("rights", []).append(
            {"object": host, "setting": setting, "may": what}))

    def told(self):
        """What the plan's JSON says of the directory: address to verdict and words."""
        said = self.expect(self.estate.run("plan", "--output", "json"), CHANGES)
        jsonschema.validate(said.json(), self.estate.run("schema", "results").json())
        return {(name, one["setting"]): (one["may"], one["because"])
                for one in said.json()["rights"] if one["kind"] == "computer" for name in one["objects"]}

    def test_one_line_where_all_is_allowed(self):
        said = self.estate.run("plan")
        self.assertIn("\nThe caller may make all 3 directory changes.\n", said.out)
        self.assertNotIn("may not", said.out)
        self.assertEqual(set(self.told().values()), {("yes", "")})

    def test_what_hangs_on_a_privilege_is_counted(self):
        self.may("by_default", "HV01")
        self.assertIn("\nThe caller may make all 3 directory changes (1 of them if it has a privilege, as administrators "
                      "have by default (planted)).\n", self.estate.run("plan").out)
        self.expect(self.estate.run("apply", self.estate.plan()), FINE)

    def test_a_refused_write_is_named_by_the_plan_and_stops_apply(self):
        self.may("no", "HV01", "delegation.unconstrained")
        self.may("no", "HV03")
        with self.untouched():
            said = self.expect(self.estate.run("plan", "--out", "plan.json"), CHANGES)
            self.assertIn("! The caller may not make 2 of 3 directory changes; an apply by it is refused:\n"
                          "  ✗ computer HV01 delegation.unconstrained: grant the right to write it (planted)\n"
                          "  ✗ computer HV03 spn.migration: grant the right to write it (planted)\n"
                          "The caller may make 1 of 3 directory changes.\n", said.out)
            self.assertEqual({key: may for key, (may, _) in self.told().items() if may == "no"},
                             {("HV01", "delegation.unconstrained"): "no", ("HV03", "spn.migration"): "no"})
            self.expect(self.estate.run("apply", "plan.json"), DENIED, "computer HV01 delegation.unconstrained: the caller "
                        "may not write it", "computer HV03 spn.migration", "grant the right", "Nothing was written.")
            json = self.estate.run("apply", "plan.json", "--output", "json").json()
            self.assertEqual((json["error"]["code"], json["exit"]), ("denied", DENIED))
        # Somebody else may apply the same plan.
        self.estate.change_world(lambda world: world.pop("rights"))
        self.expect(self.estate.run("apply", "plan.json"), FINE)

    def test_the_plan_file_knows_nothing_of_rights(self):
        self.estate.plan("before.json")
        self.may("no", "HV01")
        self.estate.plan("after.json")
        self.assertEqual(self.estate.read("before.json"), self.estate.read("after.json"))

    def test_what_is_not_known_refuses_nothing(self):
        self.may("unknown", "HV01")
        self.assertIn("\n? Whether the caller may make 1 of 3 directory changes is not known: nobody tells (planted)\n",
                      self.estate.run("plan").out)
        self.expect(self.estate.run("apply", self.estate.plan()), FINE)

    def test_a_right_elsewhere_does_not_matter(self):
        self.may("no", "HV02", "spn.migration")
        self.assertIn("may make all 3", self.estate.run("plan").out)
        self.expect(self.estate.run("apply", self.estate.plan()), FINE)

    def test_a_rollback_and_a_resumption_ask_too(self):
        run = self.estate.apply()
        self.may("no", "HV01")
        with self.untouched():
            self.assertEqual(self.estate.run("rollback", run, "--dry-run").status, CHANGES)
            self.expect(self.estate.run("rollback", run), DENIED, "HV01 delegation.unconstrained", "Nothing was written.")

    def test_a_resumption_asks_for_what_is_left_alone(self):
        self.estate.fault("write", "unreachable", "HV03", "migration.authentication")
        said = self.estate.run("apply", self.estate.plan(), "--output", "json")
        self.assertEqual(said.status, PARTLY_APPLIED, str(said))
        run = said.json()["applied"]["run"]
        self.may("no", "HV03", "spn.migration")  # that one is done
        self.may("no", "HV01", "delegation.unconstrained")
        with self.untouched():
            refused = self.expect(self.estate.run("apply", "--resume", run), DENIED, "HV01 delegation.unconstrained")
            self.assertNotIn("spn.migration", refused.err)
        self.estate.change_world(lambda world: world["rights"].pop())
        self.expect(self.estate.run("apply", "--resume", run), FINE)


class Room(Case):
    """HV02's plan adds to its list of delegations, and what is there already counts."""

    def fill(self, total):
        def change(world):
            held = world["computers"]["HV02"].setdefault("delegation.services", [])
            held += [f"MSSQLSvc/sql{i:04}" for i in range(total - len(held) - len(self.added))]
        plan = self.estate.run("plan", "--output", "json").json()["plan"]
        self.added = [value for phase in plan["phases"] for one in phase["changes"]
                      if (one["object"], one["setting"]) == ("HV02", "delegation.services") for value in one["add"]]
        self.assertTrue(self.added)
        self.estate.change_world(change)

    def test_a_full_list_is_refused_as_a_limit_is(self):
        self.fill(1201)
        with self.untouched():
            self.expect(self.estate.run("plan", "--out", "plan.json"), REFUSED, "the plan goes beyond a limit",
                        "delegation.services of HV02 would have 1201 values, and 1200 are the most",
                        "make the migration domains smaller, or use resource-based delegation to a group")
        self.assertRaises(FileNotFoundError, self.estate.read, "plan.json")

    def test_a_list_that_is_nearly_full_is_warned_of(self):
        self.fill(1200)
        said = self.expect(self.estate.run("plan", "--out", "plan.json"), CHANGES)
        self.assertIn("\n! delegation.services of HV02 will have 1200 of at most 1200 values: ", said.out)
        self.assertIn("resource-based delegation", self.estate.run("show", "plan.json").out)
        result = self.estate.run("plan", "--output", "json").json()
        jsonschema.validate(result, self.estate.run("schema", "results").json())
        self.assertEqual(len(result["warnings"]), 1)
        self.expect(self.estate.run("apply", "plan.json"), FINE)

    def test_an_ordinary_list_is_not(self):
        self.fill(1000)
        result = self.expect(self.estate.run("plan", "--output", "json"), CHANGES).json()
        self.assertEqual(result["warnings"], [])
