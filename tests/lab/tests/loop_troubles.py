"""What does Fairway do when the world changes under a plan, when it is killed, and when people make mistakes?
The second half of loop_test.py; it begins and ends with the lab as it was at first.
"""
import os
import re

import outside
from loop_tools import CHANGES, CHANGES_UNREAD, DENIED, FINE, IN_DOUBT, RECREATED, STALE, UNREACHABLE, done, policy, wait_until

# An inventory that looks for that host's WinRM where nobody listens.
CLOSED_PORT = "{port: 1}"

# Asks nothing of hosts, so that it takes no rights there to make a plan.
ACCOUNTS_ONLY = policy("delegation.protocol_transition: true")


def writes_to(host):
    """How often the host was asked to change something since its counters were reset."""
    return outside.control(host, "requests", None).get("Invoke", 0)


def nothing_written(check, program, world, runs):
    check.same("nothing was written", outside.differences(world, outside.world()), [])
    check.same("and no run began", program.runs(), runs)


def stale(check, program, before):
    check.part("a plan that the world has left behind")
    program.expect(CHANGES, "plan", "--out", "stale.json")
    outside.modify("hv01", ("add", "msDS-AllowedToDelegateTo", "cifs/hv04.corp.example"))
    outside.control("hv02", "third-hand", {"settings": {"AuthenticationType": 1}})
    world, runs = outside.world(), program.runs()
    for host in outside.HOSTS:
        outside.control(host, "reset", {})
    said = program.expect(STALE, "apply", "stale.json")
    check.same("no host was asked to change anything", [writes_to(host) for host in outside.HOSTS], [0] * 4)
    check.says("it names both values", said.err, "computer HV01 delegation.services", "cifs/hv04.corp.example",
               "host HV02 migration.authentication: the plan saw credssp, now it is kerberos")
    nothing_written(check, program, world, runs)
    outside.modify("hv01", ("delete", "msDS-AllowedToDelegateTo", "cifs/hv04.corp.example"))
    outside.control("hv02", "third-hand", {"settings": {"AuthenticationType": 0}})
    check.same("the other administrator has put its things back", outside.differences(before, outside.world(), RECREATED), [])


def unfinished(check, program):
    last = program.runs()[-1]
    check.same("the killed run has no end yet", last["end"], "")
    return last["run"]


def killed_and_resumed(check, program, before):
    check.part("killed between two writes, and gone on with")
    program.expect(CHANGES, "plan", "--out", "plan.json")
    program.apply_until(lambda lines: done(lines) >= 2, "plan.json")
    run = unfinished(check, program)
    program.expect(FINE, "apply", "--resume", run)
    program.expect(FINE, "audit")
    program.expect(FINE, "verify", run, "--no-moves")
    program.expect(FINE, "rollback", run)
    check.same("the rollback gives the first world", outside.differences(before, outside.world(), RECREATED), [])


def authentication():
    return outside.element(outside.instances("hv02", "settings")[0], "AuthenticationType")


def killed_while_a_host_is_at_it(check, program):
    """Kills an apply while HV02 is busy with a job that has its effect later; the run."""
    program.expect(CHANGES, "plan", "--out", "plan.json")
    outside.control("hv02", "jobs", {"answer": "always", "delay_ms": 3000})
    outside.control("hv02", "reset", {})
    lines = program.apply_until(lambda so_far: done(so_far) >= 6 and writes_to("hv02") > 0, "plan.json")
    check.same("six changes were done, the seventh was cut", (done(lines), authentication()), (6, "0"))
    return unfinished(check, program)


def job_is_over(then):
    wait_until("HV02's job has had its effect", lambda: authentication() == then)
    outside.control("hv02", "jobs", {"answer": "alternate", "delay_ms": 150})


