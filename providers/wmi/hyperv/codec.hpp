// Which class and property of Windows stands behind a row of the catalogue, how is it read, and how is it
// changed? One row for each setting; pure. Networks, which are several objects, have a file of their own.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "engine/model/catalogue.hpp"
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
    // Asked for by a trial move only.
    planned_machines,
    machine_settings,
    virtual_disks
};

struct ClassRow {
    Source source;
    std::string_view wmi_namespace, name;
    bool single;                                // a host has exactly one instance
    std::array<std::string_view, 2> keys = {};  // the properties that distinguish instances on one host
};
std::span<const ClassRow> class_rows();  // one for each Source, in its order
const ClassRow& class_row(Source source);
std::string resource_of(Source source);
std::string resource_of_all(Source source);  // its namespace, which a query is about

using Instances = std::vector<cim::Instance>;

// Each object once: a query may bring one as often as there are ways to it.
Instances distinct(Instances all, Source source);

struct CodecRow {
    const Setting* setting;
    Source source;
    Result<Held> (*decode)(const Instances& instances);
    // Null: cannot be changed through the migration service's setting.
    std::vector<cim::Property> (*encode)(const Value& after);
};
const CodecRow* codec_row(const Setting& setting);  // null: not a setting of hosts

// What the row's setting holds, of all instances of its class on one host.
Result<Held> decode(const CodecRow& row, const Instances& instances);
// Which odd element of a list `decode` passed over, in words; mostly empty.
std::string left_out(const CodecRow& row, const Instances& instances);

bool is_guid(std::string_view text);  // 6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01
// The host itself is among the instances of Source::machines too; its Name is no GUID.
bool is_machine(const cim::Instance& system);

// Whether the cluster service, by whatever instances of it there are, makes the host a node of a cluster.
bool is_node(const Instances& services);

// The only instance of a class that a host has one of.
Result<const cim::Instance*> only(const Instances& instances, Source source);

// The service's setting as it was read, typed for CIM-XML, with the row's properties made `after`: what
// ModifyServiceSettings takes. Error: the host's class lacks such a property.
Result<cim::Instance> changed(const CodecRow& row, const cim::Instance& read, const Value& after);

struct TypeRow {
    std::string_view property, type;
    bool array = false;
};
// `read` with CIM types from the table and in its order; what the table does not have is left out, for a
// property whose type we do not know cannot be written (and what is left out stays as it is).
cim::Instance typed(const cim::Instance& read, std::span<const TypeRow> types);

std::string show(const Value& value);  // for the texts of errors

}  // namespace fairway::wmi
