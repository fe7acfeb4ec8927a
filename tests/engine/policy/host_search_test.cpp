// Hosts that searches find, put into the inventory; and what no inventory can take.
#include "engine/policy/host_search.hpp"

#include <doctest/doctest.h>

#include "engine/base/text.hpp"
#include "engine/policy/inventory_document.hpp"
#include "tests/engine/policy/said.hpp"

namespace fairway::host_search_test {
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
    for (const std::string& name : names)
        out.hosts.push_back({name + "$", text::fold(name) + ".corp.example", "CN=" + name});
    return out;
}

using Lines = std::vector<std::string>;

// Who was found, and what was told of the estate: "fault object: because (dn)".
struct Told {
    Lines hosts, findings;
};
Told told(const Checked<Inventory>& inventory) {
    for (const std::string& line : said(inventory)) FAIL_CHECK(line);
    REQUIRE(inventory);
    Told out{inventory->found(), {}};
    for (const EstateFinding& one : inventory->estate_findings)
        out.findings.push_back(fmt::format("{} {}: {} ({})", name(one.fault), one.object, one.because, one.dn));
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
    CHECK(whole->hosts[1].dns == "hv01.corp.example");  // what the account says of itself is a claim
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
    // Who is left out changes no plan, or whoever has an account could stop each apply.
    north.hosts.push_back({"HV_04$", "hv_04.corp.example", "CN=HV_04"});
    CHECK(with_found(document, {north, south})->digest == whole->digest);
    north.hosts.push_back({"HV04$", "hv04.corp.example", "CN=HV04"});
    CHECK(with_found(document, {north, south})->digest != whole->digest);
}

namespace {

const std::string two_filters =
    "hosts:\n  found:\n    - {filter: '(cn=a)', migration_domain: x}\n    - {filter: '(cn=b)', migration_domain: z}\n";

}  // namespace

TEST_CASE("a search that finds no host is told at its place") {
    const Inventory document = loaded(two_filters);
    const FoundHosts fine = hosts_named({"HV01", "HV02"});
    const std::string end = ": look at its base, filter and group, and at the right to read them";
    CHECK(said(with_found(document, {fine, {}})) == Lines{"6:7: this search finds no host" + end});
    CHECK(said(with_found(document, {fine, {{}, {"HV09$"}}})) ==
          Lines{"6:7: this search finds no host whose account is enabled" + end});
    CHECK(said(with_found(document, {fine, hosts_named({"HV_1", "HV_2"})})) ==
          Lines{"6:7: this search finds no host among the accounts that it finds" + end});
}

TEST_CASE("one odd account ends nothing: it is left out, and is a finding with its name") {
    const Inventory document = loaded(two_filters);
    const FoundHosts fine = hosts_named({"HV01", "HV02"});
    const std::string form = "is not a host name: 1 to 15 letters, digits and hyphens";
    const std::string dollar = "is not called as a computer is: a computer's account name ends in `$`";
    struct Row {
        FoundHost odd;
        std::string because;
    };
    const std::vector<Row> rows = {
        {{"$DUPLICATE-451", "hv05.corp.example", "CN=HV05\\0ACNF:1"},
         "was renamed by the directory, because another account has its name"},
        {{"HV97", "hv97.corp.example", "CN=o"}, dollar},
        {{"", "hv97.corp.example", "CN=o"}, dollar},
        {{"$", "hv97.corp.example", "CN=o"}, "has no name"},
        {{"FILESRVCLUSTERNODE1$", "filesrvclusternode1.corp.example", "CN=o"}, form},
        {{"HV_95$", "hv_95.corp.example", "CN=o"}, form},
        {{"HVÄ1$", "hvä1.corp.example", "CN=o"}, form},
        {{"HV 1$", "hv1.corp.example", "CN=o"}, form},
        {{"123$", "123.corp.example", "CN=o"}, "is not a host name: digits alone would be read as an address"},
        {{"HV96$", "", "CN=o"},
         "has no dNSHostName: no computer has joined with it yet, or the attribute is hidden from us"},
        {{"HV96$", "", "CN=o", "cannot be read: x\x1b[1m"}, "cannot be read: x\\x1b[1m"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.odd.account);
        FoundHosts north = fine;
        north.hosts.insert(north.hosts.begin(), row.odd);
        const Told seen = told(with_found(document, {north, hosts_named({"HV05", "HV06"})}));
        CHECK(seen.hosts == Lines{"HV01", "HV02", "HV05", "HV06"});
        CHECK(seen.findings == Lines{fmt::format("left_out {}: {} ({})", row.odd.account, row.because, row.odd.dn)});
    }
    FoundHosts hostile = fine;
    hostile.hosts.push_back({"HV\x1b[1m$", "a", "CN=\xe2\x80\xae"});
    CHECK(told(with_found(document, {hostile, hosts_named({"HV05", "HV06"})})).findings ==
          Lines{"left_out HV\\x1b[1m$: " + form + " (CN=\\u{202e})"});
}

