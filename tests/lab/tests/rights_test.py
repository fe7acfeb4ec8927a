#!/usr/bin/python3
"""Does the program know what a caller may write in a real directory, and begin nothing that would be refused?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/rights_test.py

Four callers: the operator, the reader, a clerk with rights on two attributes of HV01's account alone, and a registrar
who has only the validated write of service principal names, on HV04's. What they really may is tried with ldapmodify.
"""
import base64
import os
import re
import secrets
import subprocess
import sys

from samba.dcerpc import security
from samba.ndr import ndr_unpack

import controllers
import outside
from loop_tools import CHANGES, DENIED, FINE, NAMES, PARTLY_APPLIED, policy, run_parts

BASE, DC, REALM = outside.lab("BASE_DN"), outside.lab("DC"), outside.lab("REALM")
# schemaIDGUIDs (MS-ADA2, MS-ADA3), and the validated write's right (MS-ADTS 5.1.3.2.2).
LIST = "800d94d7-b7a1-42a1-b14d-7cae1423d07f"
FLAGS = "bf967a68-0de6-11d0-a285-00aa003049e2"
VALIDATED_SPN = "f3a64788-5306-11d1-a9c5-0000f80367c1"
GRANTS = {"clerk": ("hv01", [("WP", LIST), ("WP", FLAGS)]), "registrar": ("hv04", [("SW", VALIDATED_SPN)])}
SERVICES, TRANSITION, SPN = "delegation.services", "delegation.protocol_transition", "spn.migration"
MIGRATION = "Microsoft Virtual System Migration Service"
ALL = "delegation.services: {includes: {services: [cifs], of: peers}}, delegation.protocol_transition: true, spn.migration: present"


def wants(program, want=ALL):
    program.write("policy.yaml", policy(want))


def ldap_modify(text):
    """As whoever the environment's tickets are of; status and words, also where it is refused."""
    done = subprocess.run(["ldapmodify", "-Q", "-N", "-Y", "GSSAPI", "-H", "ldap://" + DC], input=text, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=outside.PATIENCE)
    return done.returncode, done.stdout


def cache(program, who):
    return "FILE:" + program.file(who + ".ccache")


def make_people(program):
    for who, (host, rights) in GRANTS.items():
        dn, password = f"CN={who},CN=Users,{BASE}", secrets.token_urlsafe(24)
        outside.ldif(f"dn: {dn}\nchangetype: add\nobjectClass: user\nsAMAccountName: {who}\nuserAccountControl: 544\n")
        encoded = base64.b64encode(f'"{password}"'.encode("utf-16-le")).decode()
        outside.ldif(f"dn: {dn}\nchangetype: modify\nreplace: unicodePwd\nunicodePwd:: {encoded}\n-\n"
                     "replace: userAccountControl\nuserAccountControl: 512\n")
        for right, guid in rights:
            controllers.samba_tool("dsacl", "set", "-H", "ldap://" + DC, "--action=allow", f"--objectdn={outside.dn(host)}",
                                   f"--trusteedn={dn}", f"--sddl=(OA;;{right};{guid};;{sid(dn)})")
        outside.tool("kinit", f"{who}@{REALM}", text=password + "\n", env={"KRB5CCNAME": cache(program, who)})
    outside.become("reader", cache(program, "reader"))


def sid(dn):
    bytes_of = re.search(r"objectSid:: (\S+)", outside.search(dn, "-s", "base", "(objectClass=*)", "objectSid"))[1]
    return str(ndr_unpack(security.dom_sid, base64.b64decode(bytes_of)))


def told(check, program, who=None):
    """What a plan says: (host, setting) of the directory to verdict and words."""
    env = {"KRB5CCNAME": cache(program, who)} if who else {}
    said = program.expect(CHANGES, "plan", "--out", "plan.json", "--output", "json", **env)
    return {(name, one["setting"]): (one["may"], one["because"])
            for one in said.json()["rights"] if one["kind"] == "computer" for name in one["objects"]}


def verdicts(seen):
    return {key: may for key, (may, _) in seen.items()}


def refuses(check, program, who, *words):
    """An apply as that caller is refused, and not one attribute of the directory moves."""
    before = outside.directory()
    said = program.expect(DENIED, "apply", "plan.json", KRB5CCNAME=cache(program, who))
    check.says(f"the {who} is told what is refused", said.err, "the caller may not write it", "Nothing was written.", *words)
    check.same("no run began", program.runs(), [])
    check("the directory is as it was, by ldapsearch", outside.directory() == before, "it changed")


def the_operator(check, program):
    check.part("the operator")
    seen = told(check, program)
    check.same("there is something to write at three accounts", {host for host, _ in seen}, set(NAMES) - {"HV03"})
    check.same("an administrator may write all of it, by the privilege that administrators have", verdicts(seen),
               {key: "yes" if key[1] == SPN else "by_default" for key in seen})
    said = program.run("plan", "--out", "plan.json")
    check.says("which is one line", said.out, f"The caller may make all {len(seen)} directory changes (",
               "SeEnableDelegationPrivilege, as administrators have by default)")


