// See policy_document.hpp. The tables see the document's shape; what they cannot see (a name used twice, a
// want of the wrong kind of object, an exception to nothing) is found here, on the way to the Policy.
#include "engine/policy/policy_document.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>

#include "engine/base/digest.hpp"
#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "engine/base/timestamp.hpp"
#include "engine/base/yaml.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/limits.hpp"
#include "engine/policy/complaints.hpp"
#include "engine/policy/former_keys.hpp"
#include "engine/policy/included_files.hpp"
#include "engine/policy/policy_shape.hpp"
#include "engine/policy/reading.hpp"
#include "engine/policy/rollout_reader.hpp"
#include "engine/policy/want_reader.hpp"
#include "engine/policy/want_shapes.hpp"
#include "engine/policy/words.hpp"

namespace fairway {
namespace {

class PolicyReader {
public:
    PolicyReader(const Node& root, const Included& included, Complaints& complaints)
        : root_(root), included_(included), complaints_(complaints) {}

    Policy read() {
        policy_.name = text_at(root_, "policy");
        policy_.owner = text_at(root_, "owner");
        policy_.why = text_at(root_, "why");
        each("rules", [&](const Node& node) { read_rule(node); });
        if (policy_.rules.empty() && complaints_.empty() && root_.at("include"))
            complaints_.add(*root_.entry("include"), "none of these files has a rule, and the policy has none itself");
        each("exceptions", [&](const Node& node) { read_exception(node); });
        read_limits();
        policy_.rollout = read_rollout(root_, complaints_);
        policy_.run_rules = read_run_rules(root_, complaints_);
        read_moves();
        give_gate_its_moves();
        return std::move(policy_);
    }

private:
    // Those of the policy itself come first.
    template <class Visit>
    void each(std::string_view key, Visit visit) {
        for (const Node& node : items_at(root_, key)) visit(node);
        for (const IncludedText& one : included_.files)
            for (const Node& node : items_at(one.root, key)) visit(node);
    }

    void read_rule(const Node& node) {
        Rule rule;
        rule.id = text_at(node, "id");
        rule.why = text_at(node, "why");
        rule.severity = word_at(node, "severity", severity_words, Severity::medium);
        rule.where = node.place;
        const auto [first, fresh] = rule_places_.emplace(rule.id, node.place);
        if (!fresh && !rule.id.empty())
            complaints_.add(*node.at("id"), fmt::format("rule `{}` is here twice; first in {}", rule.id,
                                                        complaints_.line_of(first->second, node.place)));
        rule.select = read_select(node);
        if (const Node* want = node.at("want"))
            for (const Entry& entry : want->entries) read_want(node, rule, entry);
        policy_.rules.push_back(std::move(rule));
    }

    static Select read_select(const Node& rule) {
        constexpr std::pair<std::string_view, Select::By> keys[] = {
            {"tag", Select::By::tag}, {"migration_domain", Select::By::migration_domain}, {"name", Select::By::name}};
        constexpr std::pair<std::string_view, Select::By> lists[] = {{"hosts", Select::By::hosts},
                                                                     {"except", Select::By::all_but}};
        const Node* on = rule.at("on");
        if (!on) return {};
        for (const auto& [key, by] : keys)
            if (on->entry(key)) return {by, text_at(*on, key)};
        for (const auto& [key, by] : lists) {
            if (!on->entry(key)) continue;
            Select out{.by = by};
            for (const Node& item : items_at(*on, key))
                if (item.is(Node::Kind::scalar)) out.hosts.push_back({item.text, item.place});
            return out;
        }
        return {};
    }

    void read_want(const Node& node, Rule& rule, const Entry& entry) {
        const Setting* setting = find_setting(entry.key);
        if (!setting) wants_refused_ = true;
        if (!setting || setting->access != Access::managed) return;
        const std::string on = text_at(node, "on");
        const std::string_view other = row_of(setting->kind).section;
        if ((on == hosts_word || on == computers_word) && on != other)
            complaints_.add(entry, fmt::format("`{}` belongs to {}, but rule `{}` is on {}: give it a rule of its own",
                                               entry.key, other, rule.id, on));
        for (RuleWant& want : read_wants(*setting, entry, complaints_)) rule.wants.push_back(std::move(want));
    }

    void read_exception(const Node& node) {
        Exception exception;
        exception.host = text_at(node, "host");
        exception.setting = find_setting(text_at(node, "setting"));
        exception.rule = text_at(node, "rule");
        exception.owner = text_at(node, "owner");
        exception.reason = text_at(node, "reason");
        exception.until_text = text_at(node, "until");
        exception.until = parse_timestamp(exception.until_text).value_or(0);
        exception.where = node.place;
        refuse_exception_to_nothing(node, exception);
        refuse_repeated(node, exception);
        policy_.exceptions.push_back(std::move(exception));
    }

