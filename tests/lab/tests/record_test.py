#!/usr/bin/python3
"""Can what `--record` keeps be published, for every command that speaks to hosts or the directory?

    FAIRWAY=build/release/fairway tests/lab/lab tests/lab/tests/record_test.py

Looks into every file for whatever the lab's estate is called, and for what every name must have become.
"""
import json
import os
import re
import sys

import outside
import reading
from loop_tools import DENIED, FINE, UNREACHABLE, run_parts

REFUSED = 10
VERIFY = "\nverify: {moves: {vm: fairway-canary, pairs: ring}}\n"
STAND_IN = re.compile(r"((HOST|NAME|USER|PATH|TEXT)\d{3}|host\d{3}\.example\.test|migrationwmi|"
                      r"00000000-0000-4000-8000-\d{12}|)( \(0x[0-9A-Fa-f]{8}\))*")
# Elements whose text is somebody's, in a message and in an instance that is escaped inside one.
TEXTS = re.compile(r"<(?:\w+:)?(\w*Name|Notes|Caption|\w*Description|\w*Owner\w*|\w*User\w*|\w*Path|\w*Root|HostResource|"
                   r"SystemName|DestinationHost|Text|Message)(?: [^>]*)?>([^<]*)</")
PROPERTIES = re.compile(r'NAME="(\w*Name|Notes|Caption|Description)" TYPE="string"><VALUE>([^<]*)<')


def names_of_the_estate():
    """Whatever could be recognised: hosts, domain, people, VMs, addresses, identifiers."""
    with open(outside.lab("ESTATE"), encoding="utf-8") as file:
        estate = json.load(file)
    found = {estate["domain"], "dc=corp", "ou=hyper-v", estate["dc"]["name"], estate["basic_user"], "10.20.0.", "10.9.0.",
             "fd20::", "127.0.10."}
    found |= {person["name"] for person in estate["people"] if person["name"] != "reader"}  # an ordinary word of ours
    for host in estate["hosts"]:
        found.add(host["name"])
        for machine in host["vms"]:
            found |= {str(value) for value in machine.values()}
        found |= {name.split("/")[1].split(":")[0] for name in host["account"].get("delegates_to", [])}
    return sorted(name.lower() for name in found)


def without_bytes(text):
    """Of sealed messages: in their digits a short name may stand by chance."""
    return re.sub("(sealed message: )[0-9a-f]{60,120}$", r"\1(bytes)", text, flags=re.M)


def files_of(folder):
    kept = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            kept[name] = without_bytes(file.read())
    return kept


