#!/usr/bin/python3
"""Do trial moves prove what verify says, and where is the VM after one that dies? By the real binary in a living domain:

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/verify_test.py

Which host has the VM is asked of the hosts themselves (GET /lab/machines), never taken from the program's words.
"""
import itertools
import os
import pty
import signal
import sys
import threading
import time

import outside
from loop_tools import FINE, NAMES, NOT_VERIFIED, run_parts

CANARY = "6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01"
SECOND = "6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A02"
PAIRS = sorted(itertools.permutations(NAMES, 2))
NO_CREDENTIALS = {"code": 0x8009030E, "text": "No credentials are available in the security package"}


def moves(program, moves="vm: fairway-canary, pairs: all"):
    program.shipped("kerberos-live-migration", f"\nverify: {{moves: {{{moves}}}}}\n")


def prepare(program):
    moves(program)
    program.bring_to_policy()


def verify(program, status, *more):
    return program.expect(status, "verify", program.runs()[-1]["run"], "--output", "json", *more).json()


def where(vm=CANARY):
    """The hosts that have it, and whether it runs there; asked of each."""
    return {host: machine["running"] for host in outside.HOSTS for machine in outside.control(host, "machines", None)
            if machine["id"] == vm}


def planned_at(host, vm=CANARY):
    return vm in outside.tool(f"{outside.HERE}/raw-wsman", host, "root/virtualization/v2", "Msvm_PlannedComputerSystem")


def on_all(what, message):
    for host in outside.HOSTS:
        outside.control(host, what, message)


def at_home(check):
    check.same("the hosts say: HV01 has the VM, running, and nobody else", where(), {"hv01": True})


def failed(result):
    return [trial for trial in result["trials"] if not trial["moved"]]


