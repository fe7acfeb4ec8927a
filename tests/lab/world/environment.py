#!/usr/bin/python3
"""Names the lab's world: writes its hosts file and krb5.conf, prints the LAB_ variables for a shell.

Answers: under which names, addresses and paths does everything in the lab stand?
Usage: environment.py ESTATE LAB_DIR
"""

import json
import os
import shlex
import sys

ABSENT = "10.77.0.99"  # on the controllers' wire, where nobody is
KRB5_CONF = """\
[libdefaults]
    default_realm = {realm}
    dns_lookup_kdc = false
    dns_lookup_realm = false
    dns_canonicalize_hostname = false
    qualify_shortname = ""
    rdns = false
    udp_preference_limit = 1
    forwardable = true
    default_ccache_name = FILE:{dir}/ccache
[realms]
    {realm} = {{
{kdcs}
        kpasswd_server = {first}
    }}
[domain_realm]
    .{domain} = {realm}
    {domain} = {realm}
{short_names}
"""


def main():
    path, lab_dir = sys.argv[1:]
    with open(path) as text:
        estate = json.load(text)
    domain, hosts = estate["domain"], estate["hosts"]
    number = os.environ.get("LAB_CONTROLLERS") or "1"
    if number not in ("1", "2"):
        sys.exit(f"lab: LAB_CONTROLLERS is 1 or 2, not {number}")
    controllers = estate["two_controllers"] if number == "2" else [estate["dc"]]
    named = [(place["address"], place["name"].lower()) for place in controllers + hosts]

    with open(f"{lab_dir}/hosts", "w") as out:
        out.write("127.0.0.1 localhost\n::1 localhost\n")
        out.writelines(f"{address} {name}.{domain} {name}\n" for address, name in named)
        if len(controllers) == 2:
            out.write(f"{ABSENT} dc99.{domain} dc99\n")
    with open(f"{lab_dir}/krb5.conf", "w") as out:
        out.write(KRB5_CONF.format(
            realm=estate["realm"], domain=domain, first=controllers[0]["address"], dir=lab_dir,
            kdcs="\n".join(f"        kdc = {dc['address']}" for dc in controllers),
            short_names="\n".join(f"    {name} = {estate['realm']}" for _, name in named)))

    keys = f"{lab_dir}/keys"
    variables = {
        "KRB5_CONFIG": f"{lab_dir}/krb5.conf",
        "KRB5CCNAME": f"FILE:{lab_dir}/ccache",
        "KRB5RCACHENAME": f"file2:{lab_dir}/rcache",
        "LAB_REALM": estate["realm"],
        "LAB_DOMAIN": domain,
        "LAB_WORKGROUP": estate["workgroup"],
        "LAB_BASE_DN": estate["base_dn"],
        "LAB_OU": estate["ou"],
        "LAB_DC": f"{controllers[0]['name'].lower()}.{domain}",
        "LAB_DCS": " ".join(dc["name"].lower() for dc in controllers),
        "LAB_DC_ADDRESSES": " ".join(dc["address"] for dc in controllers),
        "LAB_SITES": " ".join(dc.get("site", "Default-First-Site-Name") for dc in controllers),
        "LAB_CA": f"{lab_dir}/tls/ca.pem",
        "LAB_HOSTS": " ".join(h["name"].lower() for h in hosts),
        "LAB_CERTS": f"{lab_dir}/certs",
        "LAB_PORT": "5985",
        "LAB_TLS_PORT": "5986",
        "LAB_KEYS": keys,
        "LAB_BASIC_USER": estate["basic_user"],
        "LAB_BASIC_PASSWORD_FILE": f"{keys}/basic.password",
        "LAB_NTLM_USER": estate["ntlm_user"],
        "LAB_NTLM_PASSWORD_FILE": f"{keys}/ntlm.password",
    }
    for person in estate["people"]:
        name = person["name"]
        variables[f"LAB_{name.upper()}"] = name
        variables[f"LAB_{name.upper()}_KEYTAB"] = f"{keys}/{name}.keytab"
        variables[f"LAB_{name.upper()}_PASSWORD_FILE"] = f"{keys}/{name}.password"
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")


if __name__ == "__main__":
    main()
