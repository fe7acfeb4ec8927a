// The table of methods, and the common part of every call [MS-WSMV 4.1.4].
#include "methods.hpp"

#include <algorithm>
#include <array>

#include "embedded.hpp"
#include "fault.hpp"
#include "find.hpp"
#include "names.hpp"
#include "reply.hpp"

namespace lab {
namespace {

struct MethodRow {
    std::string_view class_name;
    std::string_view method;
    Method run;
};

constexpr std::string_view kManagement = "Msvm_VirtualSystemManagementService";
constexpr std::string_view kService = "Msvm_VirtualSystemMigrationService";

constexpr std::array kMethods = {
    MethodRow{kService, "ModifyServiceSettings", modify_service_settings},
    MethodRow{kService, "AddNetworkSettings", add_network_settings},
    MethodRow{kService, "ModifyNetworkSettings", modify_network_settings},
    MethodRow{kService, "RemoveNetworkSettings", remove_network_settings},
    MethodRow{kService, "MigrateVirtualSystemToHost", migrate_to_host},
    MethodRow{kService, "CheckVirtualSystemIsMigratable", check_migratable},
    MethodRow{kService, "CheckVirtualSystemIsMigratableToHost", check_migratable_to_host},
    MethodRow{kManagement, "DefineSystem", define_system},
    MethodRow{kManagement, "ModifySystemSettings", modify_system_settings},
    MethodRow{kManagement, "ModifyResourceSettings", modify_resource_settings},
    MethodRow{kManagement, "AddResourceSettings", add_resource_settings},
    MethodRow{kManagement, "DestroySystem", destroy_system},
    MethodRow{"Msvm_ComputerSystem", "RequestStateChange", request_state_change},
    MethodRow{"Msvm_ImageManagementService", "CreateVirtualHardDisk", create_disk},
    MethodRow{"CIM_DataFile", "Delete", delete_file},
    MethodRow{"StdRegProv", "EnumKey", enum_key},
    MethodRow{"CIM_ConcreteJob", "GetErrorEx", get_error_ex},
    MethodRow{"CIM_ConcreteJob", "GetError", get_error},
};

// The text parameters are looked at before anything is done with them.
Outcome run(const MethodRow& row, Host& host, const Caller& caller, const pugi::xml_node& input,
            const Instance& object) {
    for (const auto parameter : elements_of(input)) {
        if (const auto code = refused_reference(text_of(parameter))) return {*code, {}};
    }
    return row.run(host, caller, Arguments(input), object);
}

const MethodRow& row_for(const ClassInfo& info, std::string_view method) {
    // Method names are case-sensitive, unlike selectors.
    const auto* at = std::find_if(kMethods.begin(), kMethods.end(), [&](const MethodRow& row) {
        return info.is_a(row.class_name) && row.method == method;
    });
    if (at == kMethods.end()) throw faults::unknown_action(method);
    return *at;
}

}  // namespace

std::vector<pugi::xml_node> Arguments::named(std::string_view name) const {
    auto found = elements_of(input_);
    std::erase_if(found, [&](const pugi::xml_node& node) { return name_of(node).local != name; });
    return found;
}

void Arguments::allow(std::initializer_list<std::string_view> names) const {
    for (const auto node : elements_of(input_)) {
        const auto name = name_of(node);
        if (name.uri != name_of(input_).uri) throw faults::schema("A parameter is in the wrong namespace.");
        if (std::find(names.begin(), names.end(), name.local) == names.end()) {
            throw faults::schema("The method has no parameter " + std::string(name.local) + ".");
        }
    }
}

std::vector<std::string> Arguments::texts(std::string_view name) const {
    std::vector<std::string> texts;
    for (const auto node : named(name)) {
        if (attribute_of(node, {uri::xsi, "nil"}) == "true") continue;
        if (!elements_of(node).empty()) throw faults::schema("The parameter " + std::string(name) + " is text.");
        texts.push_back(text_of(node));
    }
    return texts;
}

std::string Arguments::text(std::string_view name) const {
    const auto all = texts(name);
    if (all.size() > 1) throw faults::schema("The parameter " + std::string(name) + " is no array.");
    return all.empty() ? std::string() : all.front();
}

std::vector<Reference> Arguments::references(std::string_view name) const {
    std::vector<Reference> references;
    for (const auto node : named(name)) references.push_back(read_reference(node));
    return references;
}

Outcome with_job(std::string_view class_name, const std::string& id) {
    return {result::job_started,
            {{"Job", Reference{std::string(kVirtualization), std::string(class_name), {{"InstanceID", id}}}}}};
}

std::string invoke(Host& host, const Caller& caller, const Request& request) {
    const auto& info = class_or_fault(host, request.ns, request.class_name);
    const auto method = std::string_view(request.action).substr(request.resource_uri.size() + 1);
    const auto& row = row_for(info, method);
    const auto object = get_instance(host, info, request.selectors);
    const auto input = name_of(request.body);
    if (input.local != std::string(method) + "_INPUT" || input.uri != request.resource_uri) {
        throw faults::schema("The Body must hold " + std::string(method) + "_INPUT in the namespace of the resource.");
    }
    host.count(std::string(method));
    const auto outcome = run(row, host, caller, request.body, object);

    XmlWriter out;
    out.open("p:" + std::string(method) + "_OUTPUT xmlns:p=\"" + escaped(request.resource_uri) + "\" xmlns:xsi=\"" +
             std::string(uri::xsi) + "\" xmlns:cim=\"" + std::string(uri::cim) + "\"");
    for (const auto& property : outcome.out) write_value(out, "p:" + property.name, property.value);
    out.leaf("p:ReturnValue", std::to_string(outcome.code));
    out.close();
    return out.text();
}

}  // namespace lab
