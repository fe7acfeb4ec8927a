// Embedded estates: their text, compare-and-swap, planted faults.
#include <array>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

#include "engine/base/file.hpp"
#include "engine/base/posix.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "providers/memory/edit.hpp"
#include "providers/memory/memory.hpp"
#include "providers/memory/names.hpp"
#include "providers/memory/physics.hpp"

namespace fairway::memory::memory_test {

namespace {

const char* const small = R"({
  "fairway_estate": 1,
  "estate": "bay",
  "hosts": {"HV01": {"migration.enabled": true, "migration.networks": ["10.9.0.0/16"],
                     "host.addresses": ["10.9.0.1", "10.20.0.1"]}},
  "computers": {"HV01": {"delegation.services": ["a", "b"]}},
  "faults": [{"on": "write", "effect": "lost_reply", "object": "HV01", "setting": "migration.enabled", "skip": 1, "times": 1}]
})";

const Address services{"HV01", &setting::delegation_services}, on{"HV01", &setting::migration_enabled},
    networks{"HV01", &setting::migration_networks};

}  // namespace

TEST_CASE("a world reads and prints the same") {
    const Result<World> world = parse_world(small);
    REQUIRE(world.has_value());
    const std::string printed = print_world(*world);
    CHECK(print_world(*parse_world(printed)) == printed);
}

TEST_CASE("a world that is wrong is refused in words") {
    struct Row {
        const char *text, *says;
    };
    const Row rows[] = {
        {"{}", "is missing"},
        {R"({"fairway_estate": 2, "estate": "x", "hosts": {}, "computers": {}})", "fairway_estate"},
        {R"({"fairway_estate": 1, "estate": "x", "hosts": {"A": {"delegation.services": []}}, "computers": {}})",
         "a host has no setting `delegation.services`"},
        {R"({"fairway_estate": 1, "estate": "x", "hosts": {"A": {"migration.enabled": "yes"}}, "computers": {}})",
         "is a boolean"},
        {R"({"fairway_estate": 1, "estate": "x", "hosts": {"A": 1}, "computers": {}})", "must be a map"},
        {R"({"fairway_estate": 1, "estate": "x", "hosts": {}, "computers": {}, "extra": 1})", "extra"},
    };
    for (const Row& row : rows) {
        const Result<World> world = parse_world(row.text);
        REQUIRE_FALSE(world.has_value());
        INFO(world.error().text);
        CHECK(world.error().text.find(row.says) != std::string::npos);
    }
}

TEST_CASE("a swap happens only from what was seen, and keeps what it does not name") {
    World world = *parse_world(small);
    CHECK(write_to(world, services, Set({"a", "b"}), Set({"b", "c"})));
    CHECK(*read_from(world, services) == Held(Set({"b", "c"})));
    CHECK(write_to(world, services, Set({"b"}), Set({"b", "d"})));  // c is somebody else's, and stays
    CHECK(*read_from(world, services) == Held(Set({"b", "c", "d"})));
    CHECK(write_to(world, services, Set({"b"}), Set({"b", "D"})).error().code == Code::stale);
    CHECK(write_to(world, services, Set({"gone"}), Set()).error().code == Code::stale);
    CHECK(write_to(world, on, false, true).error().code == Code::stale);
    CHECK(write_to(world, {"HV09", &setting::migration_enabled}, false, true).error().code == Code::not_found);
    CHECK(write_to(world, {"HV01", &setting::migration_max_live}, std::int64_t{1}, std::int64_t{2}).error().code ==
          Code::unsupported);
}

TEST_CASE("what may not begin any more leaves the estate's file as it is") {
    std::string folder = "/tmp/fairway-memory.XXXXXX";
    REQUIRE(::mkdtemp(folder.data()));
    Inventory inventory;
    inventory.estate = "bay";
    inventory.embedded = folder + "/estate.json";
    REQUIRE(write_file_atomically(inventory.embedded, small));
    const Value off = false, is_on = true, none = Set(), some = Set({"10.9.0.0/16"});
    const std::array writes = {Write{on, is_on, off}, Write{networks, some, none}};
    const auto written = [&](const MayBegin& may_begin) {
        std::string out;
        const auto writer = open_writer(inventory);
        REQUIRE_MESSAGE(writer, writer.error().text);
        (*writer)->write_all(writes, may_begin, [&](std::size_t i, std::optional<Result<void>> answer) {
            out += fmt::format("{} {}; ", i, !answer ? "not begun" : *answer ? "done" : answer->error().text);
        });
        return out;
    };
    const MayBegin over([] { return true; }, MayBegin::Clock::now());
    CHECK(written(over) == "0 not begun; 1 not begun; ");
    CHECK(*read_file(inventory.embedded, 10000) == small);
    std::size_t asked = 0;
    CHECK(written([&] { return asked++ == 1; }) == "0 not begun; 1 done; ");
    const World now = *parse_world(*read_file(inventory.embedded, 10000));
    CHECK(*read_from(now, on) == Held(true));
    CHECK(*read_from(now, networks) == Held(Set()));
    std::filesystem::remove_all(folder);
}

