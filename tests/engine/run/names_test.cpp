// How often a directory is asked for names, and what about.
#include "engine/run/names.hpp"

#include <doctest/doctest.h>

#include "engine/model/setting.hpp"
#include "engine/names/service_names.hpp"
#include "engine/names/spn_health.hpp"
#include "engine/names/vanished.hpp"
#include "tests/sample.hpp"

namespace fairway::names_test {

namespace {

// Answers from a list, and remembers the questions.
struct Listed final : NameReader {
    std::vector<NameOwner> owners;
    std::vector<NameAlias> aliases;
    std::vector<NameQuestion> asked;
    std::vector<std::string> caveats = {"", ""};
    std::size_t fails_at = 99;

    Result<Set> dns_suffixes(const std::string&) override { return Set(); }
    Result<RegisteredNames> names(const NameQuestion& question) override {
        asked.push_back(question);
        if (asked.size() == fails_at) return fail(Code::unreachable, "gone");
        RegisteredNames out;
        for (const NameOwner& owner : owners)
            if (fits(question, owner)) out.owners.push_back(owner);
        out.aliases = aliases;
        out.source = "dc01";
        out.caveat = caveats.at(asked.size() - 1);
        return out;
    }
};

// What hosts may delegate to.
struct Lists final : Reader {
    std::map<std::string, Set> of;

