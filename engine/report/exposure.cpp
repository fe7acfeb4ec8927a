// See exposure.hpp. That CredSSP hands over whole credentials: MS-CSSP 5.1. That it needs somebody signed on at the
// source, and that members of Protected Users have nothing that it can use: Microsoft Learn ("Set up hosts for live
// migration", "Protected Users security group").
#include "engine/report/exposure.hpp"

#include <fmt/format.h>

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

}  // namespace

std::vector<Exposed> exposed(const Plan& plan, const Snapshot& snapshot) {
    std::vector<Exposed> out;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes)
            if (change.address.setting == &setting::migration_authentication &&
                change.after == Value(std::string(setting::credssp)))
                out.push_back({change.address.object, guarded(snapshot, change.address.object)});
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
    for (const Exposed& one : hosts) {
        const bool bad = one.credential_guard.value_or(false), good = one.credential_guard.has_value() && !bad;
        rows.push_back({style(good  ? Paint::good
                              : bad ? Paint::bad
                                    : Paint::warn,
                              good  ? "✓"
                              : bad ? "✗"
                                    : "?"),
                        fairway::text::printable(one.host), where_to_sign_on(one)});
    }
    return out + broken_table(rows, style, "  ");
}

Json json(const std::vector<Exposed>& hosts) {
    Json out = Json::array();
    for (const Exposed& one : hosts)
        out.push_back({{"host", one.host},
                       {"credential_guard", one.credential_guard ? Json(*one.credential_guard) : Json()},
                       {"says", where_to_sign_on(one)}});
    return out;
}

}  // namespace fairway::report
