// See contradictions.hpp.
#include "engine/plan/contradictions.hpp"

#include "engine/base/text.hpp"
#include "engine/plan/desire.hpp"

namespace fairway {
namespace {

// Two hosts that are peers.
Inventory sample(const std::string& one, const std::string& other, const std::string& domain) {
    Inventory out;
    for (const std::string& name : {one, other}) {
        Host host;
        host.name = name;
        host.account_domain = domain;
        host.dns = text::fold(name) + "." + domain;
        host.domain = "all";
        out.hosts.push_back(std::move(host));
    }
    out.domains.push_back({.name = "all", .hosts = {one, other}, .where = {}});
    return out;
}

}  // namespace

Diagnostics contradictions(const Policy& policy) {
    // A pattern may fit the names of one sample by chance; those of both only if it fits nearly everything.
    const Inventory estate = sample("HOST", "PEER", "domain.example"),
                    otherwise = sample("Q-7", "Z0123456789ABC", "x.y.test");
    Diagnostics out;
    for (Rule rule : policy.rules) {
        rule.select = {};
        Policy alone;
        alone.file = policy.file;
        alone.included = policy.included;
        alone.rules.push_back(std::move(rule));
        const auto here = desire(alone, estate, 0), there = desire(alone, otherwise, 0);
        if (!here && !there) out.insert(out.end(), here.error().begin(), here.error().end());
    }
    return out;
}

}  // namespace fairway
