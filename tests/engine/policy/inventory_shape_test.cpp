// Bad inventories, and the exact words that each of them gets.
#include <doctest/doctest.h>

#include "engine/policy/inventory_document.hpp"
#include "tests/engine/policy/said.hpp"

namespace fairway::inventory_shape_test {
namespace {

const std::string head = "estate: e\n";
const std::string directory = "directory: {domain: corp.example, servers: [dc01.corp.example]}\n";
const std::string hosts = "hosts: {list: [{name: HV01}, {name: HV02}, {name: HV03}]}\n";

const std::vector<Bad> worlds = {
    {"", {"1:1: the inventory must have exactly one of: `directory`, or `embedded`"}},
    {"directory: {domain: corp.example, servers: [dc01.corp.example]}\n"
     "embedded: {file: estate.json, domain: corp.example}\n",
     {"1:1: the inventory must have exactly one of: `directory`, or `embedded`"}},
    {"embedded: {file: estate.json}\n",
     {"2:11: the embedded estate has no domain: `domain` is required (its DNS name)"}},
    {"embedded: estate.json\n", {"2:11: `embedded` must be a map with `file` and `domain`, not a plain value"}},
    {"directory: {domain: corp.example, servers: []}\n",
     {"2:44: `servers` is empty: name a domain controller, or leave `servers` out to find them by DNS"}},
    {"directory: []\n", {"2:12: `directory` is empty: name the domain of the hosts' accounts"}},
    {"directory: [{domain: corp.example}, {domain: CORP.example, site: a b}]\n",
     {"2:37: the domain corp.example is here twice",
      "2:66: `a b` is not a name: up to 64 letters, digits, dots, hyphens and underscores, a letter or digit first"}},
    {"directory: {domain: corp, servers: [dc01]}\n", {"2:21: `corp` is not a full DNS name like hv01.corp.example"}},
    {"directory: {domain: corp.example, servers: [dc01, DC01]}\n",
     {"2:51: `DC01` is in `servers` twice; first in line 2"}},
    {"directory: {domain: corp.example, servers: [dc01], port: 0}\n", {"2:58: `port` must be from 1 to 65535, not 0"}},
    {"directory: {domain: corp.example, servers: [dc01], port: 389/tcp}\n",
     {"2:58: `port` must be a whole number from 1 to 65535, not `389/tcp`"}},
    {"directory: {domain: corp.example, servers: [dc01], bind: kerberos}\n",
     {"2:58: `bind` must be one of gssapi, gss-spnego, simple, not `kerberos`"}},
    {"directory: {domain: corp.example, servers: [dc01], tls: yes}\n",
     {"2:57: `tls` must be one of none, starttls, ldaps, not `yes`"}},
    {"directory: {domain: corp.example, servers: [dc01], bind: simple, credentials: {password_file: p, user: u}}\n",
     {"2:12: a simple bind sends the password in clear text: add `tls: starttls` or `tls: ldaps`"}},
    {"directory: {domain: corp.example, servers: [dc01], bind: simple, tls: ldaps}\n",
     {"2:12: a simple bind needs credentials with `user` and one of `password_file`, `password_fd`, "
      "`password_command`"}},
    {"directory: {domain: corp.example, servers: [dc01], credentials: {password_file: p, user: u}}\n",
     {"2:12: `bind: gssapi` needs the `user` as user@REALM, not `u`"}},
    {"directory: {domain: corp.example, servers: [dc01], ca: ca.pem}\n",
     {"2:12: `ca` is of no use without TLS: add `tls: starttls` or `tls: ldaps`, or leave it out"}},
    {"directory: {domain: corp.example, servers: [10.0.0.1]}\n",
     {"2:12: Kerberos needs the servers' DNS names: no ticket can be had for 10.0.0.1"}},
    {"directory: {domain: corp.example, servers: [dc01], credentials: {user: u, password: hunter2}}\n",
     {"2:75: `password` looks like a secret, and secrets are never in documents: put it in a file that "
      "only you may read, and name that file with `password_file` under `credentials`"}},
    {"directory: {domain: corp.example, servers: [dc01], credentials: {keytab: k}}\n",
     {"2:65: `credentials` of the directory must have exactly one of: `ticket_cache`, or `keytab` with "
      "`principal`, or `password_file` with `user`, or `password_fd` with `user`, or `password_command` with `user`"}},
    {"directory: {domain: corp.example, servers: [dc01], credentials: {ticket_cache: default, principal: a@B}}\n",
     {"2:65: `credentials` of the directory must have exactly one of: `ticket_cache`, or `keytab` with "
      "`principal`, or `password_file` with `user`, or `password_fd` with `user`, or `password_command` with `user`"}},
    {"directory: {domain: corp.example, servers: [dc01], credentials: {}}\n",
     {"2:65: `credentials` of the directory must have exactly one of: `ticket_cache`, or `keytab` with "
      "`principal`, or `password_file` with `user`, or `password_fd` with `user`, or `password_command` with `user`"}},
    {"directory: {domain: corp.example, servers: [dc01], credentials: {keytab: k, principal: me}}\n",
     {"2:88: `me` is not a principal like fairway@CORP.EXAMPLE"}},
    {"directory: {domain: corp.example, servers: [dc01], credentials: {password_file: p, password_fd: 3, user: u}}\n",
     {"2:12: `bind: gssapi` needs the `user` as user@REALM, not `u`",
      "2:65: `credentials` of the directory must have exactly one of: `ticket_cache`, or `keytab` with "
      "`principal`, or `password_file` with `user`, or `password_fd` with `user`, or `password_command` with `user`"}},
    {"directory: {domain: corp.example, servers: [dc01], bind: gss-spnego,\n"
     "            credentials: {password_fd: 3, user: 'CORP\\a'}}\n",
     {"2:12: `bind: gss-spnego` needs the `user` as user@REALM, not `CORP\\a`"}},
    {"directory: {domain: corp.example, servers: [dc01], credentials: {certificate: c, key: k}}\n",
     {"2:66: unknown key `certificate` in `credentials` of the directory",
      "2:82: unknown key `key` in `credentials` of the directory"}},
    {"directory: {domain: corp.example, servers: [dc01, 10.0.0.1, 10.0.0.2], ca: ca.pem}\n",
     {"2:12: `ca` is of no use without TLS: add `tls: starttls` or `tls: ldaps`, or leave it out",
      "2:12: Kerberos needs the servers' DNS names: no ticket can be had for 10.0.0.1",
      "2:12: Kerberos needs the servers' DNS names: no ticket can be had for 10.0.0.2"}},
    {"directory: {domain: corp.example, servers: [dc01], bind: simple, tls: ldaps,\n"
     "            credentials: {password_command: [./vault, x], user: u}}\n",
     {"3:46: `./vault` depends on the folder that the program is started in: write the whole path, or a name alone to "
      "find it in PATH"}},
    {"directory: {domain: corp.example, server: [dc01]}\n",
     {"2:35: unknown key `server` in the directory (did you mean `servers`?)"}},
};

const std::vector<Bad> host_lists = {
    {"", {"1:1: the inventory has no hosts: `hosts` is required (a map with a list of hosts)"}},
    {"hosts: []\n",
     {"3:8: `hosts` must be a map with `list` or `found`, and perhaps `reach`, `credentials` and `limits`, not a "
      "list"}},
    {"hosts: {list: []}\n", {"3:15: `list` is empty: an inventory needs a host"}},
    {"hosts: {list: [HV01]}\n", {"3:16: an element of `list` must be a map with `name`, not a plain value"}},
    {"hosts: {list: [{tags: [a]}]}\n", {"3:16: a host has no name: `name` is required (its NetBIOS name)"}},
    {"hosts: {list: [{name: HV01-MUCH-TOO-LONG}]}\n",
     {"3:23: `HV01-MUCH-TOO-LONG` is not a host name: 1 to 15 letters, digits and hyphens; write what its account is "
      "called, `HV01-MUCH-TOO-L` if that is its beginning, and its full name as `dns`"}},
    {"hosts: {list: [{name: hv01.corp.example}]}\n",
     {"3:23: `hv01.corp.example` is not a host name: 1 to 15 letters, digits and hyphens; write `hv01`, and the full "
      "name "
      "as `dns: hv01.corp.example`"}},
    {"hosts: {list: [{name: HV01, dns: hv01.corp.example.}]}\n",
     {"3:34: `hv01.corp.example.` ends with a dot: write `hv01.corp.example`"}},
    {"hosts: {list: [{name: '2016'}]}\n",
     {"3:23: `2016` is not a host name: digits alone would be read as an address"}},
    {"hosts: {list: [{name: 2016}]}\n",
     {"3:23: `name` must be a host's name; some readers of YAML take 2016 for a number: put it in quotes"}},
    {"hosts: {list: [{name: HV01}, {name: hv01}]}\n", {"3:37: host hv01 is here twice; first in line 3"}},
    {"hosts: {list: [{name: HV01}, {name: HV02, dns: HV01.corp.example}]}\n",
     {"3:48: host HV02 has the DNS name hv01.corp.example of the host in line 3"}},
    {"hosts: {list: [{name: HV01, dns: hv01}]}\n", {"3:34: `hv01` is not a full DNS name like hv01.corp.example"}},
    {"hosts: {list: [{name: HV01, dns: 10.0.0.1}]}\n",
     {"3:34: `10.0.0.1` is an address, and neither a ticket nor a certificate can be had for one: give the host's "
      "name, "
      "and the address as `reach: {address: …}`"}},
    {"hosts: {list: [{name: HV01, tags: rack-a}]}\n", {"3:35: `tags` must be a list of tags, not a plain value"}},
    {"hosts: {list: [{name: HV01, tags: [a, a]}]}\n", {"3:39: `a` is in `tags` twice; first in line 3"}},
    {"hosts: {list: [{name: HV01, tag: [a]}]}\n", {"3:29: unknown key `tag` in host HV01 (did you mean `tags`?)"}},
    {"hosts: {list: [{name: HV01, reach: {port: 5985, adress: 10.0.0.1}}]}\n",
     {"3:49: unknown key `adress` in `reach` of host HV01 (did you mean `address`?)"}},
    {"hosts: {list: [{name: HV01, reach: {address: ':'}}]}\n", {"3:46: `:` is neither a DNS name nor an IP address"}},
    {"hosts: {reach: {protocol: winrm}, list: [{name: HV01}]}\n", {"3:27: `protocol` must be `wsman`, not `winrm`"}},
    {"hosts: {credentials: {secret: hunter2}, list: [{name: HV01}]}\n",
     {"3:23: `secret` looks like a secret, and secrets are never in documents: put it in a file that "
      "only you may read, and name that file with `password_file` under `credentials`"}},
    {"hosts:\n"
     "  list:\n"
     "    - {name: HV01}\n"
     "   - {name: HV02}\n",
     {"6:4: this is neither a key of the map above nor its end: is it indented like its neighbours, and "
      "does `: ` follow the key?"}},
};

// How a host is reached: behind "hosts: {list: [{name: HV01, ".
const std::string passwords = "credentials with `user` and one of `password_file`, `password_fd`, `password_command`";
const std::string clear_text =
    "3:36: `authentication: basic` over HTTP shows the password and every message to the network: add `tls: system`, "
    "`tls: {ca: FILE}` or `tls: {fingerprint: SHA256}`; or write `seal: never` if that is meant";
const std::vector<Bad> ways = {
    {"reach: {tls: yes}", {"3:42: `tls` must be none, system, or a map with `ca` or `fingerprint`, not `yes`"}},
    {"reach: {tls: sytem}",
     {"3:42: `tls` must be none, system, or a map with `ca` or `fingerprint`, not `sytem` (did you mean `system`?)"}},
    {"reach: {tls: [ca.pem]}", {"3:42: `tls` must be none, system, or a map with `ca` or `fingerprint`, not a list"}},
    {"reach: {tls: {}}",
     {"3:42: `tls` of `reach` of host HV01 is empty: name a `ca` or a `fingerprint`, or write `tls: system`"}},
    {"reach: {tls: {cert: x}}", {"3:43: unknown key `cert` in `tls` of `reach` of host HV01"}},
    {"reach: {tls: {fingerprint: 'AB:CD'}}",
     {"3:56: `AB:CD` is not a SHA-256 fingerprint, 64 hexadecimal digits or 32 pairs with colons: `openssl x509 -noout "
      "-fingerprint -sha256 -in FILE` prints it"}},
    {"reach: {tls: {fingerprint: DA39A3EE5E6B4B0D3255BFEF95601890AFD80709}}",
     {"3:56: `DA39A3EE5E6B4B0D3255BFEF95601890AFD80709` is a SHA-1 thumbprint, as Windows shows it, and SHA-256 is "
      "needed: `openssl x509 -noout -fingerprint -sha256 -in FILE` prints it"}},
    {"reach: {seal: always}", {"3:43: `seal` must be one of required, never, not `always`"}},
    {"reach: {service: HOST}", {"3:46: `service` must be one of HTTP, WSMAN, not `HOST`"}},
    {"reach: {authentication: NTLM}",
     {"3:53: `authentication` must be one of negotiate, kerberos, ntlm, basic, certificate, not `NTLM` (did you mean "
      "`ntlm`?)"}},
    {"reach: {authentication: ntlm}", {"3:36: `authentication: ntlm` needs " + passwords}},
    {"reach: {authentication: ntlm}, credentials: {keytab: k, principal: a@B}",
     {"3:36: `authentication: ntlm` needs " + passwords}},
    {"reach: {authentication: ntlm}, credentials: {password_fd: 3, user: admin}",
     {"3:36: NTLM needs to know whose user `admin` is: write DOMAIN\\user, HOST\\user or user@domain"}},
    {"reach: {authentication: ntlm}, credentials: {password_fd: 3, user: '\\admin'}",
     {"3:36: NTLM needs to know whose user `\\admin` is: write DOMAIN\\user, HOST\\user or user@domain"}},
    {"reach: {authentication: basic}", {"3:36: `authentication: basic` needs " + passwords, clear_text}},
    {"reach: {authentication: basic}, credentials: {password_file: p, user: u}", {clear_text}},
    {"reach: {authentication: basic, seal: required}, credentials: {password_file: p, user: u}", {clear_text}},
    {"reach: {authentication: basic, tls: none}, credentials: {password_file: p, user: u}", {clear_text}},
    {"reach: {authentication: basic, tls: system}, credentials: {password_file: p, user: 'a:b'}",
     {"3:36: `authentication: basic` allows no colon in the `user`, as in `a:b`"}},
    {"reach: {authentication: certificate}, credentials: {certificate: c.pem, key: k.pem}",
     {"3:36: `authentication: certificate` is a part of TLS: add `tls: system`, `tls: {ca: FILE}` or `tls: "
      "{fingerprint: SHA256}`"}},
    {"reach: {authentication: certificate, tls: system}",
     {"3:36: `authentication: certificate` needs credentials with `certificate` and `key`"}},
    {"reach: {tls: system}, credentials: {certificate: c.pem, key: k.pem}",
     {"3:36: `authentication: kerberos` needs credentials with `ticket_cache` or `keytab`, or " + passwords +
      "; a certificate goes with `authentication: certificate`"}},
    {"credentials: {password_file: p, user: CORP\\a}",
     {"3:16: `authentication: kerberos` needs the `user` as user@REALM, not `CORP\\a`"}},
    {"reach: {authentication: negotiate}, credentials: {password_command: [pass], user: a}",
     {"3:36: `authentication: negotiate` needs the `user` as user@REALM, not `a`"}},
    {"credentials: {password_fd: 1, user: a@B}",
     {"3:56: `password_fd` must be 0 (standard input) or a descriptor from 3 to 1023 that the caller left open, not "
      "`1`"}},
    {"credentials: {password_command: vault read x, user: a@B}",
     {"3:61: `password_command` must be a list with a program and its arguments, like [vault, read, x], not a plain "
      "value"}},
    {"credentials: {password_command: [], user: a@B}",
     {"3:61: `password_command` is empty: name a program that prints the password"}},
    {"credentials: {password_command: [bin/vault], user: a@B}",
     {"3:62: `bin/vault` depends on the folder that the program is started in: write the whole path, or a name alone "
      "to "
      "find it in PATH"}},
    {"credentials: {ticket_cache: default, user: a@B}",
     {"3:42: `credentials` of host HV01 must have exactly one of: `ticket_cache`, or `keytab` with `principal`, or "
      "`password_file` with `user`, or `password_fd` with `user`, or `password_command` with `user`, or `certificate` "
      "with `key`"}},
};

// What is said of all hosts, and what of one: in front of the list, and the first host.
const std::vector<Bad> all_hosts = {
    {"reach: {authentication: basic}, list: [{name: HV01, reach: {port: 1}}, {name: HV02, reach: {port: 2}}, {name: "
     "HV03}]",
     {"3:16: `authentication: basic` needs " + passwords, "3:16" + clear_text.substr(4)}},
    {"credentials: {password_fd: 0, user: a}, list: [{name: HV01, credentials: {ticket_cache: default}},\n"
     "  {name: HV02, reach: {authentication: certificate}}]",
     {"4:23: `authentication: certificate` needs credentials with `certificate` and `key`",
      "4:23: `authentication: certificate` is a part of TLS: add `tls: system`, `tls: {ca: FILE}` or `tls: "
      "{fingerprint: SHA256}`"}},
    {"credentials: {password_command: [a/b], user: a@B}, list: [{name: HV01}, {name: HV02}]",
     {"3:42: `a/b` depends on the folder that the program is started in: write the whole path, or a name alone to find "
      "it in PATH"}},
    {"reach: {port: 5985}, list: [{name: HV01}, {name: HV02, reach: {tls: system}}]",
     {"3:71: `port: 5985` is WinRM's for HTTP, and here is `tls`: write `port: 5986` beside it, or no port"}},
    {"reach: {tls: system, port: 5986}, list: [{name: HV01}, {name: HV02, reach: {tls: none}}]",
     {"3:84: `port: 5986` is WinRM's for HTTPS, and here is no `tls`: add `tls: system`, `tls: {ca: FILE}` or `tls: "
      "{fingerprint: SHA256}`, or write `port: 5985`"}},
    {"limits: {run: 0, migration_domain: 5001, host: 9, hosts: 2}, list: [{name: HV01}]",
     {"3:23: `run` must be from 1 to 5000 hosts, not 0",
      "3:44: `migration_domain` must be from 1 to 5000 hosts, not 5001",
      "3:56: `host` must be from 1 to 8 connections, not 9",
      "3:59: unknown key `hosts` in `limits` of the hosts (did you mean `host`?)"}},
};

const std::vector<Bad> domains = {
    {"migration_domains: {name: a}\n", {"4:20: `migration_domains` must be a list of migration domains, not a map"}},
    {"migration_domains: [{hosts: [HV01, HV02]}]\n",
     {"4:21: a migration domain has no name: `name` is required (unique in the inventory)"}},
    {"migration_domains: [{name: a}]\n",
     {"4:21: migration domain a has no hosts: `hosts` is required (two hosts at least)"}},
    {"migration_domains: [{name: a, hosts: []}]\n",
     {"4:38: migration domain a is empty: it must have two hosts at least"}},
    {"migration_domains: [{name: a, hosts: [HV01]}]\n",
     {"4:39: migration domain a has only HV01: a host needs at least one peer"}},
    {"migration_domains: [{name: a, hosts: [HV01, HV22]}]\n",
     {"4:45: unknown host HV22 in migration domain a (did you mean `HV02`?)"}},
    {"migration_domains: [{name: a, hosts: [HV01, hv01]}]\n",
     {"4:45: host HV01 is in migration domain a twice; first in line 4"}},
    {"migration_domains: [{name: a, hosts: [HV01, HV02]}, {name: b, hosts: [HV02, HV03]}]\n",
     {"4:71: host HV02 is in two migration domains, a (line 4) and b"}},
    {"migration_domains: [{name: a, hosts: [HV01, HV02]}, {name: a, hosts: [HV03, HV04]}]\n",
     {"4:60: migration domain a is here twice; first in line 4",
      "4:77: unknown host HV04 in migration domain a (did you mean `HV01`?)"}},
    {"migration_domain: [{name: a, hosts: [HV01, HV02]}]\n",
     {"4:1: unknown key `migration_domain` in the inventory (did you mean `migration_domains`?)"}},
    {"password: hunter2\n",
     {"4:1: `password` looks like a secret, and secrets are never in documents: put it in a file that "
      "only you may read, and name that file with `password_file` under `credentials`"}},
};

const std::vector<Bad> embedded = {
    {"hosts: {reach: {port: 5985}, list: [{name: HV01}]}\n",
     {"3:9: `reach` has no use here: an embedded estate is a file"}},
    {"hosts: {list: [{name: HV01, credentials: {ticket_cache: default}}]}\n",
     {"3:29: `credentials` has no use here: an embedded estate is a file"}},
};

void refuse(const std::vector<Bad>& rows, const std::string& before, const std::string& after) {
    for (const Bad& row : rows) {
        CAPTURE(row.piece);
        const auto found = said(load_inventory(before + row.piece + after, "i.yaml"));
        CAPTURE(fmt::format("{}", fmt::join(found, "\n")));
        CHECK(found == row.said);
    }
}

}  // namespace

TEST_CASE("inventories are refused in words, at their place") {
    refuse(worlds, head, hosts);
    refuse(host_lists, head + directory, "");
    refuse(ways, head + directory + "hosts: {list: [{name: HV01, ", "}]}\n");
    refuse(all_hosts, head + directory + "hosts: {", "}\n");
    refuse(domains, head + directory + hosts, "");
    refuse(embedded, head + "embedded: {file: estate.json, domain: corp.example}\n", "");
}

TEST_CASE("a line with a secret is named but not shown") {
    const std::string text = head + directory + hosts + "password: hunter2\n";
    const auto inventory = load_inventory(text, "i.yaml");
    REQUIRE(!inventory);
    CHECK(show(inventory.error().front(), text).find("hunter2") == std::string::npos);
}

TEST_CASE("a document that is wrong throughout is cut short") {
    std::string text = head + directory + "hosts:\n  list:\n";
    for (int i = 0; i < 2000; ++i) text += "    - {nam: x}\n";
    const auto inventory = load_inventory(text, "i.yaml");
    REQUIRE(!inventory);
    CHECK(inventory.error().size() == 501);
    CHECK(inventory.error().back().text == "and 1500 more mistakes");
}

}  // namespace fairway::inventory_shape_test
