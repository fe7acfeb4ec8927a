// See sights.hpp.
#include "engine/diagnosis/sights.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>

#include "engine/base/text.hpp"
#include "engine/diagnosis/cause_table.hpp"

namespace fairway {
namespace {

// Nobody can see them from outside; the others, `diagnose FROM TO` looks at.
constexpr std::array<std::string_view, 2> never_seen = {
    "whether port 6600 is filtered between the hosts; a trial move shows it (`verify` makes one)",
    "who may log on as a service at the hosts"};
constexpr std::array<std::string_view, 2> not_seen = {
    "whether the account krbtgt is marked as not delegated, which refuses every delegation",
    "the clocks of the hosts and of the domain controllers"};

constexpr std::int64_t most_skew_ms = 300'000;  // MaxClockSkew of a domain, 5 minutes unless somebody changed it
constexpr std::uint16_t migration = 6600, smb = 445, kerberos = 88, directory = 389;

// Everything is said about a host or a way; a cause keeps both ends where one way alone was asked about.
class Judge {
public:
    explicit Judge(const Sights& sights) : sights_(sights) {}

    void run() {
        for (const HostSeen& host : sights_.hosts) about(host);
        names_of_two_hosts();
        for (const WaySeen& way : sights_.ways) about(way);
        for (const WaySeen& way : sights_.peers) about(way);
        controllers();
        clocks();
        clusters();
        for (const AccountAsked& account : sights_.accounts) about(account);
    }

    std::vector<Check> checks = {};
    std::vector<Cause> causes = {};

private:
    void check(std::string what, CheckState state, std::string saw) {
        checks.push_back({std::move(what), state, std::move(saw)});
    }
    void unknown(std::string what, const Error& why) { check(std::move(what), CheckState::unknown, why.text); }

    // A check that is bad, and the cause that it is.
    void blame(std::string what, std::string saw, std::string_view cause, Proof proof, const std::string& host) {
        const WaySeen* way = sights_.ways.empty() ? nullptr : &sights_.ways.front();  // that was asked about
        blame(std::move(what), std::move(saw), cause, proof, way ? way->from : std::string(), way ? way->to : host);
    }
    void blame(std::string what, std::string saw, std::string_view cause, Proof proof, const std::string& from,
               const std::string& to) {
        causes.push_back({.row = &cause_row(cause),
                          .from = short_name(from),
                          .to = short_name(to),
                          .proof = proof,
                          .evidence = {fmt::format("{}: {}", what, saw)}});
        check(std::move(what), CheckState::bad, std::move(saw));
    }

    void about(const HostSeen& host) {
        if (!host.ports) unknown("ports of " + host.host, host.ports.error());
        else
            for (const PortSeen& port : *host.ports) about(host, port);
        listening(host);
        const std::string name = "name of " + host.host;
        if (!host.name) unknown(name, host.name.error());
        else if (host.name->addresses.empty())
            blame(name, "it has no address here", "winrm-name", Proof::strong, host.host);
        else
            check(name, CheckState::fine,
                  fmt::format("leads to {} here{}", text::join(host.name->addresses, ", "), back(*host.name)));
        running(host);
        for (const ServiceSeen& service : host.services) about(host, service);
    }

    static std::string back(const NameSeen& name) {
        return name.back.empty()
                   ? ", and no address leads back"
                   : fmt::format(", and back to {}", text::join(std::vector(name.back.begin(), name.back.end()), ", "));
    }

    void about(const HostSeen& host, const PortSeen& port) {
        const std::string what = fmt::format("port {} of {}", port.port, host.host);
        const std::string saw =
            fmt::format("{} from here{}{}", name(port.answer), port.address.empty() ? "" : " at " + port.address,
                        port.detail.empty() ? "" : ": " + port.detail);
        if (port.answer == PortAnswer::open) return check(what, CheckState::fine, saw);
        if (port.port == smb)
            return check(what, CheckState::noted,
                         saw + "; moves over SMB and of storage on shares need it between hosts");
        if (port.port != migration) return blame(what, saw, "winrm-unreachable", Proof::strong, host.host);
        if (!host.destination) return check(what, CheckState::noted, saw);
        if (port.answer == PortAnswer::refused) return blame(what, saw, "listener-refused", Proof::strong, host.host);
        // The way from here need not be open; the one between the hosts must.
        if (port.answer == PortAnswer::silent && host.listening && host.listening->contains(migration))
            return check(what, CheckState::noted, saw + "; the host listens, so something between filters it");
        check(what, CheckState::noted, saw);
    }

