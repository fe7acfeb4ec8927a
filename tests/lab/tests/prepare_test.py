#!/usr/bin/python3
"""Does `fairway verify --prepare` make a VM on a host that moves, and `verify --remove` take exactly that away?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/prepare_test.py

What is on a host the host itself says: its machines, and curl lists its files. curl moves the VM before the program does.
"""
import sys

import outside
from loop_tools import FINE, NAMES, run_parts
from program import PARTLY_APPLIED, REFUSED

VM = "fairway-trial"
NOTE = "Made by Fairway for trial moves (fairway verify --prepare), estate lab, complete"
SHARE = "\\\\fs01.corp.example\\vms"
STEPS = ["DefineSystem", "ModifyResourceSettings", "CreateVirtualHardDisk", "AddResourceSettings", "RequestStateChange",
         "ModifySystemSettings"]


def folder(host, path):
    """Where the host puts new disks; None: on its own drive."""
    shown = {"Msvm_VirtualSystemManagementServiceSettingData": {"DefaultVirtualHardDiskPath": path}} if path else {}
    outside.control(host, "otherwise", {"words": [], "shown": shown})


def prepare(program):
    program.shipped("kerberos-live-migration")
    program.bring_to_policy()


def made_on(host):
    return [machine for machine in outside.control(host, "machines", None) if machine["name"] == VM]


def files(host):
    return outside.tool(f"{outside.HERE}/raw-wsman", host, "root/cimv2", "CIM_DataFile")


def state():
    """The directory and the hosts, with their machines and files."""
    return outside.world(), [(outside.control(host, "machines", None), "vhdx" in files(host)) for host in outside.HOSTS]


def unchanged(check, what, before):
    after = state()
    check.same(what, (outside.differences(before[0], after[0]), after[1]), ([], before[1]))


def there_and_back(check, program):
    check.part("there and back")
    before = state()
    said = program.expect(FINE, "verify", "--prepare", "HV01", "--output", "json").json()
    check.same("a run made one change", (said["changes"], said["done"], said["applied"]["ending"]), (1, 1, "complete"))
    made = made_on("hv01")
    check.same("the host itself has it", [(vm["notes"], vm["memory_mb"], vm["generation"], vm["running"], vm["controllers"],
                                           vm["drives"], len(vm["disks"])) for vm in made], [(NOTE, 32, 2, True, 1, 1, 1)])
    check("its disk is a file of its own, with the VM's id", made[0]["id"] in made[0]["disks"][0] and
          made[0]["disks"][0] in files("hv01"), made)
    again = program.expect(FINE, "verify", "--prepare", "HV01", "--output", "json").json()
    check.same("a second time there is nothing to do", (again["changes"], made_on("hv01")), (0, made))
    check.says("another host refuses", program.expect(REFUSED, "verify", "--prepare", "HV02").err, "is on HV01 already")
    program.expect(FINE, "verify", "--remove", "HV01")
    unchanged(check, "the hosts and the directory are as before", before)
    check.same("the journal has both", [run["end"] for run in program.runs()[-2:]], ["complete"] * 2)


def it_moves(check, program):
    check.part("it moves")
    before = state()
    folder("hv01", SHARE)
    program.expect(FINE, "verify", "--prepare", "HV01")
    made = made_on("hv01")[0]
    outside.move("hv01", "hv02", made["id"])
    check.same("curl moved it", [len(made_on(host)) for host in ("hv01", "hv02")], [0, 1])
    check.says("removal says where it is", program.expect(REFUSED, "verify", "--remove", "HV01").err, "is on HV02, not on HV01")
    outside.move("hv02", "hv01", made["id"])
    program.shipped("kerberos-live-migration", f"\nverify: {{moves: {{vm: {VM}, pairs: all, storage: alternate}}}}\n")
    trials = program.expect(FINE, "verify", program.runs()[0]["run"], "--output", "json").json()["trials"]
    check.same("verify moves it between all", [(trial["vm"], trial["moved"]) for trial in trials], [(VM, True)] * len(NAMES) *
               (len(NAMES) - 1))
    program.expect(FINE, "verify", "--remove", "HV01")
    folder("hv01", None)
    unchanged(check, "the hosts and the directory are as before", before)


def somebody_elses(check, program):
    check.part("a VM of somebody else")
    machines = outside.control("hv02", "machines", None)
    other = {"id": "11111111-2222-3333-4444-555555555555", "name": VM, "notes": "mine", "disks": []}
    outside.control("hv02", "machines", {"machines": [*machines, other]})
    before = state()
    for option, host in (("--prepare", "HV01"), ("--prepare", "HV02"), ("--remove", "HV02")):
        check.says(f"{option} {host} is refused", program.expect(REFUSED, "verify", option, host).err, "somebody else's")
    unchanged(check, "nothing changed", before)
    outside.control("hv02", "machines", {"machines": machines})
    program.expect(FINE, "verify", "--prepare", "HV02")
    vm = made_on("hv02")[0]
    for what, change in (("a checkpoint", {"checkpoints": [{"id": other["id"], "disks": []}]}),
                         ("another disk", {"disks": [*vm["disks"], "D:\\data.vhdx"]})):
        outside.control("hv02", "machines", {"machines": [*machines, {**vm, **change}]})
        said = program.run("verify", "--remove", "HV02")
        check(f"with {what} it stays", said.status != FINE and made_on("hv02") == [{**vm, **change}] and
              "so it stays" in said.out + said.err, str(said))
    outside.control("hv02", "machines", {"machines": [*machines, vm]})
    program.expect(FINE, "verify", "--remove", "HV02")


def cut_off(check, program):
    check.part("cut off between the steps")
    before = state()
    for step in STEPS:
        outside.control("hv03", "misbehave", {"how": "cut-before-reply", "next": 1, "method": step})
        said = program.run("verify", "--prepare", "HV03", "--output", "json")
        check(f"{step} without an answer is no success, or was seen to be done", said.status in (FINE, PARTLY_APPLIED, 8), str(said))
        # The host may still be at work on the request whose answer was lost; what it does meanwhile makes a plan stale.
        check(f"{step}: the same command again is complete",
              any(program.run("verify", "--prepare", "HV03").status == FINE for _ in range(4)))
        check.same(f"{step}: the same command finishes it", [(vm["notes"], vm["running"], len(vm["disks"]))
                                                               for vm in made_on("hv03")], [(NOTE, True, 1)])
        program.expect(FINE, "verify", "--remove", "HV03")
        unchanged(check, f"{step}: and it goes without a trace", before)
    outside.control("hv03", "misbehave", {"how": "cut-before-reply", "next": 1, "method": "AddResourceSettings"})
    program.run("verify", "--prepare", "HV03")
    program.expect(FINE, "verify", "--remove", "HV03")
    unchanged(check, "a half-made one goes without a trace too", before)


if __name__ == "__main__":
    sys.exit(run_parts(prepare, there_and_back, it_moves, somebody_elses, cut_off))
