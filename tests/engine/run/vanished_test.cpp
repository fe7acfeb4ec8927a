// When is a directory asked who is gone, what is made of its answer, and what does an apply do with it?
#include "engine/run/vanished.hpp"

#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/plan/premises.hpp"
#include "engine/run/apply.hpp"
#include "tests/one_by_one.hpp"
#include "tests/ready.hpp"
#include "tests/sample.hpp"

namespace fairway::vanished_test {
namespace {

const Address gone1{"HV01", &setting::delegation_vanished}, gone2{"HV02", &setting::delegation_vanished};
const Address list1{"HV01", &setting::delegation_services};

NameOwner computer(const std::string& name) {
    return {.dn = "CN=" + name,
            .account = name + "$",
            .dns = text::fold(name) + ".bay.example",
            .object_class = "computer",
            .names = {"HOST/" + name}};
}

// A forest, and how often it is asked.
struct Trees {
    std::vector<NameOwner> owners = {computer("HV01"), computer("HV02"), computer("HV03")};
    std::string caveat;
    std::optional<Error> wrong;
    std::size_t opened = 0, asked = 0;
};

struct ForestReader final : NameReader {
    explicit ForestReader(Trees& forest) : forest_(forest) {}
    Result<RegisteredNames> names(const NameQuestion& question) override {
        ++forest_.asked;
        if (forest_.wrong) return tl::unexpected(*forest_.wrong);
        RegisteredNames out;
        for (const NameOwner& owner : forest_.owners)
            if (fits(question, owner)) out.owners.push_back(owner);
        out.source = "the global catalogue";
        out.caveat = forest_.caveat;
        return out;
    }
    Result<Set> dns_suffixes(const std::string&) override { return Set(); }
    Trees& forest_;
};

// The values of a snapshot; remembers what was asked.
struct Values final : Reader {
    Values(const Snapshot& snapshot, std::vector<Address>& asked) : snapshot_(snapshot), asked_(asked) {}
    Snapshot read(std::span<const Address> addresses, const Progress&) override {
        asked_.assign(addresses.begin(), addresses.end());
        Snapshot out;
        for (const Address& address : addresses) out.readings.insert_or_assign(address, snapshot_.at(address));
        return out;
    }
    const Snapshot& snapshot_;
    std::vector<Address>& asked_;
};

struct Fixture {
    Snapshot snapshot = sample::snapshot();
    std::vector<Address> read;
    Trees forest;
    VanishedReader reader{std::make_unique<Values>(snapshot, read), sample::inventory().hosts,
                          [this]() -> Result<std::unique_ptr<NameReader>> {
                              ++forest.opened;
                              return std::make_unique<ForestReader>(forest);
                          }};

