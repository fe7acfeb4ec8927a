// What a host says of one VM, and of itself as an end of trial moves.
#include "providers/wmi/hyperv/machines.hpp"

#include <doctest/doctest.h>

#include "tests/providers/wmi/fake_host.hpp"

namespace fairway::wmi::machines_test {
namespace {

const std::string canary = "6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01";

struct Asked {
    World world;
    FakeHost& host = world.hosts["HV02"];
    std::unique_ptr<Mover> mover = make_mover(world.all, world.pace());

    Asked() { host.classes["Msvm_ComputerSystem"] = {{vm("HV02", "HV02"), vm("canary", canary)}}; }
};

}  // namespace

TEST_CASE("machines: found by name or id, with its memory") {
    Asked asked;
    const std::string query =
        "SELECT InstanceID, VirtualQuantity, AllocationUnits FROM Msvm_MemorySettingData WHERE InstanceID LIKE "
        "'Microsoft:" +
        canary + "%'";
    asked.host.classes[query] = {{"<w:XmlFragment><VirtualQuantity>512</VirtualQuantity></w:XmlFragment>"}};
    for (const std::string& wanted : {std::string("CANARY"), canary}) {
        const auto found = asked.mover->find("HV02", wanted);
        REQUIRE_MESSAGE(found.has_value(), (found ? "" : found.error().text));
        REQUIRE(found->has_value());
        CHECK((*found)->id == canary);
        CHECK((*found)->running);
        CHECK((*found)->memory_mb == 512);
    }
    CHECK_FALSE(asked.mover->find("HV02", "another")->has_value());
    CHECK_FALSE(asked.mover->find("HV02", "HV02")->has_value());  // the host itself
    asked.host.classes[query] = {
        {"<w:XmlFragment><VirtualQuantity>5</VirtualQuantity><AllocationUnits>byte</AllocationUnits></w:XmlFragment>"}};
    CHECK_FALSE((*asked.mover->find("HV02", canary))->memory_mb.has_value());
    asked.host.classes["Msvm_ComputerSystem"] = {
        {vm("canary", canary), vm("Canary", "6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A02")}};
    CHECK(asked.mover->find("HV02", "canary").error().code == Code::bad_input);
}

TEST_CASE("machines: a node that drains, or is paused, says so") {
    Asked asked;
    const std::string services = "SELECT Name, State, StartMode FROM Win32_Service WHERE Name = 'ClusSvc'";
    asked.host.classes[services] = {{}};
    const auto alone = asked.mover->room("HV02");
    REQUIRE(alone.has_value());
    CHECK(alone->most_live == 2);
    CHECK(alone->live == 0);
    CHECK(alone->draining.empty());
    asked.host.classes[services] = {
        {"<w:XmlFragment><State>Running</State><StartMode>Auto</StartMode></w:XmlFragment>"}};
    const auto node = [&](const std::string& state, const std::string& drain) {
        asked.host.classes["MSCluster_Node"] = {{"<p:N xmlns:p='u'><p:Name>HV01</p:Name><p:State>2</p:State></p:N>",
                                                 "<p:N xmlns:p='u'><p:Name>hv02</p:Name><p:State>" + state +
                                                     "</p:State><p:NodeDrainStatus>" + drain +
                                                     "</p:NodeDrainStatus></p:N>"}};
        const auto room = asked.mover->room("HV02");
        REQUIRE(room.has_value());
        return room->draining;
    };
    CHECK(node("0", "0").empty());
    CHECK(node("0", "1") == "its cluster drains it");
    CHECK(node("2", "2") == "it is paused in its cluster");
}

TEST_CASE("machines: a migration of it that has not ended is seen, whichever name it goes by") {
    Asked asked;
    asked.host.classes["SELECT Name, ElementName FROM Msvm_PlannedComputerSystem WHERE Name = '" + canary + "'"] = {{}};
    const auto moving = [&](const std::string& of, const std::string& state) {
        asked.host.classes["Msvm_MigrationJob"] = {
            {job(state, "<p:VirtualSystemName>" + of + "</p:VirtualSystemName>")}};
        const auto seen = asked.mover->sight("HV02", canary);
        REQUIRE_MESSAGE(seen.has_value(), (seen ? "" : seen.error().text));
        CHECK(seen->machine.has_value());
        CHECK_FALSE(seen->planned);
        return seen->moving;
    };
    CHECK(moving(canary, "4"));
    CHECK(moving("canary", "4"));
    CHECK(moving("", "4"));
    CHECK_FALSE(moving("another", "4"));
    CHECK_FALSE(moving(canary, "7"));
    CHECK_FALSE(moving(canary, "10"));
}

}  // namespace fairway::wmi::machines_test