TEST_CASE("who claims another's name is left out, and never the one who is called so") {
    const Inventory document =
        loaded("hosts:\n  list: [{name: HV09, dns: west.corp.example}]\n  found: {base: 'OU=A,DC=corp,DC=example'}\n");
    using Accounts = std::vector<std::pair<std::string, std::string>>;  // by name and dNSHostName
    const auto claims = [](const std::string& who, const std::string& whose, const std::string& dns) {
        return fmt::format("name_claimed {0}$: claims the full name of host {1}, {2} (CN={0})", who, whose, dns);
    };
    struct Row {
        Accounts accounts;
        Lines hosts, findings;
    };
    const std::vector<Row> rows = {
        // A peer's name, with and without a dot at its end, before and behind it.
        {{{"HV01", "HV02.corp.example"}, {"HV02", "hv02.corp.example"}},
         {"HV02"},
         {claims("HV01", "HV02", "hv02.corp.example")}},
        {{{"HV02", "hv02.corp.example."}, {"HV93", "hv02.corp.example."}},
         {"HV02"},
         {claims("HV93", "HV02", "hv02.corp.example")}},
        // It is called so, even if its own dNSHostName says otherwise.
        {{{"HV02", "else.corp.example"}, {"HV93", "hv02.corp.example"}},
         {"HV02"},
         {claims("HV93", "HV02", "hv02.corp.example")}},
        // Another suffix, where the account's name fits.
        {{{"HV02", "hv02.servers.example"}, {"HV01", "hv02.servers.example"}},
         {"HV02"},
         {claims("HV01", "HV02", "hv02.servers.example")}},
        // Nobody is called so: neither may push the other out.
        {{{"HV02", "x.servers.example"}, {"HV01", "x.servers.example"}}, {"HV01", "HV02"}, {}},
        {{{"HV02", "dc01.corp.example"}}, {"HV02"}, {}},
        // The list's word counts.
        {{{"HV01", "west.corp.example"}, {"HV02", "hv02.corp.example"}},
         {"HV02"},
         {claims("HV01", "HV09", "west.corp.example")}},
        {{{"WEST", "west.corp.example"}, {"HV02", "hv02.corp.example"}},
         {"HV02"},
         {claims("WEST", "HV09", "west.corp.example")}},
        {{{"HV09", "hv02.corp.example"}, {"HV02", "hv02.corp.example"}}, {"HV02"}, {}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.accounts[0].first);
        CAPTURE(row.accounts[0].second);
        FoundHosts all;
        for (const auto& [account, dns] : row.accounts) all.hosts.push_back({account + "$", dns, "CN=" + account});
        const auto whole = with_found(document, {all});
        const Told seen = told(whole);
        CHECK(seen.hosts == row.hosts);
        CHECK(seen.findings == row.findings);
        CHECK(whole->find("HV02")->dns == "hv02.corp.example");  // what it says of itself makes no name
    }
}

TEST_CASE("one name in two domains, one host in two migration domains, and a host alone") {
    const Inventory document = loaded(two);
    const std::string apart = ": an inventory tells hosts apart by their names ";
    const FoundHosts north = hosts_named({"HV01", "HV03"});
    Told seen = told(with_found(document, {north, hosts_named({"hv01", "HV10"})}));
    CHECK(seen.hosts == Lines{"HV01", "HV03", "HV10"});
    CHECK(seen.findings == Lines{"left_out hv01$: is an account of lab.example, and host HV01 is an account of "
                                 "corp.example" +
                                 apart + "(CN=hv01)"});
    seen = told(with_found(document, {north, hosts_named({"HV02", "HV10"})}));  // hv02 is listed, of corp.example
    CHECK(seen.findings == Lines{"left_out HV02$: is an account of lab.example, and host hv02 is an account of "
                                 "corp.example" +
                                 apart + "(CN=HV02)"});

    const auto both = with_found(loaded(two_filters), {hosts_named({"HV01", "HV02"}), hosts_named({"HV02", "HV05"})});
    seen = told(both);
    CHECK(seen.hosts == Lines{"HV01", "HV02", "HV05"});
    CHECK(both->find("HV02")->domain == "x");
    CHECK(seen.findings ==
          Lines{"two_domains HV02: searches put it into two migration domains, x (line 5) and z (line 6): it is in the "
                "first (CN=HV02)",
                "lone_host HV05: is alone in migration domain z: there is no host to which its VMs could move ()"});
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
        {"{base: 'OU=a,DC=else,DC=example'}",
         {"3:23: no directory of this inventory is of the domain else.example: write a name "
          "that ends in `DC=corp,DC=example`, `DC=lab,DC=example`, or a directory of that domain"}},
        {"{base: 'OU=a'}",
         {"3:23: this name ends in no DC=…, so no directory is known that holds it: it must end in "
          "`DC=corp,DC=example`, "
          "`DC=lab,DC=example`"}},
        {"{base: 'OU=a,DC=corp.example'}",
         {"3:23: `DC=corp.example` holds a dot, and each part of a domain is a step of its own: write "
          "`DC=corp,DC=example`"}},
        {"{filter: '(cn=a'}", {"3:25: `(cn=a` is no search filter (RFC 4515): `)` is expected at character 6"}},
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

}  // namespace fairway::host_search_test
