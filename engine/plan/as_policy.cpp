// See as_policy.hpp.
#include "engine/plan/as_policy.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/names/service_names.hpp"
#include "engine/plan/bound_operand.hpp"

namespace fairway {
namespace {

std::vector<std::string> texts_of(const Set& set) { return {set.begin(), set.end()}; }

// One spelling of each thing.
Set without_repeats(Key key, const Set& held) {
    std::unordered_set<std::string> seen;
    Set::Elements out;
    for (const std::string_view element : held)
        if (seen.insert(text::fold(key_of(key, element))).second) out.push_back(element);
    return Set::of(std::move(out));
}

// Equal for wants that ask for the same.
std::string key_of(const RuleWant& want) {
    std::string out = std::to_string(static_cast<int>(want.comparator));
    const Key key = want.setting->key;
    const auto add = [&](std::string_view element) {
        out += '\0';
        out += key == Key::whole ? text::fold(element) : std::string(element);
    };
    if (const auto* computed = std::get_if<ComputedNames>(&want.operand)) {
        out += computed->of == Of::peers ? "peers" : "self";
        for (const ServiceClass service : computed->services) add(class_of(service));
        out += '\0';
        for (const std::string& name : computed->also) add(name);
    } else if (std::holds_alternative<PeerAccounts>(want.operand)) {
        out += "accounts";
    } else if (const auto& value = std::get<Value>(want.operand); const Set* set = as_set(value)) {
        for (const std::string_view element : *set) add(element);
    } else {
        out += show(*want.setting, value);
    }
    return out;
}

// What a host holds of one setting, as a want.
class Wording {
public:
    Wording(const Setting& setting, const Inventory& inventory, const CanSay& can_say)
        : setting_(setting), can_say_(can_say) {
        using Services = std::vector<ServiceClass>;
        if (setting.elements == ElementForm::services)
            for (const Services& services : {Services{ServiceClass::cifs, ServiceClass::migration},
                                             Services{ServiceClass::cifs}, Services{ServiceClass::migration}})
                add(ComputedNames{services, Of::peers, {}}, inventory);
        if (setting.elements == ElementForm::accounts) add(PeerAccounts(), inventory);
        if (setting.elements != ElementForm::own_names) return;
        add(ComputedNames{{ServiceClass::migration}, Of::self, {}}, inventory);
        for (const Host& host : inventory.hosts)
            for (const std::string& name : both_names(ServiceClass::migration, host))
                owners_.emplace(text::fold(name), &host);
    }

    // Nothing, if all of it is left out. `left_out`: what a rule cannot say, in words.
    std::optional<RuleWant> of(const Host& host, const Value& value, std::string& left_out) const {
        const Set* set = as_set(value);
        if (!set) {
            RuleWant want{&setting_, Comparator::equals, value, {}};
            if (can_say_(want)) return want;
            left_out = fmt::format("is {}, which no rule can want", show(setting_, value));
            return std::nullopt;
        }
        const Set held = without_repeats(setting_.key, *set), others = of_others(host, held);
        const Set ours = subtract(setting_.key, held, others);
        if (!others.empty())
            left_out = fmt::format("has {}, of another host: no rule can want that", show(setting_, Value(others)));
        auto want = of_elements(host, ours, others.empty() ? Comparator::equals : Comparator::includes);
        if (want && can_say_(*want)) return want;
        const Set sayable = sayable_of(ours);
        want = sayable == ours ? std::nullopt : of_elements(host, sayable, Comparator::includes);
        if (want && !can_say_(*want)) want.reset();
        const Set rest = want ? subtract(setting_.key, ours, sayable) : ours;
        if (!rest.empty())
            left_out += fmt::format("{}has {}, which no rule can want", left_out.empty() ? "" : "; ",
                                    show(setting_, Value(rest)));
        return want;
    }

private:
    void add(Operand operand, const Inventory& inventory) {
        operands_.push_back(std::make_unique<Operand>(std::move(operand)));
        bound_.push_back(std::make_unique<BoundOperand>(*operands_.back(), inventory));
    }

