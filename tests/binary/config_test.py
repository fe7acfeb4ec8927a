"""Does `config` say which value counts, and where it comes from?"""
import os
import unittest

from estate import FINE, REFUSED, Case


class Config(Case):
    def rows(self, *arguments, **env):
        said = self.expect(self.estate.run("config", "--output", "json", *arguments, env=env), FINE).json()
        return {one["name"]: (one["value"], one["from"], one["where"]) for one in said["config"]}

    def test_the_line_counts_before_the_environment_before_files(self):
        self.estate.write("fairway.yaml", "policy: of-file.yaml\ninventory: of-file.yaml\ncolor: never\n")
        rows = self.rows("--policy", "of-line.yaml", FAIRWAY_POLICY="of-variable.yaml", FAIRWAY_INVENTORY="of-variable.yaml")
        self.assertEqual(rows["policy"], ("of-line.yaml", "command_line", "--policy"))
        self.assertEqual(rows["inventory"], ("of-variable.yaml", "environment", "FAIRWAY_INVENTORY"))
        self.assertEqual(rows["color"], ("never", "file", "fairway.yaml:3"))
        self.assertEqual(rows["log-level"], ("warn", "default", None))
        self.assertEqual(rows["log-file"], (None, "default", None))
        self.assertEqual(rows["output"][1:], ("command_line", "--output"))

    def test_what_nobody_set_is_what_counts_then(self):
        self.estate.write("fairway.yaml", "")
        rows = self.rows(FAIRWAY_LOCK_DIR="", FAIRWAY_STORE="", XDG_STATE_HOME="/var/tmp/of-test")
        self.assertEqual(rows["store"], ("/var/tmp/of-test/fairway/journal.db", "default", None))
        self.assertEqual(rows["policy"], (None, "default", None))
        self.assertEqual(rows["locks"][1], "default")
        self.assertEqual(self.rows(FAIRWAY_LOCK_DIR="/l")["locks"], ("/l", "environment", "FAIRWAY_LOCK_DIR"))

    def test_of_two_files_the_later_one(self):
        os.makedirs(self.estate.file(".config/fairway"))
        self.estate.write(".config/fairway/config.yaml", "log-level: info\nstore: journal.db\n")
        self.estate.write("fairway.yaml", "log-level: error\n")
        said = self.expect(self.estate.run("config", env={"HOME": self.estate.path, "XDG_CONFIG_HOME": "", "FAIRWAY_STORE": ""}), FINE)
        self.assertRegex(said.out, r"log-level +error +fairway\.yaml:1\n")
        self.assertRegex(said.out, r"store +\S+/\.config/fairway/journal\.db +\S+/\.config/fairway/config\.yaml:2\n")
        self.assertIn("/etc/fairway/config.yaml", said.out)

    def test_a_named_file_is_the_only_one(self):
        self.estate.write("fairway.yaml", "log-level: error\n")
        self.estate.write("mine.yaml", "color: always\n")
        for arguments, env in ((["--config", "mine.yaml"], {}), ([], {"FAIRWAY_CONFIG": "mine.yaml"})):
            said = self.expect(self.estate.run("config", "--output", "json", *arguments, env=env), FINE).json()
            self.assertEqual(said["config_files"], [{"file": "mine.yaml", "read": True}])
            values = {one["name"]: one["value"] for one in said["config"]}
            self.assertEqual((values["color"], values["log-level"]), ("always", "warn"))

    def test_a_file_that_does_not_count_is_an_error_here_too(self):
        self.estate.write("fairway.yaml", "store: x\n")
        self.expect(self.estate.run("config"), REFUSED, "cannot be set by a config of the current folder")

    def test_as_a_table(self):
        self.assertIn("name,value,from,where", self.expect(self.estate.run("config", "--output", "csv"), FINE).out)


if __name__ == "__main__":
    unittest.main()
