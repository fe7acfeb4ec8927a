"""Does the walk-through still show what its page promises? Runs examples/tour and compares with
examples/tour.expected, after taking out what differs from run to run. To rewrite that file, run this test
with FAIRWAY_ACCEPT=1 and read the difference; such a run does not count as a test.
"""
import os
import subprocess
import unittest

import estate
from golden import compare, normalised

EXAMPLES = os.path.join(os.path.dirname(os.path.dirname(estate.HERE)), "examples")


class Tour(unittest.TestCase):
    maxDiff = None

    def test_the_walk_through_prints_what_its_page_shows(self):
        folder = estate.Folder()
        self.addCleanup(folder.remove)
        done = subprocess.run([os.path.join(EXAMPLES, "tour"), estate.FAIRWAY], env=folder.environment(),
                              cwd=folder.path, capture_output=True, text=True, timeout=estate.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stderr, "")
        compare(self, normalised(done.stdout), os.path.join(EXAMPLES, "tour.expected"))
