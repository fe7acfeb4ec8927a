// See rollout.hpp.
#include "engine/plan/rollout.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/guid.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/limits.hpp"
#include "engine/model/name_form.hpp"

namespace fairway {
namespace {

constexpr Bounds host_counts = {1, 1'000'000}, minutes = {0, 1'000'000};
constexpr std::string_view rest = "rest";

Json to_json(const WaveSize& size) {
    switch (size.by) {
        case WaveSize::By::count: return size.amount;
        case WaveSize::By::percent: return fmt::format("{}%", size.amount);
        case WaveSize::By::rest: break;
    }
    return std::string(rest);
}

std::optional<WaveSize> size_from(const Json& json) {
    if (json.is_number_integer()) {
        const auto amount = json.get<std::int64_t>();
        if (amount < host_counts.least || amount > host_counts.most) return std::nullopt;
        return WaveSize{WaveSize::By::count, amount};
    }
    if (!json.is_string()) return std::nullopt;
    const auto text = json.get<std::string>();
    if (text == rest) return WaveSize{};
    const auto share = amount_from(text);
    if (!share || share->percent.value_or(0) < 1) return std::nullopt;
    return WaveSize{WaveSize::By::percent, *share->percent};
}

// Names are printed, so they are held to the forms that documents hold them to.
std::vector<std::string> names_from(Fields& fields, std::string_view key, std::string (*oddity)(std::string_view)) {
    std::vector<std::string> out = fields.texts(key);
    for (const std::string& one : out)
        if (!oddity(one).empty())
            fields.complain({Code::bad_input, path_to(fields.path(), key) + " holds what is no such name"});
    return out;
}

std::string line_oddity(std::string_view line) {
    return line.empty() || !text::is_clean_line(line) ? "is no name" : "";
}

std::string tag_oddity(std::string_view tag) {
    constexpr std::size_t longest = 64;
    return tag.size() > longest ? "is no tag" : line_oddity(tag);
}

constexpr Bounds megabytes = {1, 1'048'576}, pair_counts = {1, 10'000};

Json to_json(const TrialMoves& trials) {
    Json out = {{"vms", trials.vms},
                {"pairs", name(trials.pairs)},
                {"sample", trials.sample},
                {"storage", name(trials.storage)},
                {"max_memory_mb", trials.max_memory_mb}};
    if (!trials.id.empty()) out["id"] = trials.id;
    return out;
}

TrialMoves trials_from(Fields fields) {
    constexpr std::array pairs = {TrialMoves::Pairs::ring, TrialMoves::Pairs::all, TrialMoves::Pairs::sample};
    constexpr std::array storages = {TrialMoves::Storage::no, TrialMoves::Storage::yes, TrialMoves::Storage::alternate};
    fields.only({"vms", "pairs", "sample", "storage", "max_memory_mb", "id"});
    TrialMoves out;
    out.vms = names_from(fields, "vms", line_oddity);
    out.pairs = fields.word("pairs", pairs);
    out.sample = fields.integer("sample", pair_counts);
    out.storage = fields.word("storage", storages);
    out.max_memory_mb = fields.integer("max_memory_mb", megabytes);
    if (find(*fields.json(), "id")) out.id = fields.text("id");
    if (!out.id.empty() && !is_guid(out.id))
        fields.complain({Code::bad_input, path_to(fields.path(), "id") + " is no GUID"});
    return out;
}

Json names_of(const std::vector<Gate>& gates) {
    Json out = Json::array();
    for (const Gate gate : gates) out.push_back(name(gate));
    return out;
}

std::vector<Gate> gates_from(Fields& fields) {
    std::vector<Gate> out;
    for (const std::string& given : fields.texts("gates")) {
        const auto known =
            std::find_if(all_gates.begin(), all_gates.end(), [&](Gate gate) { return name(gate) == given; });
        if (known == all_gates.end() || (!out.empty() && *known <= out.back()))
            fields.complain({Code::bad_input, path_to(fields.path(), "gates") + " are not gates in their order"});
        else out.push_back(*known);
    }
    return out;
}

Json to_json(const Amount& amount) {
    return amount.percent ? Json(fmt::format("{}%", *amount.percent)) : Json(amount.count.value_or(0));
}

}  // namespace

Json to_json(const Rollout& rollout) {
    Json out = Json::object();
    if (rollout.canary.count > 0) out["canary"] = rollout.canary.count;
    if (!rollout.canary.hosts.empty()) out["canary_hosts"] = rollout.canary.hosts;
    if (!rollout.canary.tag.empty()) out["canary_tag"] = rollout.canary.tag;
    out["waves"] = Json::array();
    for (const WaveSize& size : rollout.waves) out["waves"].push_back(to_json(size));
    out["per"] = name(rollout.per);
    out["order"] = name(rollout.order);
    if (!rollout.tags.empty()) out["tags"] = rollout.tags;
    if (rollout.pause_minutes > 0) out["pause_minutes"] = rollout.pause_minutes;
    out["gates"] = names_of(rollout.gates);
    if (rollout.trials) out["trials"] = to_json(*rollout.trials);
    return out;
}

Rollout rollout_from(Fields fields) {
    constexpr std::array pers = {Rollout::Per::estate, Rollout::Per::migration_domain};
    constexpr std::array orders = {Rollout::Order::paths, Rollout::Order::name, Rollout::Order::migration_domain,
                                   Rollout::Order::tags};
    fields.only(
        {"canary", "canary_hosts", "canary_tag", "waves", "per", "order", "tags", "pause_minutes", "gates", "trials"});
    const auto has = [&](std::string_view key) { return find(*fields.json(), key) != nullptr; };
    Rollout out;
    if (has("canary")) out.canary.count = fields.integer("canary", host_counts);
    if (has("canary_hosts")) out.canary.hosts = names_from(fields, "canary_hosts", host_name_oddity);
    if (has("canary_tag")) out.canary.tag = fields.text("canary_tag");
    if (has("canary_tag") && !tag_oddity(out.canary.tag).empty())
        fields.complain({Code::bad_input, path_to(fields.path(), "canary_tag") + " is no tag"});
    if (const Json* waves = fields.raw("waves"); waves && waves->is_array())
        for (const Json& one : *waves)
            if (const auto size = size_from(one)) out.waves.push_back(*size);
            else fields.complain({Code::bad_input, path_to(fields.path(), "waves") + " holds what is no wave"});
    else fields.complain({Code::bad_input, path_to(fields.path(), "waves") + " is no list"});
    out.per = fields.word("per", pers);
    out.order = fields.word("order", orders);
    if (has("tags")) out.tags = names_from(fields, "tags", tag_oddity);
    if (has("pause_minutes")) out.pause_minutes = fields.integer("pause_minutes", minutes);
    out.gates = gates_from(fields);
    if (has("trials")) fields.map("trials", [&](Fields trials) { out.trials = trials_from(trials); });
    return out;
}

Json to_json(const RunRules& rules) {
    Json out = Json::object();
    if (rules.window) {
        out["window"] = {{"from", rules.window->from}, {"until", rules.window->until}};
        if (!rules.window->zone.empty()) out["window"]["zone"] = rules.window->zone;
    }
    if (rules.max_failures.any()) out["max_failures"] = to_json(rules.max_failures);
    if (rules.on_failure) out["on_failure"] = name(*rules.on_failure);
    return out;
}

RunRules run_rules_from(Fields fields) {
    constexpr std::array on_failures = {OnFailure::stop, OnFailure::rollback, OnFailure::ask};
    fields.only({"window", "max_failures", "on_failure"});
    const auto has = [&](std::string_view key) { return find(*fields.json(), key) != nullptr; };
    RunRules out;
    if (has("window"))
        fields.map("window", [&](Fields window) {
            window.only({"from", "until", "zone"});
            const std::string zone = find(*window.json(), "zone") ? window.text("zone") : std::string();
            const auto made = window_from(window.text("from"), window.text("until"), zone);
            if (made) out.window = *made;
            else window.complain(made.error());
        });
    if (has("max_failures")) {
        const auto size = size_from(*fields.raw("max_failures"));
        if (!size || size->by == WaveSize::By::rest)
            fields.complain({Code::bad_input, path_to(fields.path(), "max_failures") + " is no number of hosts"});
        else (size->by == WaveSize::By::count ? out.max_failures.count : out.max_failures.percent) = size->amount;
    }
    if (has("on_failure")) out.on_failure = fields.word("on_failure", on_failures);
    return out;
}

Json to_json(const Then& then) {
    Json out = Json::object();
    if (then.directory) out["directory"] = true;
    if (then.minutes > 0) out["minutes"] = then.minutes;
    if (!then.gates.empty()) out["gates"] = names_of(then.gates);
    return out;
}

Then then_from(Fields fields) {
    fields.only({"directory", "minutes", "gates"});
    Then out;
    out.directory = find(*fields.json(), "directory") && fields.boolean("directory");
    if (find(*fields.json(), "minutes")) out.minutes = fields.integer("minutes", minutes);
    if (find(*fields.json(), "gates")) out.gates = gates_from(fields);
    return out;
}

Result<Rollout> with_flags(std::optional<Rollout> rollout, const RolloutFlags& flags,
                           const std::optional<TrialMoves>& moves) {
    Rollout out = rollout.value_or(Rollout{});
    const auto refuse = [](const std::string& why) { return fail(Code::bad_input, why); };
    if (flags.canary > 0 && out.canary.chosen())
        return refuse("the policy names the hosts of its canary (rollout.canary), so --canary has no say");
    if (flags.canary > out.canary.count && out.canary.count > 0)
        return refuse(fmt::format("--canary {} is less strict than the policy, whose canary has {} (rollout.canary)",
                                  flags.canary, out.canary.count));
    if (flags.canary > 0) out.canary.count = flags.canary;
    const bool has_waves = out.canary.any() || !out.waves.empty();
    if (!has_waves && (flags.pause_minutes > 0 || !flags.gates.empty()))
        return refuse("--pause and --gate are of waves, and the policy has none; --canary makes a first one");
    if (flags.pause_minutes > 0 && flags.pause_minutes < out.pause_minutes)
        return refuse(
            fmt::format("--pause {} is less strict than the policy, which waits {} minutes "
                        "(rollout.pause_minutes)",
                        flags.pause_minutes, out.pause_minutes));
    out.pause_minutes = std::max(out.pause_minutes, flags.pause_minutes);
    std::vector<Gate> gates;  // in their order
    for (const Gate gate : all_gates) {
        const auto has = [&](const std::vector<Gate>& of) { return std::find(of.begin(), of.end(), gate) != of.end(); };
        if (has(out.gates) || has(flags.gates)) gates.push_back(gate);
    }
    out.gates = std::move(gates);
    const bool moves_vms = !out.gates.empty() && out.gates.back() == Gate::trials;
    if (moves_vms && !out.trials) out.trials = moves;
    if (moves_vms && !out.trials)
        return refuse("--gate trials moves VMs, and the policy names none: `verify: {moves: {vm: NAME}}`");
    return out;
}

Result<RunRules> with_window(RunRules rules, std::string_view text) {
    auto window = window_from(text);
    if (!window) return tl::unexpected(window.error());
    if (rules.window && *rules.window != *window)
        return fail(Code::bad_input, fmt::format("the policy has another window (rollout.window: {}), and --window "
                                                 "of `plan` has no say over it; apply takes a narrower one",
                                                 show(*rules.window)));
    rules.window = std::move(*window);
    return rules;
}

}  // namespace fairway
