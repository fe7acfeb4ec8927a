// See markdown.hpp.
#include "engine/forms/markdown.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/forms/fields.hpp"
#include "engine/forms/markdown_estate.hpp"
#include "engine/forms/markdown_plan.hpp"
#include "engine/forms/markdown_run.hpp"

namespace fairway::forms {
namespace {

std::string of_plan(const Json& result) {
    if (!part_of(result, "record").empty()) return ticket_of_record(result);
    const Json& plan = part_of(result, "plan");
    Ticket out("Planned change of Hyper-V live migration");
    tell_plan(out, result, plan);
    tell_changes(out, result, plan);
    return out.print("`fairway show PLAN --full`, PLAN being the plan file.");
}

// A dry run has a plan alone.
std::string ticket_of_apply(const Json& result) {
    return part_of(result, "applied").empty() ? of_plan(result) : ticket_of_run(result);
}

// One row for each command that has this form.
struct Writer {
    std::string_view command;
    std::string (*write)(const Json& result);
};
constexpr std::array writers = {
    Writer{"audit", ticket_of_audit},
    Writer{"plan", of_plan},
    Writer{"show", of_plan},
    Writer{"apply", ticket_of_apply},
    Writer{"verify", ticket_of_verify},
    Writer{"rollback", ticket_of_rollback},
    Writer{"history", ticket_of_history},
    Writer{"spn", ticket_of_names},
    Writer{"diagnose", ticket_of_diagnosis},
    Writer{"blame", ticket_of_blame},
};

std::string of_error(const Json& result) {
    const Json& error = part_of(result, "error");
    Ticket out("Fairway could not do it");
    out.say(
        fmt::format("`fairway {}` ended with exit status {}.", text_of(result, "command"), number_of(result, "exit")));
    out.table("Error", {"code", "what"}, {{text_of(error, "code"), text_of(error, "text")}});
    return out.print("the same command with `--output text`.");
}

}  // namespace

std::string markdown(const Json& result) {
    const std::string command = text_of(result, "command");
    const auto it =
        std::find_if(writers.begin(), writers.end(), [&](const Writer& one) { return one.command == command; });
    return it == writers.end() || !part_of(result, "error").empty() ? of_error(result) : it->write(result);
}

}  // namespace fairway::forms
