// How often a directory is asked for names, and what about.
#include "engine/run/names.hpp"

#include <doctest/doctest.h>

#include "engine/model/service_names.hpp"
#include "tests/sample.hpp"

using namespace fairway;

namespace {

// Answers from a list, and remembers the questions.
struct Listed final : NameReader {
    std::vector<NameOwner> owners;
    std::vector<NameQuestion> asked;
    std::vector<std::string> caveats = {"", ""};
    std::size_t fails_at = 99;

    Result<RegisteredNames> names(const NameQuestion& question) override {
        asked.push_back(question);
        if (asked.size() == fails_at) return fail(Code::unreachable, "gone");
        RegisteredNames out;
        for (const NameOwner& owner : owners)
            if (fits(question, owner)) out.owners.push_back(owner);
        out.source = "dc01";
        out.caveat = caveats.at(asked.size() - 1);
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
    reader.owners = {computer("HV01", {migration("HV01")}), computer("HV07", {migration("HV07")})};
    const auto names = observe_names(reader, sample::inventory().hosts, false);
    CHECK(reader.asked.size() == 1);
    CHECK(names->owners.size() == 1);
    CHECK(names->source == "dc01");
}

TEST_CASE("strangers that names speak of are looked up before they are called ghosts") {
    Listed reader;
    reader.owners = {computer("HV01", {migration("HV01")}),
                     computer("OLD", {migration("DC01"), migration("hv99.bay.example"), migration("old")}),
                     computer("DC01", {"HOST/DC01"})};
    const auto names = observe_names(reader, sample::inventory().hosts, true);
    REQUIRE(reader.asked.size() == 2);
    CHECK(reader.asked[1].accounts == std::vector<std::string>{"dc01$", "hv99$"});
    CHECK(reader.asked[1].classes.empty());
    REQUIRE(names->owners.size() == 3);
    CHECK(names->owners[2].account == "DC01$");
    CHECK(names->caveat.empty());
}

TEST_CASE("a catalogue that goes away between the questions is told") {
    Listed reader;
    reader.owners = {computer("HV01", {migration("HV99")})};
    reader.caveats = {"", "only the domain"};
    CHECK(observe_names(reader, sample::inventory().hosts, true)->caveat == "only the domain");
    for (std::size_t at : {1u, 2u}) {
        reader.asked.clear();
        reader.fails_at = at;
        CHECK(observe_names(reader, sample::inventory().hosts, true).error().code == Code::unreachable);
    }
}
