// See domains.hpp.
#include "providers/ldap/accounts/domains.hpp"

namespace fairway::ldap {

Territory territory(const Inventory& inventory) {
    Territory out;
    if (inventory.directories.size() < 2) return out;
    for (const Host& host : inventory.hosts)
        for (std::size_t i = 0; i < inventory.directories.size(); ++i)
            if (inventory.directories[i].domain == host.account_domain) out.emplace(host.name, i);
    return out;
}

void ask_each(Domains<ReadWire>& domains, std::span<const Address> addresses, const Progress& progress,
              const AskDomain& ask, const Lose& lose) {
    const std::vector<Asked> parts = domains.sorted(addresses);
    std::size_t all = 0, before = 0;
    for (const Asked& part : parts) all += part.size();
    bool stopped = false;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].empty()) continue;
        const GoOn go_on = [&](std::size_t done) { return !progress || progress(before + done, all); };
        const Result<void> asked =
            stopped ? fail(Code::refused, "not asked: stopped on request") : ask(domains[i], parts[i], go_on);
        before += parts[i].size();
        if (asked) continue;
        stopped = stopped || asked.error().code == Code::refused;
        for (const auto& [object, its] : parts[i])
            for (const Address& address : its) lose(address, asked.error());
    }
}

}  // namespace fairway::ldap
