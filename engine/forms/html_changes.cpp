// See html_changes.hpp.
#include "engine/forms/html_changes.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <tuple>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/fields.hpp"
#include "engine/forms/html_paths.hpp"
#include "engine/forms/markup.hpp"
#include "engine/forms/plan_words.hpp"

namespace fairway::forms {
namespace {

constexpr std::size_t values_shown = 8;
constexpr std::size_t objects_shown = 60;  // with their values; the plan file has all
constexpr std::string_view arrow = R"(<span class="arr" role="img" aria-label="becomes">→</span>)";

// The changes of a plan file by phase, object and setting.
class ByPlace {
public:
    explicit ByPlace(const Json& plan) {
        for (const Json& phase : part_of(plan, "phases"))
            for (const Json& change : part_of(phase, "changes"))
                changes_[{phase_title(phase), text_of(change, "object"), text_of(change, "setting")}] = &change;
    }
    const Json* find(const Json& group, const std::string& object) const {
        const auto it = changes_.find({text_of(group, "phase"), object, text_of(group, "setting")});
        return it == changes_.end() ? nullptr : it->second;
    }

private:
    std::map<std::tuple<std::string, std::string, std::string>, const Json*> changes_;
};

bool is_list(const Json* change) { return change && (find(*change, "add") || find(*change, "remove")); }

// The values of a list where they stand in the plan; of a long one how many there are.
std::string values_html(const Json& change, std::string_view key) {
    const Json& list = part_of(change, key);
    const std::size_t all = values_in(list);
    if (all == 0) return {};
    if (!list.is_array()) return fmt::format("{} values", all);
    std::string out = "<ul>";
    for (std::size_t i = 0; i < std::min(values_shown, list.size()); ++i)
        out += "<li>" + code_tag(value_words(list[i])) + "</li>";
    if (all > values_shown) out += fmt::format(R"(<li class="more">and {} more</li>)", all - values_shown);
    return out + "</ul>";
}

std::string verb_of(const Json& group) {
    const std::string sign = text_of(group, "sign");
    const auto [kind, mark, words] = sign == "+"   ? std::tuple("a", "+", "adds")
                                     : sign == "-" ? std::tuple("r", "&minus;", "takes away")
                                                   : std::tuple("m", "~", "changes");
    return fmt::format(R"(<span class="verb verb{}" role="img" aria-label="{}">{}</span>)", kind, words, mark);
}

// "credssp → kerberos": what was, struck through, and what will be.
std::string effect_of(const Json& group) {
    const std::string words = text_of(group, "transition");
    constexpr std::string_view becomes = " → ";
    const std::size_t at = words.find(becomes);
    if (at == std::string::npos) return escaped(words);
    return fmt::format(R"(<span class="was">{}</span>{}<span class="new">{}</span>)", escaped(words.substr(0, at)),
                       arrow, escaped(words.substr(at + becomes.size())));
}

void show_values(Part& to, const Json& group, const std::vector<std::string>& objects, const ByPlace& changes) {
    Tables::Rows rows;
    for (const std::string& object : objects) {
        const Json* change = changes.find(group, object);
        if (!is_list(change) || rows.size() == objects_shown) break;
        rows.push_back({name_tag(object), values_html(*change, "add"), values_html(*change, "remove"),
                        values_html(*change, "keeps"), fmt::format("{}", values_in(part_of(*change, "before")))});
    }
    if (rows.empty()) return;
    const std::size_t left = objects.size() - rows.size();
    to.html_table("Values of " + text_of(group, "setting"), "values",
                  {"Object", "Added", "Removed", "Kept, no rule names them", "Values before"}, rows);
    if (left > 0)
        to << fmt::format(R"(<p class="more">{} more objects: the plan file has the values of each.</p>)", left);
}

std::string inside_of(const Json& group, const std::vector<std::string>& objects, const ByPlace& changes) {
    Part out;
    out << R"(<dl class="facts">)";
    const auto fact = [&](std::string_view key, const std::string& html) {
        if (!html.empty()) out << fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", key, html);
    };
    std::string rules;
    for (const std::string& rule : texts_of(part_of(group, "rules")))
        rules += (rules.empty() ? "" : ", ") + code_tag(rule);
    fact("Rule", rules);
    fact("Undo", escaped(text_of(group, "undo")));
    fact("Risk", escaped(text_of(group, "because")));
    out << "</dl>";
    if (objects.size() > 1) {
        out << fmt::format(R"(<p class="names"><span class="lbl">All {}</span>)", objects.size());
        for (const std::string& object : objects) out << " " << name_tag(object);
        out << "</p>";
    }
    show_values(out, group, objects, changes);
    if (objects.size() > 1)
        out << fmt::format(R"(<p class="more">For {}; likewise for the others:</p>)", name_tag(objects.front()));
    out << command_box(text_of(group, "cmdlet"),
                       objects.size() == 1
                           ? "the cmdlet for " + objects.front()
                           : fmt::format("the cmdlet for {}; likewise for the others", objects.front()));
    return out.html();
}

std::string fold_of(const Json& group, std::size_t place, const ByPlace& changes) {
    const std::vector<std::string> objects = texts_of(part_of(group, "objects"));
    constexpr std::size_t named = 3;
    std::string who;
    for (std::size_t i = 0; i < std::min(named, objects.size()); ++i) who += " " + name_tag(objects[i]);
    if (objects.size() > named) who += fmt::format(R"( <span class="more">and {} more</span>)", objects.size() - named);
    return fmt::format(
        R"(<details class="chg" id="{}"><summary>{}<span class="what"><span class="set">{}</span> )"
        R"(<span class="eff">{}</span></span> <span class="who"><strong>{}</strong>{}</span> {}</summary>)"
        R"(<div class="body">{}</div></details>)"
        "\n",
        PathPictures::id_of_change(place), verb_of(group), escaped(text_of(group, "setting")), effect_of(group),
        counted(static_cast<std::int64_t>(objects.size()), text_of(group, "kind") == "host" ? "host" : "account"), who,
        badge("risk", text_of(group, "risk")), inside_of(group, objects, changes));
}

std::string phase_heading(const Json& phase, std::size_t number) {
    const std::int64_t closes = number_of(phase, "closes");
    const std::string then = then_words(phase);
    return fmt::format(
        R"(<header><h3><span class="pno">{}</span>{}</h3><p>{}{}{}</p><p class="tally">{} <span>of {} paths open after)"
        "</span></p></header>",
        number, escaped(phase_words(phase)),
        counted(static_cast<std::int64_t>(part_of(phase, "changes").size()), "change"),
        closes == 0 ? std::string()
                    : fmt::format(R"(; <span class="warn">its steps close up to {} on the way</span>)",
                                  counted(closes, "open path")),
        then.empty() ? "" : "; then " + escaped(then), number_of(part_of(phase, "paths"), "open"),
        number_of(part_of(phase, "paths"), "open") + number_of(part_of(phase, "paths"), "closed") +
            number_of(part_of(phase, "paths"), "unknown"));
}

}  // namespace

void show_changes(Page& to, const Json& result) {
    const Json &groups = part_of(result, "equal_changes"), &phases = part_of(part_of(result, "plan"), "phases");
    const ByPlace changes(part_of(result, "plan"));
    Part part;
    std::size_t place = 0, number = 0, all = 0;
    for (const Json& phase : phases) {
        all += part_of(phase, "changes").size();
        part << R"(<section class="phase" aria-label=")" << escaped(phase_words(phase)) << R"(">)"
             << phase_heading(phase, ++number);
        for (; place < groups.size() && text_of(groups[place], "phase") == phase_title(phase); ++place)
            part << fold_of(groups[place], place, changes);
        part << "</section>";
    }
    to.section("changes", "What changes",
               fmt::format("{} in {} of equal ones, in the order in which they are made",
                           counted(static_cast<std::int64_t>(all), "change"),
                           counted(static_cast<std::int64_t>(groups.size()), "group")),
               std::to_string(all), part);
}

}  // namespace fairway::forms
