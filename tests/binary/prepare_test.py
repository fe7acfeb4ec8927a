"""Does `verify --prepare` make the VM for trial moves, and `verify --remove` take exactly that away, each as a plan that is
shown, journalled, settled and rolled back like any other? On an embedded estate.
"""
import json

import jsonschema

from estate import CHANGES, FINE, PARTLY_APPLIED, REFUSED, USAGE, Case

VM = "fairway-trial"
HERE, WHOLE = f"{VM} of corp", [f"{VM} of corp", f"{VM} of corp, complete"]


class Preparing(Case):
    def result(self, status, *arguments):
        said = self.estate.run(*arguments, "--output", "json")
        self.assertEqual(said.status, status, str(said))
        jsonschema.validate(said.json(), self.estate.run("schema", "results").json())
        return said.json()

    def on(self, host):
        """Which trial VM a host shows, and whether it has a machine of that name."""
        held = self.estate.world()["hosts"][host]
        return held.get("verify.trial_vms", []), VM in held["host.machines"]

    def test_there_and_back(self):
        before = self.estate.world()
        made = self.result(FINE, "verify", "--prepare", "HV01")
        self.assertEqual((made["changes"], made["done"], made["applied"]["ending"]), (1, 1, "complete"))
        self.assertEqual(self.on("HV01"), (WHOLE, True))
        self.assertEqual([(run["run"], run["end"]) for run in self.result(FINE, "history")["runs"]], [(made["run"], "complete")])
        self.assertEqual(self.result(FINE, "show", made["run"])["plan"]["source"], "verify --prepare HV01")
        with self.untouched():
            self.assertEqual(self.result(FINE, "verify", "--prepare", "HV01")["changes"], 0)
            self.expect(self.estate.run("verify", "--prepare", "HV02"), REFUSED, "is on HV01 already")
            self.expect(self.estate.run("verify", "--remove", "HV02"), REFUSED, "is on HV01, not on HV02")
        removed = self.result(FINE, "verify", "--remove", "HV01")
        self.assertEqual((removed["changes"], removed["done"]), (1, 1))
        self.assertEqual(self.on("HV01"), ([], False))
        after = self.estate.world()
        after["hosts"]["HV01"].pop("verify.trial_vms")
        self.assertEqual(after, before)
        with self.untouched():
            self.assertEqual(self.result(FINE, "verify", "--remove", "HV01")["changes"], 0)

    def test_a_rollback_takes_it_away_and_brings_it_back(self):
        made = self.result(FINE, "verify", "--prepare", "HV01")["run"]
        gone = self.result(FINE, "rollback", made)["applied"]["run"]
        self.assertEqual(self.on("HV01"), ([], False))
        self.result(FINE, "rollback", gone)
        self.assertEqual(self.on("HV01"), (WHOLE, True))

    def test_how_a_policy_moves_it_is_said(self):
        said = self.expect(self.estate.run("verify", "--prepare", "HV01", "--yes"), FINE)
        for words in ("vm: fairway-trial, storage: true", "only if that folder is a share"):
            self.assertIn(words, said.out)

    def test_only_planned(self):
        with self.untouched():
            dry = self.estate.run("verify", "--prepare", "HV01", "--dry-run")
            self.assertEqual(dry.status, CHANGES, str(dry))
            for words in (": verify --prepare HV01, estate corp", "verify.trial_vms", "New-VM", "Nothing was changed"):
                self.assertIn(words, dry.out)
            self.assertEqual(self.result(CHANGES, "verify", "--prepare", "HV01", "--out", "made.json")["plan"],
                             json.loads(self.estate.read("made.json")))
        self.assertEqual(self.result(FINE, "apply", "made.json")["applied"]["ending"], "complete")
        self.assertEqual(self.on("HV01"), (WHOLE, True))

    def test_a_trial_move_takes_it_along(self):
        self.result(FINE, "verify", "--prepare", "HV01")
        self.estate.write("policy.yaml", self.estate.read("policy.yaml").decode().replace("vm: canary", f"vm: {VM}"))
        trials = self.result(FINE, "verify", self.estate.apply())["trials"]
        self.assertEqual({(trial["vm"], trial["moved"]) for trial in trials}, {(VM, True)})
        self.assertEqual(self.on("HV01"), (WHOLE, True))

    def test_a_vm_of_somebody_else_stays(self):
        self.estate.change_world(lambda world: world["hosts"]["HV02"]["host.machines"].append(VM))
        with self.untouched():
            for option, host in (("--prepare", "HV01"), ("--prepare", "HV02"), ("--remove", "HV02")):
                self.expect(self.estate.run("verify", option, host), REFUSED, f"the VM {VM} on HV02", "somebody else's")

    def test_half_made_is_finished_or_taken_away(self):
        def half(world):
            world["hosts"]["HV01"]["verify.trial_vms"] = [HERE]
            world["hosts"]["HV01"]["host.machines"].append(VM)
        self.estate.change_world(half)
        self.result(FINE, "verify", "--prepare", "HV01")
        self.assertEqual(self.on("HV01"), (WHOLE, True))
        self.estate.change_world(lambda world: world["hosts"]["HV01"].update({"verify.trial_vms": [HERE]}))
        self.result(FINE, "verify", "--remove", "HV01")
        self.assertEqual(self.on("HV01"), ([], False))

    def test_an_answer_that_was_lost_is_settled_by_reading(self):
        self.estate.fault("write", "lost_reply", "HV01", "verify.trial_vms")
        self.assertEqual(self.result(FINE, "verify", "--prepare", "HV01")["done"], 1)
        self.estate.fault("write", "unreachable", "HV01", "verify.trial_vms")
        self.result(PARTLY_APPLIED, "verify", "--remove", "HV01")
        self.assertEqual(self.on("HV01"), (WHOLE, True))
        self.result(FINE, "verify", "--remove", "HV01")
        self.assertEqual(self.on("HV01"), ([], False))

    def test_what_cannot_be_asked(self):
        with self.untouched():
            self.expect(self.estate.run("verify", "--prepare", "--remove", "HV01"), USAGE, "give one of the two")
            self.expect(self.estate.run("verify", "--prepare", "HV09"), USAGE, "has no host HV09")
            self.expect(self.estate.run("verify", "--prepare", "HV01", "--out", "-"), USAGE, "the name of a file")
        self.estate.write("policy.yaml", self.estate.read("policy.yaml").decode().replace(
            "migration.enabled: true", "migration.enabled: true\n      verify.trial_vms: [x]"))
        self.assertIn("`verify.trial_vms` is written by a command of its own", self.estate.run("check", "policy.yaml").err)