    void listening(const HostSeen& host) {
        const std::string what = "listener of " + host.host;
        if (!host.listening) return unknown(what, host.listening.error());
        if (host.listening->contains(migration)) return check(what, CheckState::fine, "the host listens on port 6600");
        if (!host.destination) return check(what, CheckState::noted, "the host does not listen on port 6600");
        blame(what, "the host itself says that nothing listens on port 6600", "listener-refused", Proof::strong,
              host.host);
    }

    void running(const HostSeen& host) {
        const std::string what = "moves at " + host.host;
        if (!host.running || !host.most_running)
            return unknown(what, host.running ? host.most_running.error() : host.running.error());
        const std::string saw = fmt::format("{} run, {} may", *host.running, *host.most_running);
        if (*host.most_running > 0 && *host.running >= *host.most_running)
            return blame(what, saw, "limit-reached", Proof::strong, host.host);
        check(what, CheckState::fine, saw);
    }

    // One address for the names of two hosts.
    void names_of_two_hosts() {
        std::map<std::string, std::string> whose;
        for (const HostSeen& host : sights_.hosts) {
            if (!host.name) continue;
            for (const std::string& address : host.name->addresses) {
                const auto [it, first] = whose.emplace(address, host.host);
                if (!first && it->second != host.host)
                    blame("name of " + host.host,
                          fmt::format("leads to {} here, as the name of {} does", address, it->second),
                          "name-elsewhere", Proof::strong, host.host);
            }
        }
    }

    const HostSeen* seen(const std::string& host) const {
        const auto it = std::find_if(sights_.hosts.begin(), sights_.hosts.end(),
                                     [&](const HostSeen& one) { return one.host == host; });
        return it == sights_.hosts.end() ? nullptr : &*it;
    }

    // Whose address that is, by the resolver here: of another host than `but`.
    std::string owner_of(const std::string& address, const std::string& but) const {
        for (const HostSeen& host : sights_.hosts)
            if (host.host != but && host.name &&
                std::find(host.name->addresses.begin(), host.name->addresses.end(), address) !=
                    host.name->addresses.end())
                return host.host;
        return {};
    }

    void about(const WaySeen& way) {
        const std::string what = fmt::format("name of {} at {}", way.to, way.from);
        if (!way.addresses) return unknown(what, way.addresses.error());
        if (way.addresses->empty())
            return blame(what, "it has no address there", "winrm-name", Proof::strong, way.from, way.to);
        const std::string addresses = text::join(*way.addresses, ", ");
        const HostSeen* to = seen(way.to);
        const bool known = to && to->name && !to->name->addresses.empty();
        const bool same =
            known && std::any_of(way.addresses->begin(), way.addresses->end(), [&](const std::string& one) {
                return std::find(to->name->addresses.begin(), to->name->addresses.end(), one) !=
                       to->name->addresses.end();
            });
        if (same) return check(what, CheckState::fine, "leads to " + addresses + " there as well");
        for (const std::string& address : *way.addresses)
            if (const std::string other = owner_of(address, way.to); !other.empty())
                return blame(what, fmt::format("leads to {} there, which is {}", address, other), "name-elsewhere",
                             Proof::strong, way.from, way.to);
        if (!known) return check(what, CheckState::noted, "leads to " + addresses + " there");
        blame(what, fmt::format("leads to {} there, and to {} here", addresses, text::join(to->name->addresses, ", ")),
              "name-elsewhere", Proof::weak, way.from, way.to);
    }

