"""What does `--out` do to what stands there? Links are followed, FIFOs and devices written to, `-` is standard output, and
nothing that is there is replaced by a file but a file. Devices are nodes of our own, in a folder of our own.
"""
import json
import os
import stat
import subprocess
import threading
import unittest

import estate as place
from estate import CHANGES, PATIENCE, STORAGE, USAGE, Case


class Out(Case):
    def plan(self, name, status=CHANGES, *more, **options):
        said = self.estate.run("plan", "--out", name, *more, **options)
        self.assertEqual(said.status, status, str(said))
        return said

    def mode(self, name):
        return os.lstat(self.estate.file(name)).st_mode

    def test_links_are_followed(self):
        self.estate.write("shared.json", "old")
        os.chmod(self.estate.file("shared.json"), 0o640)
        os.symlink("shared.json", self.estate.file("link.json"))
        os.symlink("fresh.json", self.estate.file("dangling.json"))
        for link, file, mode in (("link.json", "shared.json", 0o640), ("dangling.json", "fresh.json", 0o600)):
            self.plan(link)
            self.assertTrue(stat.S_ISLNK(self.mode(link)))
            self.assertIn("phases", json.loads(self.estate.read(file)))
            self.assertEqual(stat.S_IMODE(self.mode(file)), mode)
        self.assertFalse([name for name in os.listdir(self.estate.path) if name.endswith(".tmp")])

    def test_a_new_plan_is_its_makers_alone(self):
        self.plan("plan.json")
        self.assertEqual(stat.S_IMODE(self.mode("plan.json")), 0o600)

    def test_a_fifo_is_written_to(self):
        os.mkfifo(self.estate.file("pipe"))
        got = []
        reader = threading.Thread(target=lambda: got.append(self.estate.read("pipe")))
        reader.start()
        self.plan("pipe")
        reader.join(PATIENCE)
        self.assertIn("phases", json.loads(got[0]))
        self.assertTrue(stat.S_ISFIFO(self.mode("pipe")))

    @unittest.skipUnless(os.geteuid() == 0, "only root can make a node")
    def test_a_device_is_written_to(self):
        for name, minor, status in (("null", 3, CHANGES), ("full", 7, STORAGE)):
            try:
                os.mknod(self.estate.file(name), stat.S_IFCHR | 0o600, os.makedev(1, minor))
            except OSError:
                self.skipTest("this file system takes no nodes")
            os.symlink(name, self.estate.file("to-" + name))
            for path in (name, "to-" + name):
                self.plan(path, status)
                self.assertTrue(stat.S_ISCHR(self.mode(name)))

    def test_a_hyphen_is_standard_output_and_the_plan_alone_is_there(self):
        said = self.plan("-")
        plan = json.loads(said.out)
        self.assertEqual(plan["estate"], "corp")
        self.assertIn("Nothing was changed.", said.err)
        self.estate.write("piped.json", said.out)
        self.assertEqual(self.estate.run("apply", "piped.json").status, 0)
        self.assertFalse(os.path.exists(self.estate.file("-")))
        self.assertIn("standard output", self.plan("-", USAGE, "--output", "json").err)

    def test_what_the_shell_made_of_standard_output_stays_it(self):
        environment = self.estate.environment()
        subprocess.run(["bash", "-c", '"$0" plan --out /dev/stdout > both.txt', place.FAIRWAY], cwd=self.estate.path, env=environment,
                       timeout=PATIENCE, check=False)
        both = self.estate.read("both.txt").decode()
        self.assertIn('"phases"', both)
        self.assertIn("Nothing was changed.", both)

    def test_a_log_goes_where_it_is_sent(self):
        os.symlink("real.log", self.estate.file("link.log"))
        for name, told in (("link.log", "real.log"), ("-", None)):
            said = self.estate.run("audit", "--log-file", name, "--log-level", "trace")
            self.assertEqual(said.status, CHANGES, str(said))
            self.assertTrue(told is None or os.path.exists(self.estate.file(told)))
        self.assertTrue(os.path.islink(self.estate.file("link.log")))
        self.assertFalse(os.path.exists(self.estate.file("-")))

    def test_an_estate_in_a_file_behind_a_link_stays_there(self):
        os.rename(self.estate.file("world.json"), self.estate.file("real.json"))
        os.symlink("real.json", self.estate.file("world.json"))
        before = self.estate.read("real.json")
        self.estate.apply()
        self.assertTrue(os.path.islink(self.estate.file("world.json")))
        self.assertNotEqual(self.estate.read("real.json"), before)


if __name__ == "__main__":
    unittest.main()
