// See plan_tables.hpp.
#include "engine/forms/plan_tables.hpp"

#include <fmt/format.h>
#include <tuple>

#include "engine/base/by_key.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/plan_words.hpp"

namespace fairway::forms {
namespace {

std::string pairs_of(const Json& map, std::string_view but = {}) {
    std::vector<std::string> out;
    for (const auto& [key, value] : map.items())
        if (key != but) out.push_back(fmt::format("{} {}", key, value_words(value)));
    return text::join(out, ", ");
}

std::string allowed_words(const Json& plan) {
    std::vector<std::string> out;
    for (const Json& one : part_of(plan, "allowed"))
        out.push_back(fmt::format("{}={} by {}", text_of(one, "limit"), text_of(one, "value"), text_of(one, "by")));
    return text::join(out, "; ");
}

}  // namespace

void tell_paths(Tables& to, const Json& plan) {
    Tables::Rows rows = {{"now", digits_of(part_of(plan, "paths"), "open"), digits_of(part_of(plan, "paths"), "closed"),
                          digits_of(part_of(plan, "paths"), "unknown"), "", ""}};
    for (const Json& phase : part_of(plan, "phases")) {
        const Json& paths = part_of(phase, "paths");
        rows.push_back({"after " + phase_words(phase), digits_of(paths, "open"), digits_of(paths, "closed"),
                        digits_of(paths, "unknown"), digits_of(phase, "closes"), then_words(phase)});
    }
    to.table("Paths", {"when", "open", "closed", "unknown", "closed by its steps, at most", "before it goes on"}, rows);
}

void tell_notes(Tables& to, const Json& plan) {
    Tables::Rows rows;
    for (const Group& group : by_key(part_of(plan, "notes"), [](const Json& note) {
             return std::tuple(text_of(note, "verdict"), text_of(note, "setting"), text_of(note, "because"));
         }))
        rows.push_back({text_of(*group.front(), "verdict"), text_of(*group.front(), "setting"),
                        counted_names(names_in(group, "object")), text_of(*group.front(), "because")});
    to.table("Conflicts, exceptions and what is not known", {"what", "setting", "hosts", "why"}, rows);
}

void tell_conflicts(Tables& to, const Json& result) {
    Tables::Rows rows;
    for (const Json& one : part_of(result, "conflicts"))
        rows.push_back({text_of(one, "object"), text_of(one, "setting"),
                        text::join(texts_of(part_of(one, "rules")), ", "), value_words(part_of(one, "over")),
                        text_of(one, "because")});
    to.table("Conflicts", {"of", "setting", "rules", "over", "why"}, std::move(rows));
}

void tell_rights(Tables& to, const Json& result) {
    Tables::Rows rows;
    for (const Json& right : part_of(result, "rights")) {
        const std::string may = text_of(right, "may");
        if (may != "no" && may != "unknown") continue;
        rows.push_back({may, text_of(right, "setting"), counted_names(texts_of(part_of(right, "objects"))),
                        text_of(right, "because")});
    }
    to.table("Changes that the account may not make, or perhaps not", {"may it", "setting", "accounts", "why"}, rows);
}

void tell_limits(Tables& to, const Json& plan) {
    Tables::Rows rows;
    const auto allowed = [&](const std::string& limit) {
        std::vector<std::string> out;
        for (const Json& one : part_of(plan, "allowed"))
            if (text_of(one, "limit") == limit)
                out.push_back(fmt::format("{}, by {}", text_of(one, "value"), text_of(one, "by")));
        return text::join(out, "; ");
    };
    for (const auto& [key, value] : part_of(plan, "limits").items()) {
        constexpr std::string_view percent = "_percent";
        const bool share = key.ends_with(percent);
        const std::string limit = share ? key.substr(0, key.size() - percent.size()) : key;
        rows.push_back({words_of(limit), value_words(value) + (share ? "%" : ""), allowed(limit)});
    }
    const Json& rules = part_of(plan, "run_rules");
    for (const auto& [title, words] :
         {std::pair("window", window_words(plan)), std::pair("failures", text_of(rules, "max_failures")),
          std::pair("on failure", text_of(rules, "on_failure"))})
        if (!words.empty()) rows.push_back({title, words, ""});
    to.table("Limits of the policy, and what was allowed once beyond them", {"limit", "at most", "allowed once"},
             std::move(rows));
}

void tell_unfixed(Tables& to, const Json& plan) {
    Tables::Rows estate;
    for (const Json& one : part_of(plan, "estate_findings"))
        estate.push_back({text_of(one, "severity"), text_of(one, "object"), text_of(one, "because")});
    to.table("About the estate, which no change of this plan fixes", {"severity", "object", "finding"},
             std::move(estate));
}

void tell_not_covered(Tables& to, const Json& of) {
    Tables::Rows rows;
    for (const Json& one : part_of(of, "not_covered"))
        rows.push_back({counted_names(texts_of(part_of(one, "hosts"))), text_of(one, "because")});
    to.table("Hosts that this does not cover", {"hosts", "why"}, std::move(rows));
}

void tell_facts(Tables& to, const Json& result, std::string_view title, Tables::Rows rows) {
    std::erase_if(rows, [](const Tables::Row& row) { return row.back().empty(); });
    rows.push_back({"this text is by", fmt::format("{}, {}", text_of(result, "who"), text_of(result, "time"))});
    rows.push_back({"Fairway", text_of(result, "version")});
    to.table(title, {"what", "value"}, std::move(rows));
}

void tell_ground(Tables& to, const Json& result, const Json& plan) {
    const bool back = text_of(plan, "purpose") == "rollback";
    tell_facts(to, result, "Plan",
               {{"digest", text_of(plan, "digest")},
                {"ticket", text_of(plan, "ticket")},
                {"estate", text_of(plan, "estate")},
                {back ? "puts back run" : "policy", text_of(plan, "source")},
                {"policy sha256", text_of(plan, "source_sha256")},
                {"inventory sha256", text_of(plan, "inventory_sha256")},
                {"limits", pairs_of(part_of(plan, "limits"))},
                {"allowed once", allowed_words(plan)},
                {"rollout", pairs_of(part_of(plan, "rollout"), "trials")},
                {"on failure", text_of(part_of(plan, "run_rules"), "on_failure")}});
}

}  // namespace fairway::forms
