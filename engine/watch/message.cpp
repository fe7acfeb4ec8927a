// See message.hpp.
#include "engine/watch/message.hpp"

#include <array>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/report/result_shapes.hpp"

namespace fairway::watch {
namespace {

constexpr std::size_t mail_width = 900;  // RFC 5322 2.1.1: 998 bytes in a line at most

Json time_or_null(std::int64_t seconds) { return seconds == 0 ? Json() : Json(show_time(seconds)); }

struct Part {
    std::string_view name, title;
    std::vector<const Episode*> News::*of;
};
constexpr std::array parts = {Part{"alarms", "New", &News::alarms}, Part{"reminders", "Still open", &News::reminders},
                              Part{"recoveries", "Over", &News::recoveries}};

std::size_t open_findings(const State& state) {
    std::size_t out = 0;
    for (const Episode& one : state.episodes) out += one.ended ? 0 : 1;
    return out;
}

std::string whose(const Wrote& wrote) {
    std::string out = wrote.whose == "ours" ? fmt::format("run {} by {}{}{}", wrote.run, wrote.who,
                                                          wrote.ticket.empty() ? "" : ", ticket ", wrote.ticket)
                                            : wrote.whose;
    if (!wrote.controller.empty()) out += fmt::format(", changed {} at {}", show_time(wrote.changed), wrote.controller);
    return out;
}

// One line of a mail: printable, and cut before it is too long for one.
std::string mail_line(std::string_view text) {
    std::string out = text::printable(text);
    if (out.size() > mail_width) {
        std::size_t end = mail_width;
        while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80) --end;
        out = out.substr(0, end) + "…";
    }
    return out + "\n";
}

// What a header takes: ASCII alone, in one line.
std::string header_text(std::string_view text) {
    std::string out;
    for (const char c : text::printable(text)) out += c >= ' ' && c <= '~' ? c : '?';
    return out.substr(0, 200);
}

// "2 new, 1 over".
std::string counts(const News& news) {
    std::vector<std::string> out;
    for (const auto& [size, word] : {std::pair{news.alarms.size(), "new"},
                                     {news.reminders.size(), "still open"},
                                     {news.recoveries.size(), "over"}})
        if (size > 0) out.push_back(fmt::format("{} {}", size, word));
    return text::join(out, ", ");
}

}  // namespace

Json finding_json(const Episode& episode) {
    const auto& [sort, object, sid, kind, setting, rule] = episode.subject;
    const auto& [severity, because, held, wanted, wrote] = episode.detail;
    return {{"finding", episode.number},
            {"sort", name(sort)},
            {"object", object},
            {"sid", sid},
            {"kind", kind},
            {"setting", setting},
            {"rule", rule},
            {"severity", name(severity)},
            {"because", because},
            {"held", held},
            {"wanted", wanted},
            {"since", show_time(episode.since)},
            {"seen", show_time(episode.seen)},
            {"ended", time_or_null(episode.ended)},
            {"how_ended", episode.ended ? Json(name(episode.fate)) : Json()},
            {"whose", wrote.whose},
            {"whose_because", wrote.because},
            {"run", wrote.run},
            {"who", wrote.who},
            {"ticket", wrote.ticket},
            {"controller", wrote.controller},
            {"changed", time_or_null(wrote.changed)}};
}

Json message_json(const News& news, const About& about) {
    Json out = {{"fairway_alarms", 1},
                {"id", about.id},
                {"time", show_time(about.now)},
                {"version", about.heading.version},
                {"who", about.heading.who},
                {"estate", about.state.estate},
                {"open", open_findings(about.state)}};
    for (const Part& part : parts) {
        Json& list = out[std::string(part.name)] = Json::array();
        for (const Episode* one : news.*part.of) list.push_back(finding_json(*one));
    }
    return out;
}

std::string alarm_schema() {
    using namespace report::shape;
    const Json text = type("string"), number = type("integer");
    Json out = map({{"fairway_alarms", {{"const", 1}}},
                    {"id", {{"type", "string"}, {"pattern", "^[0-9a-f]{16}-[0-9]+$"}}},
                    {"time", text},
                    {"version", text},
                    {"who", text},
                    {"estate", text},
                    {"open", number},
                    {"alarms", list(ref("watched"))},
                    {"reminders", list(ref("watched"))},
                    {"recoveries", list(ref("watched"))}});
    out["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    out["title"] = "A message of fairway watch";
    out["$defs"] = {{"watched", definitions()["watched"]}};
    return print_json(out);
}

std::string mail_text(const News& news, const About& about, std::string_view to) {
    std::string out = fmt::format(
        "To: {}\nSubject: Fairway, {}: {}\nMessage-ID: <{}@fairway.invalid>\nAuto-Submitted: auto-generated\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n",
        to, header_text(about.state.estate), counts(news), about.id);
    for (const Part& part : parts) {
        if ((news.*part.of).empty()) continue;
        out += fmt::format("{} ({}):\n", part.title, (news.*part.of).size());
        for (const Episode* one : news.*part.of) out += "  " + mail_line(line_of(*one));
        out += "\n";
    }
    out += mail_line(fmt::format("Open now: {}. Estate {}, {} by {}, fairway {}.", open_findings(about.state),
                                 about.state.estate, show_time(about.now), about.heading.who, about.heading.version));
    return out + mail_line("`fairway audit` shows all of it, and `fairway plan` plans the changes.");
}

std::string line_of(const Episode& episode) {
    const auto& [sort, object, sid, kind, setting, rule] = episode.subject;
    const Detail& detail = episode.detail;
    std::string out = fmt::format("{}", name(detail.severity));
    for (const std::string* part : {&object, &setting, &detail.because})
        if (!part->empty()) out += "  " + *part;
    if (sort == Sort::audit)
        out = fmt::format("{}  the audit came to no result: {}", name(detail.severity), detail.because);
    out += fmt::format("  (since {}", show_time(episode.since));
    if (episode.ended) out += fmt::format(" until {}: {}", show_time(episode.ended), words(episode.fate));
    if (sort == Sort::value) out += "; " + whose(detail.wrote);
    return out + ")";
}

}  // namespace fairway::watch