    void lists(const char* host, Set more) {
        Reading& held = snapshot.readings.at({host, &setting::delegation_services});
        held = Held(unite(Key::whole, *as_set(**held), more));
    }
    Snapshot ask(std::vector<Address> addresses) { return reader.read(addresses); }
    Reading ask(const Address& address) { return ask(std::vector{address}).at(address); }
};

Plan taking(Set vanished) {
    const Set before = unite(Key::whole, *as_set(**sample::snapshot().at(list1)), vanished);
    Premises premises;
    premises.add(premise("HV01", setting::delegation_vanished, Value(vanished)));
    Plan plan = sample::plan_with({{list1, before, *sample::snapshot().at(list1).value(), {"r"}, {}, premises}});
    plan.phases[0].kind = PhaseKind::directory_removals;
    return plan;
}

}  // namespace

TEST_CASE("vanished: nobody is asked about lists of computers that were read themselves") {
    Fixture fixture;
    const Snapshot seen = fixture.ask({gone1, gone2, {"HV03", &setting::delegation_vanished}});
    CHECK(seen.at(gone1).value() == Value(Set()));
    CHECK(seen.at(gone2).value() == Value(Set()));
    CHECK(fixture.forest.opened == 0);
    fixture.ask(list1);
    CHECK(fixture.read == std::vector{list1});
}

TEST_CASE("vanished: strangers are asked about, and those that are nobody have vanished") {
    Fixture fixture;
    fixture.forest.owners.push_back(computer("FS01"));
    fixture.lists("HV01", Set({"cifs/FS01", "cifs/fs01.bay.example", "CIFS/Gone", "cifs/gone.bay.example:445"}));
    const Snapshot seen = fixture.ask({gone1, gone2, list1});
    CHECK(seen.at(gone1).value() == Value(Set({"CIFS/Gone", "cifs/gone.bay.example:445"})));
    CHECK(seen.at(gone2).value() == Value(Set()));
    CHECK(as_set(**seen.at(list1))->contains("CIFS/Gone"));
    CHECK(seen.sources == std::vector<std::string>{"the global catalogue"});
    CHECK(fixture.forest.asked == 2);
    fixture.ask(gone1);
    CHECK(fixture.forest.opened == 1);  // kept
}

TEST_CASE("vanished: a peer that is only asked about by name is found too") {
    Fixture fixture;
    CHECK(fixture.ask(gone1).value() == Value(Set()));
    CHECK(fixture.forest.opened == 1);
}

TEST_CASE("vanished: what is not known is an error, and only where somebody is in doubt") {
    const auto doubtful = [](const std::function<void(Fixture&)>& trouble) {
        Fixture fixture;
        fixture.lists("HV01", Set({"cifs/gone"}));
        trouble(fixture);
        const Snapshot seen = fixture.ask({gone1, gone2, {"HV03", &setting::delegation_vanished}});
        CHECK(seen.at(gone2).value() == Value(Set()));
        REQUIRE_FALSE(seen.at(gone1).has_value());
        CHECK_MESSAGE(seen.at(gone1).error().text.find("no account was found for cifs/gone, but ") == 0,
                      seen.at(gone1).error().text);
        return seen.at(gone1).error();
    };
    const Error part =
        doubtful([](Fixture& fixture) { fixture.forest.caveat = "only the domain bay.example was searched"; });
    CHECK(part.code == Code::unreachable);
    CHECK(part.text == "no account was found for cifs/gone, but only the domain bay.example was searched");
    CHECK(doubtful([](Fixture& fixture) { fixture.forest.wrong = Error{Code::denied, "no"}; }).code == Code::denied);
    const Error hidden = doubtful([](Fixture& fixture) { fixture.forest.owners.erase(fixture.forest.owners.begin()); });
    CHECK(hidden.code == Code::denied);
    CHECK(hidden.text.find("HV01$") != std::string::npos);
    CHECK(doubtful([](Fixture& fixture) { fixture.forest.owners[0].names.clear(); }).code == Code::denied);

    Fixture fixture;  // with a part of the forest all were found, so there is no doubt
    fixture.forest.caveat = "only the domain bay.example was searched";
    fixture.forest.owners.push_back(computer("FS01"));
    fixture.lists("HV01", Set({"cifs/FS01"}));
    CHECK(fixture.ask(gone1).value() == Value(Set()));
}

TEST_CASE("vanished: a list that cannot be read, or is not there, tells nothing of who is gone") {
    Fixture fixture;
    fixture.snapshot.readings.insert_or_assign(list1, fail(Code::unreachable, "away"));
    CHECK(fixture.ask(gone1).error().text == "away");
    fixture.snapshot.readings.insert_or_assign(list1, Held());
    CHECK(fixture.ask(gone1).value() == Value(Set()));
    CHECK(fixture.forest.opened == 0);
}

TEST_CASE("vanished: before it is taken, it is asked again") {
    Fixture fixture;
    fixture.lists("HV01", Set({"cifs/gone"}));
    const Plan plan = taking(Set({"cifs/gone"}));
    CHECK(sample::ready(plan, fixture.reader).has_value());
    fixture.forest.wrong = Error{Code::unreachable, "no catalogue"};
    const auto blind = sample::ready(plan, fixture.reader);
    REQUIRE_FALSE(blind.has_value());
    CHECK(blind.error().code == Code::unreachable);
    CHECK(blind.error().text.find("unknown whether the computers of these services are gone") != std::string::npos);
    fixture.forest.wrong.reset();
    fixture.forest.owners.push_back(computer("GONE"));
    const auto back = sample::ready(plan, fixture.reader);
    REQUIRE_FALSE(back.has_value());
    CHECK(back.error().code == Code::stale);
    CHECK(back.error().text == "computer HV01: the plan takes as gone what is somebody's again: cifs/gone");
}

TEST_CASE("vanished: what comes back in the middle of a run is not taken") {
    Fixture fixture;
    fixture.lists("HV01", Set({"cifs/gone"}));
    struct Nothing final : OneByOne {
        std::size_t writes = 0;
        Result<void> make(const Address&, const Value&, const Value&) override {
            ++writes;
            return {};
        }
    } writer;
    auto journal = Journal::open_to_append(":memory:");
    REQUIRE(journal.has_value());
    const auto applied = apply(taking(Set({"cifs/gone"})), {.who = "me", .host = "here", .rolls_back = {}},
                               {.reader = fixture.reader,
                                .writer = writer,
                                .journal = *journal,
                                .rights = nullptr,
                                .clock = [] { return std::int64_t{1'800'000'000}; },
                                .on_event =
                                    [&](const Event& event) {
                                        if (event.kind == Event::Kind::started)
                                            fixture.forest.owners.push_back(computer("GONE"));
                                    },
                                .stop = [] { return false; }});
    REQUIRE(applied.has_value());
    CHECK(applied->ending == Ending::failed);
    CHECK(applied->code == Code::stale);
    CHECK(applied->done == 0);
    CHECK(writer.writes == 0);
}

}  // namespace fairway::vanished_test
