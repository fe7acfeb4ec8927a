#!/usr/bin/python3
"""Puts the estate into a provisioned domain, before the DC is started.

Answers: which accounts, service names, rights and keys does the lab's directory hold?
Reads estate.json only; works on the database files, so that it needs no password on a command line.
It must not know the WS-Man side of the hosts (settings, networks, VMs).
"""

import argparse
import json
import os
import secrets
import sys

import ldb
import samba.dckeytab  # noqa: F401  (adds export_keytab to Net)
from samba import param
from samba.auth import system_session
from samba.credentials import Credentials
from samba.net import Net
from samba.samdb import SamDB
from samba.sites import create_site
from samba.subnets import create_subnet

FLAGS = {  # MS-ADTS 2.2.16
    "WORKSTATION_TRUST_ACCOUNT": 0x1000,
    "NORMAL_ACCOUNT": 0x200,
    "DONT_EXPIRE_PASSWORD": 0x10000,
    "TRUSTED_FOR_DELEGATION": 0x80000,
    "NOT_DELEGATED": 0x100000,
    "TRUSTED_TO_AUTH_FOR_DELEGATION": 0x1000000,
}
HOST_CLASSES = [
    "HOST",
    "WSMAN",
    "RestrictedKrbHost",
    "Hyper-V Replica Service",
    "Microsoft Virtual Console Service",
    "Microsoft Virtual System Migration Service",
]
DELEGATED_CLASSES = ["cifs", "Microsoft Virtual System Migration Service"]
AES_AND_RC4 = 0x1C  # what a Windows member writes on itself (MS-KILE 2.2.7)


def flags(names):
    return sum(FLAGS[name] for name in names)


def both_names(service_class, host, domain):
    return [f"{service_class}/{host}", f"{service_class}/{host.lower()}.{domain}"]


def password_attribute(password):
    return f'"{password}"'.encode("utf-16-le")


def host_record(estate, host):
    account, name, domain = host["account"], host["name"], estate["domain"]
    spns = [spn for c in HOST_CLASSES for spn in both_names(c, name, domain)]
    missing = set(account.get("lacks_spns", [])) - set(spns)
    if missing:
        sys.exit(f"estate: {name} cannot lack what it never had: {sorted(missing)}")
    delegates_to = list(account.get("delegates_to", []))
    for peer in account.get("delegates_to_hosts", []):
        delegates_to += [v for c in DELEGATED_CLASSES for v in both_names(c, peer, domain)]
    record = {
        "dn": f"CN={name},{estate['ou']}",
        "objectClass": "computer",
        "sAMAccountName": f"{name}$",
        "dNSHostName": f"{name.lower()}.{domain}",
        "userAccountControl": str(flags(account["flags"])),
        "msDS-SupportedEncryptionTypes": str(AES_AND_RC4),
        "operatingSystem": "Windows Server 2022 Datacenter",
        "servicePrincipalName": [s for s in spns if s not in account.get("lacks_spns", [])],
        "unicodePwd": password_attribute(secrets.token_urlsafe(48)),
    }
    if delegates_to:
        record["msDS-AllowedToDelegateTo"] = delegates_to
    return record


def person_record(estate, person, password):
    return {
        "dn": f"CN={person['name']},CN=Users,{estate['base_dn']}",
        "objectClass": "user",
        "sAMAccountName": person["name"],
        "userPrincipalName": f"{person['name']}@{estate['domain']}",
        "userAccountControl": str(flags(["NORMAL_ACCOUNT", "DONT_EXPIRE_PASSWORD"])),
        "unicodePwd": password_attribute(password),
    }


def give_ldap_names(domain, estate):
    """Registers on the DC what Samba's own task for that would: it wants DNS, which is not there yet."""
    dc = estate["dc"]["name"]
    change = ldb.Message(ldb.Dn(domain, f"CN={dc},OU=Domain Controllers,{estate['base_dn']}"))
    names = both_names("ldap", dc, estate["domain"]) + [f"ldap/{dc.lower()}.{estate['domain']}/{estate['domain']}"]
    # By which its partners sign on to it (MS-DRSR 2.2.3.2).
    names.append(f"E3514235-4B06-11D1-AB04-00C04FC2DCD2/{domain.get_ntds_GUID()}/{estate['domain']}")
    change["spn"] = ldb.MessageElement(names, ldb.FLAG_MOD_ADD, "servicePrincipalName")
    domain.modify(change)


def make_sites(domain, estate):
    """The second DC's site (the first one's is made with the domain), and where clients are."""
    configuration = domain.get_config_basedn()
    create_site(domain, configuration, estate["two_controllers"][1]["site"])
    for subnet, site in estate["subnets"].items():
        create_subnet(domain, configuration, subnet, site)


def open_acting_list(url, estate):
    """Lets msDS-AllowedToActOnBehalfOfOtherIdentity be written over LDAP, as it is on Windows though its schema says
    systemOnly (MS-ADA2 2.218); Samba takes the schema at its word. Below the checks, before the DC has read it."""
    schema = f"CN=Schema,CN=Configuration,{estate['base_dn']}"
    partition = ldb.Ldb(f"tdb://{url}.d/{schema.upper()}.ldb")
    change = ldb.Message(ldb.Dn(partition, f"CN=ms-DS-Allowed-To-Act-On-Behalf-Of-Other-Identity,{schema}"))
    change["only"] = ldb.MessageElement("FALSE", ldb.FLAG_MOD_REPLACE, "systemOnly")
    partition.modify(change)


def secret_file(path, text):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--estate", required=True)
    options.add_argument("--smb-conf", required=True)
    options.add_argument("--keys", required=True, help="folder for keytabs and passwords")
    options.add_argument("--two", action="store_true", help="a second domain controller will come")
    options = options.parse_args()

    with open(options.estate) as text:
        estate = json.load(text)
    lp = param.LoadParm()
    lp.load(options.smb_conf)
    creds = Credentials()
    creds.guess(lp)
    domain = SamDB(url=lp.samdb_url(), session_info=system_session(lp), credentials=creds, lp=lp)

    domain.transaction_start()
    domain.add({"dn": estate["ou"], "objectClass": "organizationalUnit"})
    for host in estate["hosts"]:
        domain.add(host_record(estate, host))
    give_ldap_names(domain, estate)
    if options.two:
        make_sites(domain, estate)
    for person in estate["people"]:
        # The prefix satisfies the domain's complexity rule whatever the random part is.
        password = "Aa1-" + secrets.token_urlsafe(24)
        domain.add(person_record(estate, person, password))
        secret_file(f"{options.keys}/{person['name']}.password", password)
        for group in person["member_of"]:
            domain.add_remove_group_members(group, [person["name"]])
    domain.transaction_commit()
    open_acting_list(lp.samdb_url().removeprefix("tdb://"), estate)

    net = Net(creds, lp)
    for name in [h["name"] + "$" for h in estate["hosts"]] + [p["name"] for p in estate["people"]]:
        keytab = f"{options.keys}/{name.rstrip('$').lower()}.keytab"
        net.export_keytab(keytab=keytab, principal=f"{name}@{estate['realm']}")


if __name__ == "__main__":
    main()