    // The account's names that are another host's: a rule that gives them away is refused.
    Set of_others(const Host& host, const Set& held) const {
        Set::Elements out;
        for (const std::string_view name : held)
            if (const auto it = owners_.find(text::fold(name)); it != owners_.end() && it->second->name != host.name)
                out.push_back(name);
        return Set::of(std::move(out));
    }

    // By what is worked out for each host, where all of that is there; else as a list. Nothing: there is nothing to
    // ask.
    std::optional<RuleWant> of_elements(const Host& host, const Set& held, Comparator comparator) const {
        for (std::size_t i = 0; i < bound_.size(); ++i) {
            const std::optional<Value> value = bound_[i]->of(host);
            if (!value || !covers(setting_.key, held, *as_set(*value))) continue;
            const Set rest = subtract(setting_.key, held, *as_set(*value));
            Operand operand = *operands_[i];
            if (auto* computed = std::get_if<ComputedNames>(&operand)) computed->also = texts_of(rest);
            else if (!rest.empty()) continue;
            return RuleWant{&setting_, comparator, std::move(operand), {}};
        }
        if (held.empty() && comparator == Comparator::includes) return std::nullopt;
        return RuleWant{&setting_, comparator, Value(held), {}};
    }

    Set sayable_of(const Set& held) const {
        Set::Elements out;
        for (const std::string_view element : held)
            if (can_say_({&setting_, Comparator::includes, Value(Set::of({element})), {}})) out.push_back(element);
        return Set::of(std::move(out));
    }

    const Setting& setting_;
    const CanSay& can_say_;
    std::vector<std::unique_ptr<Operand>> operands_;
    std::vector<std::unique_ptr<BoundOperand>> bound_;
    std::unordered_map<std::string, const Host*> owners_;
};

// The hosts, by their places in the inventory, that hold one value of a setting.
struct Alike {
    RuleWant want;
    std::vector<std::size_t> hosts;
};

class Rules {
public:
    Rules(const Inventory& inventory, const Snapshot& snapshot, const Doubts& doubts, const CanSay& can_say)
        : inventory_(inventory), snapshot_(snapshot), doubts_(doubts), can_say_(can_say) {}

    AsPolicy make() {
        for (const Setting* setting : catalogue())
            if (setting->access == Access::managed) add(*setting);
        AsPolicy out;
        for (const auto& [place, wants] : rules_) out.rules.push_back(rule_of(place, wants));
        give_names(out.rules);
        std::map<std::string_view, std::size_t> order;
        for (std::size_t i = 0; i < inventory_.hosts.size(); ++i) order.emplace(inventory_.hosts[i].name, i);
        std::stable_sort(not_said_.begin(), not_said_.end(), [&](const NotSaid& a, const NotSaid& b) {
            return order.at(a.address.object) < order.at(b.address.object);
        });
        out.not_said = std::move(not_said_);
        return out;
    }

private:
    // In the order of the document. What all hosts share stands apart for hosts and accounts: `on` has a word for each.
    struct Place {
        Share share{};
        Kind kind{};
        std::size_t others = 0;  // hosts that it is not about
        std::vector<std::size_t> hosts;

        friend bool operator<(const Place& a, const Place& b) {
            return std::tie(a.share, a.kind, a.others, a.hosts) < std::tie(b.share, b.kind, b.others, b.hosts);
        }
    };

    void add(const Setting& setting) {
        const Wording wording(setting, inventory_, can_say_);
        std::vector<Alike> groups;
        std::unordered_map<std::string, std::size_t> places;
        for (std::size_t i = 0; i < inventory_.hosts.size(); ++i) {
            auto want = want_of(setting, inventory_.hosts[i], wording);
            if (!want) continue;
            const auto [it, fresh] = places.try_emplace(key_of(*want), groups.size());
            if (fresh) groups.push_back({std::move(*want), {}});
            groups[it->second].hosts.push_back(i);
        }
        const auto largest = std::max_element(groups.begin(), groups.end(), [](const Alike& a, const Alike& b) {
            return a.hosts.size() < b.hosts.size();
        });
        for (auto it = groups.begin(); it != groups.end(); ++it) {
            const std::size_t others = inventory_.hosts.size() - it->hosts.size();
            const Share share = others == 0 ? Share::all : it == largest ? Share::common : Share::odd;
            const Kind kind = share == Share::all ? setting.kind : Kind::host;
            rules_[{share, kind, others, std::move(it->hosts)}].push_back(std::move(it->want));
        }
    }

