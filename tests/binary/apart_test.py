"""Is a file of the program ever written over by an option that writes one? Every file that a command reads or keeps, by its
name, by a link and by a hard link: refused before anything begins, and nothing is made or changed.
"""
import os
import stat

from estate import CHANGES, FINE, STORE, USAGE, Case

NEW = "name another file"


class Apart(Case):
    def setUp(self):
        super().setUp()
        self.estate.plan()

    def files(self):
        """All that is in the folder: names, kinds and bytes."""
        out = {}
        for name in os.listdir(self.estate.path):
            kind = stat.S_IFMT(os.lstat(self.estate.file(name)).st_mode)
            out[name] = (kind, self.estate.read(name) if kind == stat.S_IFREG else None)
        return out

    def refused(self, *arguments, **more):
        before = self.files()
        said = self.expect(self.estate.run(*arguments, **more), USAGE, NEW)
        self.assertEqual(self.files(), before)
        return said.err

    def test_no_result_goes_over_what_a_command_needs(self):
        self.estate.apply()
        for name, what in (("journal.db", "the store"), ("journal.db.head", "a part of the store"),
                           ("journal.db-wal", "a part of the store"), ("journal.db.run-lock", "the lock of the store"),
                           ("inventory.yaml", "the --inventory file"), ("world.json", "the embedded estate"),
                           ("world.json.run-lock", "the lock of the estate"), ("fairway.yaml", "a config file")):
            for command in (("plan",), ("audit", "--output", "json"), ("apply", "plan.json", "--output", "json")):
                with self.subTest(name, command=command):
                    self.assertIn(f"--out {name} is {what} of this command", self.refused(*command, "--out", name))
            with self.subTest(name, option="--events"):
                self.assertIn(f"--events {name} is {what} of", self.refused("apply", "plan.json", "--events", name))
            with self.subTest(name, option="--log-file"):
                self.assertIn(f"--log-file {name} is {what} of", self.refused("audit", "--log-file", name))
            with self.subTest(name, option="--textfile"):
                self.assertIn(f"--textfile {name} is {what} of", self.refused("watch", "--once", "--textfile", name))
        self.assertIn("--out policy.yaml is the --policy file", self.refused("plan", "--out", "policy.yaml"))

    def test_a_plan_that_is_read_is_not_written(self):
        for option in ("--out", "--events"):
            self.assertIn(f"{option} plan.json is an argument of", self.refused("apply", "plan.json", option, "plan.json"))
        self.refused("show", "plan.json", "--out", "./plan.json")
        self.refused("plan", "--again", "plan.json", "--out", "plan.json")
        self.expect(self.estate.run("plan", "--out", "plan.json"), CHANGES)  # an older one is replaced, as ever

    def test_a_link_is_the_file_that_it_leads_to(self):
        os.symlink("policy.yaml", self.estate.file("link"))
        os.link(self.estate.file("policy.yaml"), self.estate.file("hard"))
        os.symlink("journal.db", self.estate.file("dangling"))
        for name, meant in (("link", "policy.yaml"), ("hard", "policy.yaml"), ("dangling", "journal.db")):
            self.assertIn(f"({meant}) of this command", self.refused("plan", "--out", name))

    def test_a_store_that_is_not_there_yet_is_not_made_by_another_option(self):
        for name in ("journal.db", "journal.db.head", "journal.db-wal", "./../" + os.path.basename(self.estate.path) + "/journal.db"):
            self.refused("apply", "plan.json", "--events", name)
        self.refused("apply", "plan.json", "--record", "journal.db")

    def test_two_options_do_not_write_one_file(self):
        self.assertIn("is the --out file of this command",
                      self.refused("apply", "plan.json", "--out", "result", "--events", "result", "--output", "json"))
        self.refused("audit", "--out", "result", "--log-file", "result")
        self.refused("watch", "--once", "--state", "state.json", "--textfile", "state.json")
        self.refused("watch", "--once", "--textfile", "watch-corp.json")

    def test_files_that_documents_name_are_not_written(self):
        self.estate.write("more.yaml", "rules:\n  - {id: more, why: w, on: hosts, want: {migration.enabled: true}}\n")
        self.estate.write("policy.yaml", b"include: [more.yaml]\n" + self.estate.read("policy.yaml"))
        self.assertIn("a file that the policy includes", self.refused("plan", "--out", "more.yaml"))

    def test_events_that_are_read_are_not_written(self):
        self.estate.write("events.json", "[]")
        self.assertIn("--out events.json is the --events file", self.refused("diagnose", "--events", "events.json", "--out", "events.json"))

    def test_devices_take_what_comes(self):
        said = self.estate.run("apply", "plan.json", "--events", "/dev/null", "--log-file", "/dev/null")
        self.assertEqual(said.status, FINE, str(said))
