"""Does the walk-through still show what its page promises? Runs examples/tour and compares with
examples/tour.expected, after taking out what differs from night to night. To rewrite that file, run this test
with FAIRWAY_ACCEPT=1 and read the difference; such a run does not count as a test.
"""
import os
import re
import subprocess
import unittest

import estate

EXAMPLES = os.path.join(os.path.dirname(os.path.dirname(estate.HERE)), "examples")
EXPECTED = os.path.join(EXAMPLES, "tour.expected")


def normalised(text):
    """Times, users with their machines, and the date in the names of runs; a name stays as wide as it was.

    What these go into (the digest of a rollback's plan, the journal's hashes) differs with them.
    """
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>", text)
    text = re.sub(r"\b\d{4}-\d\d-\d\d-(\d\d+)\b", r"YYYY-MM-DD-\1", text)
    text = re.sub(r"^(Plan )[0-9a-f]{12}(.*: rollback of run )", r"\1<digest>   \2", text, flags=re.M)
    text = re.sub(r"^(Head  \d+:)[0-9a-f]{12}$", r"\1<hash>", text, flags=re.M)
    return re.sub(r" +\S+@\S+ +<time>", "  <user@machine>  <time>", re.sub(r"  by +started", "  by  started", text))


class Tour(unittest.TestCase):
    maxDiff = None

    def test_the_walk_through_prints_what_its_page_shows(self):
        folder = estate.Folder()
        self.addCleanup(folder.remove)
        done = subprocess.run([os.path.join(EXAMPLES, "tour"), estate.FAIRWAY], env=estate.environment(folder.path),
                              cwd=folder.path, capture_output=True, text=True, timeout=estate.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stderr, "")
        now = normalised(done.stdout)
        if os.environ.get("FAIRWAY_ACCEPT") == "1":
            with open(EXPECTED, "w", encoding="utf-8") as f:
                f.write(now)
            self.fail(f"accepted, not tested: {EXPECTED} was rewritten; read the difference")
        if not os.path.exists(EXPECTED):
            self.fail(f"{EXPECTED} is missing: run this test once with FAIRWAY_ACCEPT=1 and read what it writes")
        with open(EXPECTED, encoding="utf-8") as f:
            self.assertEqual(now, f.read(), "the tour prints something else now (FAIRWAY_ACCEPT=1 accepts it)")
