"""What do audit and plan tell of an estate, to a script and to a person? Drift and what could not be read are told apart; what a
result was made of stands in it; a large estate is summed up.
"""
import hashlib
import os
import unicodedata

import jsonschema

from fleet import Fleet
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
            self.assertEqual(sorted((name, one["setting"], one["risk"]) for one in result["risks"] for name in one["objects"]),
                             sorted((one["object"], one["setting"], one["risk"]) for one in changes))
            self.assertTrue(all(one["because"] for one in result["risks"]), result["risks"])
        dry = self.result(CHANGES, "rollback", run, "--dry-run")
        back = self.result(FINE, "rollback", run)
        for result in (dry, back):
            carries(result, policy)
            self.assertEqual(sum(len(one["objects"]) for one in result["risks"]), len(changes))
        carries(self.result(FINE, "apply", self.empty()), policy)

    def empty(self):
        self.estate.apply()
        self.assertEqual(self.estate.run("plan", "--out", "empty.json").status, FINE)
        return "empty.json"

    def test_explain_shows_what_the_directory_told_of_a_host_that_is_away_and_the_other_way_round(self):
        kinds = {kind: {setting for host in self.estate.world()[kind].values() for setting in host} for kind in ("hosts", "computers")}
        for setting in kinds["hosts"]:
            self.estate.fault("read", "unreachable", "HV01", setting)
        said = self.estate.run("explain", "HV01", "HV03")
        self.assertEqual(said.status, UNREACHABLE, str(said))
        self.assertEqual(said.out.count("HV01 does not answer"), 1, said.out)
        for words in ("host HV01 could not be read: HV01 does not answer", "if HV01 uses kerberos, open: HV01 may delegate to cifs",
                      "if HV01 uses kerberos, closed: a name is missing of the migration service on HV03's account",
                      "migration.authentication of HV03 is credssp; not read: migration.authentication of HV01",
                      "both accounts are enabled"):
            self.assertIn(words, said.out)
        path = self.result(UNREACHABLE, "explain", "HV01", "HV03")["path"]
        self.assertEqual({(one["object"], one["kind"]) for one in path["unread"]}, {("HV01", "host")})
        self.assertTrue(all("HV01 does not answer" in one["evidence"] for one in path["conditions"] if one["state"] == "unknown"))
        self.estate.change_world(lambda world: world.pop("faults"))
        for setting in kinds["computers"]:
            self.estate.fault("read", "denied", "HV02", setting)
        said = self.estate.run("explain", "HV01", "HV02")
        self.assertEqual(said.out.count("HV02 refuses"), 1, said.out)
        for words in ("the account of HV02 could not be read: HV02 refuses: access denied", "migration is on at both ends",
                      "both ends use kerberos"):
            self.assertIn(words, said.out)

    def test_explain_asks_hosts_although_no_directory_can_be_reached(self):
        os.chmod(self.estate.path, 0o700)
        self.estate.write("password", "secret\n")
        os.chmod(self.estate.file("password"), 0o600)
        self.estate.write("live.yaml", """estate: live
directory: {domain: corp.example, servers: [127.0.0.1], bind: simple, tls: starttls, port: 1,
            credentials: {user: a@CORP.EXAMPLE, password_file: password}}
hosts:
  reach: {authentication: basic, seal: never, address: 127.0.0.1, port: 1}
  credentials: {user: x, password_file: password}
  list: [{name: HV01}, {name: HV02}]
migration_domains:
  - {name: p, hosts: [HV01, HV02]}
""")
        said = self.estate.run("explain", "HV01", "HV02", "-i", "live.yaml")
        self.assertEqual(said.status, UNREACHABLE, str(said))
        for words in ("host HV01 could not be read: HV01: 127.0.0.1 port 1 refuses the connection",
                      "the account of HV01 could not be read: cannot connect to 127.0.0.1"):
            self.assertEqual(said.out.count(words), 1, str(said))


