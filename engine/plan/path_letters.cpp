// See path_letters.hpp.
#include "engine/plan/path_letters.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/name_form.hpp"

namespace fairway {
namespace {

// Places of `conditions` are found by letters, so none is beyond them.
bool is_letter(char letter, std::size_t conditions) {
    if (letter == '.' || letter == '-') return true;
    const bool small = letter >= 'a' && letter <= 'z', large = letter >= 'A' && letter <= 'Z';
    return (small || large) && static_cast<std::size_t>(letter - (small ? 'a' : 'A')) < conditions;
}

PathLetters domain_from(Fields& fields, std::size_t conditions) {
    constexpr std::size_t longest = 256;
    fields.only({"migration_domain", "hosts", "rows"});
    PathLetters out{
        .domain = fields.text("migration_domain"), .hosts = fields.texts("hosts"), .rows = fields.texts("rows")};
    if (out.domain.size() > longest || !text::is_clean_line(out.domain))
        fields.complain({Code::bad_input, fields.path() + " holds what is no migration domain's name"});
    for (const std::string& host : out.hosts)
        if (!host_name_oddity(host).empty())
            fields.complain({Code::bad_input, fields.path() + " holds what is no host's name"});
    for (const std::string& row : out.rows)
        if (!std::all_of(row.begin(), row.end(), [&](char letter) { return is_letter(letter, conditions); }))
            fields.complain({Code::bad_input, fields.path() + ": a letter of a path is none of a condition"});
    if (out.rows.size() != out.hosts.size())
        fields.complain({Code::bad_input, fields.path() + " has not a row for each of its hosts"});
    return out;
}

bool have_length(const std::vector<std::string>& rows, std::size_t length) {
    return std::all_of(rows.begin(), rows.end(), [&](const std::string& row) { return row.size() == length; });
}

}  // namespace

Json to_json(const std::vector<PathLetters>& domains) {
    Json out = Json::array();
    for (const PathLetters& one : domains)
        out.push_back({{"migration_domain", one.domain}, {"hosts", one.hosts}, {"rows", one.rows}});
    return out;
}

Json to_json(const PathPicture& picture) {
    return {{"conditions", picture.conditions}, {"rests_on", picture.rests_on}, {"now", to_json(picture.now)}};
}

PathPicture picture_from(Fields fields) {
    fields.only({"conditions", "rests_on", "now"});
    PathPicture out{.conditions = fields.texts("conditions"), .rests_on = {}, .now = {}};
    const Json* rests_on = fields.raw("rests_on");
    for (std::size_t i = 0; rests_on && rests_on->is_array() && i < rests_on->size(); ++i) {
        std::vector<std::string>& settings = out.rests_on.emplace_back();
        for (const Json& one : (*rests_on)[i]) {
            if (one.is_string()) settings.push_back(one.get<std::string>());
            else fields.complain({Code::bad_input, path_to(fields.path(), "rests_on") + " holds what is no text"});
        }
    }
    if (out.rests_on.size() != out.conditions.size())
        fields.complain({Code::bad_input, path_to(fields.path(), "rests_on") + " has not a list for each condition"});
    fields.each("now", [&](Fields one) {
        const PathLetters& domain = out.now.emplace_back(domain_from(one, out.conditions.size()));
        if (!have_length(domain.rows, domain.hosts.size()))
            one.complain({Code::bad_input, one.path() + " has not a letter for each path"});
    });
    return out;
}

std::vector<PathLetters> letters_from(Fields& phase, const PathPicture& picture) {
    std::vector<PathLetters> out;
    phase.each("path_letters", [&](Fields one) {
        const PathLetters& changed = out.emplace_back(domain_from(one, picture.conditions.size()));
        const auto known = std::find_if(picture.now.begin(), picture.now.end(),
                                        [&](const PathLetters& domain) { return domain.domain == changed.domain; });
        const std::set<std::string_view> hosts =
            known == picture.now.end() ? std::set<std::string_view>()
                                       : std::set<std::string_view>(known->hosts.begin(), known->hosts.end());
        if (!have_length(changed.rows, hosts.size()) ||
            !std::all_of(changed.hosts.begin(), changed.hosts.end(),
                         [&](const auto& host) { return hosts.contains(host); }))
            one.complain({Code::bad_input, one.path() + " has rows of other paths than the plan"});
    });
    return out;
}

}  // namespace fairway
