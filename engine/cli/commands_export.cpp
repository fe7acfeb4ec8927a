// `export`: what hosts and accounts hold, as a policy that asks for just that. It reads, and writes nothing anywhere.
#include <algorithm>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/base/yaml.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/documents.hpp"
#include "engine/plan/as_policy.hpp"
#include "engine/policy/nodes.hpp"
#include "engine/policy/policy_document.hpp"
#include "engine/policy/rule_writer.hpp"
#include "engine/run/survey.hpp"

namespace fairway::cli {
namespace {

// What is left out, once for all settings of a host that have one reason.
std::string left_out_text(const std::vector<NotSaid>& all) {
    std::vector<std::pair<const NotSaid*, std::vector<std::string_view>>> groups;
    for (const NotSaid& one : all) {
        const auto it = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
            return group.first->address.object == one.address.object &&
                   group.first->address.kind() == one.address.kind() && group.first->because == one.because;
        });
        if (it == groups.end()) groups.push_back({&one, {one.address.setting->name}});
        else it->second.push_back(one.address.setting->name);
    }
    std::string out;
    for (const auto& [one, settings] : groups)
        out += yaml_comment(fmt::format("{}  {}: {}", one->address.object, text::join(settings, ", "), one->because));
    return out;
}

std::string document(const Inventory& inventory, const AsPolicy& said) {
    std::string out =
        yaml_comment(fmt::format("What the hosts of estate {} and their accounts hold, by `fairway export`: it "
                                 "says what is, and not what should be.",
                                 inventory.estate)) +
        yaml_comment("Name an owner, read each rule, and say why it is right; then audit by it.");
    if (!said.not_said.empty())
        out += yaml_comment(fmt::format("No rule has {} value{}: see the end.", said.not_said.size(),
                                        said.not_said.size() == 1 ? "" : "s"));
    out += print_yaml(map_node({{"policy", text_node(inventory.estate + "-as-it-is")},
                                {"owner", text_node("nobody yet")},
                                {"why", text_node("What hosts and accounts held when this was written.")}}));
    std::vector<Rule> rules;
    for (const SaidRule& one : said.rules) rules.push_back(one.rule);
    out += "\n" + print_rules(rules);
    if (said.not_said.empty()) return out;
    return out + "\n" +
           yaml_comment(
               "No rule has these, because they could not be read, are in doubt, or are beyond what a "
               "rule can want:") +
           left_out_text(said.not_said);
}

Json json_of(const AsPolicy& said, const std::string& text) {
    Json rules = Json::array(), left_out = Json::array();
    for (const SaidRule& one : said.rules) {
        Json settings = Json::array();
        for (const RuleWant& want : one.rule.wants) settings.push_back(want.setting->name);
        rules.push_back({{"rule", one.rule.id}, {"hosts", one.hosts}, {"settings", std::move(settings)}});
    }
    for (const NotSaid& one : said.not_said)
        left_out.push_back({{"object", one.address.object},
                            {"kind", name(one.address.kind())},
                            {"setting", one.address.setting->name},
                            {"read", !one.unread},
                            {"because", one.because}});
    return {{"exported", {{"text", text}, {"rules", std::move(rules)}, {"left_out", std::move(left_out)}}}};
}

}  // namespace

Answer export_policy(const Request& request, const Stage& stage) {
    auto inventory = load_inventory(request);
    if (!inventory) return inventory.error();
    Connections connections(*inventory, request.recording);
    const auto reader = connections.reader();
    if (!reader) return trouble(reader.error());
    const std::string what = fmt::format("Reading {}", report::count(inventory->hosts.size(), "host"));
    Desired all = everything(*inventory);
    const auto seen = survey({}, std::move(*inventory), std::move(all), system_now(), **reader,
                             [&](std::size_t done, std::size_t of) {
                                 stage.bar(what, done, of);
                                 return true;
                             });
    if (!seen) return trouble(seen.error(), {});
    const AsPolicy said = as_policy(seen->inventory, seen->snapshot, seen->doubts, can_say);
    if (said.rules.empty())
        return trouble(
            Exit::unreachable, "unreachable",
            "no value of any host can be read, so there is nothing to export; `fairway probe HOST` shows why");
    const std::string text = document(seen->inventory, said);
    if (const auto again = fairway::load_policy(text, "the exported policy"); !again)
        return trouble(again.error(), text);
    const bool unread =
        std::any_of(said.not_said.begin(), said.not_said.end(), [](const NotSaid& one) { return one.unread; });
    return {.exit = unread ? Exit::unreachable : Exit::fine,
            .text = stage.structured ? std::string() : text,
            .json = stage.json([&] { return json_of(said, text); }),
            .trouble = {},
            .exact = !stage.structured};
}

}  // namespace fairway::cli
