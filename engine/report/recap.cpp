// See recap.hpp.
#include "engine/report/recap.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/run.hpp"

namespace fairway::report {
namespace {

// In the order of the columns.
constexpr std::array fates = {Fate::changed, Fate::unchanged, Fate::failed, Fate::skipped, Fate::in_doubt};
constexpr std::array<std::string_view, fates.size()> heads = {"changed", "unchanged", "failed", "skipped", "in doubt"};
constexpr std::array<std::string_view, fates.size()> keys = {"changed", "unchanged", "failed", "skipped", "in_doubt"};
using Counts = std::array<std::size_t, fates.size()>;

std::map<std::string, Counts> by_host(const Applied& applied, const Plan& plan) {
    std::map<std::string, Counts> out;
    const std::vector<const Change*> changes = numbered(plan);
    for (std::size_t number = 0; number < applied.fates.size(); ++number) {
        const auto column = std::find(fates.begin(), fates.end(), applied.fates[number]) - fates.begin();
        ++out[changes[number]->address.object].at(static_cast<std::size_t>(column));
    }
    return out;
}

// What went wrong first; then what is not done.
auto badness(const Counts& counts) { return std::array{counts[4], counts[2], counts[3], counts[1]}; }

}  // namespace

std::string recap_text(const Applied& applied, const Plan& plan, const Style& style) {
    constexpr std::size_t most_named = 5;
    if (applied.left == 0) return {};
    std::map<Counts, std::vector<std::string>> alike;
    for (const auto& [host, counts] : by_host(applied, plan)) alike[counts].push_back(host);
    std::vector<std::pair<Counts, std::vector<std::string>>> groups(alike.begin(), alike.end());
    std::stable_sort(groups.begin(), groups.end(),
                     [](const auto& a, const auto& b) { return badness(a.first) > badness(b.first); });
    std::vector<std::vector<std::string>> rows = {{heads.begin(), heads.end()}};
    rows[0].push_back("at");
    for (std::string& head : rows[0]) head = style(Paint::bold, head);
    for (const auto& [counts, hosts] : groups) {
        std::vector<std::string>& row = rows.emplace_back();
        for (const std::size_t n : counts) row.push_back(std::to_string(n));
        row.push_back(fairway::text::some(hosts, most_named, fairway::text::printable));
    }
    return style.table(rows, "  ");
}

Json recap_json(const Applied& applied, const Plan& plan) {
    Json out = Json::array();
    for (const auto& [host, counts] : by_host(applied, plan)) {
        Json& one = out.emplace_back(Json{{"host", host}});
        for (std::size_t i = 0; i < keys.size(); ++i) one[std::string(keys[i])] = counts[i];
    }
    return out;
}

}  // namespace fairway::report
