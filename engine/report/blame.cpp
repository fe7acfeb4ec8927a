// See blame.hpp.
#include "engine/report/blame.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/value_json.hpp"

namespace fairway::report {
namespace {

using fairway::text::printable;

std::string short_value(const Reading& reading, const Setting& setting) {
    if (!reading) return "cannot be read";
    if (!*reading) return "not set";
    const Value& value = **reading;
    if (const Set* set = as_set(value)) return set->empty() ? "no value" : count(set->size(), "value");
    if (const bool* yes = std::get_if<bool>(&value)) return std::string(setting.words.at(*yes ? 1 : 0));
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    return printable(std::get<std::string>(value));
}

std::string whose_text(const Blamed& one) {
    if (one.whose != WhoseChange::ours) return std::string(name(one.whose));
    return fmt::format("run {} by {}{}", one.run, one.who, one.ticket.empty() ? "" : ", " + printable(one.ticket));
}

Paint paint_of(WhoseChange whose) {
    return whose == WhoseChange::ours ? Paint::good : whose == WhoseChange::unknown ? Paint::dim : Paint::warn;
}

}  // namespace

std::string text(const std::string& host, const std::vector<Blamed>& blamed, const Snapshot& snapshot,
                 const Style& style) {
    std::vector<std::vector<std::string>> rows = {{"setting", "holds", "changed", "at", "version", "by"}};
    for (std::string& head : rows[0]) head = style(Paint::bold, head);
    std::string notes;
    for (const Blamed& one : blamed) {
        rows.push_back(
            {std::string(one.address.setting->name), short_value(snapshot.at(one.address), *one.address.setting),
             one.stamp ? show_time(one.stamp->time) : "-", one.stamp ? printable(one.controller) : "-",
             one.stamp ? std::to_string(one.stamp->version) : "-", style(paint_of(one.whose), whose_text(one))});
        if (one.whose != WhoseChange::ours)
            notes += fmt::format("  {}: {}\n", one.address.setting->name, printable(one.because));
    }
    std::string out = fmt::format("The account of {}: last changes\n{}{}", host, style.table(rows, "  "), notes);
    if (std::any_of(blamed.begin(), blamed.end(), [](const Blamed& one) { return one.stamp.has_value(); }))
        out +=
            "Replication records where and when, not who: event 4742 (a computer account was changed)\n"
            "in the Security log of that domain controller names the user.\n";
    return out;
}

Json json(const std::vector<Blamed>& blamed, const Snapshot& snapshot) {
    Json out = Json::array();
    for (const Blamed& one : blamed) {
        Json line = {{"setting", one.address.setting->name}, {"whose", name(one.whose)}, {"because", one.because}};
        const Reading& reading = snapshot.at(one.address);
        if (!reading) line["error"] = reading.error().text;
        else if (*reading) line["held"] = to_json(**reading);
        if (one.stamp) {
            line["changed"] = show_time(one.stamp->time);
            line["version"] = one.stamp->version;
            line["controller"] = one.controller;
            line["invocation_id"] = one.stamp->origin;
        }
        if (one.whose == WhoseChange::ours) {
            line["run"] = one.run;
            line["who"] = one.who;
            line["ticket"] = one.ticket;
        }
        out.push_back(std::move(line));
    }
    return out;
}

}  // namespace fairway::report
