"""Do trial moves take the VM's disks along, by the transport that the hosts are set to, and what stops one before it is
tried? Part of loop_test.py, while everything that a move needs is in place; what the hosts were told is asked of them.
"""
import outside
from loop_tools import FINE, NOT_VERIFIED

VERIFY = "\nverify: {{moves: {{vm: fairway-canary, pairs: ring, storage: {storage}}}}}\n"
CANARY = "6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01"
LOCAL = {"disks": ["D:\\VMs\\O'Neil & Co\\canary.vhdx"]}


def on_all(what, message):
    for host in outside.HOSTS:
        outside.control(host, what, message)


def machines(host):
    return outside.control(host, "machines", None)


def verify(check, program, status, run, storage):
    program.shipped("kerberos-live-migration", VERIFY.format(storage=str(storage).lower()))
    on_all("reset", {})
    return program.expect(status, "verify", run, "--output", "json").json()["trials"]


def told():
    """What every host was told to move, in any order."""
    return [note for host in outside.HOSTS for note in outside.control(host, "moves", None)]


def same(check, what, trials, **wanted):
    check.same(what, [{key: trial.get(key) for key in wanted} for trial in trials], [wanted] * 8)


def with_storage(check, program, run, canary):
    check.part("trial moves with storage")
    paths = sorted(canary["disks"] + canary["checkpoints"][0]["disks"])
    trials = verify(check, program, FINE, run, True)
    same(check, "both disks moved each time, compressed", trials, moved=True, disks=2, transport="compression")
    check.same("the hosts were told each disk by its path, the checkpoint's too", [
        (note["migration_type"], note["transport"], note["compression"], sorted(note["resources"])) for note in told()],
        [("32771", "5", "TRUE", paths)] * 8)
    check.same("the VM is as it was, with its checkpoint", machines("hv01"), [canary])

    local = {**canary, **LOCAL, "checkpoints": []}
    outside.control("hv01", "machines", {"machines": [local]})
    trials = verify(check, program, FINE, run, True)
    same(check, "a local disk moves with it", trials, moved=True, disks=1)
    check.same("to the same path", machines("hv01"), [local])
    trials = verify(check, program, NOT_VERIFIED, run, False)
    check.says("without storage it cannot come along", trials[0]["error"], "0x80070003")
    outside.control("hv01", "machines", {"machines": [canary]})


def transports(check, program, run):
    check.part("trial moves by the hosts' transport")
    on_all("third-hand", {"settings": {"EnableCompression": False, "EnableSmbTransport": True}})
    same(check, "SMB where all hosts have it", verify(check, program, FINE, run, False), moved=True, transport="smb",
         disks=None)
    check.same("and the hosts were told so", [(note["migration_type"], note["transport"], note["compression"],
                                               note["resources"]) for note in told()], [("32768", "32768", "", [])] * 8)
    check.says("the text says so too", program.expect(FINE, "verify", run).out, "trial move HV01 → HV02 of fairway-canary  by SMB")
    for host in ("hv01", "hv03"):
        outside.control(host, "third-hand", {"settings": {"EnableCompression": True, "EnableSmbTransport": False}})
    same(check, "TCP where the ends differ", verify(check, program, FINE, run, False), moved=True, transport="tcpip")
    on_all("third-hand", {"settings": {"EnableCompression": True, "EnableSmbTransport": False}})


def stopped(check, program, run):
    check.part("what stops a trial move before it is tried")
    planned = [{"id": CANARY.lower(), "name": "fairway-canary"}]
    outside.control("hv02", "machines", {"planned": planned})
    trials = verify(check, program, NOT_VERIFIED, run, False)
    check.says("a planned VM at the destination is named with what removes it", trials[0]["error"], "HV02: a planned VM",
               "DestroySystem", f"Name='{CANARY}'")
    check.same("no move was tried", (len(trials), told()), (1, []))
    check("and it is still there", CANARY.lower() in outside.tool(
        f"{outside.HERE}/raw-wsman", "hv02", "root/virtualization/v2", "Msvm_PlannedComputerSystem"))
    outside.control("hv02", "machines", {"planned": []})

    outside.control("hv01", "third-hand", {"settings": {"EnableVirtualSystemMigration": False}})
    trials = verify(check, program, NOT_VERIFIED, run, False)
    check.says("live migration off at the source", trials[0]["error"], "HV01: live migration is off there")
    check.same("no move was tried then either", (len(trials), told()), (1, []))
    outside.control("hv01", "third-hand", {"settings": {"EnableVirtualSystemMigration": True}})


def run(check, program, run_id):
    before = outside.world()
    canary = machines("hv01")[0]
    with_storage(check, program, run_id, canary)
    transports(check, program, run_id)
    stopped(check, program, run_id)
    check.same("the hosts are as before", outside.differences(before, outside.world()), [])
