"""Is the journal believed only as a whole, by every command? Each damage to its files is planted under a run, and every command
that would use the journal refuses it, changes nothing and says what to do. And: what only reads, only reads; a journal of an
older format is brought up to date.
"""
import contextlib
import os
import shutil
import sqlite3
import stat
import threading

import power
from estate import CHANGES, FINE, HERE, LOCK_HELD, REFUSED, STORAGE, USAGE, Case, Estate

GUARDS = ("CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry\nBEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
          "CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry\nBEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END")
RUN_OF_FORMAT_1 = "2026-11-28-01"


class JournalCase(Case):
    def sql(self, *statements, guarded=True):
        """Somebody else's hand in the journal, who leaves the triggers as they were."""
        with contextlib.closing(sqlite3.connect(self.estate.file("journal.db"), isolation_level=None)) as db:
            if guarded:
                db.execute("DROP TRIGGER entry_is_never_changed")
                db.execute("DROP TRIGGER entry_is_never_removed")
            for statement in statements:
                db.execute(statement)
            for guard in GUARDS if guarded else ():
                db.execute(guard)

    def files(self):
        return {name: self.estate.read(name) for name in sorted(os.listdir(self.estate.path))
                if os.path.isfile(self.estate.file(name)) and not name.endswith((".run-lock", "world.json.lock"))}

    def old(self, statements=()):
        """Puts a journal of format 1 there, and the world as its run left it."""
        run = self.estate.apply()
        world = self.estate.read("world.json")
        for name in os.listdir(self.estate.path):
            if name.startswith("journal.db"):
                os.remove(self.estate.file(name))
        with open(os.path.join(HERE, "format_1.sql"), encoding="utf-8") as text, \
                contextlib.closing(sqlite3.connect(self.estate.file("journal.db"), isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(text.read())
            for statement in statements:
                db.execute(statement)
        self.estate.write("world.json", world)
        return run


# What was done to the journal's files, and words of the refusal.
def cut_to(size):
    return lambda test: os.truncate(test.estate.file("journal.db"), size)


def without(name):
    return lambda test: os.remove(test.estate.file(name))


def flipped(at):
    def flip(test):
        content = bytearray(test.estate.read("journal.db"))
        content[at] ^= 1
        test.estate.write("journal.db", bytes(content))
    return flip


def edited(statement):
    return lambda test: test.sql(statement)


def head(content):
    return lambda test: test.estate.write("journal.db.head", content)


FAULTS = [
    ("the last entry is gone", edited("DELETE FROM entry WHERE seq = 14"), ["ends with entry 13", "there were 14", "--accept-head 13:"]),
    ("the run is gone", edited("DELETE FROM entry"), ["ends with entry 0", "there were 14"]),
    ("the middle is gone", edited("DELETE FROM entry WHERE seq = 4"), ["chain is broken at entry 4"]),
    ("an outcome was changed", edited("UPDATE entry SET body = replace(body, 'done', 'torn') WHERE seq = 5"), ["broken at entry 5"]),
    ("0 bytes", cut_to(0), ["is empty (0 bytes)"]),
    ("cut at a page", cut_to(8192), ["journal.db"]),
    ("the file's header", flipped(3), ["journal.db"]),
    ("a page's header", flipped(4096), ["journal.db"]),
    ("the file is gone", without("journal.db"), ["is missing, but journal.db.head is there"]),
    ("the head is gone", without("journal.db.head"), ["journal.db.head is missing", "--accept-head 14:"]),
    ("the head is empty", head(""), ["does not hold the number and hash", "--accept-head 14:"]),
    ("another journal's head", head("14 " + "ab" * 32 + "\n"), ["is not the one that journal.db.head names", "--accept-head 14:"]),
    ("a newer head", head("99 " + "ab" * 32 + "\n"), ["there were 99: entries are missing", "--accept-head 14:"]),
]


class Damage(JournalCase):
    def test_every_command_refuses_a_damaged_journal_and_says_what_to_do(self):
        run = self.estate.apply()
        whole = self.files()
        for what, damage, words in FAULTS:
            for name, content in whole.items():
                self.estate.write(name, content)
            damage(self)
            damaged = self.files()
            for arguments in (["history"], ["rollback", run], ["rollback", run, "--dry-run"], ["apply", "--resume", run],
                              ["verify", run], ["apply", "plan.json"]):
                with self.subTest(what, command=arguments):
                    self.expect(self.estate.run(*arguments), STORAGE, "Nothing was done. Restore journal.db", "another --store", *words)
                    self.assertEqual(self.files(), damaged)

    def test_an_end_is_accepted_as_the_refusal_prints_it(self):
        run = self.estate.apply()
        entry, digits = self.estate.run("history").out.split("Head  ")[1].split()[0].split(":")
        os.remove(self.estate.file("journal.db.head"))
        said = self.estate.run("rollback", run).err
        self.assertIn(f"fairway history --store journal.db --accept-head {entry}:{digits}", said)
        for wrong in (f"13:{digits}", f"{entry}:0123456789ab", f"{entry}:{digits[:11]}", f"{entry}:"):
            with self.subTest(wrong):
                self.expect(self.estate.run("history", "--accept-head", wrong), REFUSED, f"ends with {entry}:{digits}")
        for wrong in ("14", "x:y", "1:2:3", ":"):
            with self.subTest(wrong):
                self.expect(self.estate.run("history", "--accept-head", wrong), USAGE, "--accept-head takes ENTRY:HASH")
        self.assertFalse(os.path.exists(self.estate.file("journal.db.head")))
        self.expect(self.estate.run(*said.split("fairway ")[-1].split()), FINE)
        self.expect(self.estate.run("rollback", run), FINE)

    def test_the_head_is_shown(self):
        self.estate.apply()
        number, digits = self.estate.read("journal.db.head").decode().split()
        self.assertEqual(self.estate.run("history", "--output", "json").json()["head"], {"entry": int(number), "hash": digits})
        self.assertIn(f"Head  {number}:{digits[:12]}\n", self.estate.run("history").out)

    def test_a_head_that_a_crash_left_behind_is_brought_up(self):
        run = self.estate.apply()
        last = self.estate.read("journal.db.head")
        with contextlib.closing(sqlite3.connect(self.estate.file("journal.db"))) as db:
            digits, = db.execute("SELECT hash FROM entry WHERE seq = 13").fetchone()
        self.estate.write("journal.db.head", f"13 {digits}\n")
        self.assertIn(last.decode()[:15].replace(" ", ":"), self.estate.run("history").out)
        self.expect(self.estate.run("verify", run, "--no-moves"), FINE)
        self.assertEqual(self.estate.read("journal.db.head"), last)


class Reading(JournalCase):
    def test_what_only_reads_makes_no_file_and_takes_no_lock(self):
        run = self.estate.apply()
        commands = (["history"], ["plan"], ["audit"], ["show", "plan.json"], ["rollback", run, "--dry-run"])
        for name in list(os.listdir(self.estate.path)):
            if name.endswith("lock"):
                os.remove(self.estate.file(name))
        before, mode = sorted(os.listdir(self.estate.path)), os.stat(self.estate.path).st_mode
        for arguments in commands:
            with self.subTest(arguments):
                whole = self.files()
                self.assertIn(self.estate.run(*arguments).status, (FINE, CHANGES))
                self.assertEqual(self.files(), whole)
                self.assertEqual(sorted(os.listdir(self.estate.path)), before)
        self.assertEqual(os.stat(self.estate.path).st_mode, mode)

    def test_a_dry_run_goes_on_beside_a_run(self):
        import fcntl
        run = self.estate.apply()
        with open(self.estate.file("journal.db.run-lock"), "a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.expect(self.estate.run("rollback", run), LOCK_HELD, "journal.db.run-lock")
            self.expect(self.estate.run("rollback", run, "--dry-run"), CHANGES)

    def test_who_reads_on_and_on_keeps_nobody_from_writing(self):
        run = self.estate.apply()
        with contextlib.closing(sqlite3.connect(self.estate.file("journal.db"), isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = WAL")  # as it is while a command writes
            db.execute("BEGIN")
            db.execute("SELECT count(*) FROM entry").fetchall()
            self.expect(self.estate.run("rollback", run), FINE)
            self.expect(self.estate.run("history"), FINE)
        self.expect(self.estate.run("verify", self.estate.runs()[-1], "--no-moves"), FINE)
        self.assertFalse(os.path.exists(self.estate.file("journal.db-wal")), "it is put to rest when nobody reads")

    def test_reading_and_writing_go_on_side_by_side(self):
        self.estate.plan()
        stop = threading.Event()
        refused = []

        def read():
            while not stop.is_set():
                said = self.estate.run("history")
                if said.status != FINE and "there is no journal" not in said.err:
                    refused.append(str(said))
        reader = threading.Thread(target=read)
        reader.start()
        try:
            for _ in range(6):
                self.estate.plan()
                self.expect(self.estate.run("apply", "plan.json"), FINE)
                self.expect(self.estate.run("rollback", self.estate.runs()[-1]), FINE)
        finally:
            stop.set()
            reader.join()
        self.assertEqual(refused, [])

    def test_the_files_are_for_their_owner_alone(self):
        self.estate.apply()
        for name in ("journal.db", "journal.db.head"):
            self.assertEqual(stat.S_IMODE(os.stat(self.estate.file(name)).st_mode), 0o600, name)


class FormatOne(JournalCase):
    def test_it_is_read_without_being_changed(self):
        self.old()
        before = self.files()
        self.assertIn(RUN_OF_FORMAT_1, self.expect(self.estate.run("history"), FINE).out)
        self.expect(self.estate.run("rollback", RUN_OF_FORMAT_1, "--dry-run"), CHANGES)
        self.assertEqual(self.files(), before)

    def test_it_is_brought_up_to_date_and_its_run_is_rolled_back(self):
        first = self.estate.read("world.json")
        self.old()
        last = self.estate.run("history", "--output", "json").json()["head"]
        said = self.expect(self.estate.run("rollback", RUN_OF_FORMAT_1), FINE, "now has format 2", "journal.db.format-1.")
        self.assertEqual(self.estate.read("world.json"), first)
        copy = [name for name in os.listdir(self.estate.path) if ".format-1." in name]
        self.assertEqual(copy, [f"journal.db.format-1.{last['hash'][:12]}"])
        self.assertIn(copy[0], said.err)
        with contextlib.closing(sqlite3.connect(self.estate.file(copy[0]))) as db:
            self.assertEqual(db.execute("SELECT version FROM format").fetchall(), [(1,)])
            self.assertEqual(db.execute("SELECT count(*), max(hash) FROM entry WHERE seq = 14").fetchone(), (1, last["hash"]))
        self.assertEqual(self.estate.runs()[0], RUN_OF_FORMAT_1)
        self.assertEqual(len(self.estate.runs()), 2)
        self.expect(self.estate.run("history"), FINE)

    def test_killed_anywhere_on_the_way_it_is_one_or_the_other(self):
        self.old()
        command = ("verify", RUN_OF_FORMAT_1, "--no-moves")
        counted = Estate(like=self.estate)
        self.addCleanup(counted.remove)
        calls, _ = power.count(counted, *command)
        self.assertGreater(calls, 15)
        for call in range(1, calls + 1):
            with self.subTest(call=call):
                estate = Estate(like=self.estate)
                self.addCleanup(estate.remove)
                estate.run(*command, env=power.at(estate, call, "after"))
                runs = estate.run("history", "--output", "json").json()
                self.assertEqual(([run["run"] for run in runs["runs"]], runs["head"]["entry"]), ([RUN_OF_FORMAT_1], 14))
                said = estate.run(*command)
                self.assertEqual(said.status, FINE, str(said))
                self.assertEqual(len([name for name in os.listdir(estate.path) if ".format-1." in name]), 1)
                self.assertFalse([name for name in os.listdir(estate.path) if name.endswith((".new", "-wal", "-journal", ".tmp"))])

    def test_a_damaged_index_hides_nothing(self):
        """An index that does not know five of the run's entries: a rollback by it left changes in place."""
        self.old(["PRAGMA writable_schema = ON",
                  "UPDATE sqlite_master SET sql = sql || ' WHERE seq NOT BETWEEN 2 AND 6' WHERE name = 'entry_of_run'"])
        self.sql("REINDEX entry_of_run", guarded=False)
        self.sql("PRAGMA writable_schema = ON", "UPDATE sqlite_master SET sql = replace(sql, ' WHERE seq NOT BETWEEN 2 AND 6', '') "
                 "WHERE name = 'entry_of_run'", guarded=False)
        before = self.files()
        for arguments in (["history"], ["rollback", RUN_OF_FORMAT_1], ["apply", "--resume", RUN_OF_FORMAT_1]):
            with self.subTest(arguments):
                self.expect(self.estate.run(*arguments), STORAGE, "is damaged", "missing from index entry_of_run", "Restore journal.db")
                self.assertEqual(self.files(), before)

    def test_a_copy_of_it_in_the_place_of_its_successor_is_refused(self):
        self.old()
        shutil.copy(self.estate.file("journal.db"), self.estate.file("copy"))
        self.estate.run("rollback", RUN_OF_FORMAT_1)
        shutil.copy(self.estate.file("copy"), self.estate.file("journal.db"))
        self.expect(self.estate.run("rollback", RUN_OF_FORMAT_1), STORAGE, "ends with entry 14", "entries are missing")
