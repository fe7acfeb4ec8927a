// See html_paths.hpp.
#include "engine/forms/html_paths.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "engine/base/text.hpp"
#include "engine/forms/fields.hpp"
#include "engine/forms/markup.hpp"
#include "engine/forms/plan_words.hpp"

namespace fairway::forms {
namespace {

bool is_closed(char letter) { return letter >= 'a' && letter <= 'z'; }
bool is_unknown(char letter) { return letter >= 'A' && letter <= 'Z'; }

double share(std::size_t part, std::size_t all) {
    return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

std::string capital(std::string words) {
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
    return words;
}

// The picture's frame; the script fills and shows it.
constexpr std::string_view frame =
    R"(<div id="overview" hidden><h3 class="vh">Migration domains</h3><div id="tiles" role="group" )"
    R"(aria-label="Migration domains, most closed paths first"></div></div>)"
    R"(<div class="mx"><div class="mxl"><div class="mxbar"><h3 id="mxh">Paths</h3><p class="grow" id="mxc"></p>)"
    R"(<form id="find" autocomplete="off"><label><span class="vh">From host</span><input id="ff" list="hl" )"
    R"(placeholder="From" spellcheck="false"></label><span aria-hidden="true">→</span><label><span class="vh">To host)"
    R"(</span><input id="ft" list="hl" placeholder="To" spellcheck="false"></label><button type="submit">Show</button>)"
    R"(<datalist id="hl"></datalist></form><div class="zoom" role="group" aria-label="Zoom"><button type="button" )"
    R"(id="zo" aria-label="Smaller cells">&minus;</button><button type="button" id="zi" aria-label="Larger cells">+</button>)"
    R"(</div></div><div class="vl"><div id="view"><div id="grid" role="grid" aria-labelledby="mxh" )"
    R"(aria-describedby="gridhelp"></div></div><ul class="legend" id="legend" aria-label="Legend"></ul></div>)"
    R"(<p class="hint" id="gridhelp">A VM moves from the host of the row to the host of the column. Arrow keys move, )"
    R"(Home and End go to the ends of a row, Enter goes to the first change at these hosts that may open the path.</p>)"
    R"(</div><aside class="pair" aria-labelledby="pairh"><h3 id="pairh">Path</h3><div id="pair"></div></aside></div>)";

}  // namespace

PathPictures::PathPictures(const Json& result)
    : result_(result),
      whens_{part_of(result, "applied").empty() && part_of(result, "record").empty() ? "Now" : "Before the run"} {
    const Json& plan = part_of(result, "plan");
    for (const Json& phase : part_of(plan, "phases")) whens_.push_back("After " + phase_words(phase));
    if (!letters().empty()) {
        conditions_ = texts_of(part_of(letters(), "conditions"));
        read(plan);
    }
    const auto add = [&](const Json& paths) {
        const auto of = [&](const char* key) { return static_cast<std::size_t>(number_of(paths, key)); };
        counts_.push_back({of("open"), of("closed"), of("unknown")});
    };
    add(plan.empty() ? part_of(result, "paths") : part_of(plan, "paths"));
    for (const Json& phase : part_of(plan, "phases")) add(part_of(phase, "paths"));
}

const Json& PathPictures::letters() const {
    const Json& plan = part_of(result_, "plan");
    return part_of(plan.empty() ? result_ : plan, "path_letters");
}

void PathPictures::read(const Json& plan) {
    std::map<std::string, std::size_t> places, domain_places;
    std::map<std::pair<std::string, std::string>, std::size_t> rows_of;
    for (const Json& one : part_of(letters(), "now")) {
        Domain& domain = domains_.emplace_back();
        domain.name = text_of(one, "migration_domain");
        domain_places[domain.name] = domains_.size() - 1;
        for (const std::string& host : texts_of(part_of(one, "hosts"))) {
            const auto [it, fresh] = places.try_emplace(host, names_.size());
            if (fresh) names_.push_back(host);
            rows_of[{domain.name, host}] = domain.hosts.size();
            domain.hosts.push_back(it->second);
        }
        domain.rows.push_back(texts_of(part_of(one, "rows")));
    }
    for (const Json& phase : part_of(plan, "phases")) {
        for (Domain& domain : domains_) domain.rows.push_back(domain.rows.back());
        for (const Json& one : part_of(phase, "path_letters")) {
            const std::string name = text_of(one, "migration_domain");
            const auto hosts = texts_of(part_of(one, "hosts")), rows = texts_of(part_of(one, "rows"));
            std::vector<std::string>& after = domains_[domain_places.at(name)].rows.back();
            for (std::size_t i = 0; i < hosts.size(); ++i) after[rows_of.at({name, hosts[i]})] = rows[i];
        }
    }
}

PathPictures::Count PathPictures::count(const Domain& domain, std::size_t when) {
    Count out;
    for (const std::string& row : domain.rows[when])
        for (const char letter : row) {
            out.open += letter == '.' ? 1 : 0;
            out.closed += is_closed(letter) ? 1 : 0;
            out.unknown += is_unknown(letter) ? 1 : 0;
        }
    return out;
}

std::string PathPictures::id_of_change(std::size_t place) { return fmt::format("change-{}", place + 1); }

void PathPictures::tile(Page& to) const {
    const std::size_t all = counts_.front().all();
    Tile out{"Open paths", std::to_string(counts_.front().open), fmt::format("of {}", all), {}};
    if (counts_.size() > 1)
        out.big = fmt::format(R"({}<span class="arr" role="img" aria-label="becomes">→</span>{})", counts_.front().open,
                              counts_.back().open);
    for (std::size_t i = 0; i < counts_.size(); ++i)
        out.rows.push_back({escaped(whens_[i]), std::to_string(counts_[i].open), share(counts_[i].open, all)});
    to.tile(out);
}

Tile PathPictures::closed_tile() const {
    std::map<char, std::size_t> by_letter;
    for (const Domain& domain : domains_)
        for (const std::string& row : domain.rows.front())
            for (const char letter : row)
                if (is_closed(letter)) ++by_letter[letter];
    Tile out{"Closed paths", std::to_string(counts_.front().closed), "by the first condition that closes each", {}};
    for (const auto& [letter, n] : by_letter)
        out.rows.push_back({escaped(conditions_.at(static_cast<std::size_t>(letter - 'a'))), std::to_string(n),
                            share(n, counts_.front().closed)});
    return out;
}

Part PathPictures::switches(std::size_t whens) const {
    Part out;
    out << R"(<fieldset class="segs"><legend class="vh">Show the paths</legend>)";
    for (std::size_t i = 0; i < whens; ++i)
        out << fmt::format(R"(<label class="seg"><input type="radio" name="phase" value="{}"{}><span><b>{}</b> )"
                           R"(<i>{} open</i></span></label>)",
                           i, i == 0 ? " checked" : "", escaped(whens_[i]), counts_[i].open);
    out << "</fieldset>";
    return out;
}

void PathPictures::table_of_domains(Part& to) const {
    Tables::Row heads = {"Migration domain", "Hosts", "Paths"};
    for (std::size_t i = 0; i < domains_.front().rows.size(); ++i) heads.push_back("Open " + whens_[i]);
    std::vector<std::pair<std::size_t, Tables::Row>> rows;
    for (const Domain& domain : domains_) {
        const Count now = count(domain, 0);
        Tables::Row row = {name_tag(domain.name), std::to_string(domain.hosts.size()), std::to_string(now.all())};
        for (std::size_t i = 0; i < domain.rows.size(); ++i) row.push_back(std::to_string(count(domain, i).open));
        rows.emplace_back(now.all() - now.open, std::move(row));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    Tables::Rows sorted;
    for (auto& [closed, row] : rows) sorted.push_back(std::move(row));
    to.html_table("Open paths by migration domain, most closed ones first", "domains", heads, sorted);
}

namespace {

constexpr std::size_t steps_shown = 100;

// Which paths the steps of a plan close, if only for a while.
void tell_closings(Part& to, const Json& plan) {
    Tables::Rows rows;
    std::size_t all = 0;
    for (const Json& phase : part_of(plan, "phases"))
        for (const auto& [key, what] : {std::pair("closed", "closes"), std::pair("opened", "opens again")})
            for (const Json& step : part_of(phase, key))
                for (const auto& [list, direction] :
                     {std::pair("both", "from and to"), std::pair("to", "to"), std::pair("from", "from")}) {
                    const Json& hosts = part_of(step, list);
                    if (hosts.empty() || ++all > steps_shown) continue;
                    rows.push_back({escaped(phase_words(phase)),
                                    name_tag(text_of(step, "object")) + " " + code_tag(text_of(step, "setting")), what,
                                    direction, name_tags(texts_of(hosts))});
                }
    to.html_table("Paths that steps close on the way", "plain",
                  {"In phase", "The change of", "What it does", "Paths", "Hosts"}, rows);
    if (all > steps_shown)
        to << fmt::format(R"(<p class="more">{} more rows are in the plan file.</p>)", all - steps_shown);
}

}  // namespace

void PathPictures::show(Page& to, const Json& result) const {
    Part part;
    if (!names_.empty()) {
        part << R"(<div id="picture" hidden>)" << switches(domains_.front().rows.size()).html() << frame << "</div>"
             << R"(<noscript><p class="warnline">The picture of each path needs this page's own script; the table )"
             << R"(says how many are open.</p></noscript><div id="pprint" aria-hidden="true"></div>)";
        table_of_domains(part);
    } else if (counts_.front().all() > 0) {
        Tables::Rows rows;
        for (std::size_t i = 0; i < counts_.size(); ++i)
            rows.push_back({whens_[i], std::to_string(counts_[i].open), std::to_string(counts_[i].closed),
                            std::to_string(counts_[i].unknown)});
        part.table("Paths by phase", {"When", "Open", "Closed", "Unknown"}, rows);
    }
    tell_closings(part, part_of(result, "plan"));
    to.section("paths", "Paths", "Can a VM move from one host to another? One path for each ordered pair of hosts.",
               fmt::format("{}/{}", counts_.front().open, counts_.front().all()), part);
}

Json PathPictures::data() const {
    if (names_.empty()) return {};
    Json names = Json::array(), domains = Json::array(), changes = Json::array(), whens = Json::array();
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < names_.size(); ++i) places[names_[i]] = i;
    for (const std::string& name : names_) names.push_back(text::printable(name));
    for (const Domain& domain : domains_)
        domains.push_back({{"name", text::printable(domain.name)}, {"hosts", domain.hosts}, {"rows", domain.rows}});
    for (const std::string& when : whens_) whens.push_back(capital(text::printable(when)));
    const Json& groups = part_of(result_, "equal_changes");
    for (std::size_t i = 0; i < groups.size(); ++i) {
        Json hosts = Json::array();
        for (const std::string& host : texts_of(part_of(groups[i], "objects")))
            if (const auto it = places.find(host); it != places.end()) hosts.push_back(it->second);
        changes.push_back({{"id", id_of_change(i)},
                           {"phase", text::printable(text_of(groups[i], "phase"))},
                           {"setting", text_of(groups[i], "setting")},
                           {"hosts", std::move(hosts)}});
    }
    return {{"names", std::move(names)},     {"conditions", conditions_}, {"rests_on", part_of(letters(), "rests_on")},
            {"domains", std::move(domains)}, {"whens", std::move(whens)}, {"changes", std::move(changes)}};
}

}  // namespace fairway::forms
