"""Does the walk-through still show what its page promises, and do the other pages show what the program prints? Runs
examples/tour and compares with examples/tour.expected, after taking out what differs from run to run; pages are compared with
that and with the texts of scenarios. `tests/shown --fairway PATH` renews all of them; read the difference.
"""
import importlib.machinery
import importlib.util
import os
import subprocess
import unittest

import estate
from golden import compare, normalised

TOP = os.path.dirname(os.path.dirname(estate.HERE))
loader = importlib.machinery.SourceFileLoader("shown", os.path.join(TOP, "tests/shown"))
shown = importlib.util.module_from_spec(importlib.util.spec_from_loader("shown", loader))
loader.exec_module(shown)
EXAMPLES = os.path.join(TOP, "examples")


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

    def test_pages_show_what_is_printed(self):
        for page, text in shown.renewed():
            with self.subTest(page):
                self.assertEqual(page.read_text(), text, "tests/shown renews it")

    def test_what_is_not_printed_is_no_output(self):
        for told, block in [("no comment says where", "```console\n$ fairway audit\nNo drift.\n```"),
                            ("has no `fairway nope`", "<!-- printed in examples/tour.expected -->\n```console\n$ fairway nope\n```"),
                            ("is like `Nothing to see", "<!-- printed in examples/tour.expected -->\n```console\n$ fairway audit\nNothing to see here\n```")]:
            with self.assertRaisesRegex(shown.Untrue, told):
                shown.BLOCK.sub(shown.renewed_block, block)
