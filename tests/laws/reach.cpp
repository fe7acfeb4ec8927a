// See reach.hpp.
#include "tests/laws/reach.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/names/service_names.hpp"
#include "tests/laws/hold.hpp"

namespace fairway::laws {
namespace {

constexpr std::string_view reach_law = "14 reach";

// --- A directory that lies

const std::vector<std::string> controllers_names = {"ldap/dc01.lab.example", "cifs/dc01.lab.example", "HOST/dc01",
                                                    "HOST/dc01.lab.example", "GC/dc01.lab.example/lab.example"};

void claim(Dice& dice, Case& c) {
    const std::vector<Host>& hosts = c.inventory.hosts;
    const Host &victim = dice.among(hosts), &other = dice.among(hosts);
    const auto put = [&](const Setting& row, Value value) {
        c.world.values.insert_or_assign(Address{victim.name, &row}, std::move(value));
    };
    // A full name alone, without HOST's, is asked for by nobody (engine/names/README.md, "Computers that are gone"):
    // whether such an account is seen depends on what else is asked.
    const auto account = [&](std::vector<std::string> names) {
        const bool full = names.front() == "HOST/" + other.dns && dice.one_in(2);
        c.world.others.push_back({.dn = fmt::format("CN=evil{}", c.world.others.size()),
                                  .account = fmt::format("evil{}$", c.world.others.size()),
                                  .dns = full ? other.dns : std::string(),
                                  .object_class = "computer",
                                  .names = std::move(names)});
    };
    switch (dice.below(10)) {
        case 0: return put(setting::account_dns_name, std::string("dc01.lab.example"));
        case 1: return put(setting::account_dns_name, other.dns);
        case 2: return put(setting::account_dns_name, text::fold(victim.name) + ".elsewhere.example");
        case 3: return put(setting::account_dns_name, text::fold(victim.name) + ".allowed.example");
        case 4: return account({"HOST/" + other.dns});
        case 5: return account({dice.one_in(2) ? "CIFS/" + text::fold(other.name) : "cifs/" + other.dns});
        case 6: return account({both_names(ServiceClass::migration, other)[dice.below(2)], "MSSQLSvc/sql01:1433"});
        case 8: {  // one that claims everything
            std::vector<std::string> all = {"HOST/" + other.name, "HOST/" + other.dns};
            for (std::string& name : both_names(ServiceClass::migration, other)) all.push_back(std::move(name));
            return account(std::move(all));
        }
        case 7:
            return put(setting::account_flags,
                       Set({dice.one_in(2) ? "server_trust_account" : "partial_secrets_account"}));
        default: break;
    }
    // A computer that is no Hyper-V host is found.
    Host& found = c.inventory.hosts[dice.below(hosts.size())];
    found.found = true;
    c.inventory.searches.emplace_back();
    std::erase_if(c.world.values,
                  [&](const auto& one) { return one.first.object == found.name && one.first.kind() == Kind::host; });
    // Its host is away, or answers and has nothing of Hyper-V.
    if (dice.one_in(2))
        std::erase_if(c.world.objects,
                      [&](const auto& one) { return one.first == Kind::host && one.second == found.name; });
}

void make_hostile(Dice& dice, Case& c) {
    c.world.dns_suffixes = {"allowed.example"};
    c.world.others.push_back({.dn = "CN=dc01",
                              .account = "DC01$",
                              .dns = "dc01.lab.example",
                              .object_class = "computer",
                              .names = controllers_names,
                              .controller = true});
    for (const Host& host : c.inventory.hosts)
        c.world.values.insert_or_assign(Address{host.name, &setting::account_sid},
                                        "S-1-5-21-1-2-3-" + host.name.substr(2));
    for (std::size_t i = dice.below(4); i > 0; --i) claim(dice, c);
    if (dice.one_in(6)) c.inventory.hosts[0].domain_controller = true;
    if (dice.one_in(4)) return;
    Rule standard{.id = "standard", .why = {}, .severity = {}, .select = {}, .wants = {}, .where = {90, 1}};
    const ComputedNames peers{{ServiceClass::cifs, ServiceClass::migration}, Of::peers, {}};
    const ComputedNames own{{ServiceClass::migration}, Of::self, {}};
    standard.wants.push_back({&setting::delegation_services, Comparator::includes, peers, {91, 1}});
    if (!dice.one_in(4)) standard.wants.push_back({&setting::spn_migration, Comparator::includes, own, {92, 1}});
    else if (dice.one_in(2))  // a rule that takes from some hosts what their peers would be granted
        standard.wants.push_back(
            {&setting::spn_migration, Comparator::without, Value(Set({"Micro*/hv0?.*", "Micro*/HV?1"})), {92, 1}});
    if (dice.one_in(3))
        standard.wants.push_back(
            {&setting::delegation_allowed_principals, Comparator::includes, PeerAccounts{}, {93, 1}});
    c.policy.rules = {std::move(standard)};
}

// --- Who is reached by a name: every account that the KDC might take for its holder

class Forest {
public:
    explicit Forest(const memory::World& world) {
        for (const auto& [kind, object] : world.objects) {
            if (kind != Kind::computer) continue;
            const auto value = [&](const Setting& row) { return world.values.find({object, &row}); };
            add("HOST/" + object, object);
            const auto dns = value(setting::account_dns_name), names = value(setting::spn_migration);
            if (dns != world.values.end()) add("HOST/" + std::get<std::string>(dns->second), object);
            if (names != world.values.end())
                for (const std::string_view name : *as_set(names->second)) add(std::string(name), object);
        }
        for (const NameOwner& owner : world.others)
            for (const std::string& name : owner.names) add(name, owner.dn);
    }

