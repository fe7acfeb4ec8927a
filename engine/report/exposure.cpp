// See exposure.hpp. That CredSSP hands over whole credentials: MS-CSSP 5.1. That it needs somebody signed on at the
// source, and that members of Protected Users have nothing that it can use: Microsoft Learn ("Set up hosts for live
// migration", "Protected Users security group").
#include "engine/report/exposure.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/report/layout.hpp"

namespace fairway::report {
namespace {

// A host without that property is too old to have Credential Guard.
std::optional<bool> guarded(const Snapshot& snapshot, const std::string& host) {
    const auto it = snapshot.readings.find({host, &setting::host_credential_guard});
    if (it == snapshot.readings.end() || !it->second) return std::nullopt;
    const Held& held = *it->second;
    return held && std::get<bool>(*held);
}

std::string where_to_sign_on(const Exposed& one) {
    const std::string host = fairway::text::printable(one.host);
    if (!one.credential_guard)
        return fmt::format("it could not be read whether Credential Guard runs there; if it does, moves from {} fail",
                           host);
    if (*one.credential_guard)
        return fmt::format(
            "useless as a source: Credential Guard runs there and gives CredSSP no credentials, so moves from {} fail",
            host);
    return fmt::format("sign on at {} itself to start moves from there", host);
}

bool switches(const Change& change) {
    return change.address.setting == &setting::migration_authentication &&
           change.after == Value(std::string(setting::credssp));
}

// The break-glass run that switched the host, and of which that is still to be put back; the last of such. Null: none.
const Termed* opened_by(const std::string& host, const std::string& estate, const std::vector<Termed>& runs) {
    const auto is_host = [&](const std::string& one) { return fairway::text::same_folded(one, host); };
    const Termed* out = nullptr;
    for (const Termed& one : runs) {
        if (one.run.plan.estate != estate) continue;
        const std::vector<const Change*> changes = numbered(one.run.plan);
        const bool switched = std::any_of(changes.begin(), changes.end(), [&](const Change* change) {
            return switches(*change) && is_host(change->address.object);
        });
        if (switched && std::any_of(one.left.begin(), one.left.end(), is_host)) out = &one;
    }
    return out;
}

// A host that was named and that the plan does not switch.
Exposed not_switched(const std::string& host, const Plan& plan, const Snapshot& snapshot,
                     const std::vector<Termed>& runs) {
    const auto it = snapshot.readings.find({host, &setting::migration_authentication});
    const bool there =
        it != snapshot.readings.end() && it->second && *it->second == Held(Value(std::string(setting::credssp)));
    Exposed out{.host = host,
                .credential_guard = guarded(snapshot, host),
                .how = there ? Exposed::How::already : Exposed::How::left};
    const Termed* by = there ? opened_by(host, plan.estate, runs) : nullptr;
    if (!by) return out;
    out.how = Exposed::How::open;
    out.run = by->run.id;
    out.until = by->run.terms.back().until;
    out.past = by->state == TermState::past;
    return out;
}

// When it ends, where that is not the end of the run to be made.
std::string other_end(const Exposed& one) {
    switch (one.how) {
        case Exposed::How::already: return "already credssp, not by a break-glass run: it stays so after the end; ";
        case Exposed::How::left: return "not switched: the policy leaves it as it is, so moves with it fail";
        case Exposed::How::open:
            return one.past ? fmt::format("open by run {}, past its end since {}: `fairway expire` puts it back; ",
                                          one.run, show_time(one.until))
                            : fmt::format(
                                  "open by run {0} until {1}; `fairway break-glass --extend {0}` lets it end "
                                  "later; ",
                                  one.run, show_time(one.until));
        case Exposed::How::switched: break;
    }
    return {};
}

std::string says(const Exposed& one) {
    return other_end(one) + (one.how == Exposed::How::left ? std::string() : where_to_sign_on(one));
}

std::string_view name(Exposed::How how) {
    switch (how) {
        case Exposed::How::switched: return "switched";
        case Exposed::How::already: return "already";
        case Exposed::How::open: return "open";
        case Exposed::How::left: break;
    }
    return "left";
}

// Grave: nothing can be moved from there. Else whatever is not as the plan's run alone would have it is a warning.
std::string mark(const Exposed& one, const Style& style) {
    if (one.credential_guard.value_or(false)) return style(Paint::bad, "✗");
    if (!one.credential_guard) return style(Paint::warn, "?");
    return one.how == Exposed::How::switched ? style(Paint::good, "✓") : style(Paint::warn, "!");
}

}  // namespace

std::vector<Exposed> exposed(const Plan& plan, const Snapshot& snapshot, const std::vector<std::string>& named,
                             const std::vector<Termed>& runs) {
    std::vector<Exposed> out;
    for (const Change* change : numbered(plan))
        if (switches(*change))
            out.push_back(
                {.host = change->address.object, .credential_guard = guarded(snapshot, change->address.object)});
    for (const std::string& host : named)
        if (std::none_of(out.begin(), out.end(), [&](const Exposed& one) { return one.host == host; }))
            out.push_back(not_switched(host, plan, snapshot, runs));
    return out;
}

std::string text(const std::vector<Exposed>& hosts, const Style& style) {
    if (hosts.empty()) return {};
    std::string out = style(Paint::bold, "What CredSSP exposes") + "\n";
    for (const std::string_view one :
         {"Whoever starts a move hands the whole credentials, password included, to the other host. Who controls that "
          "host then has them. Use an account that may do little else. A member of Protected Users cannot do it.",
          "Start each move on its source host, signed on there at the console or by Remote Desktop. Started from "
          "another machine, it fails (0x8009030E).",
          "Both hosts of a move must use CredSSP: moves between these hosts and hosts that use Kerberos fail "
          "meanwhile."})
        out += wrapped(one, style, "  ", 2);
    std::vector<std::vector<std::string>> rows;
    for (const Exposed& one : hosts) rows.push_back({mark(one, style), fairway::text::printable(one.host), says(one)});
    return out + broken_table(rows, style, "  ");
}

Json json(const std::vector<Exposed>& hosts) {
    Json out = Json::array();
    for (const Exposed& one : hosts)
        out.push_back({{"host", one.host},
                       {"credential_guard", one.credential_guard ? Json(*one.credential_guard) : Json()},
                       {"state", name(one.how)},
                       {"run", one.run.empty() ? Json() : Json(one.run)},
                       {"until", one.until == 0 ? Json() : Json(show_time(one.until))},
                       {"says", says(one)}});
    return out;
}

}  // namespace fairway::report
