// Good inventories: what their words become.
#include <doctest/doctest.h>

#include "engine/base/digest.hpp"
#include "engine/policy/inventory_document.hpp"
#include "tests/engine/policy/said.hpp"

namespace fairway::inventory_document_test {
namespace {

Inventory loaded(const std::string& text, const std::string& file = "estates/north.yaml") {
    const auto inventory = load_inventory(text, file);
    for (const std::string& line : said(inventory)) FAIL_CHECK(line);
    REQUIRE(inventory);
    return *inventory;
}

const char* const plain =
    "estate: corp-north\n"
    "directory: {domain: Corp.Example, servers: [DC01.corp.example, dc02.corp.example]}\n"
    "hosts:\n"
    "  reach: {protocol: wsman, port: 5999}\n"
    "  list:\n"
    "    - {name: HV01, tags: [rack-a]}\n"
    "    - {name: HV02, dns: Hv02.Other.example, reach: {address: 127.0.0.2}}\n"
    "    - {name: hv03}\n"
    "migration_domains:\n"
    "  - {name: a, hosts: [hv01, HV02]}\n";

}  // namespace

TEST_CASE("a plain inventory") {
    const Inventory inventory = loaded(plain);
    CHECK(inventory.estate == "corp-north");
    CHECK(inventory.digest == sha256(plain));
    CHECK(inventory.file == "estates/north.yaml");
    CHECK(inventory.embedded.empty());
    REQUIRE(inventory.directories.size() == 1);
    CHECK(inventory.directories[0].domain == "corp.example");
    CHECK(inventory.directories[0].servers == std::vector<std::string>{"dc01.corp.example", "dc02.corp.example"});
    CHECK(inventory.directories[0].port == 389);
    CHECK(inventory.directories[0].credentials.form == Credentials::Form::ticket_cache);
    CHECK(inventory.directories[0].credentials.path == "default");
    REQUIRE(inventory.hosts.size() == 3);
    CHECK(inventory.hosts[0].dns == "hv01.corp.example");
    CHECK(inventory.hosts[0].tags == std::vector<std::string>{"rack-a"});
    CHECK(inventory.hosts[0].where.line == 6);
    CHECK(inventory.hosts[0].domain == "a");
    CHECK(inventory.hosts[1].dns == "hv02.other.example");
    CHECK(inventory.hosts[1].reach.address == "127.0.0.2");
    CHECK(inventory.hosts[1].reach.port == 5999);
    CHECK(inventory.hosts[2].domain.empty());
    CHECK(inventory.hosts[2].reach.credentials.path == "default");
    REQUIRE(inventory.domains.size() == 1);
    CHECK(inventory.domains[0].hosts == std::vector<std::string>{"HV01", "HV02"});
}

TEST_CASE("a host's own reach and credentials come before the shared ones, key by key") {
    const Inventory inventory = loaded(
        "estate: e\n"
        "directory: {domain: corp.example, servers: [dc01], bind: simple, tls: ldaps, ca: ca.pem,\n"
        "            credentials: {password_file: /run/secret, user: CORP\\reader}}\n"
        "hosts:\n"
        "  reach: {authentication: basic, port: 5986, tls: system}\n"
        "  credentials: {password_file: hosts.secret, user: admin}\n"
        "  list:\n"
        "    - {name: HV01}\n"
        "    - {name: HV02, reach: {authentication: kerberos}, credentials: {keytab: keys/hv, principal: "
        "f@CORP.EXAMPLE}}\n"
        "    - {name: HV03, reach: {authentication: negotiate}, credentials: {ticket_cache: 'FILE:/run/tickets'}}\n"
        "    - {name: HV04, reach: {port: 1}, credentials: {password_file: other, user: root}}\n");
    REQUIRE(inventory.directories.size() == 1);
    CHECK(inventory.directories[0].port == 636);
    CHECK(inventory.directories[0].ca == "estates/ca.pem");
    CHECK(inventory.directories[0].credentials.path == "/run/secret");
    CHECK(inventory.directories[0].credentials.principal == "CORP\\reader");
    REQUIRE(inventory.hosts.size() == 4);
    const Reach& shared = inventory.hosts[0].reach;
    CHECK(shared.authentication == HostAuthentication::basic);
    CHECK(shared.port == 5986);
    CHECK(shared.credentials.path == "estates/hosts.secret");
    const Reach& kerberos = inventory.hosts[1].reach;
    CHECK(kerberos.authentication == HostAuthentication::kerberos);
    CHECK(kerberos.port == 5986);
    CHECK(kerberos.credentials.form == Credentials::Form::keytab);
    CHECK(kerberos.credentials.path == "estates/keys/hv");
    CHECK(kerberos.credentials.principal == "f@CORP.EXAMPLE");
    CHECK(inventory.hosts[2].reach.credentials.path == "FILE:/run/tickets");
    CHECK(inventory.hosts[3].reach.port == 1);
    CHECK(inventory.hosts[3].reach.authentication == HostAuthentication::basic);
    CHECK(inventory.hosts[3].reach.credentials.principal == "root");
}

TEST_CASE("TLS of one host or of all, and the port that goes with it") {
    const std::string digits(62, '0');
    const Inventory inventory = loaded(
        "estate: e\ndirectory: {domain: corp.example, servers: [dc01]}\n"
        "hosts:\n"
        "  reach: {tls: {ca: corp-ca.pem}}\n"
        "  list:\n"
        "    - {name: HV01}\n"
        "    - {name: HV02, reach: {tls: none, seal: never, service: WSMAN}}\n"
        "    - {name: HV03, reach: {tls: system, port: 443}}\n"
        "    - {name: HV04, reach: {tls: {fingerprint: AB" +
        digits +
        "}}}\n"
        "    - {name: HV05, reach: {tls: {ca: /x/ca.pem, fingerprint: '" +
        "Ab:" +
        [] {
            std::string pairs;
            for (int i = 0; i < 30; ++i) pairs += "cD:";
            return pairs + "09";
        }() +
        "'}}}\n");
    const auto reach = [&](std::size_t i) { return inventory.hosts.at(i).reach; };
    REQUIRE(reach(0).tls);
    CHECK(reach(0).tls->ca == "estates/corp-ca.pem");
    CHECK(reach(0).tls->fingerprint.empty());
    CHECK(reach(0).port == 5986);
    CHECK(reach(0).seal);
    CHECK(reach(0).service == "HTTP");
    CHECK(!reach(1).tls);
    CHECK(reach(1).port == 5985);
    CHECK(!reach(1).seal);
    CHECK(reach(1).service == "WSMAN");
    REQUIRE(reach(2).tls);
    CHECK(reach(2).tls->ca.empty());
    CHECK(reach(2).port == 443);
    REQUIRE(reach(3).tls);
    CHECK(reach(3).tls->ca.empty());  // another trust, not one more
    CHECK(reach(3).tls->fingerprint == "ab" + digits);
    REQUIRE(reach(4).tls);
    CHECK(reach(4).tls->ca == "/x/ca.pem");
    CHECK(reach(4).tls->fingerprint.substr(0, 8) == "abcdcdcd");
    CHECK(reach(4).tls->fingerprint.size() == 64);
    CHECK(loaded(plain).hosts[0].reach.port == 5999);
    const Inventory written = loaded(
        "estate: e\ndirectory: {domain: corp.example, servers: [dc01]}\n"
        "hosts: {reach: {port: 5999, seal: never}, list: [{name: HV01, reach: {tls: system, seal: required}}]}\n");
    CHECK(written.hosts[0].reach.port == 5999);
    CHECK(written.hosts[0].reach.seal);
}

TEST_CASE("every form of credentials, and which way to sign on it goes with") {
    const Inventory inventory = loaded(
        "estate: e\n"
        "directory: {domain: corp.example, servers: [dc01], bind: simple, tls: starttls,\n"
        "            credentials: {password_fd: 0, user: reader@corp.example}}\n"
        "hosts:\n"
        "  credentials: {password_command: [vault, read, -field=password, './kv/x'], user: fairway@CORP.EXAMPLE}\n"
        "  list:\n"
        "    - {name: HV01}\n"
        "    - {name: HV02, reach: {authentication: negotiate, seal: never}}\n"
        "    - {name: HV03, reach: {authentication: ntlm}, credentials: {password_fd: 3, user: HV03\\admin}}\n"
        "    - {name: HV04, reach: {authentication: ntlm}, credentials: {password_file: p, user: a@corp.example}}\n"
        "    - {name: HV05, reach: {authentication: basic, seal: never}}\n"
        "    - {name: HV06, reach: {authentication: certificate, tls: system},\n"
        "       credentials: {certificate: me.pem, key: /keys/me.key}}\n");
    const Credentials& directory = inventory.directories[0].credentials;
    CHECK(directory.form == Credentials::Form::password_fd);
    CHECK(directory.descriptor == 0);
    CHECK(directory.principal == "reader@corp.example");
    const auto credentials = [&](std::size_t i) { return inventory.hosts.at(i).reach.credentials; };
    CHECK(credentials(0).form == Credentials::Form::password_command);
    CHECK(credentials(0).command == std::vector<std::string>{"vault", "read", "-field=password", "./kv/x"});
    CHECK(credentials(0).principal == "fairway@CORP.EXAMPLE");
    CHECK(inventory.hosts[1].reach.authentication == HostAuthentication::negotiate);
    CHECK(credentials(1).form == Credentials::Form::password_command);
    CHECK(inventory.hosts[2].reach.authentication == HostAuthentication::ntlm);
    CHECK(credentials(2).form == Credentials::Form::password_fd);
    CHECK(credentials(2).descriptor == 3);
    CHECK(credentials(2).command.empty());
    CHECK(credentials(2).principal == "HV03\\admin");
    CHECK(credentials(3).form == Credentials::Form::password_file);
    CHECK(inventory.hosts[5].reach.authentication == HostAuthentication::certificate);
    CHECK(credentials(5).form == Credentials::Form::certificate);
    CHECK(credentials(5).path == "estates/me.pem");
    CHECK(credentials(5).key == "/keys/me.key");
    CHECK(credentials(5).principal.empty());

    CHECK(password_source(credentials(0)).command == credentials(0).command);
    CHECK(password_source(credentials(0)).form == SecretSource::Form::command);
    CHECK(password_source(credentials(2)).descriptor == 3);
    CHECK(password_source(credentials(2)).form == SecretSource::Form::descriptor);
    CHECK(password_source(credentials(3)).path == "estates/p");
    CHECK(password_source(credentials(3)).form == SecretSource::Form::file);
}

TEST_CASE("a directory by Kerberos takes a password, too") {
    for (const auto& [word, bind] : {std::pair{"gssapi", Bind::gssapi}, std::pair{"gss-spnego", Bind::gss_spnego}}) {
        const Inventory inventory = loaded(
            std::string("estate: e\ndirectory: {domain: corp.example, servers: [dc01], bind: ") + word +
            ",\n  credentials: {password_file: p, user: fairway@CORP.EXAMPLE}}\nhosts: {list: [{name: HV01}]}\n");
        CHECK(inventory.directories[0].bind == bind);
        CHECK(inventory.directories[0].tls == Tls::none);
        CHECK(inventory.directories[0].credentials.form == Credentials::Form::password_file);
        CHECK(inventory.directories[0].credentials.path == "estates/p");
        CHECK(inventory.directories[0].credentials.principal == "fairway@CORP.EXAMPLE");
    }
}

TEST_CASE("how much is asked at once") {
    CHECK(loaded(plain).limits.run == 200);
    CHECK(loaded(plain).limits.group == 64);
    CHECK(loaded(plain).limits.host == 1);
    const Inventory inventory = loaded(
        "estate: e\ndirectory: {domain: corp.example, servers: [dc01]}\n"
        "hosts: {limits: {run: 5000, host: 8}, list: [{name: HV01}]}\n");
    CHECK(inventory.limits.run == 5000);
    CHECK(inventory.limits.group == 64);
    CHECK(inventory.limits.host == 8);
}

TEST_CASE("an embedded estate is a file beside the inventory") {
    const std::string text =
        "estate: e\nembedded: {file: estate.json, domain: corp.example}\n"
        "hosts: {list: [{name: HV01}, {name: HV02}]}\n";
    CHECK(loaded(text).embedded == "estates/estate.json");
    CHECK(loaded(text, "north.yaml").embedded == "estate.json");
    CHECK(loaded(text, "/etc/f/north.yaml").embedded == "/etc/f/estate.json");
    CHECK(loaded(text).hosts[1].dns == "hv02.corp.example");
    CHECK(loaded(text).directories.empty());
}

TEST_CASE("ten thousand hosts") {
    std::string text = "estate: e\ndirectory: {domain: corp.example, servers: [dc01]}\nhosts:\n  list:\n";
    std::string domains = "migration_domains:\n";
    for (int i = 0; i < 10'000; ++i) {
        text += fmt::format("    - {{name: HV{:05}, tags: [rack-{}]}}\n", i, i % 40);
        if (i % 8 == 0) domains += fmt::format("  - {{name: pod-{}, hosts: [", i / 8);
        domains += fmt::format("HV{:05}{}", i, i % 8 == 7 ? "]}\n" : ", ");
    }
    const Inventory inventory = loaded(text + domains);
    CHECK(inventory.hosts.size() == 10'000);
    CHECK(inventory.domains.size() == 1'250);
    CHECK(inventory.hosts.back().domain == "pod-1249");
}

}  // namespace fairway::inventory_document_test
