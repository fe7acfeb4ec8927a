"""A plan that somebody reviewed is made again: what is the same, what differs, and when that is refused."""
import getpass
import json
import shlex

from estate import BAD_DOCUMENT, CHANGES, FINE, REFUSED, STALE, UNREACHABLE, USAGE
from promise_test import PromiseCase

KINDS = ("same", "gone", "new", "other")


class Again(PromiseCase):
    def setUp(self):
        super().setUp()
        self.expect(self.estate.run("plan", "--ticket", "CHG0041", "--out", "plan.json"), CHANGES)

    def reviewed(self):
        return json.loads(self.estate.read("plan.json"))

    def moved(self):
        """HV03 is fixed, HV02 is changed to something third, HV01 is broken, and HV02's list gets a value of others."""
        def others(world):
            world["hosts"]["HV03"]["migration.authentication"] = "kerberos"
            world["hosts"]["HV02"]["migration.performance"] = "smb"
            world["hosts"]["HV01"]["migration.max_live"] = 1
            world["computers"]["HV02"]["delegation.services"].append("MSSQLSvc/sql02:1433")
        self.estate.change_world(others)

    def places(self, again):
        return {kind: {(one["object"], one["setting"]) for one in again[kind]} for kind in KINDS}

    def test_of_an_estate_that_did_not_move_it_is_the_same_plan(self):
        said = self.estate.run("plan", "--again", "plan.json", "--out", "fresh.json")
        self.assertEqual(said.status, CHANGES, str(said))
        self.assertIn(f"Compared with the reviewed plan {self.reviewed()['digest'][:12]}: it is the same, byte for byte.", said.out)
        self.assertEqual(self.estate.read("fresh.json"), self.estate.read("plan.json"))
        again = self.result(CHANGES, "plan", "--again", "plan.json")["again"]
        self.assertEqual([len(again[kind]) for kind in KINDS], [6, 0, 0, 0])
        self.assertEqual(again["unchanged_hosts"], ["HV01", "HV02", "HV03"])

    def test_two_plan_files_are_compared(self):
        self.assertIn("it is the same, byte for byte", self.expect(self.estate.run("diff", "plan.json", "plan.json"), FINE).out)
        self.moved()
        again = self.result(CHANGES, "plan", "--again", "plan.json", "--out", "fresh.json")["again"]
        compared = self.result(CHANGES, "diff", "plan.json", "fresh.json")
        self.assertEqual(compared["again"], again)
        self.assertEqual(self.result(CHANGES, "diff", "fresh.json", "plan.json")["again"]["gone"][0]["object"], "HV01")
        self.expect(self.estate.run("diff", "plan.json", "inventory.yaml"), BAD_DOCUMENT, "inventory.yaml")

    def test_only_what_differs_is_to_be_reviewed(self):
        self.moved()
        again = self.result(CHANGES, "plan", "--again", "plan.json", "--out", "fresh.json")["again"]
        self.assertEqual(again["plan_id"], self.reviewed()["digest"][:12])
        places = self.places(again)
        self.assertEqual(places["gone"], {("HV03", "migration.authentication")})
        self.assertEqual(places["new"], {("HV01", "migration.max_live")})
        self.assertEqual(places["other"], {("HV02", "migration.performance")})
        self.assertIn(("HV02", "delegation.services"), places["same"])  # the value that others added is theirs
        self.assertEqual(again["unchanged_hosts"], [])
        [other], [gone], [new] = again["other"], again["gone"], again["new"]
        self.assertEqual((other["was"]["before"], other["now"]["before"], other["because"]),
                         ("tcpip", "smb", "it writes another value"))
        self.assertEqual((gone["was"], gone["because"]),
                         ({"before": "credssp", "after": "kerberos"}, "nothing is left to do there"))
        self.assertEqual(new["now"], {"before": 1, "after": 2})
        fresh = json.loads(self.estate.read("fresh.json"))
        self.assertEqual(fresh["ticket"], "CHG0041")
        self.expect(self.estate.run("apply", "fresh.json"), FINE)

    def test_text_leaves_out_what_is_the_same_unless_full(self):
        self.moved()
        said = self.estate.run("plan", "--again", "plan.json")
        self.assertIn("4 changes the same, 1 gone, 1 new, 1 other.", said.out)
        self.assertNotIn("unconstrained", said.out.split("Paths open")[0])
        self.assertIn("delegation.unconstrained", self.estate.run("plan", "--again", "plan.json", "--full").out)

    def test_an_account_that_was_joined_again_is_another_one(self):
        self.estate.change_world(lambda world: world["computers"]["HV03"].update({"account.sid": "S-1-5-21-9-9-9-999"}))
        again = self.result(CHANGES, "plan", "--again", "plan.json")["again"]
        self.assertIn("it rests on another account.sid of HV03", {one.get("because") for one in again["other"]})

    def test_a_stale_apply_gives_the_command_that_works(self):
        self.moved()
        said = self.expect(self.estate.run("apply", "plan.json"), STALE, "host HV02 migration.performance: the plan saw tcpip")
        self.assertLess(said.err.index("HV02 migration.performance"), said.err.index("HV03 migration.authentication"))
        command = said.err.split("To review only what differs from this one: fairway ")[1].strip()
        self.assertEqual(command, "plan --again plan.json --out plan-again.json")
        self.expect(self.estate.run(*shlex.split(command)), CHANGES)
        self.expect(self.estate.run("apply", "plan-again.json"), FINE)
        said = self.expect(self.estate.run("apply", "plan-again.json"), STALE, "this plan was applied as run",
                           "fairway plan --again plan-again.json --out plan-again-again.json")
        self.estate.write("fairway.yaml", "inventory: inventory.yaml\n")
        self.expect(self.estate.run("apply", "plan.json"), STALE, "plan --again plan.json --policy FILE --out plan-again.json")

    def test_other_inputs_make_another_plan(self):
        policy, inventory = (self.estate.read(name) for name in ("policy.yaml", "inventory.yaml"))
        self.estate.write("policy.yaml", policy + b"# a line\n")
        self.expect(self.estate.run("plan", "--again", "plan.json"), REFUSED, "policy.yaml is not the one that plan", "leave out --again")
        self.estate.write("policy.yaml", policy)
        self.estate.write("inventory.yaml", inventory + b"# a line\n")
        self.expect(self.estate.run("plan", "--again", "plan.json"), REFUSED, "inventory.yaml was changed since")
        self.estate.write("inventory.yaml", inventory.replace(b"estate: corp", b"estate: lab"))
        self.expect(self.estate.run("plan", "--again", "plan.json"), REFUSED, "this plan is for the estate corp")

    def test_what_cannot_be_made_again(self):
        for option, value in (("--ticket", "CHG1"), ("--host", "HV01"), ("--except", "HV01")):
            self.expect(self.estate.run("plan", "--again", "plan.json", option, value), USAGE, f"takes {option} from the plan")
        self.expect(self.estate.run("plan", "--again", "none.json"), BAD_DOCUMENT, "none.json")
        self.expect(self.estate.run("plan", "--again", "policy.yaml"), BAD_DOCUMENT, "this is no plan")
        run = self.result(FINE, "apply", "plan.json")["applied"]["run"]
        back = self.result(CHANGES, "rollback", run, "--dry-run")["plan"]
        self.estate.write("back.json", json.dumps(back, indent=2, ensure_ascii=False) + "\n")
        self.expect(self.estate.run("plan", "--again", "back.json"), REFUSED, f"`fairway rollback {run}` plans anew")
        self.estate.forge(lambda plan: plan.update(source_sha256=""))
        self.expect(self.estate.run("plan", "--again", "forged.json"), REFUSED, "made by a command of its own")

    def test_hosts_that_were_left_out_stay_out_and_those_unread_are_tried_again(self):
        self.dead("HV02")
        self.expect(self.estate.run("plan", "--again", "plan.json"), UNREACHABLE,
                    "`fairway plan --again plan.json --without-unreadable`")
        gone = self.result(CHANGES, "plan", "--again", "plan.json", "--without-unreadable")["again"]["gone"]
        self.assertEqual({one["object"] for one in gone}, {"HV02"})
        self.assertTrue(all(one["because"].startswith("the host is not covered: ") for one in gone), gone)
        self.expect(self.estate.run("plan", "--except", "HV03", "--without-unreadable", "--out", "plan.json"), CHANGES)
        self.estate.change_world(lambda world: world.update(faults=[]))
        again = self.result(CHANGES, "plan", "--again", "plan.json")
        self.assertEqual({one["object"] for one in again["again"]["new"]}, {"HV02"})
        self.assertEqual(again["plan"]["not_covered"], [{"because": "--except HV03", "hosts": ["HV03"]}])

    def test_what_was_allowed_stays_allowed(self):
        self.estate.write("policy.yaml", self.estate.read("policy.yaml").replace(
            b"\nverify:", b"\nrollout: {limits: {hosts: 1}}\n\nverify:"))
        self.expect(self.estate.run("plan", "--allow", "hosts=3", "--out", "plan.json"), CHANGES)
        self.moved()
        fresh = self.result(CHANGES, "plan", "--again", "plan.json")["plan"]
        self.assertEqual(fresh["allowed"], [{"limit": "hosts", "value": "3", "by": getpass.getuser()}])
