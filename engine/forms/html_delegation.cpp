// See html_delegation.hpp.
#include "engine/forms/html_delegation.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>

#include "engine/base/by_key.hpp"
#include "engine/base/characters.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/fields.hpp"
#include "engine/forms/markup.hpp"
#include "engine/forms/plan_words.hpp"

namespace fairway::forms {
namespace {

constexpr std::size_t accounts_shown = 120;
constexpr std::size_t most_drawn = 16;  // on a side

// "cifs/hv02.corp.example:1433" is at hv02.corp.example; a value that is no service principal name is itself.
std::string target_of(const std::string& value) {
    const std::size_t slash = value.find('/');
    if (slash == std::string::npos) return value;
    const std::string host = value.substr(slash + 1);
    return host.substr(0, host.find_first_of(":/"));
}

// What one change gives an account, takes from it or leaves it, and where that lets it act.
struct Edge {
    std::string what, setting, account;
    std::vector<std::string> at;
    std::size_t names = 0;
};

void add_edges(std::vector<Edge>& out, const Json& change, const std::string& setting) {
    const std::string account = text_of(change, "object");
    const Json* after = find(change, "after");
    if (after && after->is_boolean())
        out.push_back({after->get<bool>() ? "added" : "removed", setting, account, {}, 0});
    for (const auto& [key, what] :
         {std::pair("remove", "removed"), std::pair("add", "added"), std::pair("keeps", "kept")}) {
        const Json& list = part_of(change, key);
        const std::size_t names = values_in(list);
        if (names == 0) continue;
        std::set<std::string> at;
        if (list.is_array())
            for (const std::string& value : texts_of(list)) at.insert(text::fold(target_of(value)));
        out.push_back({what, setting, account, {at.begin(), at.end()}, names});
    }
}

std::string mark_of(const std::string& what) {
    if (what == "added") return R"(<span class="dk dka"><span aria-hidden="true">+</span> added</span>)";
    if (what == "removed") return R"(<span class="dk dkr"><span aria-hidden="true">&minus;</span> removed</span>)";
    return fmt::format(R"(<span class="dk dkm">{}</span>)", escaped(what));
}

// The places of names on one side of the drawing, from top to bottom in the order in which they come.
class Side {
public:
    std::size_t place(const std::string& name) {
        const auto [it, fresh] = places_.try_emplace(name, names_.size());
        if (fresh) names_.push_back(name);
        return it->second;
    }
    std::size_t size() const { return names_.size(); }
    std::string labels(int x, std::string_view kind) const {
        std::string out;
        for (std::size_t i = 0; i < names_.size(); ++i)
            out += fmt::format(R"(<text class="{}" x="{}" y="{}">{}</text>)", kind, x, height(i) + 4,
                               escaped(text::cut(text::printable(names_[i]), 34)));
        return out;
    }
    static std::size_t height(std::size_t place) { return 40 + 28 * place; }

private:
    std::map<std::string, std::size_t> places_;
    std::vector<std::string> names_;
};

// Accounts stand left, and where they may act right: what is added is a solid line, what is removed a dashed one.
void draw(Part& to, const std::vector<Edge>& edges) {
    Side accounts, targets;
    std::map<std::string, std::size_t> counts;
    std::string lines;
    for (const Edge& edge : edges) {
        std::vector<std::string> at = edge.at;
        if (at.empty())
            at.push_back(edge.names == 0 ? edge.setting : counted(static_cast<std::int64_t>(edge.names), "name"));
        const std::size_t left = Side::height(accounts.place(edge.account));
        for (const std::string& one : at) {
            ++counts[edge.what];
            lines += fmt::format(R"(<path class="{0}" d="M300 {1}C440 {1} 440 {2} 580 {2}"/>)", edge.what, left,
                                 Side::height(targets.place(one)));
        }
        if (accounts.size() > most_drawn || targets.size() > most_drawn) return;
    }
    if (lines.empty()) return;
    to << fmt::format(R"(<div class="graph" tabindex="0" role="group" aria-label="Drawing of the delegation"><svg )"
                      R"(viewBox="0 0 880 {}" role="img" aria-label="Connections from accounts to where they may act: )"
                      R"({} added, {} removed, {} kept. The table below says the same.">)",
                      Side::height(std::max(accounts.size(), targets.size())), counts["added"], counts["removed"],
                      counts["kept"])
       << R"(<text class="l head" x="290" y="16">account</text><text class="r head" x="590" y="16">may act at</text>)"
       << lines << accounts.labels(290, "l") << targets.labels(590, "r")
       << R"(</svg><p class="more">Solid: added. Dashed: removed. Thin: kept, no rule names it.</p></div>)";
}

}  // namespace

void show_delegation(Page& to, const Json& result) {
    std::vector<Edge> edges;
    for (const Json& phase : part_of(part_of(result, "plan"), "phases"))
        for (const Json& change : part_of(phase, "changes"))
            if (const std::string setting = text_of(change, "setting"); setting.starts_with("delegation."))
                add_edges(edges, change, setting);
    Tables::Rows rows;
    // Accounts that gain, lose or keep the same at the same places are one row.
    for (const auto& group :
         by_key(edges, [](const Edge& one) { return std::tuple(one.what, one.setting, one.at, one.names); })) {
        const Edge& first = *group.front();
        std::vector<std::string> accounts;
        for (const Edge* one : group) accounts.push_back(one->account);
        rows.push_back({mark_of(first.what), name_tags(accounts), code_tag(first.setting), name_tags(first.at),
                        first.names == 0 ? "" : std::to_string(first.names)});
    }
    Part part;
    draw(part, edges);
    const std::size_t all = rows.size();
    rows.resize(std::min(all, accounts_shown));
    part.html_table("What the plan adds, removes and keeps, by where the accounts may act", "plain",
                    {"What", "Accounts", "Setting", "May act at", "Names"}, rows);
    if (all > accounts_shown)
        part << fmt::format(R"(<p class="more">{} more rows are in the plan file.</p>)", all - accounts_shown);
    to.section("delegation", "Who may act where", "What the plan changes in the delegation of accounts",
               std::to_string(all), part);
}

}  // namespace fairway::forms