    void refuse_exception_to_nothing(const Node& node, const Exception& exception) {
        if (!included_.whole) return;  // the rule may be in what could not be read
        if (!exception.rule.empty() && !rule_places_.count(exception.rule)) {
            const auto nameless = [](const Rule& rule) { return rule.id.empty(); };
            if (std::any_of(policy_.rules.begin(), policy_.rules.end(), nameless)) return;
            std::vector<std::string_view> ids;
            for (const auto& [id, place] : rule_places_) ids.push_back(id);
            complaints_.add(*node.at("rule"),
                            fmt::format("unknown rule `{}` in the exception for {}", exception.rule, exception.host),
                            complaints_.guess(exception.rule, ids));
            return;
        }
        if (!exception.setting || exception.setting->access != Access::managed) return;
        const bool wanted = std::any_of(policy_.rules.begin(), policy_.rules.end(), [&](const Rule& rule) {
            return (exception.rule.empty() || rule.id == exception.rule) &&
                   std::any_of(rule.wants.begin(), rule.wants.end(),
                               [&](const RuleWant& want) { return want.setting == exception.setting; });
        });
        if (wanted || wants_refused_) return;  // one that was refused may be the one that is meant
        const std::string who = exception.rule.empty() ? "no rule" : fmt::format("rule `{}` never", exception.rule);
        complaints_.add(*node.at("setting"), fmt::format("the exception for {} covers nothing: {} wants `{}`",
                                                         exception.host, who, exception.setting->name));
    }

    void refuse_repeated(const Node& node, const Exception& exception) {
        if (exception.host.empty() || !exception.setting) return;
        const auto [first, fresh] = exception_places_.emplace(
            std::tuple(text::fold(exception.host), exception.setting, exception.rule), node.place);
        if (!fresh)
            complaints_.add(node, fmt::format("a second exception for {} and `{}`; the first is in {}", exception.host,
                                              exception.setting->name, complaints_.line_of(first->second, node.place)));
    }

    void read_limits() {
        const Node* rollout = root_.at("rollout");
        if (rollout) policy_.limits.probed = text_at(*rollout, "require") == "probed";
        const Node* limits = rollout ? rollout->at("limits") : nullptr;
        if (!limits) return;
        for (const LimitRow& row : limit_table())
            if (row.amount) policy_.limits.*row.amount = amount_from(text_at(*limits, row.name)).value_or(Amount());
        policy_.limits.risk = word_at(*limits, "risk", risk_words, Risk::high);
        policy_.limits.rollbacks = text_at(*limits, "rollbacks") == "true";
        policy_.limits.risk_by_default = policy_.limits.rollbacks && !limits->at("risk");
    }

    void read_moves() {
        const Node* verify = root_.at("verify");
        const Node* moves = verify ? verify->at("moves") : nullptr;
        if (!moves) return;
        const Node* vm = moves->at("vm");
        const std::string storage = text_at(*moves, "storage");
        TrialMoves& out = policy_.moves.emplace();
        if (vm && vm->is(Node::Kind::scalar)) out.vms = {vm->text};
        else if (vm) out.vms = texts_of(vm->items);
        out.id = text_at(*moves, "id");
        out.pairs = word_at(*moves, "pairs", pairs_words, TrialMoves::Pairs::ring);
        out.sample = integer_at(*moves, "sample").value_or(out.sample);
        if (storage == "true") out.storage = TrialMoves::Storage::yes;
        if (storage == "alternate") out.storage = TrialMoves::Storage::alternate;
        out.max_memory_mb = integer_at(*moves, "max_memory_mb").value_or(out.max_memory_mb);
        out.blackout = text_at(*moves, "blackout") == "true";
        if (!out.id.empty() && out.vms.size() > 1)
            complaints_.add(*moves->at("id"), "`id` is of one VM, and `vm` names several; name the one alone");
        if (moves->at("sample") && out.pairs != TrialMoves::Pairs::sample)
            complaints_.add(*moves->at("sample"), "`sample` is for `pairs: sample`, and `pairs` says otherwise");
    }

    void give_gate_its_moves() {
        if (!policy_.rollout) return;
        const std::vector<Gate>& gates = policy_.rollout->gates;
        if (std::find(gates.begin(), gates.end(), Gate::trials) == gates.end()) return;
        policy_.rollout->trials = policy_.moves;
        if (!policy_.moves)
            complaints_.add(*root_.at("rollout")->at("gates"),
                            "the gate `trials` moves VMs, and the policy names none: `verify: {moves: {vm: NAME}}`");
    }

    const Node& root_;
    const Included& included_;
    Complaints& complaints_;
    Policy policy_;
    std::map<std::string, Place> rule_places_;
    bool wants_refused_ = false;  // a rule wants what is no setting
    std::map<std::tuple<std::string, const Setting*, std::string>, Place> exception_places_;
};

}  // namespace

Checked<Policy> load_policy(std::string_view text, const std::string& file, const ReadIncluded& read) {
    auto root = parse_yaml(text, file);
    if (!root) return tl::unexpected(root.error());
    for (const std::string& warning : rename_former_keys(*root, policy_shape(), file)) log::warn(warning);
    Complaints complaints(file);
    check(*root, policy_shape(), "the policy", complaints);
    Included included = read_included(*root, {file, text.size()}, read, complaints);
    Policy policy = PolicyReader(*root, included, complaints).read();
    if (!complaints.empty()) return tl::unexpected(complaints.take());
    policy.file = file;
    policy.digest = sha256(text);
    if (included.files.empty()) return policy;
    std::string all = policy.digest;
    for (IncludedText& one : included.files) {
        all += "\n" + one.digest;
        policy.included.push_back({std::move(one.file), std::move(one.digest)});
    }
    policy.digest = sha256(all);
    return policy;
}

}  // namespace fairway
