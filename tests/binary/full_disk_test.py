"""What if the disk is full? Under the journal at every one of its writes, under the embedded estate's file, and
once on a real small disk. The run must end in a known state, and with room again it goes on or goes back.
"""
import contextlib
import os
import resource
import signal
import subprocess
import unittest

import power
import estate as place
from estate import FINE, PARTLY_APPLIED, PATIENCE, REFUSED, STORAGE, Case, Estate


class FullDisk(Case):
    def setUp(self):
        super().setUp()
        self.estate.plan()
        self.first = self.estate.read("world.json")
        done = Estate(like=self.estate)
        self.addCleanup(done.remove)
        self.journal_calls, said = power.count(done, "apply", "plan.json", file="journal.db")
        self.assertEqual(said.status, FINE, str(said))
        self.final = done.read("world.json")

    @contextlib.contextmanager
    def full_from(self, call, file):
        """A folder like the first in which a plan was applied with the disk full from that call on."""
        estate = Estate(like=self.estate)
        try:
            with self.subTest(call=call):
                yield estate, estate.run("apply", "plan.json", env=power.at(estate, call, "full", file))
        finally:
            estate.remove()

    def check_ends(self, estate, call):
        """With room again the run is resumed (odd) or rolled back (even), or applied if it had not begun."""
        if not estate.runs():
            self.expect(estate.run("apply", "plan.json"), FINE)
            return self.assertEqual(estate.read("world.json"), self.final)
        run = estate.runs()[0]
        if call % 2:
            said = estate.run("apply", "--resume", run)
            complete = said.status == REFUSED and "is complete" in said.err  # only the head of its end found no room
            self.assertTrue(said.status == FINE or complete, str(said))
            self.assertEqual(estate.read("world.json"), self.final)
        self.expect(estate.run("rollback", run), FINE)
        self.assertEqual(estate.read("world.json"), self.first)

    def check_complete(self, estate):
        self.assertEqual(estate.read("world.json"), self.final)
        self.assertEqual(estate.entries()[-1][2]["end"], "complete")

    def test_wherever_the_journal_finds_no_room_the_run_is_resumed_or_rolled_back(self):
        for call in range(1, self.journal_calls + 1):
            with self.full_from(call, "journal.db") as (estate, said):
                if said.status == FINE:  # only the tidying after the run's end found no room
                    self.check_complete(estate)
                    continue
                self.expect(said, STORAGE, "journal.db")
                if not estate.runs():
                    self.assertEqual(estate.read("world.json"), self.first, "written without a journal")
                self.check_ends(estate, call)

    def test_a_journal_without_room_at_the_beginning_says_to_make_room(self):
        begin = next(call for call in range(1, self.journal_calls) if self.begun_at(call))
        said = self.estate.run("apply", "plan.json", env=power.at(self.estate, begin - 1, "full", "journal.db"))
        self.expect(said, STORAGE, "full", "make room on that disk", "run the same command again")
        self.assertEqual(self.estate.read("world.json"), self.first)
        self.expect(self.estate.run("apply", "plan.json"), FINE)

    def test_a_journal_without_room_in_the_middle_says_how_to_go_on(self):
        # There the same command would be refused: the plan is stale by its own first changes.
        said = self.estate.run("apply", "plan.json", env=power.at(self.estate, self.journal_calls // 2, "full", "journal.db"))
        self.assertNotIn(self.estate.read("world.json"), (self.first, self.final))
        run = self.estate.runs()[0]
        self.expect(said, STORAGE, "full", "make room on that disk", f"fairway apply --resume {run}", f"fairway rollback {run}")

    def test_a_journal_without_room_in_the_middle_names_the_run_in_json_too(self):
        said = self.estate.run("apply", "plan.json", "--output", "json",
                               env=power.at(self.estate, self.journal_calls // 2, "full", "journal.db"))
        self.assertEqual(said.json()["error"]["code"], "storage")
        self.assertIn(self.estate.runs()[0], said.out, "nobody can tell which run to go on with")

    def begun_at(self, call):
        estate = Estate(like=self.estate)
        self.addCleanup(estate.remove)
        estate.run("apply", "plan.json", env=power.at(estate, call, "full", "journal.db"))
        return bool(estate.runs())

    def test_wherever_the_estate_finds_no_room_the_run_ends_as_failed(self):
        counted = Estate(like=self.estate)
        self.addCleanup(counted.remove)
        calls, _ = power.count(counted, "apply", "plan.json", file="world.json")
        for call in range(1, calls + 1):
            with self.full_from(call, "world.json") as (estate, said):
                if said.status == FINE:  # after the last write
                    self.check_complete(estate)
                    continue
                if not estate.runs():  # no room for the name in the lock
                    self.expect(said, STORAGE, "world.json.run-lock", "No space left on device")
                else:
                    self.assertEqual(said.status, PARTLY_APPLIED, str(said))
                    self.assertIn("No space left on device", said.out)
                    self.assertEqual(estate.entries()[-1][2]["end"], "failed")
                self.assertFalse([name for name in os.listdir(estate.path) if name.endswith(".tmp")], "left-overs")
                self.check_ends(estate, call)

    def test_a_plan_that_finds_no_room_leaves_the_older_plan_file(self):
        before = self.estate.read("plan.json")
        said = self.estate.run("plan", "--out", "plan.json", "--ticket", "CHG1", env=power.at(self.estate, 1, "full", "plan.json"))
        self.expect(said, STORAGE, "plan.json", "No space left on device")
        self.assertEqual(self.estate.read("plan.json"), before)

    def test_a_limit_on_file_sizes_is_a_full_disk(self):
        # As `ulimit -f` makes it; by default the system would end the program without a word.
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
        said = self.estate.run("apply", "plan.json", preexec_fn=limit)
        self.expect(said, STORAGE, "journal.db", "make room on that disk")
        self.check_ends(self.estate, 1)


class SmallDisk(unittest.TestCase):
    """A tmpfs of 256 KiB under the store, in a mount namespace that ends with the script."""

    SCRIPT = """
        set -eu
        mount -t tmpfs -o size=256k,mode=700 tmpfs disk
        # Leaves that many pages of 4 KiB free, and the world as it was at first.
        leave() { rm -f disk/*; cp first.json world.json; dd if=/dev/zero of=disk/rubbish bs=4k count=$((64 - $1)); }
        room=0
        while [ $room -lt 60 ]; do
            leave $room
            status=0; "$FAIRWAY" apply plan.json -s disk/journal.db >said.$room 2>&1 || status=$?
            echo "room $room status $status" >>statuses
            [ $status = 12 ] || break
            if ! cmp -s world.json first.json; then
                rm disk/rubbish; mkdir kept; cp disk/* kept; cp said.$room middle.out; break
            fi
            cp said.$room begin.out
            room=$((room + 1))
        done
    """

    def setUp(self):
        self.estate = Estate()
        self.addCleanup(self.estate.remove)
        self.estate.plan()
        self.estate.write("first.json", self.estate.read("world.json"))
        os.mkdir(self.estate.file("disk"))

    def test_a_full_tmpfs_at_the_beginning_and_in_the_middle(self):
        done = subprocess.run(["unshare", "-rm", "sh", "-c", self.SCRIPT], cwd=self.estate.path, timeout=PATIENCE * 2,
                              env=self.estate.environment(FAIRWAY=place.FAIRWAY), capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, f"no tmpfs in a namespace here: {done.stderr}")
        statuses = self.estate.read("statuses").decode()
        self.assertTrue(os.path.isdir(self.estate.file("kept")), f"no run met a full disk in its middle:\n{statuses}")
        self.assertIn(b"make room on that disk", self.estate.read("begin.out"))
        self.assertIn(b"make room on that disk", self.estate.read("middle.out"))
        run = self.estate.runs("kept/journal.db")[0]
        store = ("-s", "kept/journal.db")
        for arguments in (["apply", "--resume", run], ["rollback", run]):
            said = self.estate.run(*arguments, *store)
            self.assertEqual(said.status, FINE, str(said))
        self.assertEqual(self.estate.read("world.json"), self.estate.read("first.json"))
