// Invoke: which methods there are, how their parameters arrive, and how their outcome leaves.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cim.hpp"
#include "host.hpp"
#include "soap.hpp"

namespace lab {

namespace result {
inline constexpr std::uint64_t done = 0;
inline constexpr std::uint64_t job_started = 4096;
inline constexpr std::uint64_t failed = 32768;
inline constexpr std::uint64_t invalid_parameter = 32773;
}  // namespace result

// The children of Method_INPUT by name; an array is several of one name.
class Arguments {
public:
    explicit Arguments(const pugi::xml_node& input) : input_(input) {}

    // Refuses a parameter that the method does not have (Windows validates against a schema).
    void allow(std::initializer_list<std::string_view> names) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] std::vector<Reference> references(std::string_view name) const;

private:
    [[nodiscard]] std::vector<pugi::xml_node> named(std::string_view name) const;

    pugi::xml_node input_;
};

struct Outcome {
    std::uint64_t code = result::done;
    std::vector<Property> out;
};

[[nodiscard]] Outcome with_job(std::string_view class_name, const std::string& id);

struct Caller {
    std::string principal;  // operator@CORP.EXAMPLE, or the name of a local account
    bool administrator = false;
};

using Method = Outcome (*)(Host& host, const Caller& caller, const Arguments& arguments, const Instance& object);

// methods_settings.cpp
Outcome modify_service_settings(Host&, const Caller&, const Arguments&, const Instance&);
Outcome add_network_settings(Host&, const Caller&, const Arguments&, const Instance&);
Outcome modify_network_settings(Host&, const Caller&, const Arguments&, const Instance&);
Outcome remove_network_settings(Host&, const Caller&, const Arguments&, const Instance&);
// methods_migration.cpp
Outcome migrate_to_host(Host&, const Caller&, const Arguments&, const Instance&);
Outcome check_migratable(Host&, const Caller&, const Arguments&, const Instance&);
Outcome check_migratable_to_host(Host&, const Caller&, const Arguments&, const Instance&);
// methods_systems.cpp
Outcome define_system(Host&, const Caller&, const Arguments&, const Instance&);
Outcome modify_system_settings(Host&, const Caller&, const Arguments&, const Instance&);
Outcome modify_resource_settings(Host&, const Caller&, const Arguments&, const Instance&);
Outcome add_resource_settings(Host&, const Caller&, const Arguments&, const Instance&);
Outcome request_state_change(Host&, const Caller&, const Arguments&, const Instance&);
Outcome create_disk(Host&, const Caller&, const Arguments&, const Instance&);
Outcome delete_file(Host&, const Caller&, const Arguments&, const Instance&);
Outcome destroy_system(Host&, const Caller&, const Arguments&, const Instance&);
// methods_registry.cpp
Outcome enum_key(Host&, const Caller&, const Arguments&, const Instance&);
// methods_migration.cpp
Outcome get_error_ex(Host&, const Caller&, const Arguments&, const Instance&);
Outcome get_error(Host&, const Caller&, const Arguments&, const Instance&);

// The content of the reply's s:Body, or a thrown Fault.
[[nodiscard]] std::string invoke(Host& host, const Caller& caller, const Request& request);

}  // namespace lab
