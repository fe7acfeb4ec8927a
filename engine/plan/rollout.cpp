// See rollout.hpp.
#include "engine/plan/rollout.hpp"

#include <array>
#include <fmt/format.h>

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

std::string tag_oddity(std::string_view tag) {
    constexpr std::size_t longest = 64;
    return tag.empty() || tag.size() > longest || !text::is_clean_line(tag) ? "is no tag" : "";
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
    return out;
}

Rollout rollout_from(Fields fields) {
    constexpr std::array pers = {Rollout::Per::estate, Rollout::Per::migration_domain};
    constexpr std::array orders = {Rollout::Order::paths, Rollout::Order::name, Rollout::Order::migration_domain,
                                   Rollout::Order::tags};
    fields.only({"canary", "canary_hosts", "canary_tag", "waves", "per", "order", "tags", "pause_minutes"});
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
    return out;
}

Json to_json(const Then& then) {
    Json out = Json::object();
    if (then.directory) out["directory"] = true;
    if (then.minutes > 0) out["minutes"] = then.minutes;
    return out;
}

Then then_from(Fields fields) {
    fields.only({"directory", "minutes"});
    Then out;
    out.directory = find(*fields.json(), "directory") && fields.boolean("directory");
    if (find(*fields.json(), "minutes")) out.minutes = fields.integer("minutes", minutes);
    return out;
}

Result<Rollout> with_canary(std::optional<Rollout> rollout, std::int64_t count) {
    Rollout out = rollout.value_or(Rollout{});
    if (out.canary.chosen())
        return fail(Code::bad_input,
                    "the policy names the hosts of its canary (rollout.canary), so --canary has no say");
    if (out.canary.count > 0 && count > out.canary.count)
        return fail(Code::bad_input,
                    fmt::format("--canary {} is less strict than the policy, whose canary has {} (rollout.canary)",
                                count, out.canary.count));
    out.canary.count = count;
    return out;
}

}  // namespace fairway
