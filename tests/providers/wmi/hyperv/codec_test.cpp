// Does each row of the catalogue read from, and write to, the property that stands behind it?
#include <doctest/doctest.h>

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/model/trial_vms.hpp"
#include "providers/wmi/hyperv/codec.hpp"
#include "providers/wmi/hyperv/networks.hpp"
#include "providers/wmi/hyperv/trial_vm.hpp"
#include "providers/wmi/wsman/rights.hpp"

namespace fairway::wmi::codec_test {
namespace {

cim::Instance with(std::vector<std::pair<std::string, std::string>> properties) {
    cim::Instance out{"C", {}};
    for (auto& [name, value] : properties) {
        const bool again = out.has(name);
        if (!again) out.properties.push_back(cim::scalar(name, "", value));
        else
            for (auto& p : out.properties)
                if (p.name == name) p.values.push_back(value);
    }
    return out;
}

std::string shown(const Setting& setting, const Instances& instances) {
    const auto held = decode(*codec_row(setting), instances);
    if (!held) return fmt::format("error {}", name(held.error().code));
    return *held ? show(**held) : "-";
}

cim::Instance network(const std::string& subnet, const std::string& prefix, const std::string& metric,
                      const std::string& tag) {
    cim::Instance out = with({{"InstanceID", "id-" + subnet}, {"SubnetNumber", subnet}, {"PrefixLength", prefix}});
    if (!metric.empty()) out.properties.push_back(cim::scalar("Metric", "", metric));
    if (!tag.empty()) out.properties.push_back(cim::scalar("Tags", "", tag));
    return out;
}

const std::string user = "Microsoft:UserManaged", any = "Microsoft:UserManagedAllNetworks";

}  // namespace

TEST_CASE("codec: every setting and fact of hosts has a row, and no other") {
    for (const Setting* setting : catalogue()) {
        CAPTURE(setting->name);
        const CodecRow* row = codec_row(*setting);
        CHECK_MESSAGE((row != nullptr) == (setting->kind == Kind::host),
                      "codec_rows.cpp has no row for it, or one too many");
        if (!row) continue;
        CHECK((row->way == Way::never) == (setting->access == Access::fact));
        CHECK(bool(row->decode != nullptr));
        CHECK(setting->source.find(class_row(row->source).name) != std::string_view::npos);
    }
}

TEST_CASE("codec: every class stands at its place, with what its rows are written by") {
    for (const ClassRow& row : class_rows()) {
        CAPTURE(row.name);
        CHECK(&class_row(row.source) == &row);
        CHECK_MESSAGE(!rights_row(resource_of(row.source)).name.empty(), "rights.cpp has no row for ",
                      row.wmi_namespace);
        CHECK((row.query.empty() || row.query.find(row.name) != std::string_view::npos));
    }
    for (const CodecRow& row : codec_rows()) {
        CAPTURE(row.setting->name);
        CHECK((row.way == Way::instance) == bool(row.encode != nullptr));
        if (row.way == Way::networks) CHECK(row.setting->type == Type::set);
        if (row.way != Way::instance) continue;
        const ClassRow& of = class_row(row.source);
        CHECK(of.single);
        CHECK_MESSAGE(bool(of.modify.method && of.modify.argument), "its class lacks the method that takes it back");
        CHECK_FALSE(row.properties.empty());
        for (const TypeRow& type : row.properties) {
            CHECK_FALSE(type.type.empty());
            CHECK_MESSAGE(row.setting->source.find(type.property) != std::string_view::npos,
                          "the catalogue's `source` lacks the property ", type.property);
        }
    }
}

TEST_CASE("codec: reading") {
    const struct {
        const Setting& setting;
        Instances instances;
        std::string expected;
    } rows[] = {
        {setting::migration_enabled, {with({{"EnableVirtualSystemMigration", "TRUE"}})}, "true"},
        {setting::migration_enabled, {with({{"EnableVirtualSystemMigration", "false"}})}, "false"},
        {setting::migration_enabled, {with({})}, "-"},
        {setting::migration_enabled, {}, "error not_found"},
        {setting::migration_enabled, {with({}), with({})}, "error protocol"},
        {setting::migration_enabled, {with({{"EnableVirtualSystemMigration", "maybe"}})}, "error protocol"},
        {setting::migration_authentication, {with({{"AuthenticationType", "0"}})}, "credssp"},
        {setting::migration_authentication, {with({{"AuthenticationType", "1"}})}, "kerberos"},
        {setting::migration_authentication, {with({{"AuthenticationType", "2"}})}, "error protocol"},
        {setting::migration_authentication, {with({})}, "-"},
        {setting::migration_performance,
         {with({{"EnableCompression", "true"}, {"EnableSmbTransport", "false"}})},
         "compression"},
        {setting::migration_performance,
         {with({{"EnableCompression", "false"}, {"EnableSmbTransport", "true"}})},
         "smb"},
        {setting::migration_performance,
         {with({{"EnableCompression", "false"}, {"EnableSmbTransport", "false"}})},
         "tcpip"},
        {setting::migration_performance,
         {with({{"EnableCompression", "true"}, {"EnableSmbTransport", "true"}})},
         "smb"},
        {setting::migration_performance, {with({{"EnableCompression", "true"}})}, "-"},
        {setting::migration_max_live, {with({{"MaximumActiveVirtualSystemMigration", "4"}})}, "4"},
        {setting::migration_max_storage,
         {with({{"MaximumActiveStorageMigration", "18446744073709551615"}})},
         "error protocol"},
        {setting::migration_max_storage, {with({{"MaximumActiveStorageMigration", "2"}})}, "2"},
        {setting::host_build, {with({{"BuildNumber", "20348"}})}, "20348"},
        {setting::host_domain, {with({{"PartOfDomain", "true"}, {"Domain", "Corp.Example"}})}, "corp.example"},
        {setting::host_domain, {with({{"PartOfDomain", "false"}, {"Domain", "WORKGROUP"}})}, "-"},
        {setting::host_addresses,
         {with({{"IPEnabled", "true"}, {"IPAddress", "10.0.0.1"}, {"IPAddress", "FE80::0:1"}}),
          with({{"IPEnabled", "false"}, {"IPAddress", "10.9.9.9"}}), with({})},
         "10.0.0.1, fe80::1"},
        {setting::host_addresses, {}, "nothing"},
        // One odd element hides no good one; a zone index is no part of the address.
        {setting::host_addresses, {with({{"IPEnabled", "true"}, {"IPAddress", "nonsense"}})}, "error protocol"},
        {setting::host_addresses,
         {with({{"IPEnabled", "true"},
                {"IPAddress", "nonsense"},
                {"IPAddress", ""},
                {"IPAddress", " 10.0.0.1 "},
                {"IPAddress", "10.0.0.2%5"},
                {"IPAddress", "fe80::1c2d:3e4f%12"}}),
          with({{"IPEnabled", "maybe"}, {"IPAddress", "10.0.0.3"}})},
         "10.0.0.1, fe80::1c2d:3e4f"},
        {setting::host_addresses, {with({{"IPEnabled", "true"}, {"IPAddress", ""}})}, "nothing"},
        {setting::host_addresses, {with({{"IPEnabled", "maybe"}, {"IPAddress", "10.0.0.3"}})}, "error protocol"},
        {setting::host_listeners,
         {with({{"MigrationServiceListenerIPAddressList", "10.0.0.1"},
                {"MigrationServiceListenerIPAddressList", "fe80::5efe:192.168.209.172%6"},
                {"MigrationServiceListenerIPAddressList", "fd20::%x%y"},
                {"MigrationServiceListenerIPAddressList", "10.0.0.1/24"}})},
         "10.0.0.1, fd20::, fe80::5efe:c0a8:d1ac"},
        {setting::host_listeners, {with({{"MigrationServiceListenerIPAddressList", "%6"}})}, "error protocol"},
        {setting::host_listeners, {with({{"MigrationServiceListenerIPAddressList", "10.0.0.1"}})}, "10.0.0.1"},
        {setting::host_listeners, {with({})}, "-"},
        {setting::host_running_migrations,
         {with({{"ActiveVirtualSystemMigrationCount", "1"}, {"ActiveStorageMigrationCount", "2"}})},
         "3"},
        {setting::host_machines,
         {with({{"Name", "HV01"}, {"ElementName", "HV01"}}),
          with({{"Name", "6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01"}, {"ElementName", "canary"}})},
         "canary"},
        {setting::host_cluster, {with({{"Name", "CLU1"}})}, "CLU1"},
        {setting::host_cluster, {with({{"Name", ""}})}, "error protocol"},
        {setting::host_cluster, {}, "-"},
        {setting::host_credential_guard,
         {with({{"SecurityServicesRunning", "2"}, {"SecurityServicesRunning", "1"}})},
         "true"},
        {setting::host_credential_guard, {with({{"SecurityServicesRunning", "2"}})}, "false"},
        {setting::host_credential_guard, {with({{"SecurityServicesRunning", "0"}})}, "false"},
        {setting::host_credential_guard, {with({})}, "-"},
        {setting::verify_trial_vms, {}, "nothing"},
        {setting::verify_trial_vms,
         {with({{"ElementName", "t"},
                {"Notes", note_of({"t", "corp", true})},
                {"VirtualSystemType", "Microsoft:Hyper-V:System:Realized"}})},
         "t of corp, t of corp, complete"},
        {setting::migration_networks, {}, "nothing"},
        {setting::migration_networks, {network("0.0.0.0", "0", "", any), network("::0", "0", "", any)}, "any"},
        {setting::migration_networks, {network("0.0.0.0", "0", "", any)}, "any"},
        {setting::migration_networks,
         {network("10.0.0.0", "8", "0", user), network("FD20::0", "64", "3", user),
          network("10.7.0.0", "16", "", "Cluster:x"), network("10.8.0.0", "16", "", "")},
         "10.0.0.0/8, fd20::/64 metric 3"},
        {setting::migration_networks, {network("10.0.0.5", "8", "", user)}, "error protocol"},
        {setting::migration_networks, {network("10.0.0.0", "33", "", user)}, "error protocol"},
        {setting::migration_networks, {network("10.0.0.5", "8", "", "Cluster:x")}, "nothing"},
    };
    std::set<const Setting*> valued;
    for (const auto& row : rows) {
        CAPTURE(row.setting.name);
        CHECK(shown(row.setting, row.instances) == row.expected);
        if (row.expected != "-" && !row.expected.starts_with("error")) valued.insert(&row.setting);
    }
    for (const CodecRow& row : codec_rows())
        CHECK_MESSAGE(valued.contains(row.setting), "no row here reads a value of ", row.setting->name);
}

TEST_CASE("codec: the whole setting goes back with one change, and only what the host showed") {
    cim::Instance read = with({{"InstanceID", "Microsoft:x\\y"},
                               {"EnableVirtualSystemMigration", "true"},
                               {"AuthenticationType", "0"},
                               {"MaximumActiveVirtualSystemMigration", "2"},
                               {"SomethingNew", "7"}});
    read.class_name = "Msvm_VirtualSystemMigrationServiceSettingData";
    // Display texts stay there: a host refuses some of the characters that its own language puts into them.
    read.properties.push_back(cim::scalar("Caption", "", "l'h\u00f4te \"R&D\" <1>"));
    read.properties.push_back(cim::scalar("Description", "", "a"));
    read.properties.push_back(cim::scalar("ElementName", "", "b"));
    const auto instance = changed(*codec_row(setting::migration_authentication), read, Value(std::string("kerberos")));
    REQUIRE(instance.has_value());
    CHECK(*cim::to_text(*instance) ==
          "<INSTANCE CLASSNAME=\"Msvm_VirtualSystemMigrationServiceSettingData\">"
          "<PROPERTY NAME=\"InstanceID\" TYPE=\"string\"><VALUE>Microsoft:x\\y</VALUE></PROPERTY>"
          "<PROPERTY NAME=\"EnableVirtualSystemMigration\" TYPE=\"boolean\"><VALUE>TRUE</VALUE></PROPERTY>"
          "<PROPERTY NAME=\"MaximumActiveVirtualSystemMigration\" TYPE=\"uint32\"><VALUE>2</VALUE></PROPERTY>"
          "<PROPERTY NAME=\"AuthenticationType\" TYPE=\"uint32\"><VALUE>1</VALUE></PROPERTY></INSTANCE>");
    // Server 2012 has no transport flags.
    CHECK(changed(*codec_row(setting::migration_performance), read, Value(std::string("smb"))).error().code ==
          Code::unsupported);
    CHECK(changed(*codec_row(setting::migration_networks), read, Value(Set{})).error().code == Code::unsupported);
}

// Of a setting's values two that differ, made of its row of the catalogue.
std::vector<Value> some_values(const Setting& setting) {
    std::vector<Value> words;
    for (const std::string_view word : setting.choices) words.emplace_back(std::string(word));
    switch (setting.type) {
        case Type::boolean: return {false, true};
        case Type::integer: return {setting.least, setting.most};
        case Type::word: return words;
        case Type::set: return {Set(), Set({"a", "b"})};
    }
    return {};
}

TEST_CASE("codec: of every setting what is written is what is read, and nothing else of its class changes") {
    for (const CodecRow& row : codec_rows()) {
        if (row.way != Way::instance) continue;
        CAPTURE(row.setting->name);
        cim::Instance read{std::string(class_row(row.source).name), {}};
        for (const TypeRow& type : types_of(row.source)) {
            const char* text = type.type == "string" ? "i" : type.type == "boolean" ? "FALSE" : "0";
            read.properties.push_back(cim::scalar(type.property, "", text));
        }
        const std::vector<Value> values = some_values(*row.setting);
        REQUIRE(values.size() >= 2);
        for (const Value& value : values) {
            const auto text = changed(row, read, value).and_then(cim::to_text);
            REQUIRE_MESSAGE(text.has_value(), text.error().text);
            const Instances back = {*cim::from_text(*text)};
            const auto held = decode(row, back);
            REQUIRE(held.has_value());
            CHECK(*held == Held(value));
            for (const cim::Property& one : back.front().properties) {
                const auto is_ours = [&](const TypeRow& type) { return type.property == one.name; };
                if (std::none_of(row.properties.begin(), row.properties.end(), is_ours))
                    CHECK(one.values == read.find(one.name)->values);
            }
        }
    }
}

TEST_CASE("networks: new objects") {
    const auto both = fresh_networks("any");
    REQUIRE(both.has_value());
    REQUIRE(both->size() == 2);
    CHECK((*both)[0].text("SubnetNumber") == "0.0.0.0");
    CHECK((*both)[1].text("SubnetNumber") == "::");
    for (const auto& one : *both) {
        CHECK(one.list("Tags") == std::vector<std::string>{any});
        CHECK(one.text("PrefixLength") == "0");
        CHECK_FALSE(one.has("Metric"));
        CHECK_FALSE(one.has("InstanceID"));
    }
    const auto subnet = fresh_networks("fd20::/64 metric 5");
    REQUIRE(subnet.has_value());
    CHECK(
        *cim::to_text(subnet->front()) ==
        "<INSTANCE CLASSNAME=\"Msvm_VirtualSystemMigrationNetworkSettingData\">"
        "<PROPERTY NAME=\"SubnetNumber\" TYPE=\"string\"><VALUE>fd20::</VALUE></PROPERTY>"
        "<PROPERTY NAME=\"PrefixLength\" TYPE=\"uint8\"><VALUE>64</VALUE></PROPERTY>"
        "<PROPERTY NAME=\"Metric\" TYPE=\"uint32\"><VALUE>5</VALUE></PROPERTY>"
        "<PROPERTY.ARRAY NAME=\"Tags\" TYPE=\"string\"><VALUE.ARRAY><VALUE>Microsoft:UserManaged</VALUE></VALUE.ARRAY>"
        "</PROPERTY.ARRAY></INSTANCE>");
    CHECK_FALSE(fresh_networks("10.0.0.0/8")->front().has("Metric"));
    for (const char* wrong : {"", "Any", "any metric 5", "10.0.0.1/8", "10.0.0.0/8 metric", "10.0.0.0/8 metric x",
                              "10.0.0.0/8 5", "10.0.0.0/8 metric 4294967296", "10.0.0.0/8 metric -1", "nonsense"})
        CHECK_FALSE(fresh_networks(wrong).has_value());
}

}  // namespace fairway::wmi::codec_test
