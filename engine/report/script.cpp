// See script.hpp. Quoting: about_Quoting_Rules. PowerShell takes typographic quotes for plain ones and typographic
// dashes for hyphens, so what is not ASCII is written by its number.
#include "engine/report/script.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/characters.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/setting.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/risk.hpp"
#include "engine/report/address.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/rollout.hpp"
#include "engine/report/style.hpp"
#include "engine/run/stale.hpp"

namespace fairway::report {
namespace {

// One line of a comment, whatever it holds.
std::string comment(std::string_view words) { return "# " + text::ascii(text::printable(words)) + "\n"; }

bool is_plain_ascii(std::uint32_t point) { return point >= 0x20 && point < 0x7f; }

std::string by_number(std::uint32_t point) {
    return point > 0xffff ? fmt::format("[char]::ConvertFromUtf32(0x{:x})", point) : fmt::format("[char]0x{:x}", point);
}

// The plain quote, and those that the commands of the catalogue double beside it.
bool ends_a_text(std::uint32_t point) { return point == '\'' || (point >= 0x2018 && point <= 0x201b); }

// A command of the catalogue with its texts in ASCII.
std::string in_ascii(std::string_view command) {
    std::string out;
    while (!command.empty()) {
        if (command.front() != '\'') {
            out += command.front();
            command.remove_prefix(1);
            continue;
        }
        command.remove_prefix(1);
        std::string value;
        while (!command.empty()) {
            const std::size_t bytes = std::max<std::size_t>(text::decode(command).bytes, 1);
            const std::string_view one = command.substr(0, bytes);
            const bool quote = ends_a_text(text::decode(command).point);
            command.remove_prefix(bytes);
            const bool doubled = quote && command.starts_with(one);
            if (one == "'" && !doubled) break;
            value += one;
            if (doubled) command.remove_prefix(bytes);
        }
        out += powershell_text(value);
    }
    return out;
}

std::string command_of(const Change& change) {
    return in_ascii(
        change.address.setting->command(*change.address.setting, change.address.object, change.before, change.after));
}

std::string script_heading(const Plan& plan, std::string_view digest) {
    const bool back = plan.purpose == Purpose::rollback;
    std::string out = comment(fmt::format("Fairway's plan {}{}: {}{}, estate {}", plan_id(digest),
                                          plan.ticket.empty() ? "" : " for " + plan.ticket,
                                          back ? "rollback of run " : "policy ", plan.source, plan.estate));
    out += comment(fmt::format("digest {}", digest));
    for (const char* line : {"",
                             "Fairway neither ran these commands nor checks them, and has no journal of what they do: "
                             "`fairway apply` reads each",
                             "value again before it writes, and can put it back. A list that a command replaces loses "
                             "whoever is not named here.",
                             "The script needs the modules Hyper-V and ActiveDirectory, and ends at the first error."})
        out += *line ? comment(line) : "#\n";
    return out + "$ErrorActionPreference = 'Stop'\n";
}

}  // namespace

std::string powershell_text(std::string_view value) {
    std::string out = "'";
    bool inside = true, plain = true;
    while (!value.empty()) {
        const auto [point, bytes] = text::decode(value);
        value.remove_prefix(std::max<std::size_t>(bytes, 1));
        if (bytes > 0 && is_plain_ascii(point)) {
            if (!inside) out += "+'";
            out += point == '\'' ? "''" : std::string(1, static_cast<char>(point));
            inside = true;
            continue;
        }
        if (inside) out += "'";
        out += "+" + by_number(bytes > 0 ? point : 0xfffd);
        inside = plain = false;
    }
    if (inside) out += "'";
    return plain ? out : "(" + out + ")";
}

std::string script_text(const Plan& plan, std::string_view digest) {
    std::string out = script_heading(plan, digest);
    std::size_t number = 0;
    for (const Phase& phase : plan.phases) {
        out += "\n" + comment(fmt::format("{}: {}; open paths afterwards: {}", title(phase),
                                          count(phase.changes.size(), "change"), phase.paths.open));
        for (const Change& change : phase.changes) {
            out += comment(fmt::format("{} of {}: {}, {} risk, for {}", ++number, plan.size(), in_words(change.address),
                                       name(believed(change).risk), text::join(change.rules, ", ")));
            out += command_of(change) + "\n";
        }
        if (phase.then.any()) out += comment("then " + words(phase.then));
    }
    return plan.size() == 0 ? out + comment("Nothing to change.") : out;
}

Json script_json(const Plan& plan) {
    Json out = Json::array();
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes)
            out.push_back(address_json(change.address, {{"phase", title(phase)}, {"command", command_of(change)}}));
    return out;
}

}  // namespace fairway::report
