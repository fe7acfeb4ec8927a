// See look.hpp.
#include "engine/run/look.hpp"

#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/names/service_names.hpp"

namespace fairway {
namespace {

// What a handle answers, or why it is missing.
template <class Handle, class Ask>
auto by(Result<std::unique_ptr<Handle>>& handle, Ask ask) -> decltype(ask(**handle)) {
    if (!handle) return tl::unexpected(handle.error());
    return ask(**handle);
}

template <class T>
Result<T> value_of(const Snapshot& snapshot, const Host& host, const Setting& row) {
    const Reading& reading = snapshot.at({host.name, &row});
    if (!reading) return tl::unexpected(reading.error());
    if (!*reading) return fail(Code::not_found, fmt::format("{} has no {}", host.name, row.name));
    return std::get<T>(**reading);
}

Result<std::string> cluster_of(const Snapshot& snapshot, const Host& host) {
    auto name = value_of<std::string>(snapshot, host, setting::host_cluster);
    if (!name && name.error().code == Code::not_found) return std::string();
    return name;
}

// Accounts that hold the very name.
HoldersSeen holders_of(const std::string& name, const RegisteredNames& names) {
    HoldersSeen out;
    for (const NameOwner& owner : names.owners)
        for (const std::string& held : owner.names)
            if (text::same_folded(held, name)) out.push_back(fmt::format("{} ({})", owner.account, owner.dn));
    return out;
}

std::vector<ServiceSeen> services_of(const Host& host, Eyes& eyes, const Telling& tell) {
    std::vector<std::string> services = both_names(ServiceClass::cifs, host);
    for (std::string& name : both_names(ServiceClass::migration, host)) services.push_back(std::move(name));
    tell("the names of " + host.name);
    const auto names =
        by(eyes.names, [&](NameReader& all) { return all.names({.names = services, .accounts = {}, .classes = {}}); });
    std::vector<ServiceSeen> out;
    for (const std::string& service : services) {
        tell("a ticket for " + service);
        out.push_back({service, by(eyes.directory, [&](DirectorySights& all) { return all.ticket(service); }),
                       names.map([&](const RegisteredNames& all) { return holders_of(service, all); })});
    }
    return out;
}

HostSeen look_at(const Host& host, bool destination, Eyes& eyes, const Snapshot& snapshot, const Telling& tell) {
    tell(host.name);
    const std::array<std::uint16_t, 3> ports = {host.reach.port, migration_port, smb_port};
    return {
        .host = host.name,
        .destination = destination,
        .ports = by(eyes.hosts, [&](HostSights& all) { return Result<std::vector<PortSeen>>(all.ports(host, ports)); }),
        .name = by(eyes.hosts, [&](HostSights& all) { return all.resolve(host.dns); }),
        .clock = by(eyes.hosts, [&](HostSights& all) { return all.clock(host); }),
        .listening = by(eyes.hosts, [&](HostSights& all) { return all.listening(host); }),
        .running = value_of<std::int64_t>(snapshot, host, setting::host_running_migrations),
        .most_running = value_of<std::int64_t>(snapshot, host, setting::migration_max_live),
        .cluster = cluster_of(snapshot, host),
        .services = destination ? services_of(host, eyes, tell) : std::vector<ServiceSeen>()};
}

WaySeen look_along(const Host& from, const Host& to, Eyes& eyes) {
    return {from.name, to.name, by(eyes.hosts, [&](HostSights& all) { return all.resolve_at(from, to.dns); })};
}

}  // namespace

Sights look(const LookedFor& wanted, Eyes& eyes, const Snapshot& snapshot, const Telling& tell) {
    Sights out{.hosts = {}, .ways = {}, .controllers = {}, .accounts = {}};
    if (wanted.from) out.hosts.push_back(look_at(*wanted.from, false, eyes, snapshot, tell));
    out.hosts.push_back(look_at(*wanted.to, true, eyes, snapshot, tell));
    if (wanted.from) {
        out.ways.push_back(look_along(*wanted.from, *wanted.to, eyes));
        out.ways.push_back(look_along(*wanted.to, *wanted.from, eyes));
    }
    for (const Host* peer : wanted.peers) {
        tell("how " + peer->name + " resolves " + wanted.to->name);
        out.peers.push_back(look_along(*peer, *wanted.to, eyes));
    }
    tell("domain controllers");
    out.controllers = by(eyes.directory, [](DirectorySights& all) { return all.controllers(); });
    const auto ask = [&](AccountAsked::Of of, const std::string& name) {
        out.accounts.push_back({of, name, by(eyes.directory, [&](DirectorySights& all) { return all.account(name); })});
    };
    ask(AccountAsked::Of::realm, "krbtgt");
    for (const Host* host : {wanted.from, wanted.to})
        if (host) ask(AccountAsked::Of::host, account_of(*host, host->account_domain));
    for (const std::string& name : wanted.accounts) ask(AccountAsked::Of::operators, name);
    return out;
}

std::int64_t earliest_there(const Result<ClockSeen>& clock, std::int64_t moment) {
    constexpr std::int64_t clocks_may_differ_s = 5 * 60;
    return clock ? moment + (clock->ahead_ms - clock->within_ms) / 1000 : moment - clocks_may_differ_s;
}

LogsSeen read_logs(std::span<const Host* const> hosts, HostLogs& logs, std::int64_t since, const Telling& tell) {
    LogsSeen out;
    for (const Host* host : hosts) {
        tell("the event logs of " + host->name);
        auto read = logs.events(*host, since);
        const std::string why = read ? read->why : read.error().text;
        if (!why.empty()) out.unread.push_back(fmt::format("event logs of {}: {}", host->name, why));
        if (read) std::move(read->events.begin(), read->events.end(), std::back_inserter(out.events));
    }
    return out;
}

}  // namespace fairway
