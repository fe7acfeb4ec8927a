"""Where does what lasts lie, and whose is it? The store with a home and without one, who may write its folder, whose word a lock
is, and which person the journal names.
"""
import fcntl
import os
import stat
import unittest

from estate import CHANGES, ERROR, FINE, LOCK_HELD, STORAGE, Case

LIVE = """estate: corp
directory: {domain: corp.example, servers: [dc.corp.example]}
hosts: {list: [{name: HV01}]}
"""
SOMEBODY = 65534
AS_ROOT = unittest.skipUnless(os.getuid() == 0, "only root can give files away")


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


class Place(Case):
    def setUp(self):
        super().setUp()
        self.estate.usual = {}  # nobody says where the store is

    def test_without_a_home_the_store_is_the_services_and_never_the_current_folder(self):
        state = self.estate.file("state")
        for env, store in (({"HOME": ""}, "/var/lib/fairway/journal.db"),
                           ({"HOME": "home"}, "/var/lib/fairway/journal.db"),
                           ({"HOME": "/"}, "/var/lib/fairway/journal.db"),
                           ({"HOME": "/nonexistent"}, "/var/lib/fairway/journal.db"),
                           ({"HOME": "", "XDG_STATE_HOME": "state"}, "/var/lib/fairway/journal.db"),
                           ({"HOME": "", "STATE_DIRECTORY": "state"}, "/var/lib/fairway/journal.db"),
                           ({"HOME": "", "STATE_DIRECTORY": state}, f"{state}/journal.db"),
                           ({"HOME": "", "STATE_DIRECTORY": f"{state}:/var/lib/other"}, f"{state}/journal.db"),
                           ({"HOME": self.estate.path, "STATE_DIRECTORY": state},
                            self.estate.file(".local/state/fairway/journal.db")),
                           ({"XDG_STATE_HOME": "state"}, self.estate.file("home/.local/state/fairway/journal.db"))):
            with self.subTest(env):
                before = sorted(os.listdir(self.estate.path))
                self.expect(self.estate.run("history", env=env), ERROR, f"there is no journal at {store};")
                self.assertEqual(sorted(os.listdir(self.estate.path)), before)

    def test_what_is_made_is_for_its_owner_alone(self):
        self.estate.plan()
        self.assertEqual(self.estate.run("apply", "plan.json", "-s", "a/b/journal.db", preexec_fn=lambda: os.umask(0)).status, FINE)
        for name, right in (("a", 0o700), ("a/b", 0o700), ("a/b/journal.db", 0o600), ("a/b/journal.db.head", 0o600),
                            ("a/b/journal.db.run-lock", 0o600), ("world.json.run-lock", 0o600)):
            self.assertEqual(mode(self.estate.file(name)), right, name)

    def test_a_service_keeps_its_runs_in_its_own_folder(self):
        self.estate.plan()
        env = {"HOME": "", "STATE_DIRECTORY": self.estate.file("state")}
        self.assertEqual(self.estate.run("apply", "plan.json", env=env).status, FINE)
        self.assertEqual(len(self.estate.runs("state/journal.db")), 1)

    def test_a_link_leads_to_one_store_with_one_head_and_one_lock(self):
        self.estate.plan()
        os.mkdir(self.estate.file("real"))
        self.assertEqual(self.estate.run("apply", "plan.json", "-s", "real/journal.db").status, FINE)
        os.symlink("real/journal.db", self.estate.file("link.db"))
        with open(self.estate.file("real/journal.db.run-lock"), "a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.expect(self.estate.run("apply", "plan.json", "-s", "link.db"), LOCK_HELD, "real/journal.db.run-lock")
        run = self.estate.runs("real/journal.db")[0]
        self.expect(self.estate.run("rollback", run, "-s", "link.db"), FINE)
        self.assertEqual(len(self.estate.runs("real/journal.db")), 2)
        self.assertFalse([name for name in os.listdir(self.estate.path) if name.startswith("link.db.")])

    def test_a_word_of_sqlites_is_a_file_like_any_other(self):
        self.estate.plan()
        self.assertEqual(self.estate.run("apply", "plan.json", "-s", ":memory:").status, FINE)
        self.assertEqual(len(self.estate.runs(":memory:")), 1)


class Owners(Case):
    def setUp(self):
        super().setUp()
        self.estate.plan()
        os.mkdir(self.estate.file("theirs"))

    def refused(self, *words):
        with self.untouched():
            self.expect(self.estate.run("apply", "plan.json", "-s", "theirs/journal.db"), STORAGE, "the folder theirs", *words)
        self.assertEqual(os.listdir(self.estate.file("theirs")), [])

    def test_a_store_in_a_folder_that_others_may_write_is_refused(self):
        for bits in (0o777, 0o1777, 0o770, 0o720):
            with self.subTest(oct(bits)):
                os.chmod(self.estate.file("theirs"), bits)
                self.refused("others may write", "chmod go-w")

    @AS_ROOT
    def test_a_store_in_a_folder_of_somebody_else_is_refused(self):
        os.chown(self.estate.file("theirs"), SOMEBODY, -1)
        self.refused("belongs to nobody")
        said = self.estate.run("apply", "plan.json", "-s", "theirs/journal.db", env={"SUDO_UID": str(SOMEBODY)})
        self.assertEqual(said.status, FINE, str(said))  # of the person who called sudo

    @AS_ROOT
    def test_a_journal_of_somebody_else_is_refused(self):
        run = self.estate.apply()
        os.chown(self.estate.file("journal.db"), SOMEBODY, -1)
        with self.untouched():
            self.expect(self.estate.run("rollback", run), STORAGE, "belongs to nobody", "what a rollback writes")

    def test_an_estates_lock_lies_in_a_folder_of_our_own(self):
        self.estate.write("live.yaml", LIVE)
        os.chmod(self.estate.file("theirs"), 0o1777)
        env = {"FAIRWAY_LOCK_DIR": self.estate.file("theirs")}
        self.expect(self.estate.run("apply", "plan.json", "-i", "live.yaml", env=env), STORAGE, "others may write in the folder")
        self.assertEqual(os.listdir(self.estate.file("theirs")), [])

    def held(self, prepare):
        with open(self.estate.file("journal.db.run-lock"), "w+", encoding="utf-8") as lock:
            lock.write("jane@desk (process 4711, applying)")
            lock.flush()
            prepare(lock.fileno())
            fcntl.flock(lock, fcntl.LOCK_EX)
            return self.expect(self.estate.run("apply", "plan.json"), LOCK_HELD, "holds the lock").err

    def test_a_lock_is_believed_only_where_it_is_ours(self):
        self.assertIn("jane@desk", self.held(lambda fd: os.fchmod(fd, 0o644)))
        said = self.held(lambda fd: os.fchmod(fd, 0o666))
        self.assertNotIn("jane", said)
        self.assertIn("somebody (others may write the file, so what it says is not believed)", said)

    @AS_ROOT
    def test_a_lock_of_somebody_else_is_called_so(self):
        said = self.held(lambda fd: os.fchown(fd, SOMEBODY, -1))
        self.assertNotIn("jane", said)
        self.assertIn("a process of nobody (who owns the file; what it says is not believed)", said)


class Persons(Case):
    def who(self, **options):
        self.estate.change_world(lambda world: world["hosts"]["HV02"].update({"migration.performance": "tcpip"}))
        self.assertEqual(self.estate.run("plan", "--out", "plan.json", **options).status, CHANGES)
        said = self.estate.run("apply", "plan.json", **options)
        self.assertEqual(said.status, FINE, str(said))
        return self.estate.entries()[-14 if len(self.estate.runs()) == 1 else -4][2]["who"]

    @AS_ROOT
    def test_under_sudo_the_journal_names_the_person_too(self):
        self.assertEqual(self.who(env={"SUDO_USER": "anna"}), "root (sudo by anna)")
        self.assertIn("root (sudo by anna)@", self.estate.run("history").out)
        for odd in ("", "root", "a b", "\x1b[2Janna", "anna)", "a" * 65):
            with self.subTest(odd):
                self.assertEqual(self.who(env={"SUDO_USER": odd}), "root")

    @AS_ROOT
    def test_who_is_not_root_cannot_say_that_somebody_else_called_sudo(self):
        self.estate.plan()
        for folder, _, names in os.walk(self.estate.path):
            for name in [folder] + [os.path.join(folder, one) for one in names]:
                os.chown(name, SOMEBODY, SOMEBODY)
        self.assertEqual(self.who(env={"SUDO_USER": "anna", "SUDO_UID": "0"}, user=SOMEBODY, group=SOMEBODY), "nobody")
