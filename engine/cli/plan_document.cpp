// See plan_document.hpp.
#include "engine/cli/plan_document.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/file.hpp"
#include "engine/cli/advice.hpp"
#include "engine/cli/run_name.hpp"

namespace fairway::cli {
namespace {

Result<void> is_of_the_estate(const Plan& plan, const Inventory& inventory) {
    if (plan.estate == inventory.estate) return {};
    return fail(Code::refused, fmt::format("this plan is for the estate {}, the inventory {} is of {}",
                                           text::printable(plan.estate), inventory.file, inventory.estate));
}

Result<void> is_unchanged(const Plan& plan, const Inventory& inventory) {
    if (plan.inventory_digest == inventory.digest) return {};
    return fail(Code::refused,
                fmt::format("the inventory {} was changed since the plan was made; make a fresh plan", inventory.file));
}

}  // namespace

Result<PlanFile> read_plan(const std::string& file) {
    auto text = read_file(file, largest_plan_file);
    if (!text && is_run_name(file) && !is_there(file))
        return fail(text.error().code, fmt::format("{}; to go on with a run of that name: fairway apply --resume {}",
                                                   text.error().text, file));
    if (!text) return tl::unexpected(text.error());
    auto plan = parse_plan(std::move(*text));
    if (!plan) return fail(plan.error().code, file + ": " + plan.error().text);
    return plan;
}

std::string other_hosts(const Plan& plan, const Inventory& inventory) {
    constexpr std::size_t most_named = 5;
    const std::vector<std::string>& then = plan.found;
    const std::vector<std::string> now = inventory.found();
    const auto told = [&](const std::vector<std::string>& of, const std::vector<std::string>& less,
                          std::string_view what) {
        std::vector<std::string> names;
        for (const std::string& name : of)
            if (std::find(less.begin(), less.end(), name) == less.end()) names.push_back(name);
        return names.empty() ? std::string() : text::some(names, most_named, text::printable) + std::string(what);
    };
    const std::string came = told(now, then, " came"), went = told(then, now, " went");
    return came + (came.empty() || went.empty() ? "" : "; ") + went;
}

Result<void> belongs(const Plan& plan, const Inventory& inventory) {
    if (auto ours = is_of_the_estate(plan, inventory); !ours) return ours;
    if (const std::string other = other_hosts(plan, inventory); !other.empty())
        return fail(Code::refused,
                    fmt::format("the inventory {} finds other hosts than when the plan was made: {}; make a fresh plan",
                                inventory.file, other));
    return is_unchanged(plan, inventory);
}

Loaded<std::optional<PlanFile>> reviewed_plan(const Request& request) {
    if (!request.has("again")) return std::optional<PlanFile>();
    for (const std::string_view option : {"ticket", "host", "except"})
        if (request.has(option))
            return tl::unexpected(
                trouble(Exit::usage, "bad_input",
                        fmt::format("--again takes --{} from the plan that it makes again; leave it out", option)));
    auto file = read_plan(request.get("again"));
    if (!file) return tl::unexpected(trouble(file.error()));
    const Plan& plan = **file;
    if (plan.purpose == Purpose::rollback)
        return tl::unexpected(trouble(Exit::refused, "refused",
                                      fmt::format("{} is the plan of a rollback; `fairway rollback {}` plans anew",
                                                  request.get("again"), argument_word(plan.source))));
    if (plan.source_digest.empty())
        return tl::unexpected(
            trouble(Exit::refused, "refused",
                    fmt::format("{} was made by a command of its own and not of a policy; run that command again",
                                request.get("again"))));
    return std::optional(std::move(*file));
}

Result<void> same_inputs(const PlanFile& reviewed, const Policy& policy, const Inventory& inventory) {
    if (auto ours = is_of_the_estate(*reviewed, inventory); !ours) return ours;
    if (reviewed->source_digest != policy.digest)
        return fail(
            Code::refused,
            fmt::format("the policy {}{} is not the one that plan {} was made of (SHA-256 {}), so the plan cannot "
                        "be made again; leave out --again, and review all of the fresh plan",
                        policy.file, policy.included.empty() ? "" : " with the files that it includes", reviewed.id(),
                        text::printable(reviewed->source_digest)));
    if (!other_hosts(*reviewed, inventory).empty()) return {};
    return is_unchanged(*reviewed, inventory);
}

std::string again_command(const std::string& file, const Request& request) {
    constexpr std::string_view ending = ".json";
    const std::string stem = file.ends_with(ending) ? file.substr(0, file.size() - ending.size()) : file;
    return fmt::format("fairway plan --again {}{} --out {}", argument_word(file),
                       request.has("policy") ? "" : " --policy FILE", argument_word(stem + "-again.json"));
}

}  // namespace fairway::cli
