// See watch_audit.hpp.
#include "engine/cli/watch_audit.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/fields.hpp"
#include "engine/base/json.hpp"
#include "engine/cli/audited.hpp"
#include "engine/cli/stamps.hpp"
#include "engine/forms/prometheus.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/watch/look.hpp"
#include "engine/watch/state_file.hpp"

namespace fairway::cli {
namespace {

using Wrotes = std::map<Address, watch::Wrote>;

bool has_stamp(const Address& address) {
    return row_of(address.kind()).in_directory && !address.setting->worked_out && !address.setting->of_caller;
}

// Settings of one account share attributes, so the stamps of all of them are compared.
std::vector<Address> of_same_accounts(const std::vector<Address>& addresses) {
    std::set<std::string> objects;
    for (const Address& one : addresses) objects.insert(one.object);
    std::vector<Address> out;
    for (const std::string& object : objects)
        for (const Setting* setting : catalogue())
            if (has_stamp({object, setting})) out.push_back({object, setting});
    return out;
}

Result<std::vector<Blamed>> blamed(const std::vector<Address>& addresses, const Audited& found,
                                   const Result<std::vector<Run>>& runs) {
    const auto replicas = found.seen.connections.replicas();
    if (!replicas) return tl::unexpected(replicas.error());
    const auto holders = (*replicas)->all();
    if (!holders) return tl::unexpected(holders.error());
    const auto stamps = own_stamps(**replicas, *holders, of_same_accounts(addresses));
    if (!stamps) return tl::unexpected(stamps.error());
    return fairway::blame(addresses, found.seen.snapshot, *stamps, *holders, runs);
}

Wrotes whose(const Request& request, const Audited& found) {
    Wrotes out;
    std::vector<Address> accounts;
    const std::vector<Address> all = watch::drifted(found.seen.findings);
    if (all.empty()) return out;
    const auto runs = own_runs(request, found.seen.inventory);
    for (const Address& address : all) {
        if (has_stamp(address)) accounts.push_back(address);
        else if (const Reading& now = found.seen.snapshot.at(address); now)
            out[address] = watch::wrote(address, *now, runs);
    }
    if (accounts.empty()) return out;
    const auto known = blamed(accounts, found, runs);
    for (const Address& address : accounts)
        if (!known) out[address].because = known.error().text;
    if (known)
        for (const Blamed& one : *known) out[one.address] = watch::wrote(one);
    return out;
}

// As main prints a result, as far as metrics need it.
Json heading(Exit exit) {
    return {{"exit", static_cast<int>(exit)}, {"time", show_time(system_now())}, {"version", FAIRWAY_VERSION}};
}

std::string said(const watch::Seen& seen, Exit exit, const Json& result) {
    return print_json(
        {{"seen", watch::seen_json(seen)}, {"exit", static_cast<int>(exit)}, {"metrics", forms::prometheus(result)}},
        -1);
}

std::string failed(const Answer& answer) {
    Json result = heading(answer.exit);
    result.update(answer.json);
    watch::Seen seen;
    seen.whole = false;
    const Json* error = find(answer.json, "error");
    seen.because = error ? error->value("text", std::string()) : std::string("no reason is known");
    // The first of the mistakes of a document says more than their number.
    if (const Json* all = find(answer.json, "diagnostics"); all && !all->empty())
        seen.because += fmt::format("; the first: {}:{}: {}", (*all)[0].value("file", ""), (*all)[0].value("line", 0),
                                    (*all)[0].value("text", ""));
    return said(seen, answer.exit, result);
}

}  // namespace

std::string audit_for_watch(const Request& request, std::span<const watch::Episode> known) {
    const Stage stage{.style = {}, .structured = true};
    const auto found = audited(request, stage);
    if (!found) return failed(found.error());
    const watch::Look look{.inventory = found->seen.inventory,
                           .snapshot = found->seen.snapshot,
                           .findings = found->seen.findings,
                           .estate_findings = found->estate_findings,
                           .unknown_paths = fairway::count(found->matrices).unknown,
                           .journal_read = found->runs.has_value(),
                           .wrote = whose(request, *found)};
    Json result = heading(found->exit());
    result.update(found->json(false));
    return said(watch::seen_by(look, known), found->exit(), result);
}

WatchAudit read_audit(const watch::Ended& ended) {
    const auto without = [](std::string because) {
        return WatchAudit{.seen = {.whole = false, .because = std::move(because), .findings = {}, .fates = {}},
                          .exit = Exit::error,
                          .metrics = {}};
    };
    if (ended.late) return without("it took too long and was ended");
    if (ended.status != 0)
        return without(fmt::format("its process {}", ended.status < 0 ? std::string("was ended by a signal")
                                                                      : fmt::format("failed: {}", ended.said)));
    const auto json = parse_json(ended.said, {.bytes = watch::most_state_bytes});
    if (!json) return without(json.error().text);
    std::optional<Error> first;
    Fields fields(*json, "", first);
    WatchAudit out;
    const Json* seen = fields.raw("seen");
    auto read = seen ? watch::read_seen(*seen) : Result<watch::Seen>();
    const std::int64_t exit = fields.integer("exit", {.least = 0, .most = 255});
    out.metrics = fields.text("metrics");
    if (first || !read) return without(first ? first->text : read.error().text);
    out.seen = std::move(*read);
    out.exit = static_cast<Exit>(exit);
    return out;
}

}  // namespace fairway::cli