    Snapshot read(std::span<const Address> addresses, const Progress&) override {
        Snapshot out;
        for (const Address& address : addresses)
            if (const auto it = of.find(address.object); it != of.end())
                out.readings.emplace(address, Held(it->second));
            else out.readings.emplace(address, fail(Code::denied, "hidden"));
        return out;
    }
};

NameOwner computer(const std::string& name, std::vector<std::string> names) {
    return {.dn = "CN=" + name,
            .account = name + "$",
            .dns = text::fold(name) + ".bay.example",
            .object_class = "computer",
            .names = std::move(names)};
}

std::string migration(const std::string& host) { return std::string(migration_service) + "/" + host; }

}  // namespace

TEST_CASE("names without strangers are asked for once") {
    Listed reader;
    Lists lists;
    reader.owners = {computer("HV01", {migration("HV01")}), computer("HV07", {migration("HV07")})};
    const auto names = observe_names(reader, lists, sample::inventory().hosts, false);
    CHECK(reader.asked.size() == 1);
    CHECK(names->owners.size() == 1);
    CHECK(names->source == "dc01");
}

TEST_CASE("strangers that names speak of are looked up before they are called ghosts") {
    Listed reader;
    Lists lists;
    reader.owners = {computer("HV01", {migration("HV01")}),
                     computer("OLD", {migration("DC01"), migration("hv99.bay.example"), migration("old")}),
                     computer("DC01", {"HOST/DC01"})};
    const auto names = observe_names(reader, lists, sample::inventory().hosts, true);
    REQUIRE(reader.asked.size() == 2);
    CHECK(reader.asked[1].accounts == std::vector<std::string>{"dc01$", "hv99$"});
    CHECK(reader.asked[1].classes.empty());
    REQUIRE(names->owners.size() == 3);
    CHECK(names->owners[2].account == "DC01$");
    CHECK(names->caveat.empty());
}

TEST_CASE("a catalogue that goes away between the questions is told") {
    Listed reader;
    Lists lists;
    reader.owners = {computer("HV01", {migration("HV99")})};
    reader.caveats = {"", "only the domain"};
    CHECK(observe_names(reader, lists, sample::inventory().hosts, true)->caveat == "only the domain");
    for (std::size_t at : {1u, 2u}) {
        reader.asked.clear();
        reader.fails_at = at;
        CHECK(observe_names(reader, lists, sample::inventory().hosts, true).error().code == Code::unreachable);
    }
}

TEST_CASE("computers that lists of delegation speak of are looked up before they are called gone") {
    Listed reader;
    Lists lists;
    lists.of["HV01"] = Set({"cifs/HV02", "cifs/GONE", "cifs/gone.bay.example", "MSSQLSvc/sql01:1433", "cifs/gone2"});
    reader.owners = {computer("HV01", {migration("HV01")}), computer("HV02", {}), computer("SQL01", {"HOST/sql01"})};
    const auto hosts = sample::inventory().hosts;
    const auto names = observe_names(reader, lists, hosts, false);
    REQUIRE(reader.asked.size() == 2);
    const NameHealth health = judge_names(hosts, *names);
    std::vector<std::string> gone;
    for (const NameFinding& finding : health.findings)
        if (finding.fault == NameFault::stale_delegation) {
            CHECK(finding.host == "HV01");
            CHECK(finding.because.find("HV01 may delegate") == 0);
            gone.insert(gone.end(), finding.names.begin(), finding.names.end());
        }
    CHECK(gone == std::vector<std::string>{"cifs/GONE", "cifs/gone.bay.example", "cifs/gone2"});
}

TEST_CASE("a delegation is to somebody where the name is held, by whomever") {
    struct Row {
        const char* service;
        NameOwner owner;
    };
    const auto user = [](const char* account, std::vector<std::string> names) {
        return NameOwner{.dn = std::string("CN=") + account,
                         .account = account,
                         .dns = {},
                         .object_class = "user",
                         .names = std::move(names)};
    };
    NameOwner young = computer("NEW", {});
    young.dns.clear();
    const Row rows[] = {
        {"http/intranet.bay.example", user("svc-web", {"HTTP/intranet.bay.example"})},
        {"cifs/files", user("svc-files", {"HOST/files"})},  // served by the alias
        {"E3514235-4B06-11D1-AB04-00C04FC2DCD2/0ddba11/bay.example",
         computer("DC01", {"E3514235-4B06-11D1-AB04-00C04FC2DCD2/0ddba11/bay.example"})},
        {"MSSQLSvc/sql01.bay.example:PAYROLL", computer("SQL01", {})},
        {"cifs/a-name-longer-than-15",
         NameOwner{"CN=a", "A-NAME-LONGER-T$", "A-Name-Longer-Than-15.bay.example", "computer", true, {}}},
        {"cifs/new.bay.example", young},
        {"cifs/alias.bay.example", computer("FS01", {"HOST/alias.bay.example"})},
    };
    const auto hosts = sample::inventory().hosts;
    for (const Row& row : rows) {
        CAPTURE(row.service);
        for (const bool there : {true, false}) {
            Listed reader;
            reader.aliases = {{"host", {"cifs"}}};
            Lists lists;
            lists.of["HV01"] = Set({row.service});
            if (there) reader.owners = {row.owner};
            const auto names = observe_names(reader, lists, hosts, false);
            REQUIRE(names);
            CHECK(reader.asked.size() == 2);
            CHECK(vanished(*names).size() == (there ? 0 : 1));
        }
    }
}

TEST_CASE("what is oddly written is not asked about, and speaks of nobody who could be gone") {
    Listed reader;
    Lists lists;
    lists.of["HV01"] =
        Set({"cifs/gone%2001", "cifs/gone.", "cifs", "/gone", "cifs/", "cifs/g\xc3\xb6ne", "cifs/gone one"});
    const auto names = observe_names(reader, lists, sample::inventory().hosts, false);
    CHECK(reader.asked.size() == 1);
    CHECK(vanished(*names).empty());
}

TEST_CASE("more computers than can be asked about are not called gone without a word") {
    Listed reader;
    Lists lists;
    std::vector<std::string> many;
    for (std::size_t i = 0; i <= most_further; ++i) many.push_back("cifs/gone" + std::to_string(i));
    lists.of["HV01"] = Set(std::move(many));
    const auto names = observe_names(reader, lists, sample::inventory().hosts, false);
    REQUIRE(reader.asked.size() == 2);
    CHECK(reader.asked[1].accounts.size() == most_further);
    CHECK(names->caveat.find("the first 20000") != std::string::npos);
}

}  // namespace fairway::names_test
