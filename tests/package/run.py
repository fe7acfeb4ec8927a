#!/usr/bin/env python3
"""Does an installed program work? Pages of the manual, completion in real shells, and the package. One build is tried.

usage: run.py --build FOLDER [pattern ...]      pattern: a part of a test's name; none: all tests
"""
import argparse
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../python")]
sys.dont_write_bytecode = True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, help="a build with the target fairway")
    parser.add_argument("pattern", nargs="*", help="only tests whose name contains one of these")
    given = parser.parse_args()
    os.environ["BUILD_FOLDER"] = os.path.realpath(given.build)
    os.environ["FAIRWAY"] = os.path.join(given.build, "fairway")  # program.py reads it
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{word}*" for word in given.pattern] or None
    result = unittest.TextTestRunner(verbosity=2).run(loader.discover(HERE, pattern="*_test.py"))
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