    void about(const HostSeen& host, const ServiceSeen& service) {
        const std::string what = "ticket for " + service.name;
        if (service.holders && service.holders->size() > 1)
            blame("holders of " + service.name, text::join(*service.holders, "; "), "spn-duplicate", Proof::strong,
                  host.host);
        if (!service.ticket) return unknown(what, service.ticket.error());
        if (!service.ticket->status)
            return check(what, CheckState::fine, fmt::format("the KDC gives one ({})", service.ticket->encryption));
        const auto all = kdc_table();
        const auto row = std::find_if(all.begin(), all.end(),
                                      [&](const KdcRow& one) { return one.status == *service.ticket->status; });
        const std::string saw =
            fmt::format("the KDC answers 0x{:X}{}{}", *service.ticket->status,
                        row == all.end() ? std::string() : fmt::format(" ({})", row->symbol),
                        service.ticket->detail.empty() ? std::string() : ": " + service.ticket->detail);
        if (row == all.end() || row->cause.empty()) return check(what, CheckState::bad, saw);
        // The directory knows better than a KDC that has not seen the name yet, or refuses its form.
        if (row->cause == "spn-missing" && service.holders && service.holders->size() == 1)
            return check(what, CheckState::noted, fmt::format("{}; {} has the name", saw, service.holders->front()));
        blame(what, saw, row->cause, Proof::strong, host.host);
    }

    void controllers() {
        if (!sights_.controllers) return unknown("domain controllers", sights_.controllers.error());
        for (const ControllerSeen& one : *sights_.controllers)
            for (const PortSeen& port : one.ports) {
                const std::string what = fmt::format("port {} of {}", port.port, one.name);
                const std::string saw =
                    fmt::format("{} from here{}", name(port.answer), port.detail.empty() ? "" : ": " + port.detail);
                if (port.answer == PortAnswer::open) check(what, CheckState::fine, saw);
                else if (port.port == kerberos || port.port == directory)
                    blame(what, saw, "no-domain-controller", any_open(port.port) ? Proof::weak : Proof::strong, "");
                else check(what, CheckState::noted, saw);
            }
    }

    bool any_open(std::uint16_t port) const {
        for (const ControllerSeen& one : *sights_.controllers)
            for (const PortSeen& seen : one.ports)
                if (seen.port == port && seen.answer == PortAnswer::open) return true;
        return false;
    }

    // Against the first controller that shows its time; against the clock here where none does.
    void clocks() {
        ClockSeen base;
        std::string whose = "the clock here";
        if (sights_.controllers)
            for (const ControllerSeen& one : *sights_.controllers)
                if (one.clock) {
                    base = *one.clock;
                    whose = one.name;
                    break;
                }
        if (sights_.controllers)
            for (const ControllerSeen& one : *sights_.controllers)
                if (one.name != whose) clock("clock of " + one.name, one.clock, base, whose, "");
        if (whose != "the clock here") clock("clock here", ClockSeen{}, base, whose, "");
        for (const HostSeen& host : sights_.hosts) clock("clock of " + host.host, host.clock, base, whose, host.host);
    }

    void clock(const std::string& what, const Result<ClockSeen>& seen, const ClockSeen& base, const std::string& whose,
               const std::string& host) {
        if (!seen) return unknown(what, seen.error());
        const std::int64_t ahead = seen->ahead_ms - base.ahead_ms, off = ahead < 0 ? -ahead : ahead;
        const std::int64_t within = seen->within_ms + base.within_ms;
        const std::string saw =
            off <= within ? fmt::format("as {}", whose)
                          : fmt::format("{} {} {}", time_in_words(off), ahead < 0 ? "behind" : "ahead of", whose);
        if (off - within > most_skew_ms) return blame(what, saw, "clock-skew", Proof::strong, host);
        check(what, CheckState::fine, saw);
    }

    void clusters() {
        std::map<std::string, std::vector<std::string>> nodes;
        for (const HostSeen& host : sights_.hosts) {
            if (!host.cluster) unknown("cluster of " + host.host, host.cluster.error());
            else nodes[*host.cluster].push_back(host.host);
        }
        for (const auto& [called, hosts] : nodes)
            if (!called.empty())
                check("cluster " + called, CheckState::noted,
                      fmt::format(
                          "{} of it: move clustered VMs through the cluster",
                          hosts.size() == 1 ? hosts.front() + " is a node" : text::join(hosts, ", ") + " are nodes"));
    }

