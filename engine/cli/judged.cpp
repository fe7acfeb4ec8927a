// See judged.hpp.
#include "engine/cli/judged.hpp"

#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/file.hpp"
#include "engine/base/log.hpp"
#include "engine/cli/plan_document.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/estate.hpp"

namespace fairway::cli {
namespace {

Recall recall_for_audit(const Request& request) {
    const std::string store = store_path(request);
    if (auto made = make_folder_of(store); !made) {
        log::warn(made.error().text);
        return {};
    }
    const auto slash = store.rfind('/');
    return {slash == std::string::npos ? "." : store.substr(0, slash), request.has("full") || request.has("anew")};
}

}  // namespace

Loaded<Judged> judged(const Request& request, const Stage& stage, Memory memory, const PlanFile* again) {
    auto policy = load_policy(request);
    if (!policy) return tl::unexpected(policy.error());
    auto inventory = load_inventory(request);
    if (!inventory) return tl::unexpected(inventory.error());
    bool unreadable_left = request.has("without-unreadable");
    if (again) {
        if (auto same = same_inputs(*again, *policy, *inventory); !same) return tl::unexpected(trouble(same.error()));
        const std::vector<NotCovered> chosen = by_choice((*again)->not_covered);
        cover_like(*inventory, chosen);
        unreadable_left = unreadable_left || chosen.size() < (*again)->not_covered.size();
    } else if (auto covered = cover_as_asked(request, *inventory); !covered) {
        return tl::unexpected(trouble(Exit::usage, "bad_input", covered.error().text));
    }
    const std::int64_t now = system_now();
    auto desired = bind(*policy, *inventory, now);
    if (!desired) return tl::unexpected(desired.error());
    Connections connections(*inventory, request.recording);
    const auto reader = connections.reader(
        memory == Memory::none || !inventory->embedded.empty() ? Recall{} : recall_for_audit(request));
    if (!reader) return tl::unexpected(trouble(reader.error()));
    const std::string what = fmt::format("Reading {}", report::count(inventory->hosts.size(), "host"));
    auto seen = survey(
        *policy, std::move(*inventory), std::move(*desired), now, **reader,
        [&](std::size_t done, std::size_t of) {
            stage.bar(what, done, of);
            return true;
        },
        unreadable_left ? Unreadable::not_covered : Unreadable::judged);
    if (!seen) return tl::unexpected(complaints(*policy, seen.error()));
    return Judged{std::move(*seen), std::move(*policy), std::move(connections), now};
}

std::vector<EstateFinding> estate_findings(const Judged& seen) {
    std::vector<EstateFinding> out = seen.inventory.estate_findings;
    for (auto& more : {for_nobody(seen.policy, seen.inventory), without_peers(seen.policy, seen.inventory, seen.now),
                       odd_delegations(seen.inventory, seen.snapshot),
                       vanished_of_other_classes(seen.policy, seen.inventory, seen.snapshot, seen.now)})
        out.insert(out.end(), more.begin(), more.end());
    return out;
}

report::Detail detail_of(const Request& request) {
    return {.full = request.has("full"), .paths = request.has("paths"), .all = request.has("all")};
}

}  // namespace fairway::cli