def killed_and_rolled_back(check, program, before):
    check.part("killed while a host was at it, and gone back from when that was over")
    run = killed_while_a_host_is_at_it(check, program)
    job_is_over("1")
    program.inventory("away.yaml", hv02=CLOSED_PORT)
    said = program.expect(IN_DOUBT, "rollback", run, "--inventory", "away.yaml")
    check.says("a rollback that cannot read HV02 names it, and how to do the rest", said.out, "! in doubt: host HV02 ",
               f"fairway rollback -i away.yaml {run}")
    check.same("all else is as it was", [line for line in outside.differences(before, outside.world(), RECREATED)
                                         if "hv02" not in str(line).lower()], [])
    program.expect(FINE, "rollback", run)
    check.same("the rollback gives the first world", outside.differences(before, outside.world(), RECREATED), [])
    check.same("every run has an end now", [line["run"] for line in program.runs() if not line["end"]], [])


def killed_and_rolled_back_too_early(check, program, before):
    """The value that was being written comes only after the rollback has looked. Repeating it must still help."""
    check.part("killed while a host was at it, and gone back from at once")
    run = killed_while_a_host_is_at_it(check, program)
    program.run("rollback", run)
    job_is_over("1")
    program.expect(FINE, "rollback", run)
    check.same("a rollback after that gives the first world",
               outside.differences(before, outside.world(), RECREATED), [])
    if authentication() != "0":  # so that what follows is judged for itself
        outside.control("hv02", "third-hand", {"settings": {"AuthenticationType": 0}})


def no_ticket(check, program):
    check.part("nobody ran kinit")
    program.expect(CHANGES, "plan", "--out", "plan.json")
    world, runs = outside.world(), program.runs()
    for arguments in (["audit"], ["plan", "--out", "none.json"], ["apply", "plan.json"], ["explain", "HV01", "HV04"]):
        said = program.expect(DENIED, *arguments, KRB5CCNAME="FILE:" + program.file("no-tickets"))
        check.says("it says what to do", said.err, "there is no Kerberos ticket", "run `kinit` first")
    check("no plan file was written", "none.json" not in os.listdir(program.path))
    nothing_written(check, program, world, runs)


def count_bad_passwords(threshold):
    """The directory counts them while accounts may be locked; 0: it does not."""
    outside.ldif(f"dn: {outside.lab('BASE_DN')}\nchangetype: modify\nreplace: lockoutThreshold\n"
                 f"lockoutThreshold: {threshold}\n")


def bad_passwords():
    """How many the directory has counted against the operator."""
    found = outside.tool("ldapsearch", "-Q", "-N", "-LLL", "-Y", "GSSAPI", "-H", "ldap://" + outside.lab("DC"), "-b",
                         outside.lab("BASE_DN"), "(sAMAccountName=operator)", "badPwdCount")
    return int(re.search(r"^badPwdCount: (\d+)$", found, re.M)[1])


def by_password(check, program):
    """Nobody ran kinit, and nobody needs to: directory and hosts by Kerberos, with a password from a file."""
    check.part("a password instead of a ticket")
    usual = program.expect(CHANGES, "audit", "--all", "--output", "json").json()
    program.write("wrong", "not the password")
    os.chmod(program.file("wrong"), 0o600)
    count_bad_passwords(50)
    with open(program.file("inventory.yaml"), encoding="utf-8") as file:
        text = file.read()
    for bind in ("gssapi", "gss-spnego"):
        for right in (True, False):
            login = (f"credentials: {{user: operator@{outside.lab('REALM')}, password_file: "
                     f"{outside.lab('OPERATOR_PASSWORD_FILE') if right else 'wrong'}}}")
            program.write("password.yaml", text.replace("bind: gssapi}", f"bind: {bind}, {login}}}")
                          .replace("\nhosts:\n", f"\nhosts:\n  {login}\n"))
            counted = bad_passwords()
            said = program.expect(CHANGES if right else DENIED, "audit", "--all", "-i", "password.yaml", "--output", "json",
                                  KRB5CCNAME="FILE:" + program.file("no-tickets"))
            if right:
                check.same(f"{bind}: it finds what a ticket finds", said.json()["findings"], usual["findings"])
                continue
            check.says(f"{bind}: a wrong one is refused, and told", said.out + said.err,
                       "the password or key does not fit the account")
            check.same(f"{bind}: and it was tried once", bad_passwords() - counted, 1)
    outside.become("operator", os.environ["KRB5CCNAME"])  # a good sign-on ends the count
    check.same("the count is at nought again", bad_passwords(), 0)
    count_bad_passwords(0)
    check("no ticket is left behind", not os.path.exists(program.file("no-tickets")))


