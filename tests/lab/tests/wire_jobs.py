"""What wire_test.py cannot draw, because it takes longer or happens at one place only: jobs that vanish, fail or come
late, and hosts that go away and stay away, or come back while a job runs.
"""
import threading
import time

import outside
from loop_tools import FINE, PARTLY_APPLIED, wait_until
from wire_bench import World, Wrong, demand
from wire_relay import Fault

IN_DOUBT, NOT_VERIFIED = 8, 9
SIGN_ON = 1  # request that Kerberos takes


def log_of_apply(bench, jobs):
    """What the host notes of an apply that nothing disturbs."""
    bench.begin(jobs)
    bench.run("apply", "plan.json")
    return bench.control("log", None)


def invokes(bench, jobs):
    """The numbers of its Invokes on the wire."""
    log = log_of_apply(bench, jobs)
    return [number + SIGN_ON for number, note in enumerate(log, 1) if note["action"] == "Invoke"]


def holds(bench, wanted, when):
    now = World(bench.host)
    demand(not now.differs(wanted), f"{when}: {now.differs(wanted)}")


def ends(bench, status, *arguments):
    said, run = bench.run(*arguments)
    demand(said.status == status, f"not status {status}: {said}")
    if run is not None:
        demand("open" not in run.outcomes, f"an intent without an outcome: {run}")
    return run


def back(bench, run):
    ends(bench, FINE, "rollback", run.name)
    holds(bench, bench.before, "after the rollback")


def vanishes(bench):
    bench.begin("always", 200)
    bench.control("jobs", {"keep_ms": 0})
    run = ends(bench, FINE, "apply", "plan.json")
    holds(bench, bench.after, "after jobs that nobody saw end")
    back(bench, run)


def fails(bench):
    bench.begin("always", 200)
    bench.control("fail-next", {"code": 2147942405, "text": "The planted failure"})
    said, run = bench.run("apply", "plan.json")
    demand(said.status == PARTLY_APPLIED and run.outcomes[0] == "not_done", f"{run}; {said}")
    demand("The planted failure" in said.out, f"the host's words are not passed on: {said}")
    holds(bench, bench.before, "after a first job that failed")
    ends(bench, FINE, "apply", "--resume", run.name)
    holds(bench, bench.after, "after the resumption")
    back(bench, run)


def is_away_for_a_while(bench):
    """The connection breaks while a job runs, and the host refuses others for a second: not a reason to give up."""
    at = invokes(bench, "always")[0] + 1
    bench.begin("always", 500)
    bench.relay.spoil(Fault(at, "gone", "rst"))
    limit = time.monotonic() + outside.PATIENCE

    def come_back():
        while not bench.relay.gone and time.monotonic() < limit:
            time.sleep(0.01)
        time.sleep(1)
        bench.relay.repair()

    thread = threading.Thread(target=come_back)
    thread.start()
    run = ends(bench, FINE, "apply", "plan.json")
    thread.join()
    holds(bench, bench.after, "after a break of a second")
    back(bench, run)


def stays_away(bench, before_the_write, go_on):
    """From an Invoke on, or from its read-back on, nobody is there."""
    at = invokes(bench, "never")[0]
    bench.begin("never")
    bench.relay.spoil(Fault(at if before_the_write else at + 1, "gone", "rst"))
    run = ends(bench, IN_DOUBT, "apply", "plan.json")
    bench.relay.repair()
    demand(run.outcomes[0] == "in_doubt", f"nobody could know what became of it, but {run}")
    if go_on:
        ends(bench, FINE, "apply", "--resume", run.name)
        holds(bench, bench.after, "after the resumption")
    back(bench, run)


def comes_late(bench, go_on):
    """The reply about a job is lost, and the job has its effect only after the next command has looked."""
    at = invokes(bench, "always")[0]
    bench.begin("always", held=True)
    bench.relay.spoil(Fault(at, "after", "fin"))
    run = ends(bench, PARTLY_APPLIED, "apply", "plan.json")
    bench.relay.repair()
    demand(run.outcomes[0] == "unanswered", f"the job runs still, but {run}")
    setting, first = run.changes[0]["setting"], World(bench.host).values
    demand(first == bench.before.values, f"the job was to take longer; {first}")
    bench.control("jobs", {"held": False})
    if go_on:
        ends(bench, FINE, "apply", "--resume", run.name)
    else:
        bench.run("rollback", run.name)
    demand(bench.control("jobs", {"release": True})["running"] == 1, "the job did not wait")
    wait_until("the late job has ended", lambda: bench.control("jobs", {})["running"] == 0)
    landed = World(bench.host).values[setting]
    demand(landed == bench.after.values[setting], f"the late job had no effect: {setting} is {landed}")
    if go_on:
        # The late job brings the whole instance, and with it what other properties were before. Nobody can prevent
        # that; but then `verify` must tell.
        late = bool(World(bench.host).differs(bench.after))
        ends(bench, NOT_VERIFIED if late else FINE, "verify", run.name, "--no-moves")
    back(bench, run)


def any_is_torn(bench):
    """`any` is two objects. They are asked for in one request, for a resumption cannot tell half of them from all: a host
    with one IP family holds one."""
    adds = [note["method"] == "AddNetworkSettings" for note in log_of_apply(bench, "never")]
    demand(adds.count(True) == 1, f"{adds.count(True)} requests for the two objects of any")
    bench.begin("never")
    bench.relay.spoil(Fault(SIGN_ON + 1 + adds.index(True), "before", "fin"))
    run = ends(bench, PARTLY_APPLIED, "apply", "plan.json")
    bench.relay.repair()
    ends(bench, FINE, "apply", "--resume", run.name)
    holds(bench, bench.after, "complete after the resumption")
    back(bench, run)


# In this order, so that the first bench, which writes `any`, has the case that is about it.
CASES = [
    ("`any` lost on its way, gone on with", any_is_torn, ()),
    ("jobs that vanish before anybody saw their end", vanishes, ()),
    ("a job that fails", fails, ()),
    ("a host that is away for a second while a job runs", is_away_for_a_while, ()),
    ("a host that stays away from a write on, then gone on with", stays_away, (True, True)),
    ("a host that stays away from a write on, then gone back from", stays_away, (True, False)),
    ("a host that stays away from a read-back on, then gone on with", stays_away, (False, True)),
    ("a host that stays away from a read-back on, then gone back from", stays_away, (False, False)),
    ("a job that comes late, gone on with", comes_late, (True,)),
    ("a job that comes late, gone back from", comes_late, (False,)),
]


def attempt(bench, case, arguments):
    try:
        case(bench, *arguments)
    except Wrong as wrong:
        return str(wrong)
    return ""


def run(check, benches, pool):
    """Spreads them over the benches; `pool` runs calls beside each other."""
    check.part("jobs and absences")

    def share(number):
        return [(name, attempt(benches[number], case, arguments))
                for name, case, arguments in CASES[number::len(benches)]]

    for results in pool.map(share, range(len(benches))):
        for name, wrong in results:
            check(name, not wrong, wrong)