    std::set<std::string> holders(std::string_view name) const {
        const std::string key = text::fold(name);
        if (const auto it = by_name_.find(key); it != by_name_.end()) return it->second;
        const auto slash = key.find('/');
        static const std::set<std::string> served = {"cifs", "http", "rpcss", "time", "www"};
        if (!served.contains(key.substr(0, slash))) return {};
        const auto it = by_name_.find("host" + key.substr(slash));
        return it == by_name_.end() ? std::set<std::string>() : it->second;
    }

private:
    void add(const std::string& name, const std::string& who) { by_name_[text::fold(name)].insert(who); }
    std::map<std::string, std::set<std::string>> by_name_;
};

using Pairs = std::set<std::pair<std::string, std::string>>;

const Set& list_of(const memory::World& world, const std::string& object, const Setting& row) {
    static const Set nothing;
    const auto it = world.values.find({object, &row});
    return it == world.values.end() ? nothing : *as_set(it->second);
}

// (who acts, towards whom); a name that nobody holds reaches whoever comes to hold it.
Pairs reach(const Case& c) {
    const Forest forest(c.world);
    Pairs out;
    for (const Host& host : c.inventory.hosts) {
        for (const std::string_view name : list_of(c.world, host.name, setting::delegation_services)) {
            const auto holders = forest.holders(name);
            for (const std::string& holder : holders) out.emplace(host.name, holder);
            if (holders.empty()) out.emplace(host.name, "nobody yet: " + text::fold(name));
        }
        for (const std::string_view account : list_of(c.world, host.name, setting::delegation_allowed_principals))
            out.emplace(account.ends_with('$') ? std::string(account.substr(0, account.size() - 1)) : account,
                        host.name);
        const auto any = c.world.values.find({host.name, &setting::delegation_unconstrained});
        if (any != c.world.values.end() && any->second == Value(true)) out.emplace(host.name, "everybody");
    }
    return out;
}

// --- Who is meant

std::string_view registered(const Case& c, const Host& host) {
    const auto it = c.world.values.find({host.name, &setting::account_dns_name});
    return it == c.world.values.end() ? std::string_view() : std::string_view(std::get<std::string>(it->second));
}

bool is_controller(const Case& c, const Host& host) {
    const Set& flags = list_of(c.world, host.name, setting::account_flags);
    return flags.contains("server_trust_account") || flags.contains("partial_secrets_account");
}

bool takes_part(const Case& c, const Host& host) {
    if (is_controller(c, host) && !host.domain_controller) return false;
    return !host.found || c.world.values.contains({host.name, &setting::migration_enabled});
}

// What the policy writes out, name by name.
std::set<std::string> written_out(const Policy& policy, const Setting& row) {
    std::set<std::string> out;
    for (const Rule& rule : policy.rules)
        for (const RuleWant& want : rule.wants) {
            if (want.setting != &row) continue;
            if (const auto* value = std::get_if<Value>(&want.operand); value && as_set(*value))
                for (const std::string_view one : *as_set(*value)) out.insert(text::fold(one));
            if (const auto* computed = std::get_if<ComputedNames>(&want.operand))
                for (const std::string& one : computed->also) out.insert(text::fold(one));
        }
    return out;
}

bool unconstrained_is_wanted(const Policy& policy) {
    for (const Rule& rule : policy.rules)
        for (const RuleWant& want : rule.wants)
            if (want.setting == &setting::delegation_unconstrained && std::get<Value>(want.operand) == Value(true))
                return true;
    return false;
}

// `before`: what a list named already is no new grant when a rule takes the name from its holder; and a list that named
// a host's service when nobody held the name reaches the host once a rule gives it its name.
Pairs meant(const Case& before, const Case& c) {
    const Forest forest(c.world);
    Pairs out;
    for (const Host& host : c.inventory.hosts) {
        const auto named =
            keys(setting::delegation_services, Value(list_of(before.world, host.name, setting::delegation_services)));
        for (const std::string& name : named) out.emplace(host.name, "nobody yet: " + name);
        for (const Host& owner : c.inventory.hosts)
            for (const std::string_view full : {std::string_view(owner.dns), registered(c, owner)})
                for (const std::string_view name : {std::string_view(owner.name), full})
                    if (named.contains(text::fold(std::string(migration_service) + "/" + std::string(name))))
                        out.emplace(host.name, owner.name);
    }
    const auto services = written_out(c.policy, setting::delegation_services);
    const auto accounts = written_out(c.policy, setting::delegation_allowed_principals);
    for (const Host& host : c.inventory.hosts) {
        for (const Host& peer : c.inventory.hosts)
            if (host.name != peer.name && host.domain == peer.domain && takes_part(c, host) && takes_part(c, peer))
                out.emplace(host.name, peer.name);
        for (const std::string& name : services) {
            for (const std::string& holder : forest.holders(name)) out.emplace(host.name, holder);
            out.emplace(host.name, "nobody yet: " + name);
        }
        for (const std::string& account : accounts) {
            for (const Host& one : c.inventory.hosts)
                if (text::fold(one.name) + "$" == account) out.emplace(one.name, host.name);
            for (const char* stranger : {"HV99", "gmsa", "Domain Computers"})
                if (account.starts_with(text::fold(std::string_view(stranger)))) out.emplace(stranger, host.name);
        }
        if (unconstrained_is_wanted(c.policy)) out.emplace(host.name, "everybody");
    }
    return out;
}

// --- Nothing that is right is refused

std::size_t what_is_right_is_granted(const Case& before, const Case& after) {
    std::size_t refused = 0;
    const Forest forest(before.world), later(after.world);
    if (before.policy.rules.empty() || before.policy.rules[0].id != "standard") return 0;
    for (const Host& host : before.inventory.hosts)
        for (const Host& peer : before.inventory.hosts) {
            if (host.name == peer.name || host.domain != peer.domain) continue;
            if (!before.world.values.contains({host.name, &setting::delegation_services})) continue;
            const bool fine =
                takes_part(before, host) && takes_part(before, peer) && registered(before, peer) == peer.dns;
            const auto list = keys(setting::delegation_services,
                                   Value(list_of(after.world, host.name, setting::delegation_services)));
            for (const ServiceClass service : {ServiceClass::cifs, ServiceClass::migration})
                for (const std::string& name : both_names(service, peer)) {
                    const bool there = list.contains(text::fold(name));
                    const bool alone = forest.holders(name) == std::set<std::string>{peer.name};
                    const bool stays = later.holders(name) == forest.holders(name);
                    if (fine && alone && stays) hold(there, "14 a name that is the peer's alone is granted", name);
                    refused += there ? 0 : 1;
                }
        }
    return refused;
}

}  // namespace

ReachTally a_hostile_directory(Case c, Dice& dice, Census& census) {
    make_hostile(dice, c);
    ReachTally tally;
    const Case before = c;
    const Survey seen = survey_of(c);
    census.survey(seen);
    const Plan plan = plan_of(c, seen);
    Journal journal = open_journal();
    LawWriter writer(c.world);
    const Applied applied = apply_to(c, plan, journal, writer);
    hold(applied.ending == Ending::complete, "14 what is planned can be applied", applied.because);
    const Pairs was = reach(before), is = reach(c), may = meant(before, c);
    for (const auto& pair : is) {
        if (was.contains(pair)) continue;
        hold(may.contains(pair), reach_law,
             fmt::format("{} may act towards {}, which nobody meant", pair.first, pair.second));
        ++tally.granted;
    }
    const Forest forest(c.world);
    for (const Host& host : c.inventory.hosts)
        for (const std::string_view name : list_of(c.world, host.name, setting::spn_migration)) {
            if (list_of(before.world, host.name, setting::spn_migration).contains(name)) continue;
            if (written_out(c.policy, setting::spn_migration).contains(text::fold(name))) continue;
            hold(forest.holders(name).size() == 1, "14 no name is given to a second account", std::string(name));
        }
    tally.refused = what_is_right_is_granted(before, c);
    if (plan.size() == 0) return tally;
    roll_back(c, applied.run, journal);
    hold(same(c.world, before.world), "14 and all of it is taken back", "the worlds differ");
    return tally;
}

}  // namespace fairway::laws
