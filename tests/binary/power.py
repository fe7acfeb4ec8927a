"""How a test cuts the power, or fills the disk, at the n-th write of a run: compiles kill_at.c once and says
with which environment the program meets its fate.
"""
import atexit
import functools
import os
import shutil
import subprocess
import tempfile

from estate import HERE


@functools.lru_cache(maxsize=None)
def library():
    folder = tempfile.mkdtemp(prefix="fairway-kill-at-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    out = os.path.join(folder, "kill_at.so")
    source = os.path.join(HERE, "kill_at.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", out, source, "-ldl"], check=True)
    return out


def at(estate, call, how, file="", beside=None):
    """The environment of a run whose `call`-th counted call is its last (or finds the disk full); beside: more of it, another
    library too."""
    more = dict(beside or {})
    preload = ":".join(filter(None, (library(), more.pop("LD_PRELOAD", ""))))
    env = {**more, "LD_PRELOAD": preload, "KILL_AT_FOLDER": estate.path, "KILL_AT_CALL": str(call),
           "KILL_AT_HOW": how}
    if file:
        env["KILL_AT_FILE"] = file
    return env


def count(estate, *arguments, file="", beside=None):
    """Lets the command run to its end; how many calls counted, and what it said."""
    where = estate.file("calls")
    env = at(estate, 0, "count", file, beside) | {"KILL_AT_COUNT": where}
    said = estate.run(*arguments, env=env)
    with open(where) as f:
        calls = int(f.read())
    os.remove(where)
    return calls, said
