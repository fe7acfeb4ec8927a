// See causes.hpp.
#include "engine/report/causes.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace fairway::report {
namespace {

std::string end(const std::string& host) { return host.empty() ? "?" : host; }

std::string pair(const Cause& cause) { return fmt::format("{} {}", end(cause.from), end(cause.to)); }

std::string lines(std::string_view label, const std::vector<std::string>& all) {
    std::string out;
    for (const std::string& one : all) {
        out += fmt::format("   {:<15}{}\n", label, fairway::text::printable(one));
        label = {};
    }
    return out;
}

}  // namespace

std::string text(const Diagnosis& diagnosis, const Style& style) {
    std::string out;
    std::size_t number = 0;
    for (const Cause& cause : diagnosis.causes) {
        const std::string where = fairway::text::printable(fmt::format("{} → {}", end(cause.from), end(cause.to)));
        out += fmt::format("{}. {}  {}  ({})\n   {}\n", ++number, style(Paint::bold, cause.row->id), where,
                           name(cause.proof), cause.row->says);
        out += lines("for", cause.evidence) + lines("against", cause.against) +
               lines("not looked at", cause.not_looked_at);
        if (!cause.candidates.empty())
            out += fmt::format("   {:<15}{}\n", "may be", fairway::text::join(cause.candidates, ", "));
        out += fmt::format("   {:<15}{}\n", "fix", cause.row->fix);
    }
    if (diagnosis.causes.empty()) out += "No cause of failed moves was found.\n";
    for (const std::string& one : diagnosis.not_looked_at) out += fmt::format("Not looked at: {}\n", one);
    for (const std::string& one : diagnosis.unexplained)
        out += fmt::format("No row explains {}\n", fairway::text::printable(one));
    if (diagnosis.made_good > 0)
        out += fmt::format("Left out: {} after which the same VM did move.\n",
                           diagnosis.made_good == 1 ? "1 failure" : fmt::format("{} failures", diagnosis.made_good));
    return out;
}

Json json(const Diagnosis& diagnosis) {
    Json causes = Json::array();
    for (const Cause& cause : diagnosis.causes)
        causes.push_back({{"id", cause.row->id},
                          {"says", cause.row->says},
                          {"pair", pair(cause)},
                          {"proof", name(cause.proof)},
                          {"evidence", cause.evidence},
                          {"against", cause.against},
                          {"not_looked_at", cause.not_looked_at},
                          {"candidates", cause.candidates},
                          {"fix", cause.row->fix}});
    return {{"causes", std::move(causes)},
            {"unexplained", diagnosis.unexplained},
            {"not_looked_at", diagnosis.not_looked_at},
            {"made_good", diagnosis.made_good}};
}

}  // namespace fairway::report
