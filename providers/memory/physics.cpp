// See physics.hpp. Codes and causes: WMI-58 to WMI-60, WMI-98.
#include "providers/memory/physics.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/subnet.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/model/trial_vms.hpp"

namespace fairway::memory {
namespace {

template <class T>
T held(const World& world, const std::string& object, const Setting& row, T otherwise) {
    const auto it = world.values.find({object, &row});
    if (it == world.values.end()) return otherwise;
    const T* value = std::get_if<T>(&it->second);
    return value ? *value : otherwise;
}

bool listens_at(const Set& networks, std::string_view address) {
    const auto parsed = parse_address(address);
    return parsed && std::any_of(networks.begin(), networks.end(), [&](std::string_view element) {
               if (element == setting::any_network) return true;
               const auto subnet = parse_subnet(key_of(Key::first_word, element));
               return subnet && contains(*subnet, *parsed);
           });
}

Set reachable(const Set& addresses, const Set& networks) {
    Set::Elements out;
    for (const std::string_view address : addresses)
        if (listens_at(networks, address)) out.push_back(address);
    return Set::of(std::move(out));
}

// A packet goes between two addresses of one IP family: routed to routed, or on the one link on which all hosts of an
// embedded estate stand; from or to what every host has for itself it does not.
bool leads(std::string_view start, std::string_view goal) {
    const auto never = [](std::string_view text) {
        return text == "::" || text == "::1" || text == "0.0.0.0" || text.starts_with("127.");
    };
    const auto v6 = [](std::string_view text) { return text.find(':') != text.npos; };
    const auto on_link = [](std::string_view text) {
        return text.starts_with("169.254.") || text.starts_with("fe80:");
    };
    return !never(start) && !never(goal) && v6(start) == v6(goal) && on_link(start) == on_link(goal);
}

bool has_folded(const Set& set, const std::string& name) { return covers(Key::whole, set, Set({name})); }

// S4U2Self and S4U2Proxy, as the KDC grants them for all four names (MS-SFU 3.2.5.1.2, 3.2.5.2).
Result<void> granted(const World& world, const Host& from, const Host& to, bool one_domain) {
    const Set services = held(world, from.name, setting::delegation_services, Set());
    const Set admitted = held(world, to.name, setting::delegation_allowed_principals, Set());
    const bool resource = has_folded(admitted, account_of(from, to.account_domain));
    const bool forwardable = services.empty() || held(world, from.name, setting::delegation_protocol_transition, false);
    if (!one_domain && !resource) return fail(Code::denied, "0x8009030D: delegation does not cross domains");
    for (const std::string& name : {to.name, to.dns})
        for (const char* service : {"cifs", "Microsoft Virtual System Migration Service"})
            if (!resource && !has_folded(services, fmt::format("{}/{}", service, name)))
                return fail(Code::denied, fmt::format("0x8009030E: no credentials for {}/{}: the directory does not "
                                                      "allow {} to delegate to it",
                                                      service, name, from.name));
    if (!forwardable)
        return fail(Code::denied, fmt::format("0x8009030E: {} obtained no forwardable ticket", from.name));
    return {};
}

// The directory's part: may `from` obtain a ticket to `to` in the caller's name?
Result<void> delegated(const World& world, const Host& from, const Host& to, bool one_domain) {
    const std::string caller = held(world, from.name, setting::caller_delegable, std::string("yes"));
    if (caller != "yes")
        return fail(Code::denied, fmt::format("0x8009030E: no ticket of the caller may be delegated ({})", caller));
    if (auto ticket = granted(world, from, to, one_domain); !ticket) return ticket;
    const Set names = held(world, to.name, setting::spn_migration, Set());
    for (const std::string& name : {to.name, to.dns})
        if (!has_folded(names, "Microsoft Virtual System Migration Service/" + name))
            return fail(Code::denied,
                        fmt::format("0x80090303: {} has no such name for the migration service", to.name));
    if (held(world, to.name, setting::account_dns_name, std::string()) != to.dns)
        return fail(Code::denied, fmt::format("0x80090322: {} is not the name of {}", to.dns, to.name));
    return {};
}

Result<void> possible(const World& world, const Host& from, const Host& to) {
    for (const Host* end : {&from, &to}) {
        if (!held(world, end->name, setting::migration_enabled, false))
            return fail(Code::refused, fmt::format("0x8007274D: live migration is off at {}", end->name));
        if (held(world, end->name, setting::migration_max_live, std::int64_t{0}) < 1)
            return fail(Code::refused, fmt::format("21501: {} allows no simultaneous migration", end->name));
        if (held(world, end->name, setting::account_flags, Set()).contains("accountdisable"))
            return fail(Code::denied, fmt::format("0x80070005: the account of {} is disabled", end->name));
    }
    const auto authentication = [&](const Host& end) {
        return held(world, end.name, setting::migration_authentication, std::string());
    };
    if (authentication(from) != authentication(to))
        return fail(Code::denied, fmt::format("0x8009030E: {} uses {}, {} uses {}", from.name, authentication(from),
                                              to.name, authentication(to)));
    const bool one_domain = held(world, from.name, setting::host_domain, std::string()) ==
                            held(world, to.name, setting::host_domain, std::string());
    const bool kerberos = authentication(from) == setting::kerberos;
    if (!kerberos && held(world, from.name, setting::host_credential_guard, false))
        return fail(Code::denied,
                    fmt::format("0x8009030E: Credential Guard at {} shows CredSSP no credentials", from.name));
    if (kerberos)
        if (auto ticket = delegated(world, from, to, one_domain); !ticket) return ticket;
    if (!kerberos && !one_domain) return fail(Code::denied, "0x8009030D: delegation does not cross domains");
    const Set networks = held(world, from.name, setting::migration_networks, Set());
    const Set goals = reachable(held(world, to.name, setting::host_listeners, Set()), networks);
    const Set starts = reachable(held(world, from.name, setting::host_addresses, Set()), networks);
    const bool meet = std::any_of(goals.begin(), goals.end(), [&](std::string_view goal) {
        return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) { return leads(start, goal); });
    });
    if (!meet)
        return fail(Code::unreachable,
                    fmt::format("0x8007274D: {} does not listen where {} may go", to.name, from.name));
    return {};
}

