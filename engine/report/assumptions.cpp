// See assumptions.hpp.
#include "engine/report/assumptions.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/stand_in_subnet.hpp"
#include "engine/base/text.hpp"
#include "engine/model/value_json.hpp"
#include "engine/report/probe.hpp"

namespace fairway::report {
namespace {

struct StateRow {
    Tried state;
    Paint paint;
    std::string_view mark, before;  // before what was seen
};
constexpr StateRow state_rows[] = {{Tried::holds, Paint::good, "✓", ""},
                                   {Tried::refuted, Paint::bad, "✗", "REFUTED: "},
                                   {Tried::untried, Paint::warn, "·", "not tried: "}};

const StateRow& row_of(Tried state) { return state_rows[static_cast<std::size_t>(state)]; }

std::string numbers(const std::vector<std::size_t>& exchanges) {
    std::vector<std::string> out;
    for (const std::size_t one : exchanges) out.push_back(std::to_string(one));
    return fairway::text::join(out, ", ");
}

Json entry(const Assumption& one, const std::string& saw) {
    return {{"fact", one.fact},
            {"assumed", one.assumed},
            {"how", one.how},
            {"refuted_by", one.refuted_by},
            {"state", name(one.state)},
            {"saw", saw},
            {"exchanges", one.exchanges}};
}

// What a judge quotes of a host stands between `…`: it may be any text.
std::string published(std::string_view text, StandIns& names) {
    std::string out;
    bool quoted = false;
    while (!text.empty()) {
        const auto end = std::min(text.find('`'), text.size());
        const std::string_view part = text.substr(0, end);
        out += quoted ? names.by_form_or(part, StandIns::Kind::text) : names.in(part);
        if (end < text.size()) out += '`';
        quoted = !quoted;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

// A fact of a host may be any text; what is managed is a word of ours, a number or a network.
Json published(const Setting& setting, const Value& value, StandIns& names) {
    const auto one = [&](const std::string& text) {
        if (setting.elements == ElementForm::networks) {
            const auto slash = std::min(text.find('/'), text.size());
            if (slash < text.size())
                return subnet_stand_in(std::string_view(text).substr(0, slash), names) + text.substr(slash);
        }
        return setting.access == Access::fact ? names.by_form_or(text, StandIns::Kind::name) : names.in(text);
    };
    Json out = to_json(value);
    if (out.is_string()) return one(out.get<std::string>());
    if (out.is_array())
        for (Json& element : out) element = one(element.get<std::string>());
    return out;
}

Json published(const FirstContact& contact, StandIns& names) {
    const ProbeStep* bad = contact.probe.first_bad();
    Json out = {{"host", names.of(contact.probe.host, StandIns::Kind::host)},
                {"build", contact.build ? Json(*contact.build) : Json()},
                {"stopped_at", bad ? Json(bad->name) : Json()},
                {"assumptions", Json::array()},
                {"values", Json::object()}};
    for (const Assumption& one : contact.assumptions)
        out["assumptions"].push_back(entry(one, published(one.told, names)));
    for (const auto& [address, reading] : contact.values) {
        Json& value = out["values"][std::string(address.setting->name)];
        if (!reading) value = {{"error", fairway::name(reading.error().code)}};
        else value = *reading ? published(*address.setting, **reading, names) : Json();
    }
    return out;
}

Json published(const DirectoryContact& contact, StandIns& names) {
    Json out = {{"domain", names.in(contact.domain)},
                {"stopped_at", contact.stopped ? Json(fairway::name(contact.stopped->code)) : Json()},
                {"assumptions", Json::array()}};
    for (const Assumption& one : contact.assumptions)
        out["assumptions"].push_back(entry(one, published(one.told, names)));
    return out;
}

std::string listed(const std::string& title, std::span<const Assumption> all, const Style& style) {
    std::string out = fmt::format("{}: {} hold, {} refuted, {} not tried\n", title, count(all, Tried::holds),
                                  count(all, Tried::refuted), count(all, Tried::untried));
    for (const Assumption& one : all) {
        const StateRow& row = row_of(one.state);
        out +=
            fmt::format("  {} {} {}\n", style(row.paint, row.mark), style.pad(std::string(one.fact), 7), one.assumed);
        out += fmt::format("            {}{}\n", row.before, fairway::text::printable(one.saw));
        if (one.state == Tried::refuted && !one.exchanges.empty())
            out += fmt::format("            see the exchanges {}\n", numbers(one.exchanges));
    }
    return out;
}

}  // namespace

std::string text(const FirstContact& contact, const Style& style) {
    const std::string build = contact.build ? fmt::format(" (build {})", *contact.build) : std::string{};
    return text(contact.probe, style) + listed("Assumptions about Windows" + build, contact.assumptions, style);
}

std::string text(const DirectoryContact& contact, const Style& style) {
    const std::string at = fairway::text::printable(contact.controller.empty() ? "no controller" : contact.controller);
    std::string out =
        listed(fmt::format("Assumptions about the directory of {} ({})", fairway::text::printable(contact.domain), at),
               contact.assumptions, style);
    if (contact.stopped) out += fmt::format("  {}\n", fairway::text::printable(contact.stopped->text));
    return out;
}

Json json(const FirstContact& contact) {
    Json out = json(contact.probe);
    out["build"] = contact.build ? Json(*contact.build) : Json();
    out["assumptions"] = Json::array();
    for (const Assumption& one : contact.assumptions) out["assumptions"].push_back(entry(one, one.saw));
    return out;
}

Json json(const DirectoryContact& contact) {
    Json out = {{"domain", contact.domain},
                {"controller", contact.controller},
                {"stopped_at", contact.stopped ? Json(contact.stopped->text) : Json()},
                {"assumptions", Json::array()}};
    for (const Assumption& one : contact.assumptions) out["assumptions"].push_back(entry(one, one.saw));
    return out;
}

std::string contact_file(std::span<const FirstContact> contacts, std::span<const DirectoryContact> directories,
                         Recording& record, std::string_view version) {
    Json out = {{"fairway_contact", 1}, {"version", version}, {"hosts", Json::array()}, {"exchanges", Json::array()}};
    out["directories"] = Json::array();
    record.learn([&](StandIns& names) {
        for (const FirstContact& contact : contacts) out["hosts"].push_back(published(contact, names));
        for (const DirectoryContact& one : directories) out["directories"].push_back(published(one, names));
    });
    std::size_t number = 0;
    for (const Recording::Note& note : record.notes())
        out["exchanges"].push_back({{"number", ++number}, {"name", note.stem}, {"text", note.text}});
    return print_json(out);
}

}  // namespace fairway::report
