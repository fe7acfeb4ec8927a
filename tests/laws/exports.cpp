// See exports.hpp.
#include "tests/laws/exports.hpp"

#include <fmt/format.h>
#include <set>

#include "engine/model/catalogue.hpp"
#include "engine/plan/as_policy.hpp"
#include "engine/plan/desire.hpp"
#include "engine/policy/policy_document.hpp"
#include "engine/policy/rule_writer.hpp"
#include "engine/run/survey.hpp"
#include "tests/laws/hold.hpp"

namespace fairway::laws {
namespace {

constexpr std::string_view law_24 = "24 an export asks for what is there";

// Texts that a document or its reader could take for something else.
const std::vector<std::string> hostile = {"cifs/a: b #c",
                                          "x\ny",
                                          "null",
                                          "~",
                                          "",
                                          " ",
                                          "*",
                                          "&a",
                                          "!x",
                                          "'",
                                          "\"",
                                          "\\",
                                          "- a",
                                          "a, b]",
                                          "{",
                                          "<<",
                                          "\xff\xfe",
                                          "\x1b[31m",
                                          "\u202e",
                                          "cifs/" + std::string(5000, 'x'),
                                          "true",
                                          "0",
                                          "any",
                                          "10.20.0.0/24 metric 5",
                                          "10.20.0.1/24"};

void make_hostile(Case& c, Dice& dice) {
    for (auto& [address, value] : c.world.values) {
        if (address.setting->access != Access::managed || !dice.one_in(6)) continue;
        if (std::holds_alternative<std::string>(value)) value = dice.among(hostile);
        if (std::holds_alternative<std::int64_t>(value)) value = std::int64_t{-7};
        const Set* set = as_set(value);
        if (!set) continue;
        std::vector<std::string> more(set->begin(), set->end());
        for (std::size_t i = dice.below(3) + 1; i > 0; --i) more.push_back(dice.among(hostile));
        value = Set(more);
    }
}

// The exported text as a policy over the same world.
Policy exported(const Case& c, std::vector<NotSaid>& not_said) {
    LawReader reader(c);
    const Checked<Survey> seen = survey({}, c.inventory, everything(c.inventory), 1'800'000'000, reader);
    hold(seen.has_value(), law_24, "an empty policy is refused");
    AsPolicy said = as_policy(seen->inventory, seen->snapshot, seen->doubts, can_say);
    not_said = std::move(said.not_said);
    if (said.rules.empty()) return {};
    std::vector<Rule> rules;
    for (const SaidRule& one : said.rules) rules.push_back(one.rule);
    const std::string text = "policy: p\nowner: o\nwhy: w\n" + print_rules(rules);
    const Checked<Policy> policy = load_policy(text, "exported.yaml");
    hold(policy.has_value(), law_24, policy ? "" : policy.error().front().text + "\n" + text);
    return *policy;
}

// Somebody changes what a rule asks for: it is seen.
void is_strict(const Case& start, const Address& address, Dice& dice) {
    Case c = start;
    Value& value = c.world.values.try_emplace(address, Set()).first->second;  // a set that is absent is an empty one
    const Value before = value;
    while (as_set(before) ? keys(*address.setting, value) == keys(*address.setting, before) : value == before)
        value = make_value(dice, *address.setting, c.inventory);
    for (const Finding& finding : findings_of(c))
        if (finding.address == address && finding.verdict != Verdict::compliant) return;
    hold(false, law_24, fmt::format("{} of {} changes, and no finding says so", address.setting->name, address.object));
}

}  // namespace

void an_export(const Case& start, Dice& dice, std::size_t& rules) {
    Case c = start;
    c.rollout.reset();
    if (dice.one_in(2)) make_hostile(c, dice);
    if (dice.one_in(4))
        c.world.faults.push_back({.on = memory::Fault::On::read,
                                  .effect = memory::Fault::Effect::unreachable,
                                  .object = dice.among(c.inventory.hosts).name,
                                  .setting = nullptr});
    std::vector<NotSaid> not_said;
    c.policy = exported(c, not_said);
    rules += c.policy.rules.size();
    std::set<Address> left_out, asked;
    for (const NotSaid& one : not_said) left_out.insert(one.address);
    const Checked<Desired> desired = desire(c.policy, c.inventory, 1'800'000'000);
    hold(desired.has_value(), law_24, desired ? "" : desired.error().front().text);
    std::vector<Address> whole;  // nothing of these is left out or in doubt
    for (const Finding& finding : findings_of(c)) {
        const bool in_doubt = finding.verdict == Verdict::unknown && finding.doubt;  // whose name it is
        hold(finding.verdict == Verdict::compliant || in_doubt, law_24,
             fmt::format("{} of {}: {}", finding.address.setting->name, finding.address.object, finding.because));
        asked.insert(finding.address);
        if (in_doubt) left_out.insert(finding.address);
    }
    for (const Address& address : asked)
        if (!left_out.contains(address)) whole.push_back(address);
    hold(plan_of(c).size() == 0, law_24, "the plan has changes");
    for (const auto& [address, value] : c.world.values)
        if (address.setting->access == Access::managed)
            hold(asked.contains(address) || left_out.contains(address), law_24,
                 fmt::format("{} of {} is in no rule, and no reason is given", address.setting->name, address.object));
    if (!whole.empty()) is_strict(c, dice.among(whole), dice);
}

}  // namespace fairway::laws
