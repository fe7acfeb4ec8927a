"""Does `fairway spn` tell what is wrong with an embedded estate's service principal names, and only read?"""
import json

import jsonschema

from estate import BAD_DOCUMENT, CHANGES, DENIED, FINE, USAGE, Case

MIGRATION = "Microsoft Virtual System Migration Service"
REPLICA = "Hyper-V Replica Service"


class ServiceNames(Case):
    def setUp(self):
        super().setUp()
        self.accounts()

    def names(self, status, *hosts):
        said = self.expect(self.estate.run("spn", *hosts, "--output", "json"), status)
        jsonschema.validate(said.json(), self.estate.run("schema", "results").json())
        return said.json()["service_names"]

    def repair(self):
        """HV03's names, the one fault that the estate has."""
        both = [f"{MIGRATION}/HV03", f"{MIGRATION}/hv03.corp.example"]
        self.estate.change_world(lambda world: world["computers"]["HV03"].update({"spn.migration": both}))

    def accounts(self, **names):
        """These, and the computer that a list of delegation speaks of."""
        self.estate.change_world(lambda world: world.update(
            accounts=[{"account": "SQL01$", "class": "computer", "names": ["HOST/sql01"]}] +
            [{"account": who, "class": "user", "names": held} for who, held in names.items()]))

    def test_a_computer_that_nobody_is_and_that_a_host_may_delegate_to_is_told(self):
        self.repair()
        self.estate.change_world(lambda world: world.update(accounts=[]))
        found = self.names(CHANGES, "HV02")["findings"]
        self.assertEqual([(one["fault"], one["host"], one["names"]) for one in found],
                         [("stale_delegation", "HV02", ["MSSQLSvc/sql01:1433"])])
        self.assertIn("no account in the forest holds it or is called so", self.estate.run("spn", "HV02").out)

    def test_a_missing_name_is_told_with_what_to_do(self):
        with self.untouched():
            said = self.expect(self.estate.run("spn"), CHANGES)
            self.assertIn(f"✗ {MIGRATION}/HV03               missing\n", said.out)
            self.assertIn("✓ cifs/HV03                                                     served by HOST/HV03\n", said.out)
            self.assertIn("setting spn.migration", said.out)
            self.assertIn(f'setspn -S "{MIGRATION}/HV03" HV03\n', said.out)
        found = self.names(CHANGES)
        self.assertEqual([(one["fault"], one["host"], one["should"]) for one in found["findings"]],
                         [("missing", "HV03", "HV03$")])
        self.assertTrue(found["whole_forest"])

    def test_what_spn_asks_for_the_plan_writes(self):
        self.estate.apply()
        self.assertEqual(self.names(FINE)["findings"], [])
        self.assertIn("Nothing to do.", self.estate.run("spn").out)

    def test_every_owner_is_named(self):
        self.repair()
        self.accounts(svc=[f"{MIGRATION}/hv01"], files=["cifs/HV02"], old=[f"{REPLICA}/HV99"])
        found = {one["fault"]: one for one in self.names(CHANGES)["findings"]}
        self.assertEqual(sorted(found), ["alias_duplicate", "duplicate", "ghost"])
        self.assertEqual([one["account"] for one in found["duplicate"]["holders"]], ["HV01$", "svc"])
        self.assertEqual(found["duplicate"]["severity"], "critical")
        self.assertEqual([one["account"] for one in found["alias_duplicate"]["holders"]], ["files"])
        self.assertIn("HV02$ has it through HOST/HV02", found["alias_duplicate"]["because"])
        self.assertNotIn("host", found["ghost"])
        self.assertFalse([one for one in found["duplicate"]["commands"] if " -D " in one], "a duplicate is repaired by guess")

    def test_one_host_is_told_of_itself_alone(self):
        self.repair()
        self.accounts(svc=[f"{MIGRATION}/HV01"], old=[f"{REPLICA}/HV99"])
        self.assertEqual(self.names(FINE, "HV02")["findings"], [])
        one = self.names(CHANGES, "hv01", "HV01")
        self.assertEqual([host["host"] for host in one["hosts"]], ["HV01"])
        self.assertEqual([finding["fault"] for finding in one["findings"]], ["duplicate"])
        self.expect(self.estate.run("spn", "HV09"), USAGE, "has no host HV09")

    def test_what_strangers_wrote_does_not_reach_the_terminal(self):
        self.repair()
        self.accounts(**{"svc\x1b[2J": [f"{REPLICA}/\x1b]0;x\x07"]})
        said = self.expect(self.estate.run("spn"), CHANGES)
        self.assertIn("malformed", said.out)
        self.assertNotIn("\x1b", said.out)
        self.assertNotIn("setspn", said.out)

    def test_what_cannot_be_read_is_not_called_healthy(self):
        self.repair()
        self.estate.fault("read", "denied", "HV02")
        self.assertEqual(self.estate.run("spn").status, DENIED)
        self.estate.write("world.json", json.dumps({"fairway_estate": 1}))
        self.assertEqual(self.estate.run("spn").status, BAD_DOCUMENT)
