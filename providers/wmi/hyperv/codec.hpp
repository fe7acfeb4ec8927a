// Which class and property of Windows stands behind a row of the catalogue, of which CIM type is it, how is it read,
// and how is it written? One row for each setting (codec_rows.cpp); pure. Networks, which are several objects, are in
// networks.hpp.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "engine/model/setting.hpp"
#include "engine/model/value.hpp"
#include "providers/wmi/wsman/cim.hpp"

namespace fairway::wmi {

// The classes that are read, in the order in which they are asked for.
enum class Source {
    migration_setting,
    migration_network,
    migration_service,
    adapters,
    computer,
    operating_system,
    machines,
    device_guard,
    cluster_service,
    cluster,
    // Asked for by trial moves and what prepares them only.
    planned_machines,
    machine_settings,
    virtual_disks,
    machine_memory,
    migration_jobs,
    management_service,
    cluster_nodes
};

// A method of the migration service that takes a whole instance back.
struct Modify {
    const char *method = nullptr, *argument = nullptr;
};

struct ClassRow {
    Source source;
    std::string_view wmi_namespace, name;
    bool single;                                // a host has exactly one instance
    std::array<std::string_view, 2> keys = {};  // the properties that distinguish instances on one host: texts
    Modify modify = {};                         // of a class that holds settings with Way::instance
    std::string_view query = {};                // asked instead of for all instances, where there is much else
};
std::span<const ClassRow> class_rows();  // one for each Source, in its order
const ClassRow& class_row(Source source);
std::string resource_of(Source source);
std::string resource_of_all(Source source);  // its namespace, which a query is about

using Instances = std::vector<cim::Instance>;

// Each object once: a query may bring one as often as there are ways to it.
Instances distinct(Instances all, Source source);

struct TypeRow {
    std::string_view property, type;  // CIM's word
    bool array = false;
};

// How a setting is written.
enum class Way {
    never,     // it is a fact
    instance,  // the one instance of its class goes back whole, by the class's method
    networks,  // objects of its class are added, changed and removed: networks.hpp
    trial_vm   // a VM is made or taken away: trial_vm.hpp
};

struct CodecRow {
    const Setting* setting;
    Source source;
    Way way;
    std::vector<TypeRow> properties;  // that hold it; of Way::instance all that are written
    Result<Held> (*decode)(const CodecRow& row, const Instances& instances);
    std::vector<cim::Property> (*encode)(const CodecRow& row, const Value& after) = nullptr;  // of Way::instance
    // Which odd element of a list `decode` passes over, in words; null: it passes over none.
    std::string (*left_out)(const CodecRow& row, const Instances& instances) = nullptr;
};
std::span<const CodecRow> codec_rows();
const CodecRow* codec_row(const Setting& setting);  // null: not a setting of hosts

// What the row's setting holds, of all instances of its class on one host.
Result<Held> decode(const CodecRow& row, const Instances& instances);
// Which odd element of a list `decode` passed over, in words; mostly empty.
std::string left_out(const CodecRow& row, const Instances& instances);

// The host itself is among the instances of Source::machines too; its Name is no GUID.
bool is_machine(const cim::Instance& system);

// Whether the cluster service, by whatever instances of it there are, makes the host a node of a cluster.
bool is_node(const Instances& services);

// A class that is there and shows no instance: Hyper-V hides its objects from those who may not see them.
Error none_of(Source source);
// The only instance of a class that a host has one of.
Result<const cim::Instance*> only(const Instances& instances, Source source);

// The row's instance as it was read, typed for CIM-XML, with the row's properties made `after`: what the class's method
// takes. Error: the host's class lacks such a property, or the row is not written so.
Result<cim::Instance> changed(const CodecRow& row, const cim::Instance& read, const Value& after);

// The properties of a class that go back with it: its keys, and what the rows of Way::instance are held by. Without the
// display texts (Caption, Description, ElementName): nobody needs them back, and a host in another language may have
// characters in them that it refuses to read itself.
std::vector<TypeRow> types_of(Source source);

// `read` with CIM types from the table and in its order; what the table does not have is left out, for a
// property whose type we do not know cannot be written (and what is left out stays as it is).
cim::Instance typed(const cim::Instance& read, std::span<const TypeRow> types);

std::string show(const Value& value);  // for the texts of errors

}  // namespace fairway::wmi
