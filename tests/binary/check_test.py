"""Does `check` find what is wrong before anything is asked, by what a document says and not by how it is laid out? And is a
rule that asks nothing told, and not passed?
"""
import os
import shutil
import unittest

from estate import BAD_DOCUMENT, CHANGES, FINE, HERE, Case

POLICIES = os.path.join(HERE, "../../policies")
FLOW = "{estate: e, embedded: {file: world.json, domain: corp.example}, hosts: {list: [{name: HV01}, {name: HV02}]}}\n"
LIVE = """estate: live
directory: {domain: corp.example, servers: [dc.corp.example], bind: simple, tls: ldaps, ca: ca.pem,
            credentials: {password_file: secret, user: u@corp.example}}
hosts:
  reach: {tls: {ca: ca.pem}, authentication: certificate}
  credentials: {certificate: c.pem, key: c.key}
  list: [{name: HV01}, {name: HV02}]
"""
RULE = """policy: p
owner: o
why: w
rules:
  - id: a
    why: w
    severity: high
    on: %s
    want:
      %s
"""


class Check(Case):
    def check(self, status, *files, words=()):
        said = self.estate.run("check", *files)
        self.assertEqual(said.status, status, str(said))
        for word in words:
            self.assertIn(word, said.err, str(said))
        return said

    def test_what_a_document_is_its_keys_say(self):
        for name, text in (("flow", FLOW), ("comments", "# an estate\n---\n" + FLOW), ("quoted", FLOW.replace("estate", '"estate"')),
                           ("bom", "\ufeff" + self.estate.read("inventory.yaml").decode()),
                           ("windows", self.estate.read("inventory.yaml").decode().replace("\n", "\r\n"))):
            with self.subTest(name):
                self.estate.write("some.yaml", text)
                self.assertIn("some.yaml: inventory ok", self.check(FINE, "some.yaml").out)
        # A text that begins a line with `estate:` is still a policy.
        text = self.estate.read("policy.yaml").decode()
        self.estate.write("some.yaml", text.replace("why:", "why: |\n  of the\n  estate: all of it\nremarks:", 1).replace("remarks:", "#", 1))
        self.assertIn("some.yaml: policy ok", self.check(FINE, "some.yaml").out)
        self.estate.write("some.yaml", '{"policy": "p"}')
        self.check(BAD_DOCUMENT, "some.yaml", words=["the policy has no"])
        self.estate.write("some.yaml", "estate: e\nhots: {}\n")
        self.check(BAD_DOCUMENT, "some.yaml", words=["unknown key `hots` in the inventory"])

    def test_a_realm_in_lower_case_is_hinted_and_no_error(self):
        directory = "estate: e\ndirectory: {domain: corp.example, servers: [dc.corp.example], credentials: {%s}}\n"
        hosts = "hosts:\n  credentials: {password_file: /p, user: %s}\n  reach: {authentication: %s}\n  list: [{name: HV01}]\n"
        for user, right in (("a@corp.example", "a@CORP.EXAMPLE"), ("A@Corp.Example", "A@CORP.EXAMPLE"), ("a@CORP.EXAMPLE.", "a@CORP.EXAMPLE"),
                            ("a@CORP.EXAMPLE", "")):
            rows = [(directory % f"keytab: /k, principal: {user}" + "hosts: {list: [{name: HV01}]}\n", True),
                    (directory % f"password_file: /p, user: {user}" + "hosts: {list: [{name: HV01}]}\n", True)]
            for form, kerberos in (("kerberos", True), ("negotiate", True), ("ntlm", False)):
                rows.append((directory % "ticket_cache: default" + hosts % (user, form), kerberos))
            for text, kerberos in rows:
                with self.subTest(text):
                    self.estate.write("some.yaml", text)
                    said = self.check(FINE, "some.yaml")
                    hinted = bool(right) and kerberos
                    self.assertEqual(f"`{user}`: a realm of Active Directory is in upper case: write `{right}`" in said.out, hinted)
                    self.assertEqual(len(self.estate.run("check", "some.yaml", "--output", "json").json()["hints"]), int(hinted))

    def test_names_with_a_dot_or_a_dollar_sign_say_what_to_write(self):
        for name, words in (("HV01.", "write `HV01`"), ("HV01$", "write `HV01`"),
                            ("hv01.corp.example.", "write `hv01`, and the full name as `dns: hv01.corp.example`"),
                            ("HYPERV-CLUSTER-NODE01", "`HYPERV-CLUSTER-`")):
            with self.subTest(name):
                self.estate.write("some.yaml", f"estate: e\nembedded: {{file: world.json, domain: corp.example}}\nhosts: {{list: [{{name: {name}}}]}}\n")
                self.check(BAD_DOCUMENT, "some.yaml", words=[words])

    def test_one_mistake_is_one_error(self):
        world = "estate: e\nembedded: {file: world.json, domain: corp.example}\n"
        lan = "estate: e\ndirectory: {domain: %s, servers: [dc.corp.example]}\nhosts: %s\n"
        wants = "policy: p\nowner: o\nwhy: w\nrules:\n  - {id: a, why: w, severity: high, on: hosts, want: {%s: true}}\nexceptions:\n" \
                "  - {host: HV01, setting: migration.enabled, reason: r, owner: o, until: 2030-01-01T00:00:00Z%s}\n"
        for name, text, words in (
                ("a host whose name was refused", world + "hosts: {list: [{name: HV01.corp.example}, {name: HV02}]}\n"
                 "migration_domains: [{name: m, hosts: [HV01, HV02]}]\n", "is not a host name"),
                ("a host with a blank", world + "hosts: {list: [{name: 'HV01 '}, {name: HV02}]}\n"
                 "migration_domains: [{name: m, hosts: [HV01, HV02]}]\n", "is not a host name"),
                ("a domain with a dot", lan % ("corp.example.", "{found: {base: 'OU=a,DC=corp,DC=example'}}"), "ends with a dot"),
                ("a domain in short", lan % ("CORP", "{list: [{name: HV01, domain: corp.example}]}"), "is not a full DNS name"),
                ("a setting that is none", wants % ("migration.enabeld", ""), "migration.enabeld")):
            with self.subTest(name):
                self.estate.write("some.yaml", text)
                said = self.check(BAD_DOCUMENT, "some.yaml", words=[words, "\n1 error; "])
                self.assertEqual(said.err.count(": error: "), 1, said.err)
        # What has nothing to do with it is told all the same.
        self.estate.write("some.yaml", world + "hosts: {list: [{name: HV01.corp.example}, {name: HV02}]}\n"
                          "migration_domains: [{name: m, hosts: [HV07, HV02]}]\n")
        self.check(BAD_DOCUMENT, "some.yaml", words=["unknown host HV07", "\n2 errors; "])

    def test_a_tab_is_called_a_tab(self):
        for text in ("policy: p\nowner: o\nwhy: w\nrules:\n\t- id: a\n", "policy: p\nrules:\n  - id: a\n\twhy: w\n"):
            self.estate.write("some.yaml", text)
            self.check(BAD_DOCUMENT, "some.yaml", words=["a tab in the indentation"])

    def test_a_rule_that_contradicts_itself_is_refused_alone(self):
        for want in ("migration.max_live: {at_least: 3, at_most: 2}", "delegation.services: {includes: [cifs/A], without: [cifs/*]}"):
            self.estate.write("some.yaml", RULE % ("hosts" if want[0] == "m" else "computers", want))
            self.check(BAD_DOCUMENT, "some.yaml", words=["some.yaml:10:", "no value can be both"])

    def test_every_pair_is_checked(self):
        self.estate.write("other.yaml", RULE % ("{tag: nothing-has-it}", "migration.enabled: true"))
        self.check(FINE, "other.yaml")
        for files in (("policy.yaml", "other.yaml", "inventory.yaml"), ("inventory.yaml", "other.yaml", "policy.yaml")):
            self.check(BAD_DOCUMENT, *files, words=["rule `a` selects no host"])

    def test_the_files_that_an_inventory_names_are_looked_at_with_the_pair(self):
        self.estate.write("live.yaml", LIVE)
        self.estate.write("rule.yaml", RULE % ("hosts", "migration.enabled: true"))
        self.check(FINE, "live.yaml")
        said = self.check(BAD_DOCUMENT, "rule.yaml", "live.yaml",
                          words=["ca.pem: No such file", "secret: No such file", "c.pem: No such", "c.key: No such", "4 errors"])
        self.assertIn("live.yaml", said.err)
        for name in ("ca.pem", "secret", "c.pem", "c.key"):
            self.estate.write(name, "x")
            os.chmod(self.estate.file(name), 0o644)
        self.check(BAD_DOCUMENT, "rule.yaml", "live.yaml", words=["others may read", "chmod 600", "2 errors"])
        for name in ("secret", "c.key"):
            os.chmod(self.estate.file(name), 0o600)
        self.check(FINE, "rule.yaml", "live.yaml")
        os.remove(self.estate.file("world.json"))
        self.check(BAD_DOCUMENT, "policy.yaml", "inventory.yaml", words=["world.json"])

    def test_names_written_in_another_way_say_how(self):
        text = self.estate.read("inventory.yaml").decode()
        for name, words in (("HV01.", "1 to 15"), ("hv01.corp.example", "write `hv01`, and the full name as `dns: hv01.corp.example`"),
                            ("HYPERV-PRODUCTION-01", "`HYPERV-PRODUCTI` if that is its beginning")):
            with self.subTest(name):
                self.estate.write("some.yaml", FLOW.replace("HV02", name))
                self.check(BAD_DOCUMENT, "some.yaml", words=[words])
        self.assertTrue(text)
        self.estate.write("some.yaml", FLOW.replace("domain: corp.example", "domain: corp.example."))
        self.check(BAD_DOCUMENT, "some.yaml", words=["ends with a dot: write `corp.example`"])