def ninety(fleet):
    """A few kinds of faults at some ninety hosts."""
    hosts = list(fleet.hosts)
    for host in hosts[1::7][:41]:
        fleet.hosts[host]["migration.authentication"] = "credssp"
    for host in hosts[3::29][:20]:
        fleet.hosts[host]["migration.performance"] = "tcpip"
    for host in hosts[5::50][:12]:
        fleet.hosts[host]["migration.enabled"] = False
    for number, host in enumerate(hosts[17::60][:9]):
        del fleet.computers[host]["delegation.services"][3:4 + number]
    for host in (hosts[100], hosts[200]):
        fleet.computers[host]["delegation.unconstrained"] = True


def wide(line):
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line)


class Fleets(Case):
    def fleet(self, sizes, change=lambda fleet: None, **more):
        fleet = Fleet(sizes, **more)
        self.addCleanup(fleet.remove)
        change(fleet)
        fleet.save()
        return fleet

    def fits(self, text, columns):
        self.assertEqual([line for line in text.split("\n") if wide(line) > columns], [], f"wider than {columns}")

    def test_of_600_hosts_the_first_40_lines_say_what_matters(self):
        fleet = self.fleet([30] * 20, ninety)
        text, status = fleet.on_terminal("audit")
        self.assertEqual(status, CHANGES)
        self.fits(text, 80)
        first = "\n".join(text.split("\n")[:40])
        for words in ("84 findings: 11 critical, 73 high, at 81 of 600 hosts.", "by setting  migration.authentication 41,",
                      "paths       ", "Worst hosts", "  HV198  1 critical, 1 high", "9 accounts  delegation.services",
                      "1 to 9 values missing: HV018, HV078, HV138, HV198, HV258 and 4 more",
                      "2 accounts  delegation.unconstrained", "yes → no: HV101, HV201", "41 hosts  migration.authentication",
                      "credssp → kerberos: HV002, HV009, HV016, HV023, HV030 and 36 more", "20 hosts  migration.performance",
                      "12 hosts  migration.enabled", "off → on", "\nPaths  ", "closed most at HV006 (29 out, 29 in)"):
            self.assertIn(words, first)
        self.assertLess(text.count("\n"), 100)
        for columns in (40, 200):
            self.fits(fleet.on_terminal("audit", columns=columns)[0], columns)
        each = fleet.run("audit", "--full").out
        self.assertEqual(sum("is credssp, wanted kerberos" in line for line in each.split("\n")), 41)
        self.assertIn("HV198", each[each.index("Hosts   "):], "the hosts side by side")
        drawn = fleet.on_terminal("audit", "--paths")[0]
        self.fits(drawn, 80)
        self.assertEqual(drawn.count("from ↓ to →"), 20)

    def test_hosts_that_cannot_be_reached_are_told_once_and_hide_no_drift(self):
        def dark(fleet):
            for host in list(fleet.hosts)[:128]:
                fleet.unreachable(host)
            fleet.hosts["HV130"]["migration.enabled"] = False
        fleet = self.fleet([64, 64, 8], dark)
        said = fleet.run("audit")
        self.assertEqual((said.status, said.err), (CHANGES_UNREAD, ""))
        self.assertIn("HV001 does not answer (planted); likewise HV002, HV003, HV004, HV005 and 123 more", said.out)
        self.assertIn("HV130  migration.enabled", said.out)
        self.assertIn("2 migration domains (pool-01, pool-02): nothing is known of 8064 paths", said.out)
        self.assertLess(said.out.count("\n"), 30, said.out)
        refused = fleet.run("plan")
        self.assertEqual(refused.status, UNREACHABLE)
        self.assertIn("so no plan was made: HV001, HV002, HV003, HV004, HV005 and 123 more", refused.err)
        self.assertLess(refused.err.count("\n"), 5, refused.err)

    def test_one_host_two_hosts_long_names_and_narrow_terminals(self):
        long = ("H" + "x" * 10 + "-{:03}").format  # as long as a name may be
        for sizes, name in (([1], "HV{:03}".format), ([2], "HV{:03}".format), ([17], long), ([2, 30], long)):
            with self.subTest(sizes=sizes, name=name(1)):
                fleet = self.fleet(sizes, lambda one: one.hosts[name(1)].update({"migration.performance": "smb"}), name=name)
                for columns in (80, 120):
                    text, status = fleet.on_terminal("audit", columns=columns)
                    self.assertEqual(status, CHANGES)
                    self.assertIn("1 finding" if sizes != [1] else "2 findings", text)
                    self.fits(text, columns)
                self.assertIn("performance", fleet.on_terminal("audit", columns=40)[0])

    def test_a_plan_of_hundreds_of_changes_can_be_read_and_each_be_seen(self):
        def drift(fleet):
            for host in list(fleet.hosts)[1::4]:
                fleet.hosts[host]["migration.authentication"] = "credssp"
            for number, host in enumerate(list(fleet.hosts)[2::4]):
                del fleet.computers[host]["delegation.services"][3:4 + number % 5]
        fleet = self.fleet([30] * 20, drift)
        said = fleet.run("plan", "--out", "plan.json")
        self.assertEqual(said.status, CHANGES)
        for words in ("300 changes on 300 objects", "  ~ 150 hosts          migration.authentication        credssp → kerberos",
                      "HV002, HV006, HV010, HV014, HV018 and 145 more", "  + 150 accounts       delegation.services             1 to 5 values more",
                      "rule delegation", "300 changes equal to others are shown together here; `--full` shows each",
                      "Steps close ", "HV002 → HV006 is closed between hosts migration.authentication of HV002 and hosts "
                      "migration.authentication of HV006",
                      "more paths; --output json and the plan file name all"):
            self.assertIn(words, said.out)
        self.assertLess(said.out.count("\n"), 40, said.out)
        for arguments in (["plan", "--full"], ["show", "plan.json", "--full"]):
            each = fleet.run(*arguments).out
            self.assertEqual(each.count("credssp → kerberos"), 150)
            self.assertEqual(each.count("host     HV"), 150)
        self.assertIn("shown together", fleet.run("show", "plan.json").out)
        text, status = fleet.on_terminal("plan")
        self.assertEqual(status, CHANGES)
        self.fits("\n".join(line for line in text.split("\n") if "as a cmdlet" not in line), 80)
        plan = fleet.run("plan", "--output", "json").json()["plan"]
        hosts = next(phase for phase in plan["phases"] if phase["phase"] == "hosts")
        hosts_of = lambda step, way: step.get("both", []) + step.get(way, [])
        paths = lambda steps: {(step["object"], to) for step in steps for to in hosts_of(step, "to")} | {
            (host, step["object"]) for step in steps for host in hosts_of(step, "from")}
        self.assertEqual(len(paths(hosts["closed"])), hosts["closes"])
        self.assertEqual(paths(hosts["opened"]), paths(hosts["closed"]))  # all use Kerberos in the end
        self.assertGreater(hosts["closes"], 100)

    def test_5000_hosts_take_less_than_300_mb_and_print_less_than_20(self):
        def drift(fleet):
            for number, host in enumerate(fleet.hosts):
                if number % 3 == 1:
                    fleet.hosts[host]["migration.authentication"] = "credssp"
                if number % 4 == 0:
                    del fleet.computers[host]["delegation.services"][3:40]
                if number % 5 == 0:
                    fleet.computers[host]["delegation.protocol_transition"] = False
        fleet = self.fleet([16, 24, 32] * 69 + [16, 16], drift, name="HV{:04}".format)
        self.assertEqual(len(fleet.hosts), 5000)
        self.costs_little(fleet)

    def costs_little(self, fleet):
        for arguments in (["audit"], ["audit", "--output", "json"], ["plan", "--out", "plan.json"], ["plan", "--output", "json"],
                          ["show", "plan.json", "--output", "json"]):
            with self.subTest(arguments):
                status, printed, memory = fleet.cost(*arguments)
                self.assertEqual(status, FINE if arguments[0] == "show" else CHANGES)
                self.assertLess(printed, 20_000_000)
                if "ASAN_OPTIONS" not in os.environ:
                    self.assertLess(memory, 300_000_000)
        self.assertLess(fleet.run("audit").out.count("\n"), 80)

    def test_5000_hosts_without_any_delegation_yet_take_no_more(self):
        def fresh(fleet):
            for host in fleet.hosts:
                fleet.hosts[host]["migration.authentication"] = "credssp"
                fleet.computers[host].update({"delegation.services": [], "delegation.protocol_transition": False})
        self.costs_little(self.fleet([16, 24, 32] * 69 + [16, 16], fresh, name="HV{:04}".format))