// What both ends are set to; TCP alone otherwise. Embedded VMs have no disks, so nothing is said of them.
std::string transport(const World& world, const Host& from, const Host& to) {
    const auto word = [&](const Host& end) {
        return held(world, end.name, setting::migration_performance, std::string());
    };
    return !word(from).empty() && word(from) == word(to) ? word(from) : "tcpip";
}

// Those of verify.trial_vms that are about one machine.
Set of_machine(const Set& elements, const std::string& name) {
    Set::Elements out;
    for (const std::string_view one : elements)
        if (const auto vm = trial_vm(one); vm && vm->name == name) out.push_back(one);
    return Set::of(std::move(out));
}

void hand_over(World& world, const Setting& row, const Set& elements, const std::string& from, const std::string& to) {
    const Set here = held(world, from, row, Set()), there = held(world, to, row, Set());
    world.values.insert_or_assign(Address{from, &row}, Value(subtract(row.key, here, elements)));
    world.values.insert_or_assign(Address{to, &row}, Value(unite(row.key, there, elements)));
}

}  // namespace

void settle_listeners(World& world, const std::string& host) {
    const auto addresses = world.values.find({host, &setting::host_addresses});
    if (addresses == world.values.end()) return;
    const bool on = held(world, host, setting::migration_enabled, false);
    const Set networks = held(world, host, setting::migration_networks, Set());
    world.values.insert_or_assign(Address{host, &setting::host_listeners},
                                  Value(on ? reachable(*as_set(addresses->second), networks) : Set()));
}

Result<void> room_for(const World& world, const std::string& host, const Set& came) {
    const Set machines = held(world, host, setting::host_machines, Set());
    for (const std::string_view one : came)
        if (const auto vm = trial_vm(one); vm && !vm->complete && machines.contains(vm->name))
            return fail(Code::refused, fmt::format("another VM of {} is called {}", host, vm->name));
    return {};
}

void settle_trial_vms(World& world, const std::string& host, const Set& came, const Set& went) {
    const auto names = [](const Set& elements) {
        std::vector<std::string> out;
        for (const std::string_view one : elements)
            if (const auto vm = trial_vm(one); vm && !vm->complete) out.push_back(vm->name);
        return Set(out);
    };
    const Set machines = held(world, host, setting::host_machines, Set());
    world.values.insert_or_assign(Address{host, &setting::host_machines},
                                  Value(unite(Key::whole, subtract(Key::whole, machines, names(went)), names(came))));
}

Result<MoveProof> migrate(World& world, const Inventory& inventory, const TrialMove& trial) {
    const Host *from = inventory.find(trial.from), *to = inventory.find(trial.to);
    if (!from || !to) return fail(Code::not_found, "no such host in the inventory");
    const Set machines = held(world, from->name, setting::host_machines, Set());
    if (!machines.contains(trial.vm))
        return fail(Code::not_found, fmt::format("{} is not on {}", trial.vm, from->name));
    if (auto can = possible(world, *from, *to); !can) return tl::unexpected(can.error());
    const Set marks = of_machine(held(world, from->name, setting::verify_trial_vms, Set()), trial.vm);
    hand_over(world, setting::host_machines, Set({trial.vm}), from->name, to->name);
    if (!marks.empty()) hand_over(world, setting::verify_trial_vms, marks, from->name, to->name);
    return MoveProof{.stage = MoveProof::Stage::proved,
                     .check = fmt::format("embedded:{}?{}", from->name, to->name),
                     .job = fmt::format("embedded:{}>{}", from->name, to->name),
                     .states = {"completed"},
                     .transport = transport(world, *from, *to)};
}

std::optional<Machine> machine_on(const World& world, const std::string& host, const std::string& vm) {
    if (!held(world, host, setting::host_machines, Set()).contains(vm)) return std::nullopt;
    return Machine{.id = vm, .name = vm, .running = true};
}

MoveRoom room_at(const World& world, const std::string& host) {
    const auto number = [&](const Setting& row) { return held(world, host, row, std::int64_t{0}); };
    return {.most_live = number(setting::migration_max_live),
            .most_storage = number(setting::migration_max_storage),
            .live = number(setting::host_running_migrations),
            .storage = 0,
            .draining = {}};
}

}  // namespace fairway::memory