class Vacuous(Case):
    def test_a_rule_about_peers_is_no_pass_for_a_host_without_any(self):
        self.estate.write("flow.yaml", FLOW.replace("estate: e", "estate: corp"))  # in no migration domain, for there is none
        self.estate.write("policy.yaml", RULE % ("computers", "delegation.services: {includes: {services: [cifs], of: peers}}"))
        said = self.estate.run("audit", "-i", "flow.yaml")
        self.assertEqual(said.status, CHANGES, str(said))
        for words in ("HV01", "HV02", "no peers", "rule `a` asks for its peers, and it has none, because it is in no migration domain"):
            self.assertIn(words, said.out)
        found = self.estate.run("audit", "-i", "flow.yaml", "--output", "json").json()["estate_findings"]
        self.assertEqual([(one["fault"], one["object"]) for one in found], [("no_peers", "HV01"), ("no_peers", "HV02")])


class Shipped(Case):
    """The standards take only what Fairway writes itself; what has vanished of other classes is for people."""

    def test_other_classes_of_computers_that_are_gone_are_findings(self):
        gone = ["cifs/GONE1", "Microsoft Virtual System Migration Service/GONE1", "HOST/GONE1:5985", "MSSQLSvc/GONE1:1433"]
        self.estate.change_world(lambda world: world["computers"]["HV02"]["delegation.services"].extend(gone))
        for name in ("kerberos-live-migration", "kerberos-named-networks"):
            with self.subTest(name):
                shutil.copy(os.path.join(POLICIES, name + ".yaml"), self.estate.file("policy.yaml"))
                said = self.estate.run("plan", "--out", "plan.json", "--output", "json")
                self.assertEqual(said.status, CHANGES, str(said))
                plan = said.json()["plan"]
                taken = [value for phase in plan["phases"] for one in phase["changes"] if one["object"] == "HV02"
                         for value in one.get("remove", []) if "GONE1" in value]
                self.assertEqual(sorted(taken), sorted(gone[:2]))
                told = [one["because"] for one in plan["estate_findings"] if one["fault"] == "vanished_class"]
                self.assertTrue(any("`HOST/GONE1:5985`" in one and "{vanished: [HOST]}" in one for one in told), told)
                self.assertTrue(any("`MSSQLSvc/GONE1:1433`" in one for one in told), told)
                self.assertEqual(self.estate.run("audit").status, CHANGES)


if __name__ == "__main__":
    unittest.main()
