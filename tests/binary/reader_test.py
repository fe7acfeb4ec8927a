"""What becomes of a run when whoever reads its events or its output stands still, is slow, or goes away? The run goes on or
ends in a known way; it never waits for a reader.
"""
import fcntl
import json
import os
import threading
import time

from estate import ERROR, FINE, PATIENCE, STORAGE, Case

SMALL = 4096  # less than the events of six changes
STALLED = "has taken nothing for 2 s; the run goes on, and no more events are written"


class Reader(Case):
    def setUp(self):
        super().setUp()
        self.estate.plan()

    def fifo(self):
        os.mkfifo(self.estate.file("pipe"))
        reader = os.open(self.estate.file("pipe"), os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, SMALL)
        return reader

    def ended(self, process):
        try:
            self.assertEqual(process.wait(PATIENCE), FINE)
        finally:
            process.kill()
        self.assertEqual(self.estate.entries()[-1][2]["end"], "complete")

    def test_a_fifo_that_nobody_reads_is_refused(self):
        os.mkfifo(self.estate.file("pipe"))
        with self.untouched():
            self.expect(self.estate.run("apply", "plan.json", "--events", "pipe"), STORAGE, "nobody reads this pipe")

    def test_a_reader_that_stands_still_stops_no_run(self):
        reader = self.fifo()
        said = self.estate.run("apply", "plan.json", "--events", "pipe")
        self.expect(said, FINE, "pipe: its reader " + STALLED)
        self.assertEqual(said.err.count("no more events"), 1)
        for line in os.read(reader, 2 * SMALL).split(b"\n")[:-1]:  # only the last may be cut
            json.loads(line)

    def test_standard_output_that_stands_still_stops_no_run(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, SMALL)
        process = self.estate.start("apply", "plan.json", "--events", "-", stdout=writer)
        os.close(writer)
        self.ended(process)
        self.assertIn("standard output: its reader " + STALLED, process.stderr.read())

    def test_a_slow_reader_gets_every_line(self):
        reader, got, over = self.fifo(), [], threading.Event()

        def read():  # so little that no whole page is free in two seconds
            while not over.is_set() or got[-1]:
                time.sleep(0 if over.is_set() else 0.5)
                try:
                    got.append(os.read(reader, 700))
                except BlockingIOError:
                    got.append(b"")

        thread = threading.Thread(target=read)
        thread.start()
        try:
            said = self.estate.run("apply", "plan.json", "--events", "pipe")
        finally:
            over.set()
            thread.join(PATIENCE)
        self.assertEqual((said.status, said.err), (FINE, ""))
        events = [json.loads(line) for line in b"".join(got).splitlines()]
        self.assertEqual((events[0]["event"], events[-1]["event"]), ("started", "end"))

    def test_an_output_that_is_closed_before_the_first_write_ends_the_run_as_an_error(self):
        reader, writer = os.pipe()
        fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, SMALL)
        os.write(writer, b" " * SMALL)  # so the heading of the run waits
        before = self.estate.read("world.json")
        process = self.estate.start("apply", "plan.json", stdout=writer)
        self.addCleanup(process.kill)
        os.close(writer)
        while not self.estate.runs():
            time.sleep(0.05)
        os.close(reader)
        said = process.stderr.read()
        self.assertEqual(process.wait(PATIENCE), ERROR, said)
        self.assertIn("standard output cannot be used", said)
        end = self.estate.entries()[-1][2]
        self.assertEqual((end["end"], end["reason"]), ("stopped", "unheard"))
        self.assertEqual(self.estate.read("world.json"), before)
        self.assertIn("unheard", self.expect(self.estate.run("history"), FINE).out)