def everywhere(check, program):
    check.part("every ordered pair, with storage in half of them")
    before = outside.world()
    canary = outside.control("hv01", "machines", None)
    moves(program, "vm: fairway-canary, pairs: all, storage: alternate")
    on_all("jobs", {"runs_for": 2})
    on_all("reset", {})
    result = verify(program, FINE)
    trials = result["trials"]
    check.same("every pair is proved once", sorted((t["from"], t["to"]) for t in trials), PAIRS)
    check.same("half of them with storage", [t["storage"] for t in trials].count(True), len(PAIRS) // 2)
    told = [note for host in outside.HOSTS for note in outside.control(host, "moves", None)]
    check.same("the hosts were told so", [note["migration_type"] for note in told].count("32771"), len(PAIRS) // 2)
    check.same("each was checked before, by a job of its own", [t["check"] != t["job"] and t["stage"] for t in trials],
               ["proved"] * len(PAIRS))
    for host in outside.HOSTS:
        counted = outside.control(host, "requests", None)
        check.same(f"{host}: as many checks as moves",
                   (counted.get("CheckVirtualSystemIsMigratable"), counted.get("MigrateVirtualSystemToHost")), (3, 3))
    check("each job was seen to run and to end", all(t["states"] == ["running 10 %", "completed"] for t in trials), trials[0])
    paths = sorted(canary[0]["disks"] + canary[0]["checkpoints"][0]["disks"])
    check.same("the disks are where they were", {tuple(t["paths"]) for t in trials}, {tuple(paths)})
    check.same("the VM has its id", {t["id"] for t in trials}, {CANARY})
    check.same("it is at home by our account", result["vms"],
               [{"vm": "fairway-canary", "id": CANARY, "home": "HV01", "at": "HV01"}])
    at_home(check)
    check.same("and the world is as before", outside.differences(before, outside.world()), [])
    said = program.expect(FINE, "verify", program.runs()[-1]["run"]).out
    check.says("people see the proof", said, "✓ trial move HV01 → HV02 of fairway-canary", "checked; job ",
               "> completed; gone at HV01, running at HV02 under the same id; 2 virtual hard disks at their paths")
    on_all("jobs", {"runs_for": 0})


def read(terminal):
    """What is printed next; nothing once the program has ended."""
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:
        return ""


def progress(check, program):
    check.part("progress on a terminal")
    moves(program, "vm: fairway-canary, pairs: ring")
    ours, its = pty.openpty()
    with program.start("verify", program.runs()[-1]["run"], env={"TERM": "xterm"}, stderr=its) as process:
        os.close(its)
        seen = "".join(iter(lambda: read(ours), ""))
        process.communicate(timeout=outside.PATIENCE)
    check.says("it says which move of how many", seen, "move 1 of 8", "move 8 of 8", "Checking fairway-canary", "Moving")


def samples(check, program):
    check.part("a sample with a seed")
    moves(program, "vm: fairway-canary, pairs: sample, sample: 2")
    first = verify(program, FINE)
    pairs = [(t["from"], t["to"]) for t in first["trials"]]
    there_and_back = [pair for pair in pairs if tuple(reversed(pair)) in pairs]
    check("at least two pairs are proved there and back", len(set(there_and_back)) >= 4, pairs)
    check.same("the same seed draws the same", [(t["from"], t["to"]) for t in
                                                verify(program, FINE, "--seed", str(first["seed"]))["trials"]], pairs)
    check.says("the seed is printed", program.expect(FINE, "verify", program.runs()[-1]["run"], "--seed", "7").out, "--seed 7")
    at_home(check)


def blackouts(check, program):
    check.part("how long the VM stood still")
    moves(program, "vm: fairway-canary, pairs: ring, blackout: true")
    check.same("each move has the blackout that its source logged", [t.get("blackout_ms") for t in
                                                                     verify(program, FINE)["trials"]], [500] * 8)


def explained(check, program):
    check.part("a move that fails for a reason is explained")
    moves(program, "vm: fairway-canary, pairs: ring")
    outside.control("hv04", "third-hand", {"settings": {"AuthenticationType": 0}})
    trial = failed(verify(program, NOT_VERIFIED))[0]
    outside.control("hv04", "third-hand", {"settings": {"AuthenticationType": 1}})
    check.same("the pair whose ends differ failed, in the check", (trial["from"], trial["to"], trial["stage"]),
               ("HV03", "HV04", "checking"))
    why = trial["why"]
    check.same("by what is closed on its path", [c["name"] for c in why["conditions"]], ["authentication"])
    check.same("by the code of its error", why["code"], "0x8009030E (SEC_E_NO_CREDENTIALS)")
    check.same("by the cause", why["cause"]["id"], "authentication")
    check("by what the source logged", 20306 in [event["id"] for event in why["events"]], why["events"])
    check.same("and both hosts' logs were read, but for one that a host of no cluster lacks",
               [line.split(": ")[1] for line in why["events_unread"]], ["Microsoft-Windows-Hyper-V-High-Availability-Admin"] * 2)
    at_home(check)


def leftovers(check, program):
    check.part("what checks and failed moves leave at the destination")
    moves(program, "vm: fairway-canary, pairs: ring")
    on_all("moves", {"check_leaves_planned": True, "move_leaves_planned": True})
    check.same("a planned VM that a check leaves does not hinder the move", len(verify(program, FINE)["trials"]), 8)
    outside.control("hv02", "moves", {"next_dies": NO_CREDENTIALS})
    result = verify(program, NOT_VERIFIED)
    check.says("one that a failed move left was removed", " ".join(failed(result)[0]["done"]), "HV03 was removed")
    check("by the host's own account", not planned_at("hv03"))
    check.same("the VM was taken home", [(t["from"], t["to"], t["home"]) for t in result["trials"]],
               [("HV01", "HV02", False), ("HV02", "HV03", False), ("HV02", "HV01", True)])
    on_all("moves", {"check_leaves_planned": False, "move_leaves_planned": False})
    at_home(check)


def back(host):
    outside.control(host, "gone", {"when": "back"})
    outside.control(host, "misbehave", {"how": None})


def dies(check, program, stage, host, what, message, stands, wanted):
    """A ring HV01 > HV02 > …; the move HV02 > HV03 dies at that stage. stands: where the hosts say that it is, at last."""
    check.part(f"a move that dies: {stage}")
    outside.control(host, what, message)
    result = verify(program, NOT_VERIFIED)
    back(host)
    first = failed(result)[0]
    check.same("the move that died is named, with how far it came", (first["from"], first["to"], first["stage"]),
               ("HV02", "HV03", wanted))
    truth = where()
    check.same("the hosts have it where it must be", truth, stands)
    seats = {seat["host"].lower(): seat for seat in first["vm_at"]}
    check("of both ends it is said what they have", {"hv02", "hv03"} <= set(seats), seats)
    return result, seats


def accounted(check, result, truth):
    check.same("that is where we say that it is", result["vms"][0]["at"], next(iter(truth)).upper())
    check.same("nothing planned is left", [host for host in outside.HOSTS if planned_at(host)], [])
    at_home(check)


def not_to_be_asked(check, result, seats, gone):
    """What a host has that does not answer, nobody can know; it must be said, and nothing taken away meanwhile."""
    check("it is said that the host cannot be asked", "unread" in seats[gone], seats)
    check.same("we claim to know of no host that has the VM", result["vms"][0]["at"], None)
    check.same("nothing was done", failed(result)[0]["done"], [])
    has = next(iter(where()))
    outside.control("hv01", "machines", {"machines": outside.control(has, "machines", None)})
    outside.control(has, "machines", {"machines": []})
    on_all("machines", {"planned": []})
    at_home(check)


def deaths(check, program):
    moves(program, "vm: fairway-canary, pairs: ring")
    on_all("moves", {"move_leaves_planned": True})
    home, migrate = {"hv01": True}, "MigrateVirtualSystemToHost"
    for stage, what, message, stands, wanted in (
            ("before the check", "misbehave", {"how": "cut-before-request", "method": "CheckVirtualSystemIsMigratable"}, home,
             "checking"),
            ("before the job", "misbehave", {"how": "cut-before-request", "method": migrate}, home, "moving"),
            ("in the job", "moves", {"next_dies": NO_CREDENTIALS}, home, "moving"),
            ("after the request, and the answer is lost", "misbehave", {"how": "cut-before-reply", "method": migrate}, home,
             "moving")):
        result, _ = dies(check, program, stage, "hv02", what, message, stands, wanted)
        accounted(check, result, stands)
    result, seats = dies(check, program, "the source is gone in the job", "hv02", "gone", {"when": "moving"}, {"hv02": True},
                         "moving")
    not_to_be_asked(check, result, seats, "hv02")
    result, seats = dies(check, program, "the destination is gone after it took the VM", "hv03", "gone", {"when": "taken"},
                         {"hv03": True}, "arriving")
    not_to_be_asked(check, result, seats, "hv03")
    on_all("moves", {"move_leaves_planned": False})


def comes_back(check, program):
    """The source is gone when its job has moved the VM, and is asked about that job when it is back."""
    check.part("a source that is gone for a while in the job")
    outside.control("hv02", "gone", {"when": "moved"})
    timer = threading.Timer(3, back, ["hv02"])
    timer.start()
    check.same("every move is proved all the same", [t["moved"] for t in verify(program, FINE)["trials"]], [True] * 8)
    timer.join()
    at_home(check)


def interrupted(check, program):
    check.part("Ctrl-C while a move is under way")
    moves(program, "vm: fairway-canary, pairs: ring")
    outside.control("hv02", "jobs", {"held": True})
    running = program.start("verify", program.runs()[-1]["run"])
    give_up = time.monotonic() + outside.PATIENCE
    while outside.control("hv02", "jobs", {})["running"] == 0 and time.monotonic() < give_up:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    time.sleep(0.5)
    outside.control("hv02", "jobs", {"held": False, "release": True})
    out = running.communicate(timeout=outside.PATIENCE)[0]
    check.same("it is not verified", running.returncode, NOT_VERIFIED)
    check.says("the move was waited for and the VM taken home", out, "move home", "Interrupted")
    at_home(check)


def refused(check, program):
    check.part("what is not moved")
    canary = outside.control("hv01", "machines", None)
    moves(program, f"vm: fairway-canary, id: {CANARY}, pairs: ring")

    def says(what, *words):
        on_all("reset", {})
        result = verify(program, NOT_VERIFIED)
        check.says(what, result["trials"][0].get("error", ""), *words)
        check.same("and nothing was moved or checked",
                   [m for host in outside.HOSTS for m in outside.control(host, "requests", None)
                    if m in ("MigrateVirtualSystemToHost", "CheckVirtualSystemIsMigratable")], [])

    outside.control("hv03", "cluster", {"name": "CLU1", "push_ms": 600000, "drain_status": 1})
    says("a host that drains", "HV03: its cluster drains it")
    outside.control("hv03", "cluster", {"name": "CLU1", "push_ms": 600000, "node_state": 2, "drain_status": 2})
    says("a paused node", "HV03: it is paused in its cluster")
    outside.control("hv03", "cluster", {"name": None})
    outside.control("hv04", "busy", {"migrations": 2})
    says("a busy host", "HV04 is busy: 2 of at most 2 live migrations")
    outside.control("hv04", "busy", {"migrations": 0})
    outside.control("hv01", "machines", {"machines": [{**canary[0], "name": "SQL01"}]})
    says("a VM of that id with another name", "is called SQL01 and not fairway-canary")
    outside.control("hv01", "machines", {"machines": [{**canary[0], "running": False}]})
    says("one that does not run", "does not run")
    outside.control("hv01", "machines", {"machines": [{**canary[0], "memory_mb": 65536}]})
    says("a large one", "65536 MB", "max_memory_mb")
    outside.control("hv01", "machines", {"machines": [{**canary[0], "id": SECOND}]})
    says("one of that name with another id", "has the VM fairway-canary")
    outside.control("hv01", "machines", {"machines": canary})


def at_once(check, program):
    check.part("several at once: two VMs of one domain")
    canary = outside.control("hv01", "machines", None)
    second = {**canary[0], "id": SECOND, "name": "second", "checkpoints": [], "disks": []}
    outside.control("hv03", "machines", {"machines": [second]})
    moves(program, "vm: [fairway-canary, second], pairs: ring")
    on_all("reset", {})
    on_all("jobs", {"runs_for": 3})
    result = verify(program, FINE)
    check.same("each VM made its tour", sorted([t["vm"] for t in result["trials"]]), ["fairway-canary"] * 8 + ["second"] * 8)
    names = [t["vm"] for t in result["trials"]]
    check("they did not wait for each other", names[:8] != [names[0]] * 8, names)
    check.same("both are at home, the hosts say", (where(), where(SECOND)), ({"hv01": True}, {"hv03": True}))
    outside.control("hv03", "machines", {"machines": []})
    on_all("jobs", {"runs_for": 0})


if __name__ == "__main__":
    sys.exit(run_parts(prepare, everywhere, progress, samples, blackouts, explained, leftovers, deaths, comes_back, interrupted, refused, at_once))