    std::optional<RuleWant> want_of(const Setting& setting, const Host& host, const Wording& wording) {
        const auto leave_out = [&](std::string because, bool unread = false) {
            not_said_.push_back({{host.name, &setting}, std::move(because), unread});
        };
        const auto doubt = doubts_.hosts.find(host.name);
        if (row_of(setting.kind).in_directory && doubt != doubts_.hosts.end() && doubt->second.account &&
            !doubt->second.only_new) {
            leave_out("whose account it is, is in doubt: " + doubt->second.why.text);
            return std::nullopt;
        }
        const Reading& reading = snapshot_.at({host.name, &setting});
        if (!reading || !*reading) {
            leave_out(reading ? "is not there" : reading.error().text, !reading);
            return std::nullopt;
        }
        std::string left_out;
        auto want = wording.of(host, **reading, left_out);
        if (!left_out.empty()) leave_out(std::move(left_out));
        return want;
    }

    SaidRule rule_of(const Place& place, const std::vector<RuleWant>& wants) const {
        SaidRule out{.rule = {}, .share = place.share, .hosts = {}};
        out.rule.wants = wants;
        for (const std::size_t i : place.hosts) out.hosts.push_back(inventory_.hosts[i].name);
        if (place.share == Share::all) return out;
        // A host that comes later is like most, until somebody looks at it.
        const bool by_others = place.share == Share::common && place.others < place.hosts.size();
        out.rule.select.by = by_others ? Select::By::all_but : Select::By::hosts;
        for (std::size_t i = 0; i < inventory_.hosts.size(); ++i)
            if (std::binary_search(place.hosts.begin(), place.hosts.end(), i) != by_others)
                out.rule.select.hosts.push_back({inventory_.hosts[i].name, {}});
        return out;
    }

    void give_names(std::vector<SaidRule>& rules) const {
        std::map<const Setting*, std::string> common;  // the rule for most hosts
        std::size_t commons = 0, odds = 0;
        for (SaidRule& said : rules) {
            Rule& rule = said.rule;
            const std::string hosts = fmt::format("{} of {} host{}", said.hosts.size(), inventory_.hosts.size(),
                                                  inventory_.hosts.size() == 1 ? "" : "s");
            const std::string held = fmt::format("{} {} this", hosts, said.hosts.size() == 1 ? "has" : "have");
            if (said.share == Share::all) {
                rule.id = fmt::format("all-{}", row_of(rule.wants.front().setting->kind).section);
                rule.why = held + ".";
            } else if (said.share == Share::common) {
                rule.id = fmt::format("common-{}", ++commons);
                rule.why = held + "; no other value has more.";
                for (const RuleWant& want : rule.wants) common[want.setting] = rule.id;
            } else {
                rule.id = fmt::format("odd-{}", ++odds);
                std::vector<std::string> unlike;
                for (const RuleWant& want : rule.wants)
                    if (const std::string& id = common.at(want.setting);
                        std::find(unlike.begin(), unlike.end(), id) == unlike.end())
                        unlike.push_back(id);
                rule.why = fmt::format("{}, unlike what {} want{}.", held, text::join(unlike, " and "),
                                       unlike.size() == 1 ? "s" : "");
            }
        }
    }

    const Inventory& inventory_;
    const Snapshot& snapshot_;
    const Doubts& doubts_;
    const CanSay& can_say_;
    std::map<Place, std::vector<RuleWant>> rules_;
    std::vector<NotSaid> not_said_;
};

}  // namespace

Desired everything(const Inventory& inventory) {
    Desired out;
    for (const Host& host : inventory.hosts)
        for (const Setting* setting : catalogue())
            if (setting->access == Access::managed) out[{host.name, setting}];
    return out;
}

AsPolicy as_policy(const Inventory& inventory, const Snapshot& snapshot, const Doubts& doubts, const CanSay& can_say) {
    return Rules(inventory, snapshot, doubts, can_say).make();
}

}  // namespace fairway
