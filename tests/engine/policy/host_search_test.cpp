// Hosts that searches find, put into the inventory; and what no inventory can take.
#include "engine/policy/host_search.hpp"

#include <doctest/doctest.h>

#include "engine/policy/inventory_document.hpp"
#include "tests/engine/policy/said.hpp"

namespace fairway {
namespace {

const std::string head = "estate: e\ndirectory: [{domain: corp.example}, {domain: lab.example}]\n";

Inventory loaded(const std::string& hosts) {
    const auto inventory = load_inventory(head + hosts, "i.yaml");
    for (const std::string& line : said(inventory)) FAIL_CHECK(line);
    REQUIRE(inventory);
    return *inventory;
}

FoundHosts hosts_named(const std::vector<std::string>& names) {
    FoundHosts out;
    for (const std::string& name : names) out.hosts.push_back({name + "$", ""});
    return out;
}

const std::string two =
    "hosts:\n"
    "  reach: {port: 5999}\n"
    "  list: [{name: hv02, tags: [own], reach: {port: 6000}}]\n"
    "  found:\n"
    "    - {base: 'OU=A,DC=corp,DC=example', migration_domain: north, tags: [a]}\n"
    "    - {base: 'OU=B,DC=lab,DC=example', filter: '(cn=x)', migration_domain: south, tags: [b]}\n"
    "migration_domains: [{name: south, hosts: [hv02]}]\n";

}  // namespace

TEST_CASE("searches of a document") {
    const Inventory inventory = loaded(two);
    REQUIRE(inventory.searches.size() == 2);
    CHECK(inventory.searches[0].domain == "corp.example");
    CHECK(inventory.searches[1].domain == "lab.example");
    CHECK(inventory.searches[1].filter == parse_directory_filter("(cn=x)").value());
    CHECK(inventory.searches[0].reach.port == 5999);
    CHECK(loaded("hosts: {found: {group: 'CN=g,DC=lab,DC=example'}}\n").searches[0].domain == "corp.example");
}

TEST_CASE("found hosts come in one order, and those of the list are as they stand there") {
    const Inventory document = loaded(two);
    FoundHosts north = hosts_named({"HV03", "HV01", "HV02"}), south = hosts_named({"HV10"});
    north.hosts[1].dns = "HV01.other.example";
    const auto whole = with_found(document, {north, south});
    for (const std::string& line : said(whole)) FAIL_CHECK(line);
    REQUIRE(whole);
    REQUIRE(whole->hosts.size() == 4);
    CHECK(whole->hosts[0].name == "hv02");
    CHECK(whole->hosts[0].tags == std::vector<std::string>{"own"});
    CHECK(whole->hosts[0].domain == "south");
    CHECK(whole->hosts[0].reach.port == 6000);
    CHECK_FALSE(whole->hosts[0].found);
    CHECK(whole->hosts[1].name == "HV01");
    CHECK(whole->hosts[1].dns == "hv01.other.example");
    CHECK(whole->hosts[1].account_domain == "corp.example");
    CHECK(whole->hosts[1].reach.port == 5999);
    CHECK(whole->hosts[2].dns == "hv03.corp.example");
    CHECK(whole->hosts[3].dns == "hv10.lab.example");
    CHECK(whole->found() == std::vector<std::string>{"HV01", "HV03", "HV10"});
    REQUIRE(whole->domains.size() == 2);
    CHECK(whole->domains[0].hosts == std::vector<std::string>{"hv02", "HV10"});
    CHECK(whole->domains[1].name == "north");
    CHECK(whole->domains[1].hosts == std::vector<std::string>{"HV01", "HV03"});

    std::swap(north.hosts[0], north.hosts[2]);
    CHECK(with_found(document, {north, south})->digest == whole->digest);
    CHECK(whole->digest != document.digest);
    north.hosts.push_back({"HV04$", ""});
    CHECK(with_found(document, {north, south})->digest != whole->digest);
}

TEST_CASE("what no inventory holds is told at the search's place") {
    const Inventory document = loaded(
        "hosts:\n  found:\n    - {filter: '(cn=a)', migration_domain: x}\n    - {filter: '(cn=b)', migration_domain: "
        "z}\n");
    using Lines = std::vector<std::string>;
    const FoundHosts fine = hosts_named({"HV01", "HV02"}), other = hosts_named({"HV05", "HV06"});
    CHECK(said(with_found(document, {fine, {}})) ==
          Lines{"6:7: this search finds no host: look at its base, filter and group, and at the right to read them"});
    CHECK(
        said(with_found(document, {fine, {{}, {"HV09$"}}})) ==
        Lines{"6:7: this search finds no host whose account is enabled: look at its base, filter and group, and at the "
              "right to read them"});
    CHECK(said(with_found(document, {fine, hosts_named({"HV05", "HV06", "HV07-MUCH-TOO-LONG"})})) ==
          Lines{"6:7: this search finds the account `HV07-MUCH-TOO-LONG$`, which is not a host name: 1 to 15 letters, "
                "digits and hyphens: leave it out by a filter"});
    CHECK(said(with_found(document, {fine, hosts_named({"HV02", "HV05", "HV06"})})) ==
          Lines{"6:7: host HV02 is in two migration domains, x (line 5) and z"});
    CHECK(said(with_found(document, {fine, hosts_named({"HV05"})})) ==
          Lines{"6:7: migration domain z has only HV05: a host needs at least one peer"});
    FoundHosts odd = other;
    odd.hosts.push_back({"nodollar", ""});
    odd.hosts.push_back({"HV\x1b[1m$", ""});
    odd.hosts.push_back({"$", ""});
    odd.hosts.push_back({"HV08$", "10.0.0.1"});
    CHECK(said(with_found(document, {fine, odd})).size() == 4);
    odd = other;
    odd.hosts.push_back({"HV07$", "hv05.corp.example"});
    CHECK(said(with_found(document, {fine, odd})) ==
          Lines{"6:7: host HV07 has the DNS name hv05.corp.example of host HV05"});
}

TEST_CASE("who is found by a search gets no password, and nothing to work one out from") {
    const std::string found = "  found: {filter: '(cn=a)'}\n";
    const auto with = [&](const std::string& authentication, const std::string& credentials, const std::string& hosts) {
        return said(load_inventory(head + "hosts:\n  reach: {protocol: wsman, tls: system, authentication: " +
                                       authentication + "}\n  credentials: {" + credentials + "}\n" + hosts,
                                   "i.yaml"));
    };
    const std::string password = "user: CORP\\u, password_file: p";
    const std::string then =
        ", and whoever can add a computer account there can be one of them; use kerberos, negotiate or certificate, "
        "which prove the host, or name the hosts in `list`";
    using Lines = std::vector<std::string>;
    CHECK(with("ntlm", password, found) ==
          Lines{"4:57: `authentication: ntlm` is refused for hosts that `found` finds: it sends each of them an answer "
                "from which the password can be worked out" +
                then});
    CHECK(with("basic", password, found) ==
          Lines{"4:57: `authentication: basic` is refused for hosts that `found` finds: it sends each of them the "
                "password itself" +
                then});
    CHECK(with("kerberos", "ticket_cache: default", found).empty());
    CHECK(with("negotiate", "ticket_cache: default", found).empty());
    CHECK(with("certificate", "certificate: c, key: k", found).empty());
    CHECK(with("ntlm", password, "  list: [{name: HV01}]\n").empty());
    // A host that is named may say so for itself.
    CHECK(with("kerberos", "ticket_cache: default",
               "  list: [{name: HV01, reach: {authentication: ntlm}, credentials: {" + password + "}}]\n" + found)
              .empty());
}

TEST_CASE("searches are refused in words, at their place") {
    const std::vector<Bad> rows = {
        {"{}",
         {"3:16: this search names no `base`, `filter` or `group`: it would take every computer of the domain for a "
          "host"}},
        {"{base: 'OU=a,DC=else,DC=example'}", {"3:23: no directory of this inventory is of the domain else.example"}},
        {"{base: 'OU=a'}", {"3:23: this name ends in no DC=…, so no directory is known that holds it"}},
        {"{filter: '(cn=a'}", {"3:25: `(cn=a` is no search filter (RFC 4515): `)` must stand at character 6"}},
        {"{filter: '(cn=a)', bases: x}", {"3:35: unknown key `bases` in a search for hosts (did you mean `base`?)"}},
        {"[]", {"3:16: `found` is empty: it finds no host"}},
    };
    for (const Bad& row : rows) {
        CAPTURE(row.piece);
        const auto found = said(load_inventory(head + "hosts: {found: " + row.piece + "}\n", "i.yaml"));
        CAPTURE(fmt::format("{}", fmt::join(found, "\n")));
        CHECK(found == row.said);
    }
    CHECK(said(load_inventory("estate: e\nembedded: {file: e.json, domain: d.example}\n"
                              "hosts: {found: {filter: '(cn=a)'}}\n",
                              "i.yaml")) ==
          std::vector<std::string>{"3:17: `filter` has no use here: an embedded estate has no directory, and a search "
                                   "finds all of its computers"});
}

}  // namespace fairway
