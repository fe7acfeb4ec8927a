// See html.hpp.
#include "engine/forms/html.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/forms/fields.hpp"
#include "engine/forms/html_estate.hpp"
#include "engine/forms/html_names.hpp"
#include "engine/forms/html_plan.hpp"
#include "engine/forms/html_run.hpp"
#include "engine/forms/markup.hpp"

namespace fairway::forms {
namespace {

std::string shown(const Json& result) {
    return part_of(result, "record").empty() ? page_of_plan(result) : page_of_record(result);
}

// A dry run has a plan alone.
std::string page_of_apply(const Json& result) {
    return part_of(result, "applied").empty() ? page_of_plan(result) : page_of_run(result);
}

// One row for each command that has this form.
struct Pages {
    std::string_view command;
    std::string (*write)(const Json& result);
};
constexpr std::array pages = {
    Pages{"audit", page_of_audit},        Pages{"plan", page_of_plan},       Pages{"show", shown},
    Pages{"apply", page_of_apply},        Pages{"verify", page_of_verify},   Pages{"rollback", page_of_rollback},
    Pages{"diagnose", page_of_diagnosis}, Pages{"history", page_of_history}, Pages{"spn", page_of_names},
    Pages{"blame", page_of_blame},
};

std::string page_of_error(const Json& result) {
    const Json& error = part_of(result, "error");
    Page out("Fairway could not do it", "");
    out.say(fmt::format("{} ended with exit status {}.", code_tag("fairway " + text_of(result, "command")),
                        number_of(result, "exit")));
    Part part;
    part.table("Error", {"code", "what"}, {{text_of(error, "code"), text_of(error, "text")}});
    out.section("error", "Error", "", "", part);
    out.footer(facts_part(result, {}));
    return out.print(Json());
}

}  // namespace

std::string html(const Json& result) {
    const std::string command = text_of(result, "command");
    const auto it = std::find_if(pages.begin(), pages.end(), [&](const Pages& one) { return one.command == command; });
    return it == pages.end() || !part_of(result, "error").empty() ? page_of_error(result) : it->write(result);
}

}  // namespace fairway::forms
