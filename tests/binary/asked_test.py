"""Who is asked before something is written, what for, and what a script does."""
import os
import pty
import select
import subprocess
import time

import estate as estate_module
from estate import FINE, PARTLY_APPLIED, PATIENCE, REFUSED, Case


class Asked(Case):
    def at_a_terminal(self, answer, *arguments):
        """Exit status and what was shown, where stdin and stderr are a terminal."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen([estate_module.FAIRWAY, *arguments], cwd=self.estate.path, stdin=theirs, stderr=theirs,
                                   stdout=subprocess.PIPE, env=self.estate.environment())
        os.close(theirs)
        shown, end = "", time.monotonic() + PATIENCE
        while time.monotonic() < end and "[y/N]" not in shown and process.poll() is None:
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    shown += os.read(ours, 4096).decode()
                except OSError:
                    break
        if "[y/N]" in shown:
            os.write(ours, answer)
        self.last_out = process.communicate(timeout=PATIENCE)[0].decode()
        os.close(ours)
        return process.returncode, shown

    def test_a_rollback_asks_at_a_terminal(self):
        run = self.estate.apply()
        with self.untouched():
            for no in (b"\n", b"n\n", b"nay\n", b"\x04"):
                status, shown = self.at_a_terminal(no, "rollback", run)
                self.assertEqual(status, REFUSED)
                self.assertIn(f"Roll back run {run}: make 6 changes now? [y/N]", shown)
            self.assertNotIn("[y/N]", self.at_a_terminal(b"", "rollback", run, "--dry-run")[1])
        self.assertEqual(self.at_a_terminal(b"Y\n", "rollback", run)[0], FINE)

    def test_who_is_asked_after_a_failure_has_read_why_and_is_told_what_he_said(self):
        self.estate.fault("write", "denied", "HV02", "migration.performance", times=9)
        plan = self.estate.plan()
        for answer, words in ((b"\n", "You did not say yes"), (b"nay\n", "You did not say yes"), (b"\x04", "Nobody answered")):
            run = ["apply", plan] if not self.estate.runs() else ["apply", "--resume", self.estate.runs()[0]]
            status, shown = self.at_a_terminal(answer, *run, "--on-failure", "ask")
            self.assertEqual(status, PARTLY_APPLIED)
            self.assertIn("put back", shown)
            said = self.last_out
            self.assertLess(said.index("HV02 refuses: access denied"), said.index(words), said)

    def test_yes_and_a_script_are_not_asked(self):
        run = self.estate.apply()
        status, shown = self.at_a_terminal(b"", "rollback", run, "--yes")
        self.assertEqual(status, FINE)
        self.assertNotIn("[y/N]", shown)
        self.expect(self.estate.run("rollback", self.estate.apply()), FINE)
