// See rule_writer.hpp.
#include "engine/policy/rule_writer.hpp"

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/policy/nodes.hpp"
#include "engine/policy/want_reader.hpp"
#include "engine/policy/want_shapes.hpp"
#include "engine/policy/words.hpp"

namespace fairway {
namespace {

Node list_of(const Set& set) { return list_node(std::vector<std::string>(set.begin(), set.end())); }

Node operand_node(const Setting& setting, const Value& value) {
    if (const bool* on = std::get_if<bool>(&value)) return text_node(*on ? "true" : "false");
    if (const auto* number = std::get_if<std::int64_t>(&value)) return text_node(std::to_string(*number));
    if (const auto* word = std::get_if<std::string>(&value)) return text_node(*word);
    const Set& set = *as_set(value);
    if (setting.elements != ElementForm::networks) return list_of(set);
    if (set == Set({std::string(setting::any_network)})) return text_node(std::string(setting::any_network));
    return map_node({{"subnets", list_of(set)}});
}

Node operand_node(const Setting&, const ComputedNames& names) {
    std::vector<std::string> services;
    for (const ServiceClass service : names.services)
        services.emplace_back(service == ServiceClass::cifs ? "cifs" : "migration");
    std::vector<std::pair<std::string_view, Node>> entries = {
        {"services", list_node(services)}, {"of", text_node(names.of == Of::peers ? "peers" : "self")}};
    if (!names.also.empty()) entries.emplace_back("also", list_node(names.also));
    return map_node(std::move(entries));
}

Node operand_node(const Setting&, const PeerAccounts&) { return text_node(std::string(peers_word)); }

// A plain value stands alone where just this is wanted.
Node want_node(const RuleWant& want) {
    Node operand = std::visit([&](const auto& one) { return operand_node(*want.setting, one); }, want.operand);
    if (want.comparator == Comparator::equals && std::holds_alternative<Value>(want.operand)) return operand;
    return map_node({{name(want.comparator), std::move(operand)}});
}

Node select_node(const Rule& rule) {
    const Select& select = rule.select;
    std::vector<std::string> hosts;
    for (const NamedHost& host : select.hosts) hosts.push_back(host.name);
    switch (select.by) {
        case Select::By::all: break;
        case Select::By::tag: return map_node({{"tag", text_node(select.pattern)}});
        case Select::By::migration_domain: return map_node({{"migration_domain", text_node(select.pattern)}});
        case Select::By::name: return map_node({{"name", text_node(select.pattern)}});
        case Select::By::hosts: return map_node({{"hosts", list_node(hosts)}});
        case Select::By::all_but: return map_node({{"except", list_node(hosts)}});
    }
    return text_node(std::string(row_of(rule.wants.front().setting->kind).section));
}

bool same(const Operand& a, const Operand& b) {
    if (const auto* value = std::get_if<Value>(&a)) return b.index() == a.index() && *value == std::get<Value>(b);
    const auto *ours = std::get_if<ComputedNames>(&a), *theirs = std::get_if<ComputedNames>(&b);
    if (!ours || !theirs) return a.index() == b.index();
    return ours->services == theirs->services && ours->of == theirs->of && ours->also == theirs->also;
}

Node rule_node(const Rule& rule) {
    std::vector<std::pair<std::string_view, Node>> wants;
    for (const RuleWant& want : rule.wants) wants.emplace_back(want.setting->name, want_node(want));
    return map_node({{"id", text_node(rule.id)},
                     {"why", text_node(rule.why)},
                     {"severity", text_node(std::string(severity_words.at(static_cast<std::size_t>(rule.severity))))},
                     {"on", select_node(rule)},
                     {"want", map_node(std::move(wants))}});
}

}  // namespace

std::string print_rules(const std::vector<Rule>& rules) {
    std::string out = "rules:\n";
    for (const Rule& rule : rules) {
        if (&rule != &rules.front()) out += "\n";
        out += indented(print_yaml(list_node(std::vector<Node>{rule_node(rule)})), 2);
    }
    return out;
}

bool can_say(const RuleWant& want) {
    const auto root = parse_yaml(print_yaml(map_node({{want.setting->name, want_node(want)}})), {});
    if (!root) return false;
    Complaints complaints{{}};
    check(*root, want_shape(), "the rule", complaints);
    if (!complaints.empty()) return false;
    const std::vector<RuleWant> read = read_wants(*want.setting, root->entries.front(), complaints);
    return complaints.empty() && read.size() == 1 && read.front().comparator == want.comparator &&
           same(read.front().operand, want.operand);
}

}  // namespace fairway
