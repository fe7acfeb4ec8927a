#!/usr/bin/python3
"""What if the ticket cache cannot be used? Another user's, damaged, cut short, a folder, a kind that this machine does not
serve: each is refused with a reason and the status of a denial. And if it goes bad under a run: no crash, and a way on.

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/cache_test.py
"""
import os
import shutil
import subprocess
import sys
import time

import outside
from loop_tools import (CHANGES, CHANGES_UNREAD, DENIED, FAIRWAY, FINE, IN_DOUBT, PARTLY_APPLIED, RECREATED, UNREACHABLE, done,
                        run_parts)

TIMES = 5  # what a library frees without having got it is chance
NOBODY = 65534


def prepare(program):
    program.shipped("kerberos-live-migration")
    program.inventory("inventory.yaml")


def cache():
    return os.environ["KRB5CCNAME"].removeprefix("FILE:")


def spoilt(program):
    """name: KRB5CCNAME"""
    with open(cache(), "rb") as good:
        whole = good.read()
    folder = program.file("caches")
    os.makedirs(os.path.join(folder, "collection"), exist_ok=True)

    def write(name, content):
        with open(os.path.join(folder, name), "wb") as out:
            out.write(content)
        return os.path.join(folder, name)
    out = {f"cut after {n} bytes": "FILE:" + write(f"cut{n}", whole[:n]) for n in (0, 1, 3, 12, 40, len(whole) // 3)}
    out["garbage"] = "FILE:" + write("garbage", b"garbage\n" * 100)
    out["another version"] = "FILE:" + write("version", b"\x05\x07" + whole[2:])
    out["lengths of nonsense"] = "FILE:" + write("lengths", whole[:4] + b"\xff" * 200)
    out["a folder"] = "FILE:" + folder
    write("collection/primary", b"tkt\n")
    write("collection/tkt", b"garbage")
    out["a collection with a damaged one"] = f"DIR:{folder}/collection"
    out["a collection without any"] = f"DIR:{folder}/none"
    out["a damaged one of a collection"] = f"DIR::{folder}/collection/tkt"
    out.update({kind: kind for kind in ("KCM:", "KCM:0", "KEYRING:session:nobody", "KEYRING:persistent:1:2", "MEMORY:none", "ODD:kind")})
    out["nothing there"] = "FILE:/nonexistent/cache"
    return out


def unusable(check, program):
    check.part("a cache that cannot be used")
    for what, name in spoilt(program).items():
        ends = [program.run("spn", "HV01", KRB5CCNAME=name) for _ in range(TIMES)]
        check.same(f"{what}: denied, each time", [said.status for said in ends], [DENIED] * TIMES)
        check.says(f"{what}: it says what to do", ends[0].err, "kinit")


def anothers(check, program):
    check.part("another user's cache, as `sudo -u` leaves it")
    place = program.file("theirs")
    shutil.copy(cache(), place)
    os.chmod(place, 0o600)
    opened = [program.path, outside.lab("DIR")]
    modes = [os.stat(path).st_mode for path in opened]
    for path in opened:
        os.chmod(path, 0o755)
    ends = []
    for _ in range(TIMES):
        said = subprocess.run(["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", FAIRWAY, "spn", "HV01",
                               "-i", program.file("inventory.yaml")], capture_output=True, text=True, timeout=outside.PATIENCE,
                              cwd="/", env=program.environment(KRB5CCNAME="FILE:" + place), check=False)
        ends.append(said)
    for path, mode in zip(opened, modes):
        os.chmod(path, mode)
    check.same("denied, each time", [said.returncode for said in ends], [DENIED] * TIMES)
    check.says("it says what to do", ends[0].stderr, "kinit")


def under_a_run(check, program):
    check.part("the cache goes bad under a run")
    good = program.file("good")
    shutil.copy(cache(), good)
    before = outside.world()

    def removed(path):
        os.remove(path)

    def damaged(path):
        with open(path, "wb") as out:
            out.write(b"garbage")

    def cut(path):
        os.truncate(path, 20)
    used = program.file("used")
    for step in range(24):
        shutil.copy(good, used)
        process = program.start("audit", "--anew", env={"KRB5CCNAME": "FILE:" + used})
        time.sleep(step / 40)
        (removed, damaged, cut)[step % 3](used)
        out, err = process.communicate(timeout=outside.PATIENCE)
        check(f"an audit whose cache went bad after {step * 25} ms ends with a status of its own",
              process.returncode in (CHANGES, CHANGES_UNREAD, DENIED, UNREACHABLE), f"{process.returncode}: {out}{err}")
    for how in (removed, damaged, cut):
        shutil.copy(good, used)
        program.expect(CHANGES, "plan", "--out", "plan.json")
        with open(program.file("said.txt"), "w+", encoding="utf-8") as said:
            process = program.start("apply", "plan.json", env={"KRB5CCNAME": "FILE:" + used}, stdout=said, stderr=subprocess.STDOUT)
            limit = time.monotonic() + outside.PATIENCE
            while process.poll() is None and time.monotonic() < limit:
                with open(said.name, encoding="utf-8") as so_far:
                    if done(so_far.read().splitlines()) >= 1:
                        break
                time.sleep(0.002)
            how(used)
            status = process.wait(outside.PATIENCE)
            said.seek(0)
            check(f"{how.__name__}: the apply ends with a status of its own", status in (FINE, PARTLY_APPLIED, IN_DOUBT, UNREACHABLE),
                  f"{status}: {said.read()}")
        run = program.last_run()
        if status != FINE:
            program.expect(FINE, "apply", "--resume", run)
        program.expect(FINE, "rollback", run)
    check.same("and it is as it was at first", outside.differences(before, outside.world(), RECREATED), [])


if __name__ == "__main__":
    sys.exit(run_parts(prepare, unusable, anothers, under_a_run))
