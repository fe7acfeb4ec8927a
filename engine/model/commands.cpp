// See commands.hpp.
#include "engine/model/commands.hpp"

#include <fmt/format.h>
#include <vector>

#include "engine/base/text.hpp"
#include "engine/model/directory_filter.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/model/trial_vms.hpp"

namespace fairway {
namespace {

std::string set_vmhost(std::string_view host, std::string_view argument, std::string_view value) {
    return fmt::format("Set-VMHost -ComputerName {} -{} {}", host, argument, value);
}

// One text of PowerShell. Its single quotes are doubled within: the plain one, and U+2018 to U+201B, which end a text
// as the plain one does (about_Quoting_Rules).
std::string quoted(std::string_view value) {
    std::string out = "'";
    while (!value.empty()) {
        const bool curly =
            value.size() > 2 && value.starts_with("\xe2\x80") && value[2] >= '\x98' && value[2] <= '\x9b';
        const std::string_view one = value.substr(0, curly ? 3 : 1);
        out += one;
        if (curly || one == "'") out += one;
        value.remove_prefix(one.size());
    }
    return out + "'";
}

// One list of a PowerShell hash table.
std::string quoted_list(const Set& set) {
    std::vector<std::string> parts;
    for (const std::string_view element : set) parts.push_back(quoted(element));
    return text::join(parts, ",");
}

}  // namespace

std::string enable_command(const Setting&, std::string_view host, const Value&, const Value& after) {
    return fmt::format("{}-VMMigration -ComputerName {}", std::get<bool>(after) ? "Enable" : "Disable", host);
}

std::string authentication_command(const Setting&, std::string_view host, const Value&, const Value& after) {
    const bool kerberos = std::get<std::string>(after) == setting::kerberos;
    return set_vmhost(host, "VirtualMachineMigrationAuthenticationType", kerberos ? "Kerberos" : "CredSSP");
}

std::string performance_command(const Setting&, std::string_view host, const Value&, const Value& after) {
    const auto& word = std::get<std::string>(after);
    const char* option = word == "smb" ? "SMB" : word == "compression" ? "Compression" : "TCPIP";
    return set_vmhost(host, "VirtualMachineMigrationPerformanceOption", option);
}

// A number or a switch.
std::string vmhost_command(const Setting& row, std::string_view host, const Value&, const Value& after) {
    const auto* number = std::get_if<std::int64_t>(&after);
    return set_vmhost(host, row.argument, number ? std::to_string(*number) : fmt::format("${}", std::get<bool>(after)));
}

std::string networks_command(const Setting&, std::string_view host, const Value& before, const Value& after) {
    const Set gone = subtract(Key::first_word, *as_set(before), *as_set(after));
    const Set fresh = subtract(Key::first_word, *as_set(after), *as_set(before));
    std::vector<std::string> lines;
    const auto line = [&](std::string_view element, bool add) {
        if (element == setting::any_network)
            lines.push_back(set_vmhost(host, "UseAnyNetworkForMigration", add ? "$true" : "$false"));
        else
            lines.push_back(fmt::format("{}-VMMigrationNetwork -ComputerName {} {}", add ? "Add" : "Remove", host,
                                        key_of(Key::first_word, element)));
    };
    for (const std::string_view element : fresh) line(element, true);
    for (const std::string_view element : gone) line(element, false);
    return text::join(lines, "; ");
}

// What can be had of it by cmdlets; the note that says whose it is is left to Fairway.
std::string trial_vms_command(const Setting&, std::string_view host, const Value& before, const Value& after) {
    std::vector<std::string> lines;
    const auto line = [&](const Set& some, auto words) {
        for (const std::string_view element : some)
            if (const auto vm = trial_vm(element); vm && !vm->complete) lines.push_back(words(vm->name));
    };
    line(subtract(Key::whole, *as_set(after), *as_set(before)), [&](const std::string& name) {
        return fmt::format(
            "New-VM -ComputerName {0} {1} -Generation 2 -MemoryStartupBytes 32MB -NoVHD; Start-VM -ComputerName {0} "
            "{1}",
            host, name);
    });
    line(subtract(Key::whole, *as_set(before), *as_set(after)), [&](const std::string& name) {
        return fmt::format("Stop-VM -ComputerName {0} {1} -TurnOff; Remove-VM -ComputerName {0} {1} -Force", host,
                           name);
    });
    return text::join(lines, "; ");
}

std::string list_command(const Setting& row, std::string_view account, const Value& before, const Value& after) {
    const Set gone = subtract(Key::whole, *as_set(before), *as_set(after));
    const Set fresh = subtract(Key::whole, *as_set(after), *as_set(before));
    std::string out = fmt::format("Set-ADComputer {}", account);
    if (!fresh.empty()) out += fmt::format(" -Add @{{'{}'={}}}", row.argument, quoted_list(fresh));
    if (!gone.empty()) out += fmt::format(" -Remove @{{'{}'={}}}", row.argument, quoted_list(gone));
    return out;
}

// The cmdlet knows no -Add: whoever is not named goes.
std::string principals_command(const Setting&, std::string_view account, const Value&, const Value& after) {
    std::vector<std::string> parts;
    for (const std::string_view element : *as_set(after)) {
        const auto at = element.find('@');
        const std::string_view name = element.substr(0, at);
        const std::string filter = fmt::format("(sAMAccountName={})", escaped_for_filter(name));
        parts.push_back(at == std::string::npos ? quoted(name)
                                                : fmt::format("(Get-ADObject -Server {} -LDAPFilter {})",
                                                              element.substr(at + 1), quoted(filter)));
    }
    return fmt::format("Set-ADComputer {} -PrincipalsAllowedToDelegateToAccount {}", account,
                       parts.empty() ? "$null" : text::join(parts, ","));
}

std::string account_control_command(const Setting& row, std::string_view account, const Value&, const Value& after) {
    return fmt::format("Set-ADAccountControl {}$ -{} ${}", account, row.argument, std::get<bool>(after));
}

}  // namespace fairway