def can_be_published(check, what, kept):
    for name in names_of_the_estate():
        where = [file for file, text in kept.items() if name in text.lower() or name in file.lower()]
        check(f"{what}: nothing in it says {name}", not where,
              "".join(line for file in where[:2] for line in kept[file].splitlines(True) if name in line.lower())[:600])
    texts = [(file, *pair) for file, text in kept.items() for pair in
             TEXTS.findall(text) + PROPERTIES.findall(text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"'))
             if not pair[0].endswith("ClassName") and pair[0] != "ServiceName"]
    wrong = [one for one in texts if not STAND_IN.fullmatch(one[2])]
    check(f"{what}: every name, note, path and text in it is made up", not wrong, str(wrong[:5]))
    tokens = [line for text in kept.values() for line in text.splitlines()
              if re.match(r"(Authorization|WWW-Authenticate):", line, re.I) and re.search(r"[A-Za-z0-9+/=]{40,}", line)]
    check(f"{what}: no token is in it", not tokens, str(tokens[:2]))
    check(f"{what}: no file is empty", all(text.strip() for text in kept.values()))


def recorded(check, program, *arguments):
    """Runs a command with --record; what it kept, which must be fit to be published."""
    folder = "kept-" + arguments[0]
    said = program.run(*arguments, "--record", folder)
    kept = files_of(program.file(folder))
    check.says(f"{arguments[0]}: says how much and where", said.err, f"Recorded {len(kept)} exchanges in {folder}")
    can_be_published(check, arguments[0], kept)
    return said, kept


def prepare(program):
    program.shipped("kerberos-live-migration", VERIFY)
    program.inventory("inventory.yaml")


def commands(check, program):
    check.part("every command")
    _, audit = recorded(check, program, "audit")
    check("audit: there are texts to replace", sum(len(TEXTS.findall(text)) for text in audit.values()) > 50)
    check("audit: hosts and directory are in it", any("-Enumerate" in name for name in audit) and any(
        "-search" in name for name in audit) and any("-bind" in name for name in audit), str(list(audit)))
    enumerate_file = next(text for name, text in audit.items() if "-Enumerate" in name)
    check.says("audit: an exchange has its parts", enumerate_file, "POST http://host", "First bytes of the sealed message: ",
               "HTTP 200 after ", "Content-Type: multipart/encrypted", "<n:EnumerateResponse>")
    sign_on = next(text for name, text in audit.items() if "-sign-on" in name)
    check.says("audit: a sign-on has its parts", sign_on, "Authorization: Kerberos (", "characters, cut)", "HTTP 200 after")
    search = next(text for name, text in audit.items() if "-search" in name and "servicePrincipalName" in text)
    check.says("audit: a search has its parts", search, "base: ", "filter: (", "result: success", "after: ", "entries: ",
               "servicePrincipalName: ")
    recorded(check, program, "explain", "HV01", "HV04")
    recorded(check, program, "diagnose", "HV01", "HV02", "--as", outside.lab("OPERATOR"))
    recorded(check, program, "spn")
    recorded(check, program, "plan", "--out", "plan.json")
    said, apply = recorded(check, program, "apply", "plan.json")
    check("apply: it was applied", said.status == FINE, str(said))
    check("apply: the writes are in it", any("-modify" in name for name in apply) and any(
        "-ModifyServiceSettings" in name for name in apply), str(list(apply)))
    run = program.last_run()
    said, verify = recorded(check, program, "verify", run)
    check("verify: the moves are in it", any("-MigrateVirtualSystemToHost" in name for name in verify), str(list(verify)))
    recorded(check, program, "blame", "HV01")
    recorded(check, program, "rollback", run)
    recorded(check, program, "probe", "HV01", "HV02")


def refusals(check, program):
    check.part("what is not recorded")
    said = program.run("probe", "HV01", "--record", "kept-audit")
    check("a folder with files in it is refused", said.status == REFUSED and "new or empty" in said.err, str(said))
    reading.inventory(program, {"HV02": "reach: {port: 7777}"})
    said = program.run("probe", "HV02", "-i", "inventory.yaml", "--record", "nothing")
    check("nobody was spoken to, and it says so", said.status == UNREACHABLE and "Nothing was recorded" in said.err, str(said))
    check("and no folder is left", not os.path.exists(program.file("nothing")))
    secret = outside.lab("NTLM_PASSWORD_FILE")
    reading.inventory(program, {"HV02": f"reach: {{authentication: ntlm}}, {reading.ntlm_of('hv02')}"})
    said = program.run("probe", "HV02", "-i", "inventory.yaml", "--record", "kept-refused")
    kept = files_of(program.file("kept-refused"))
    check("a sign-on that fails is recorded", said.status == DENIED and len(kept) == 1, str(said) + str(list(kept)))
    check.says("with the host's answer", "".join(kept.values()), "HTTP 401 after", "Negotiate, Kerberos, Basic")
    can_be_published(check, "a sign-on that fails", kept)
    with open(secret, encoding="utf-8") as file:
        password = file.read().strip()
    everything = "".join(text for folder in os.listdir(program.path) if folder.startswith("kept-")
                         for text in files_of(program.file(folder)).values())
    check("no password is anywhere", password not in everything)


if __name__ == "__main__":
    sys.exit(run_parts(prepare, commands, refusals))