def the_reader(check, program):
    check.part("the reader")
    seen = told(check, program, "reader")
    check.same("the reader may write nothing; of one name nobody can tell", verdicts(seen),
               {key: "unknown" if key[1] == SPN else "no" for key in seen})
    said = program.run("plan", "--out", "plan.json", KRB5CCNAME=cache(program, "reader"))
    check.says("each by its address, with what to grant", said.out, "! The caller may not make",
               *(f"  ✗ computer {host} {setting}: grant write-property on" for (host, setting), (may, _) in seen.items()
                 if may == "no"))
    refuses(check, program, "reader", *(f"computer {host} {setting}:" for (host, setting), (may, _) in seen.items()
                                        if may == "no"))
    # Only the hosts, which the reader may not see, are less known to its plan.
    check.same("the plan has the operator's changes", changes(program, "reader"), changes(program, None))


def changes(program, who):
    said = program.run("plan", "--output", "json", **({"KRB5CCNAME": cache(program, who)} if who else {}))
    return [phase["changes"] for phase in said.json()["plan"]["phases"]]


def the_clerk(check, program):
    check.part("the clerk")
    seen = told(check, program, "clerk")
    mine = {key: value for key, value in seen.items() if key[0] == "HV01"}
    check.same("the clerk may write two attributes of HV01, if it has a privilege that nobody shows", verdicts(mine),
               {("HV01", SERVICES): "unknown", ("HV01", TRANSITION): "unknown"})
    check("and is told where to look", all("Default Domain Controllers Policy" in words for _, words in mine.values()), str(mine))
    check.same("and nothing of the others", {may for key, (may, _) in seen.items() if key[0] != "HV01" and key[1] != SPN}, {"no"})
    refuses(check, program, "clerk", "computer HV02 delegation.services: ", "computer HV04 ")


def the_registrar(check, program):
    check.part("the registrar")
    wants(program, "spn.migration: present")
    seen = told(check, program, "registrar")
    check.same("a validated write cannot be known in advance", verdicts(seen), {("HV04", SPN): "unknown"})
    check.says("and named", seen["HV04", SPN][1], "Validated write to service principal name")
    said = program.expect(PARTLY_APPLIED, "apply", "plan.json", KRB5CCNAME=cache(program, "reader"))
    check.says("who has not even that is refused by the directory, in the run", said.out, "insufficientAccessRights",
               "changed 0  left 1")
    said = program.expect(FINE, "apply", "plan.json", KRB5CCNAME=cache(program, "registrar"))
    check.says("what is not known is tried", said.out, "complete")
    check("and it is enough", f"{MIGRATION}/HV04" in outside.values("hv04", "servicePrincipalName"), "")
    program.expect(FINE, "rollback", program.last_run())
    wants(program)


def attempt(program, who, host, setting):
    """That person's own write with ldapmodify, taken back by the operator where it succeeded: its status."""
    flags = int(outside.values(host, "userAccountControl")[0])
    parts = {SERVICES: [("add", "msDS-AllowedToDelegateTo", "cifs/tried")],
             SPN: [("add", "servicePrincipalName", f"{MIGRATION}/{host}")],
             TRANSITION: [("delete", "userAccountControl", flags), ("add", "userAccountControl", flags | 0x1000000)]}[setting]
    os.environ["KRB5CCNAME"], kept = cache(program, who), os.environ["KRB5CCNAME"]
    try:
        status, words = ldap_modify(f"dn: {outside.dn(host)}\nchangetype: modify\n" + "-\n".join(
            f"{verb}: {attribute}\n{attribute}: {value}\n" for verb, attribute, value in parts))
    finally:
        os.environ["KRB5CCNAME"] = kept
    if status == 0:
        back = {"add": "delete", "delete": "add"}
        outside.modify(host, *((back[verb], attribute, value) for verb, attribute, value in reversed(parts)))
    return status


def as_they_say(check, program):
    """What the program says, held against the directory's own word: the same write, tried with ldapmodify."""
    check.part("as they say")
    allowed, refused = 0, 50  # insufficientAccessRights
    before = outside.directory()
    tried = {(who, *key): (may, attempt(program, who, *key))
             for who in ("reader", "clerk", "registrar") for key, may in verdicts(told(check, program, who)).items()}
    check.same("every no is refused", {key: status for key, (may, status) in tried.items() if may == "no" and status != refused}, {})
    check("and there were some", sum(may == "no" for may, _ in tried.values()) >= 12, str(tried))
    # Samba asks for the privilege as MS-ADTS and MS-SAMR tell, for the list and for the flags.
    check.same("the unknown ones are the privilege's and the validated write's",
               {key: status for key, (may, status) in tried.items() if may == "unknown"},
               {("reader", "HV04", SPN): refused, ("clerk", "HV04", SPN): refused, ("registrar", "HV04", SPN): allowed,
                ("clerk", "HV01", SERVICES): refused, ("clerk", "HV01", TRANSITION): refused})
    check("the directory is as it was", outside.directory() == before, "it changed")


def all_of_it(check, program):
    check.part("all of it")
    wants(program)
    seen = told(check, program)
    program.expect(FINE, "apply", "plan.json")
    check.same("what the operator may, it does", [one["end"] for one in program.runs()][-1], "complete")
    # The way back is a write as well.
    before = outside.directory()
    said = program.expect(DENIED, "rollback", program.last_run(), KRB5CCNAME=cache(program, "reader"))
    check.says("the reader cannot roll it back", said.err, *(f"{host} {setting}" for host, setting in seen if setting != SPN))
    check("and nothing moved", outside.directory() == before, "it changed")
    program.expect(FINE, "rollback", program.last_run())


def prepare(program):
    program.inventory("inventory.yaml")
    wants(program)
    make_people(program)


if __name__ == "__main__":
    sys.exit(run_parts(prepare, the_operator, the_reader, the_clerk, as_they_say, the_registrar, all_of_it))
