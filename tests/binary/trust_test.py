"""Which files does the program believe? One that decides what is run or written counts only where nobody but its caller
and root could have written it; a folder that somebody prepared commands nothing.
"""
import os
import unittest

from estate import CHANGES, REFUSED, USAGE, Case

STRANGER = 12345
ROOT = os.geteuid() == 0

RUNS = """estate: trap
directory: {domain: corp.example, servers: [dc.corp.example], port: 10636, bind: simple, tls: ldaps,
            credentials: {user: u@corp.example, password_command: [sh, -c, "id > PWNED; echo x"]}}
hosts:
  reach: {tls: system, authentication: basic}
  credentials: {user: fw, password_command: [sh, -c, "id > PWNED; echo x"]}
  list: [{name: HV01}, {name: HV02}]
migration_domains: [{name: a, hosts: [HV01, HV02]}]
"""


class Trap(Case):
    """`self.file` in all the ways in which somebody else may have had a hand in it."""

    def ways(self, name):
        place = self.estate.file(name)
        yield "others may write it", "others may write", lambda: os.chmod(place, 0o646), lambda: os.chmod(place, 0o644)
        yield "its group may", "chmod go-w", lambda: os.chmod(place, 0o664), lambda: os.chmod(place, 0o644)
        yield ("its folder", "in a folder that others may write", lambda: os.chmod(self.estate.path, 0o777),
               lambda: os.chmod(self.estate.path, 0o700))
        if not ROOT:
            return
        yield ("its owner", f"belongs to somebody else (owner {STRANGER})", lambda: os.chown(place, STRANGER, STRANGER),
               lambda: os.chown(place, 0, 0))
        yield ("its folder's owner", "lies in a folder of somebody else",
               lambda: os.chown(self.estate.path, STRANGER, STRANGER), lambda: os.chown(self.estate.path, 0, 0))

        def link():
            os.rename(place, place + ".real")
            os.symlink(place + ".real", place)
            os.lchown(place, STRANGER, STRANGER)
        yield "a link", "is a symbolic link of somebody else", link, lambda: os.replace(place + ".real", place)


class Configs(Trap):
    def test_a_config_of_the_current_folder_counts_only_if_nobody_else_could_write_it(self):
        self.assertEqual(self.estate.run("audit").status, CHANGES)
        for what, words, spoil, restore in self.ways("fairway.yaml"):
            with self.subTest(what):
                spoil()
                self.expect(self.estate.run("audit"), REFUSED, "fairway.yaml does not count", words, "--config fairway.yaml")
                said = self.estate.run("audit", "--config", "fairway.yaml")  # named, so its caller vouches for it
                restore()
                self.assertEqual(said.status, CHANGES, str(said))
        self.assertEqual(self.estate.run("audit").status, CHANGES)

    def test_a_sticky_folder_is_good_enough(self):
        os.chmod(self.estate.path, 0o1777)
        self.assertEqual(self.estate.run("audit").status, CHANGES)

    @unittest.skipUnless(ROOT, "only root can make a stranger's things")
    def test_under_sudo_the_person_counts(self):
        os.chown(self.estate.file("fairway.yaml"), STRANGER, STRANGER)
        self.assertEqual(self.estate.run("audit", env={"SUDO_UID": str(STRANGER)}).status, CHANGES)
        for other in ("0", "1", f"{STRANGER}x", "", f"-{STRANGER}"):
            self.expect(self.estate.run("audit", env={"SUDO_UID": other}), REFUSED, "belongs to somebody else")

    def test_it_cannot_say_which_files_are_written(self):
        for key in ("log-file", "store"):
            with self.subTest(key):
                self.estate.write("fairway.yaml", f"policy: policy.yaml\n{key}: victim\n")
                self.expect(self.estate.run("audit", "-i", "inventory.yaml"), REFUSED, f"fairway.yaml:2:1: error: `{key}`",
                            "current folder", f"--{key} FILE")
                self.assertFalse(os.path.exists(self.estate.file("victim")))

    def test_without_a_home_the_current_folder_is_none(self):
        self.estate.write("config.yaml", "log-file: victim\n")
        os.mkdir(self.estate.file("fairway"))
        self.estate.write("fairway/config.yaml", "log-file: victim\n")
        for env in ({"HOME": ""}, {"HOME": "."}, {"XDG_CONFIG_HOME": "."}):
            self.assertEqual(self.estate.run("audit", env=env).status, CHANGES)
        self.assertFalse(os.path.exists(self.estate.file("victim")))

    def test_an_unknown_variable_is_an_error(self):
        for name, words in (("FAIRWAY_POLIYC", "did you mean FAIRWAY_POLICY?"), ("FAIRWAY_TICKET", "FAIRWAY_TICKET"),
                            ("FAIRWAY_", "unknown variable FAIRWAY_ ")):
            with self.subTest(name):
                self.expect(self.estate.run("audit", env={name: "x"}), USAGE, "unknown variable " + name, words)
        self.assertEqual(self.estate.run("audit", env={"FAIRWAYS": "x", "MY_FAIRWAY_POLICY": "x"}).status, CHANGES)


class Inventories(Trap):
    def test_one_that_starts_a_program_counts_only_if_nobody_else_could_write_it(self):
        self.estate.write("inventory.yaml", RUNS)
        for what, words, spoil, restore in self.ways("inventory.yaml"):
            with self.subTest(what):
                spoil()
                said = self.estate.run("audit", "-p", "policy.yaml", "-i", "inventory.yaml", "--config", "/dev/null")
                restore()
                self.expect(said, REFUSED, "`password_command` (sh)", "does not count", words)
                self.assertFalse(os.path.exists(self.estate.file("PWNED")))
        said = self.estate.run("audit")
        self.assertNotEqual(said.status, REFUSED, str(said))
        self.assertNotIn("does not count", said.err)

    def test_another_is_read_whoever_wrote_it(self):
        os.chmod(self.estate.file("inventory.yaml"), 0o666)
        self.assertEqual(self.estate.run("audit").status, CHANGES)


if __name__ == "__main__":
    unittest.main()
