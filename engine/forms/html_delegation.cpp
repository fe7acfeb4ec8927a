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
constexpr std::size_t most_single = 16;  // names on a side that are drawn one by one
constexpr std::size_t most_drawn = 40;   // accounts or groups of them

// "cifs/hv02.corp.example:1433" is at hv02.corp.example; a value that is no service principal name is itself.
std::string target_of(const std::string& value) {
    const std::size_t slash = value.find('/');
    if (slash == std::string::npos) return value;
    const std::string host = value.substr(slash + 1);
    return host.substr(0, host.find_first_of(":/"));
}

using Places = std::vector<std::size_t>;  // of targets, each once and in order

// Where accounts may act, each place once.
class Targets {
public:
    std::size_t place(const std::string& name) {
        const auto [it, fresh] = places_.try_emplace(name, names_.size());
        if (fresh) names_.push_back(name);
        return it->second;
    }
    const std::string& name(std::size_t place) const { return names_[place]; }
    std::vector<std::string> names(const Places& places) const {
        std::vector<std::string> out;
        for (const std::size_t place : places) out.push_back(names_[place]);
        return out;
    }

private:
    std::map<std::string, std::size_t> places_;
    std::vector<std::string> names_;
};

// What one change gives an account, takes from it or leaves it, and where that lets it act.
struct Edge {
    std::string what, setting, account;
    Places at;
    std::size_t names = 0;
    Places around = {};  // and the account's own place, where others of the same are given, lose or keep it
};

void add_edges(std::vector<Edge>& out, Targets& targets, const Json& change, const Json& plan) {
    const std::string account = text_of(change, "object"), setting = text_of(change, "setting");
    const Json* after = find(change, "after");
    if (after && after->is_boolean())
        out.push_back({after->get<bool>() ? "added" : "removed", setting, account, {targets.place(setting)}, 0});
    for (const auto& [key, what] :
         {std::pair("remove", "removed"), std::pair("add", "added"), std::pair("keeps", "kept")}) {
        const std::vector<std::string> values = values_of(part_of(change, key), plan);
        if (values.empty()) continue;
        std::set<std::size_t> at;
        for (const std::string& value : values) at.insert(targets.place(text::fold(target_of(value))));
        out.push_back({what, setting, account, {at.begin(), at.end()}, values.size()});
    }
}

// Each host of a domain may act at all others, so no two have the same neighbours: with their own places they do.
void add_own(std::vector<Edge>& edges, const Targets& targets) {
    std::map<std::pair<std::string, std::string>, std::map<std::string, std::set<std::size_t>>> by_host;
    const auto host_of = [](const std::string& name) { return name.substr(0, name.find('.')); };
    for (const Edge& edge : edges)
        for (const std::size_t place : edge.at)
            by_host[{edge.what, edge.setting}][host_of(targets.name(place))].insert(place);
    for (Edge& edge : edges) {
        std::set<std::size_t> around(edge.at.begin(), edge.at.end());
        around.merge(std::set(by_host[{edge.what, edge.setting}][host_of(text::fold(edge.account))]));
        edge.around.assign(around.begin(), around.end());
    }
}

std::vector<Edge> edges_of(const Json& plan, Targets& targets) {
    std::vector<Edge> out;
    for (const Json& phase : part_of(plan, "phases"))
        for (const Json& change : part_of(phase, "changes"))
            if (text_of(change, "setting").starts_with("delegation.")) add_edges(out, targets, change, plan);
    add_own(out, targets);
    return out;
}

std::string mark_of(const std::string& what) {
    if (what == "added") return R"(<span class="dk dka"><span aria-hidden="true">+</span> added</span>)";
    if (what == "removed") return R"(<span class="dk dkr"><span aria-hidden="true">&minus;</span> removed</span>)";
    return fmt::format(R"(<span class="dk dkm">{}</span>)", escaped(what));
}

// What stands on one side of the drawing, from top to bottom: a name, or several with equal neighbours.
struct Node {
    std::vector<std::string> names;
    std::string label() const {
        const std::string first = text::cut(text::printable(names.front()), 34);
        return names.size() == 1 ? first : fmt::format("{} and {} more", first, names.size() - 1);
    }
};

struct Line {
    std::string what;
    std::size_t from = 0, to = 0;  // places of nodes
    friend auto operator<=>(const Line&, const Line&) = default;
};

struct Drawing {
    std::vector<Node> accounts, targets;
    std::vector<Line> lines;
    std::size_t left_out = 0;  // accounts
};

