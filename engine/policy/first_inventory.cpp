// See first_inventory.hpp. Facts: LDAP-44 to LDAP-46.
#include "engine/policy/first_inventory.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>

#include "engine/base/text.hpp"
#include "engine/model/directory_name.hpp"
#include "engine/policy/host_search.hpp"
#include "engine/policy/spelling.hpp"

namespace fairway {
namespace {

// Service classes, in lower case: which service writes them, see the facts.
constexpr std::string_view of_hyperv[] = {"microsoft virtual system migration service",
                                          "microsoft virtual console service"};
constexpr std::string_view of_cluster_name = "msclustervirtualserver", of_node = "msserverclustermgmtapi";

bool has(const SeenComputer& seen, std::string_view service) { return seen.classes.contains(std::string(service)); }

bool is_hyperv(const SeenComputer& seen) {
    return std::any_of(std::begin(of_hyperv), std::end(of_hyperv), [&](auto service) { return has(seen, service); });
}

// A distinguished name without its first step.
std::string container_of(std::string_view dn) {
    for (std::size_t i = 0; i < dn.size(); ++i)
        if (dn[i] == ',' && (i == 0 || dn[i - 1] != '\\')) return std::string(dn.substr(i + 1));
    return "the domain";
}

// The first step's value as a name that an inventory may have: "OU=Hyper-V Hosts,DC=…" gives hyper-v-hosts.
std::string short_name(std::string_view container) {
    const auto steps = parse_directory_name(container);
    const std::string value = steps && !steps->empty() ? steps->front().value : std::string();
    std::string out;
    for (const char c : value) {
        if (text::is_alnum(c)) out += text::fold(c);
        else if (!out.empty() && out.back() != '-') out += '-';
    }
    while (out.ends_with('-')) out.pop_back();
    constexpr std::size_t longest = 40;
    return out.empty() ? "domain" : out.substr(0, longest);
}

class First {
public:
    First(const std::vector<SeenComputer>& seen, const std::string& domain, std::int64_t now)
        : seen_(seen), domain_(domain), now_(now) {}

    FirstInventory make() {
        for (const SeenComputer& one : seen_) ++claims_[text::fold(one.is.dns)];
        for (const SeenComputer& one : seen_) {
            if (has(one, of_cluster_name) && !is_hyperv(one)) take_cluster(one);
            else out_.computers.push_back(candidate(one));
        }
        std::sort(out_.computers.begin(), out_.computers.end(), [](const Candidate& a, const Candidate& b) {
            return std::tie(a.container, a.name) < std::tie(b.container, b.name);
        });
        std::sort(out_.clusters.begin(), out_.clusters.end());
        propose();
        return std::move(out_);
    }

private:
    void take_cluster(const SeenComputer& one) {
        out_.clusters.push_back(fmt::format("{} in {}", one.is.account, container_of(one.is.dn)));
        // The roles of a cluster have such accounts as well; the cluster's own can be managed.
        if (has(one, of_node)) clusters_in_[container_of(one.is.dn)].push_back(one.is.account);
    }

    Candidate candidate(const SeenComputer& one) {
        Candidate out{.name = one.is.account.substr(0, one.is.account.size() - (one.is.account.ends_with('$') ? 1 : 0)),
                      .container = container_of(one.is.dn),
                      .dns = {},
                      .host = false,
                      .node = has(one, of_node),
                      .because = {},
                      .seen = &one};
        std::vector<std::string> wrong;
        if (std::string why = unfit(one.is, out.name); !why.empty()) wrong.push_back(std::move(why));
        if (!is_hyperv(one)) wrong.push_back("has no service principal name of Hyper-V: is it a host?");
        if (one.disabled) wrong.push_back("is disabled");
        if (one.controller)
            wrong.push_back("is a domain controller: list it with `domain_controller: true` if it is meant");
        if (one.signed_on && now_ - *one.signed_on > stale_days * 86'400)
            wrong.push_back(fmt::format("signed on {} days ago for the last time", (now_ - *one.signed_on) / 86'400));
        look_at_name(one, out, wrong);
        out.host = wrong.empty();
        if (out.host && !one.signed_on) out.because.push_back("when it signed on is not known: is it still there?");
        if (!out.host) out.because = std::move(wrong);
        return out;
    }

    void look_at_name(const SeenComputer& one, Candidate& out, std::vector<std::string>& wrong) {
        const std::string claim = text::fold(one.is.dns);
        if (claim.empty() || claim == text::fold(out.name) + "." + domain_) return;
        if (claims_[claim] > 1)
            wrong.push_back(fmt::format("claims the name {}, and so does another account", one.is.dns));
        else if (!claim.starts_with(text::fold(out.name) + ".") || !spelling::host_dns.check(claim).empty())
            wrong.push_back(fmt::format("says that it is {}", one.is.dns));
        else {
            out.dns = claim;
            out.because.push_back("its full name is what its account says");
        }
    }

    // By container; its nodes apart where there is just one cluster that they can belong to.
    void propose() {
        std::map<std::pair<std::string, bool>, std::vector<const Candidate*>> groups;
        for (const Candidate& one : out_.computers) {
            const auto clusters = clusters_in_.find(one.container);
            const bool apart = one.node && clusters != clusters_in_.end() && clusters->second.size() == 1;
            if (one.host) groups[{one.container, apart}].push_back(&one);
        }
        std::set<std::string> taken;
        for (const auto& [key, hosts] : groups) {
            if (hosts.size() < 2) continue;
            const auto& [container, apart] = key;
            const std::string cluster = apart ? clusters_in_.at(container).front() : std::string();
            std::string name = apart ? short_name("CN=" + cluster) : short_name(container);
            for (int i = 2; !taken.insert(name).second; ++i)
                name = fmt::format("{}-{}", apart ? short_name("CN=" + cluster) : short_name(container), i);
            ProposedDomain domain{
                name,
                apart ? fmt::format("nodes in {}, where the account of cluster {} is", container, cluster)
                      : "computers in " + container,
                {}};
            for (const Candidate* host : hosts) domain.hosts.push_back(host->name);
            out_.domains.push_back(std::move(domain));
        }
    }

    const std::vector<SeenComputer>& seen_;
    std::string domain_;
    std::int64_t now_;
    std::map<std::string, int> claims_;
    std::map<std::string, std::vector<std::string>> clusters_in_;
    FirstInventory out_;
};

}  // namespace

FirstInventory first_inventory(const std::vector<SeenComputer>& seen, const std::string& domain, std::int64_t now) {
    return First(seen, domain, now).make();
}

}  // namespace fairway
