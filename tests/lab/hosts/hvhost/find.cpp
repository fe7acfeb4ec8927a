// Selection over the instances that instances.cpp makes.
#include "find.hpp"

#include <algorithm>

#include "fault.hpp"
#include "sights.hpp"

namespace lab {
namespace {

bool has(const Instance& instance, const std::string& name, const std::string& text) {
    const Value* value = instance.find(name);
    return value != nullptr && same_name(plain_text(*value), text);
}

// root/mscluster comes with the failover clustering feature.
void check_namespace(Host& host, std::string_view ns) {
    const bool clustered = host.with([](Host::State& state) { return state.cluster.has_value(); });
    for (const auto name : {kCimv2, kVirtualization, kStandardCimv2, kDeviceGuard, kCluster}) {
        if (same_name(ns, name) && (name != kCluster || clustered)) return;
    }
    throw faults::unknown_namespace(ns);
}

bool matches(const Instance& instance, const Keys& keys) {
    return std::all_of(keys.begin(), keys.end(), [&](const auto& key) { return has(instance, key.first, key.second); });
}

bool fits(const Instance& instance, const std::vector<std::vector<Condition>>& where) {
    const auto holds = [&](const Condition& condition) {
        if (!condition.begins) return has(instance, condition.name, condition.text);
        const Value* value = instance.find(condition.name);
        return value != nullptr && same_name(plain_text(*value).substr(0, condition.text.size()), condition.text);
    };
    return where.empty() || std::any_of(where.begin(), where.end(),
                                        [&](const auto& all) { return std::all_of(all.begin(), all.end(), holds); });
}

void check_key_names(const ClassInfo& info, const std::vector<Selector>& selectors) {
    const bool complete = std::all_of(info.keys.begin(), info.keys.end(), [&](std::string_view key) {
        return std::any_of(selectors.begin(), selectors.end(),
                           [&](const Selector& s) { return same_name(s.name, key); });
    });
    if (!complete || selectors.size() != info.keys.size()) {
        throw faults::wrong_selectors("The keys of " + std::string(info.name) + " are needed, all and no other.");
    }
}

// A ping is made by asking for it, so there is none without the address.
std::vector<Instance> pings(Host& host, const Select& query) {
    std::vector<Instance> made;
    for (const auto& all : query.where) {
        for (const auto& condition : all) {
            if (same_name(condition.name, "Address")) made.push_back(ping(host, condition.text));
        }
    }
    if (made.empty()) throw faults::bad_query("Win32_PingStatus wants an Address.");
    host.with([&](Host::State& state) {
        for (auto& instance : made) show_otherwise(instance, state);
    });
    return made;
}

std::vector<Instance> run(Host& host, std::string_view ns, const Select& query) {
    const auto& info = class_or_fault(host, ns, query.class_name);
    auto found = info.name == "Win32_PingStatus" ? pings(host, query) : instances_of(host, info);
    auto named = query.columns;
    for (const auto& all : query.where) {
        for (const auto& condition : all) named.push_back(condition.name);
    }
    for (const auto& name : named) {
        if (!found.empty() && found.front().find(name) == nullptr) {
            throw faults::bad_query(query.class_name + " has no property " + name);
        }
    }
    std::erase_if(found, [&](const Instance& instance) { return !fits(instance, query.where); });
    return found;
}

bool names(const Reference& reference, const std::string& class_name, const Keys& keys) {
    if (!same_name(reference.class_name, class_name)) return false;
    return std::all_of(keys.begin(), keys.end(), [&](const auto& key) {
        return std::any_of(reference.keys.begin(), reference.keys.end(), [&](const auto& other) {
            return same_name(key.first, other.first) && same_name(key.second, other.second);
        });
    });
}

// WMI says "not found" for an object that does not exist, and not an empty list (FROM MEMORY).
void check_object(Host& host, std::string_view ns, const Associators& query) {
    const auto all = instances_of(host, class_or_fault(host, ns, query.class_name));
    const bool there =
        std::any_of(all.begin(), all.end(), [&](const Instance& instance) { return matches(instance, query.keys); });
    if (!there) throw faults::not_found(query.class_name);
}

// The far ends of every link of which one end is the object that the query names.
std::vector<Instance> run(Host& host, std::string_view ns, const Associators& query) {
    check_object(host, ns, query);
    // WMI asks every provider of the namespace then, and the host's own limit of 60 s ends it (ASSUMED.md).
    if (query.assoc_class.empty() && query.result_class.empty()) throw faults::timed_out();
    std::vector<Instance> found;
    for (const auto link_class :
         {"Msvm_ElementSettingData", "Msvm_VirtualSystemMigrationServiceSettingDataComponent"}) {
        if (!query.assoc_class.empty() && !same_name(query.assoc_class, link_class)) continue;
        for (const auto& link : instances_of(host, class_or_fault(host, ns, link_class))) {
            const auto& left = std::get<Reference>(link.properties.at(0).value);
            const auto& right = std::get<Reference>(link.properties.at(1).value);
            const bool from_left = names(left, query.class_name, query.keys);
            if (!from_left && !names(right, query.class_name, query.keys)) continue;
            const auto& far = from_left ? right : left;
            const auto& info = class_or_fault(host, ns, far.class_name);
            if (!query.result_class.empty() && !info.is_a(query.result_class)) continue;
            for (auto& instance : instances_of(host, info)) {
                if (matches(instance, far.keys)) found.push_back(std::move(instance));
            }
        }
    }
    return found;
}

}  // namespace

const ClassInfo& class_or_fault(Host& host, std::string_view ns, std::string_view name) {
    check_namespace(host, ns);
    const auto* info = find_class(ns, name);
    if (info == nullptr) throw faults::unknown_class(ns, name);
    return *info;
}

Instance get_instance(Host& host, const ClassInfo& info, const std::vector<Selector>& selectors) {
    if (!(info.singleton && selectors.empty())) check_key_names(info, selectors);
    for (auto& instance : instances_of(host, info)) {
        const bool same = std::all_of(selectors.begin(), selectors.end(),
                                      [&](const Selector& s) { return has(instance, s.name, s.text); });
        if (same) return std::move(instance);
    }
    throw faults::not_found(info.name);
}

std::vector<Instance> query_instances(Host& host, std::string_view ns, const Query& query) {
    check_namespace(host, ns);
    return std::visit([&](const auto& q) { return run(host, ns, q); }, query);
}

}  // namespace lab