// Accounts with the same lines to the same places are one node, those that few share first: they are the odd ones. So
// are places with the same lines from the same nodes.
Drawing drawing_of(const std::vector<Edge>& edges, const Targets& targets, bool grouped) {
    std::map<std::string, std::vector<const Edge*>> of_account;
    std::vector<std::string> order;
    for (const Edge& edge : edges) {
        auto& all = of_account[edge.account];
        if (all.empty()) order.push_back(edge.account);
        all.push_back(&edge);
    }
    auto groups = by_key(order, [&](const std::string& account) {
        std::vector<std::tuple<std::string, std::string, Places>> key;
        for (const Edge* edge : of_account[account]) key.emplace_back(edge->what, edge->setting, edge->around);
        return std::pair(grouped ? std::string() : account, std::move(key));
    });
    if (grouped)
        std::stable_sort(groups.begin(), groups.end(),
                         [](const auto& a, const auto& b) { return a.size() < b.size(); });
    Drawing out;
    std::map<std::size_t, std::vector<std::pair<std::string, std::size_t>>> into;  // of a place: what, from which node
    Places seen;
    for (const auto& group : groups) {
        if (out.accounts.size() == most_drawn) {
            out.left_out += group.size();
            continue;
        }
        for (const Edge* edge : of_account[*group.front()])
            for (const std::size_t place : group.size() > 1 ? edge->around : edge->at) {
                auto& lines = into[place];
                if (lines.empty()) seen.push_back(place);
                lines.emplace_back(edge->what, out.accounts.size());
            }
        Node& node = out.accounts.emplace_back();
        for (const std::string* account : group) node.names.push_back(*account);
    }
    for (const auto& group :
         by_key(seen, [&](std::size_t place) { return std::pair(grouped ? 0 : place, into[place]); })) {
        for (const auto& [what, from] : into[*group.front()]) out.lines.push_back({what, from, out.targets.size()});
        Node& node = out.targets.emplace_back();
        for (const std::size_t* place : group) node.names.push_back(targets.name(*place));
    }
    return out;
}

std::size_t height(std::size_t place) { return 40 + 28 * place; }

std::string labels(const std::vector<Node>& nodes, int x, std::string_view kind) {
    std::string out;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        out += fmt::format(R"(<text class="{0}" data-n="{0}{1}" x="{2}" y="{3}">{4}<title>{5}</title></text>)", kind, i,
                           x, height(i) + 4, escaped(nodes[i].label()), escaped(text::join(nodes[i].names, " ")));
    return out;
}

// Accounts stand left, and where they may act right: what is added is a solid line, what is removed a dashed one.
void draw(Part& to, const std::vector<Edge>& edges, const Targets& targets) {
    Drawing drawing = drawing_of(edges, targets, false);
    if (drawing.left_out > 0 || drawing.accounts.size() > most_single || drawing.targets.size() > most_single)
        drawing = drawing_of(edges, targets, true);
    if (drawing.lines.empty()) return;
    std::map<std::string, std::size_t> counts;
    std::string lines;
    for (const Line& line : drawing.lines) {
        ++counts[line.what];
        lines += fmt::format(R"(<path class="{0}" data-l="l{3}" data-r="r{4}" d="M300 {1}C440 {1} 440 {2} 580 {2}"/>)",
                             escaped(line.what), height(line.from), height(line.to), line.from, line.to);
    }
    to << fmt::format(R"(<div class="graph" tabindex="0" role="group" aria-label="Drawing of the delegation"><svg )"
                      R"(viewBox="0 0 880 {}" role="img" aria-label="Connections from accounts to where they may act: )"
                      R"({} added, {} removed, {} kept. The table below says the same.">)",
                      height(std::max(drawing.accounts.size(), drawing.targets.size())), counts["added"],
                      counts["removed"], counts["kept"])
       << R"(<text class="l head" x="290" y="16">account</text><text class="r head" x="590" y="16">may act at</text>)"
       << lines << labels(drawing.accounts, 290, "l") << labels(drawing.targets, 590, "r")
       << R"(</svg><p class="more">Solid: added. Dashed: removed. Thin: kept, no rule names it.)";
    if (std::any_of(drawing.accounts.begin(), drawing.accounts.end(),
                    [](const Node& node) { return node.names.size() > 1; }))
        to << " Those with the same connections are one, except that none acts at itself; those that few share stand "
              "first.";
    if (drawing.left_out > 0) to << fmt::format(" {} more accounts are in the table.", drawing.left_out);
    to << "</p></div>";
}

}  // namespace

void show_delegation(Page& to, const Json& result) {
    Targets targets;
    const std::vector<Edge> edges = edges_of(part_of(result, "plan"), targets);
    Tables::Rows rows;
    // Accounts that gain, lose or keep the same at the same places are one row.
    for (const auto& group :
         by_key(edges, [](const Edge& one) { return std::tuple(one.what, one.setting, one.around, one.names); })) {
        const Edge& first = *group.front();
        std::vector<std::string> accounts;
        for (const Edge* one : group) accounts.push_back(one->account);
        const bool but_itself = group.size() > 1 && first.around != first.at;
        const std::string at =
            first.names == 0 ? std::string() : name_tags(targets.names(group.size() > 1 ? first.around : first.at));
        rows.push_back({mark_of(first.what), name_tags(accounts), code_tag(first.setting),
                        at + (but_itself ? R"( <span class="more">each but at itself</span>)" : ""),
                        first.names == 0 ? "" : std::to_string(first.names)});
    }
    Part part;
    draw(part, edges, targets);
    const std::size_t all = rows.size();
    rows.resize(std::min(all, accounts_shown));
    part.html_table("What the plan adds, removes and keeps, by where the accounts may act", "plain who-at",
                    {"What", "Accounts", "Setting", "May act at", "Names"}, rows);
    if (all > accounts_shown)
        part << fmt::format(R"(<p class="more">{} more rows are in the plan file.</p>)", all - accounts_shown);
    to.section("delegation", "Who may act where", "What the plan changes in the delegation of accounts",
               std::to_string(all), part);
}

}  // namespace fairway::forms
