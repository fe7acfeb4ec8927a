"""`fairway init`: an inventory of what is found, for people to edit. tests/lab/tests/found_test.py asks a real directory."""
import unittest

from estate import ERROR, FINE, USAGE, Case


class Init(Case):
    def test_what_is_proposed_is_an_inventory(self):
        said = self.expect(self.estate.run("init", "-i", "inventory.yaml"), FINE)
        self.assertIn("    - {name: HV02}  # when it signed on is not known: is it still there?\n", said.out)
        self.estate.write("first.yaml", said.out)
        self.assertIn("first.yaml: inventory ok", self.expect(self.estate.run("check", "first.yaml"), FINE).out)
        audits = [self.estate.run("audit", "-i", name, "--output", "json").json() for name in ("inventory.yaml", "first.yaml")]
        self.assertEqual(*([one["object"] for one in audit["findings"]] for audit in audits))

    def test_a_disabled_account_is_a_comment_with_the_reason(self):
        self.estate.change_world(lambda world: world["computers"]["HV02"].update({"account.flags": ["accountdisable"]}))
        said = self.expect(self.estate.run("init", "-i", "inventory.yaml", "--out", "first.yaml"), FINE, "The result is in")
        self.assertEqual(said.out, "")
        text = self.estate.read("first.yaml").decode()
        self.assertRegex(text, r"\n    # - \{name: HV02\}  # .*is disabled")
        self.assertIn("hosts: [HV01, HV03]", text)
        proposed = self.estate.run("init", "-i", "inventory.yaml", "--output", "json").json()["proposed"]
        self.assertEqual([(one["name"], one["listed"]) for one in proposed["computers"]],
                         [("HV01", True), ("HV02", False), ("HV03", True)])

    def test_nobody_to_list_is_no_inventory(self):
        def disable(world):
            for one in world["computers"].values():
                one["account.flags"] = ["accountdisable"]
        self.estate.change_world(disable)
        said = self.expect(self.estate.run("init", "-i", "inventory.yaml"), ERROR, "no account that is found can be a host now",
                           "HV01: ", "is disabled")
        self.assertEqual(said.out, "")

    def test_hostile_names_stay_in_their_line(self):
        self.estate.change_world(lambda world: world["computers"]["HV02"].update({"account.dns_name": "hv02.x\n- {name: EVIL}\x1b[1m"}))
        said = self.expect(self.estate.run("init", "-i", "inventory.yaml"), FINE)
        self.assertNotRegex(said.out, r"(?m)^ *- \{name: EVIL")
        self.assertRegex(said.out, r"# - \{name: HV02\}  # says that it is hv02\.x")
        self.assertNotIn("\x1b", said.out)

    def test_what_it_is_asked_for_is_checked_as_in_an_inventory(self):
        self.estate.write("fairway.yaml", "")
        self.expect(self.estate.run("init"), USAGE, "name the domain, as in `fairway init corp.example`")
        self.expect(self.estate.run("init", "-i", "inventory.yaml", "--controller", "dc01.corp.example"), USAGE, "servers")
        for arguments, words in ((["corp"], "corp"), (["a b.example"], "a b.example"), (["corp.example", "--base", "nowhere"], "nowhere"),
                                 (["corp.example", "--controller", "x y"], "x y"),
                                 (["-i", "inventory.yaml", "--base", "OU=a: b,DC=corp,DC=example"], "`base` has no use here")):
            said = self.estate.run("init", *arguments)
            self.assertEqual(said.status, 3, str(said))
            self.assertIn(words, said.err)


if __name__ == "__main__":
    unittest.main()