TEST_CASE("planted faults strike when they should") {
    World world = *parse_world(small);
    CHECK(write_to(world, on, true, false));  // skipped
    CHECK(write_to(world, on, false, true).error().code == Code::unreachable);
    CHECK(*read_from(world, on) == Held(true));  // the reply was lost, not the write
    CHECK(write_to(world, on, true, false));     // used up
    world.faults.push_back(
        {.on = Fault::On::write, .effect = Fault::Effect::torn, .object = "HV01", .setting = nullptr});
    CHECK_FALSE(write_to(world, networks, Set({"10.9.0.0/16"}), Set({"any"})));
    CHECK(*read_from(world, networks) == Held(Set({"10.9.0.0/16", "any"})));
}

TEST_CASE("a host that dies does what was asked and then nothing; its account lives") {
    World world = *parse_world(small);
    world.faults = {{.on = Fault::On::write, .effect = Fault::Effect::dies, .object = "HV01", .kind = Kind::host}};
    CHECK(write_to(world, on, true, false));
    world = *parse_world(print_world(world));  // it stays dead for the next command
    CHECK(world.values.at(on) == Value(false));
    CHECK(read_from(world, on).error().code == Code::unreachable);
    CHECK(write_to(world, networks, Set({"10.9.0.0/16"}), Set()).error().code == Code::unreachable);
    CHECK(write_to(world, services, Set({"a"}), Set()));
}

TEST_CASE("a host listens where its networks say") {
    World world = *parse_world(small);
    const Address listeners{"HV01", &setting::host_listeners};
    settle_listeners(world, "HV01");
    CHECK(*read_from(world, listeners) == Held(Set({"10.9.0.1"})));
    CHECK(write_to(world, networks, Set(), Set({"any"})));
    CHECK(*read_from(world, listeners) == Held(Set({"10.20.0.1", "10.9.0.1"})));
    CHECK(write_to(world, on, true, false));
    CHECK(*read_from(world, listeners) == Held(Set()));
}

TEST_CASE("an embedded estate says who holds which service principal name") {
    const char* const text = R"({
      "fairway_estate": 1, "estate": "bay", "hosts": {},
      "computers": {"HV01": {"spn.migration": ["Microsoft Virtual System Migration Service/HV01"],
                             "account.dns_name": "hv01.bay.example"},
                    "HV02": {"account.flags": ["accountdisable"]}},
      "accounts": [{"account": "files", "class": "user", "names": ["cifs/HV01"]},
                   {"account": "old", "class": "user", "names": ["HTTP/x"], "enabled": false}]
    })";
    World world = parse_world(text).value();
    CHECK(print_world(*parse_world(print_world(world))) == print_world(world));
    const NameQuestion question{.names = {"CIFS/hv01"}, .accounts = {"hv02$"}, .classes = {"host"}};
    const RegisteredNames names = names_in(world, question).value();
    REQUIRE(names.owners.size() == 3);
    CHECK(names.caveat.empty());
    CHECK(names.owners[0].names == std::vector<std::string>{"Microsoft Virtual System Migration Service/HV01",
                                                            "HOST/HV01", "HOST/hv01.bay.example"});
    CHECK(names.owners[0].dns == "hv01.bay.example");
    CHECK(names.owners[1].account == "HV02$");
    CHECK_FALSE(names.owners[1].enabled);
    CHECK(names.owners[2].account == "files");
    CHECK_FALSE(names_in(world, {.names = {"HTTP/x"}, .accounts = {}, .classes = {}}).value().owners[0].enabled);
    CHECK(names_in(world, {.names = {"cifs/HV0*"}, .accounts = {"files$"}, .classes = {"Microsoft"}})
              .value()
              .owners.empty());
    world.faults.push_back(
        {.on = Fault::On::read, .effect = Fault::Effect::denied, .object = "HV02", .setting = nullptr});
    CHECK(names_in(world, question).error().code == Code::denied);
    CHECK_FALSE(parse_world(R"({"fairway_estate": 1, "estate": "x", "hosts": {}, "computers": {}, "accounts": [{}]})"));
}

}  // namespace fairway::memory::memory_test