def no_rights(check, program):
    check.part("somebody without rights")
    cache = "FILE:" + program.file("reader-tickets")
    outside.become("reader", cache)
    world, runs = outside.world(), program.runs()
    findings = program.expect(CHANGES_UNREAD, "audit", "--all", "--output", "json", KRB5CCNAME=cache).json()["findings"]
    hosts = [f for f in findings if f["kind"] == "host"]
    check.same("nothing of any host is judged", {f["verdict"] for f in hosts}, {"unreadable"})
    check("each finding says that access is denied, and where, and what is needed",
          all("access denied" in f["because"] and "Hyper-V Administrators" in f["because"]
              and f["because"].startswith(f["object"]) for f in hosts), hosts[:2])
    check.same("the directory is still judged", {f["verdict"] for f in findings if f["kind"] == "computer"},
               {"compliant", "drifted"})
    program.expect(DENIED, "plan", "--out", "none.json", KRB5CCNAME=cache)
    program.expect(DENIED, "apply", "plan.json", KRB5CCNAME=cache)
    program.expect(DENIED, "explain", "HV01", "HV04", KRB5CCNAME=cache)
    check("no plan file was written", "none.json" not in os.listdir(program.path))
    nothing_written(check, program, world, runs)

    program.write("accounts.yaml", ACCOUNTS_ONLY)
    program.expect(CHANGES, "plan", "--policy", "accounts.yaml", "--out", "accounts.json", KRB5CCNAME=cache)
    said = program.expect(DENIED, "apply", "accounts.json", KRB5CCNAME=cache)
    check.says("an apply that the directory would refuse says which rights are missing, before it begins", said.err,
               "write-property on userAccountControl", "SeEnableDelegationPrivilege", "Nothing was written.")
    nothing_written(check, program, world, runs)


def one_host_away(check, program):
    check.part("one host does not answer")
    program.inventory("away.yaml", hv03=CLOSED_PORT)
    whole = program.expect(CHANGES, "audit", "--all", "--output", "json").json()
    part = program.expect(CHANGES_UNREAD, "audit", "--all", "--inventory", "away.yaml", "--output", "json").json()
    unread = [f for f in part["findings"] if f["verdict"] == "unreadable"]
    check.same("only HV03 could not be read", {(f["object"], f["kind"]) for f in unread}, {("HV03", "host")})
    check("it is named with the reason",
          all("hv03.corp.example port 1 refuses the connection" in f["because"] for f in unread), unread)
    check.same("everything else is judged as before", [f for f in part["findings"] if f not in unread],
               [f for f in whole["findings"] if (f["object"], f["kind"]) != ("HV03", "host")])
    check("its paths are not called open", part["paths"]["open"] == 0 and part["paths"]["unknown"] > 0, part["paths"])
    world, runs = outside.world(), program.runs()
    said = program.expect(UNREACHABLE, "plan", "--inventory", "away.yaml", "--out", "none.json")
    check.says("no plan is made", said.err, "no plan was made", "HV03")
    check("no plan file was written", "none.json" not in os.listdir(program.path))
    nothing_written(check, program, world, runs)


def run(check, program, before):
    stale(check, program, before)
    killed_and_resumed(check, program, before)
    killed_and_rolled_back(check, program, before)
    killed_and_rolled_back_too_early(check, program, before)
    no_ticket(check, program)
    by_password(check, program)
    no_rights(check, program)
    one_host_away(check, program)