    // Why an account gets no tickets; empty: it does.
    static std::string_view out_of_force(const AccountSeen& account) {
        if (account.disabled) return "is disabled";
        if (account.locked) return "is locked";
        if (account.expired) return "has expired";
        return account.password_expired ? "has a password that expired" : std::string_view();
    }

    // krbtgt is always disabled. Hosts are not delegated themselves, they delegate others.
    void about(const AccountAsked& asked) {
        using Of = AccountAsked::Of;
        const std::string what = "account " + asked.name;
        if (!asked.seen) return unknown(what, asked.seen.error());
        const AccountSeen& account = *asked.seen;
        if (asked.of != Of::host && (account.not_delegated || account.protected_users))
            return blame(what,
                         account.not_delegated ? "is marked \"sensitive and cannot be delegated\""
                                               : "is a member of Protected Users",
                         asked.of == Of::realm ? "krbtgt-not-delegable" : "caller-not-delegable", Proof::strong, "");
        if (const std::string_view why = out_of_force(account); asked.of != Of::realm && !why.empty())
            return blame(what, std::string(why), asked.of == Of::host ? "account-disabled" : "caller-refused",
                         Proof::strong, "");
        check(what, CheckState::fine,
              asked.of == Of::realm  ? "is not marked against delegation"
              : asked.of == Of::host ? "is in force"
                                     : "is in force and may be delegated");
    }

    const Sights& sights_;
};

bool same_way(const Cause& a, const Cause& b) {
    const auto fits = [](const std::string& x, const std::string& y) { return x.empty() || y.empty() || x == y; };
    return fits(a.from, b.from) && fits(a.to, b.to);
}

// The cause that `seen` speaks for: the same one, a member of its family that is proven, or the family that it is of.
Cause* spoken_for(const Cause& seen, std::vector<Cause>& causes) {
    const auto first = [&](auto fits) {
        const auto it = std::find_if(causes.begin(), causes.end(),
                                     [&](const Cause& one) { return same_way(one, seen) && fits(one); });
        return it == causes.end() ? nullptr : &*it;
    };
    if (Cause* same = first([&](const Cause& one) { return one.row == seen.row; })) return same;
    if (Cause* member =
            first([&](const Cause& one) { return one.row->family == seen.row->id && one.proof == Proof::strong; }))
        return member;
    return first([&](const Cause& one) { return seen.row->family == one.row->id; });
}

}  // namespace

std::string time_in_words(std::int64_t ms) {
    const std::int64_t s = (ms + 500) / 1000;
    if (s < 60) return fmt::format("{} s", s);
    if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
    return fmt::format("{} h {} min", s / 3600, s / 60 % 60);
}

Diagnosis with_sights(Diagnosis diagnosis, const Sights& sights) {
    Judge judge(sights);
    judge.run();
    for (Cause& seen : judge.causes) {
        Cause* there = spoken_for(seen, diagnosis.causes);
        if (!there) {
            diagnosis.causes.push_back(std::move(seen));
            continue;
        }
        // The member of a family takes its place.
        if (there->row->id == seen.row->family) {
            there->row = seen.row;
            there->candidates.clear();
            there->against.clear();
        }
        there->proof = std::max(there->proof, seen.proof);
        there->evidence.insert(there->evidence.end(), seen.evidence.begin(), seen.evidence.end());
        if (there->to.empty()) there->to = seen.to;
        if (there->from.empty()) there->from = seen.from;
    }
    std::stable_sort(diagnosis.causes.begin(), diagnosis.causes.end(),
                     [](const Cause& a, const Cause& b) { return a.proof > b.proof; });
    for (const std::string_view one : never_seen) diagnosis.not_looked_at.emplace_back(one);
    diagnosis.checks = std::move(judge.checks);
    return diagnosis;
}

Diagnosis without_sights(Diagnosis diagnosis) {
    for (const auto* all : {&not_seen, &never_seen})
        for (const std::string_view one : *all) diagnosis.not_looked_at.emplace_back(one);
    return diagnosis;
}

}  // namespace fairway
