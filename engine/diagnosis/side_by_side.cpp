// See side_by_side.hpp.
#include "engine/diagnosis/side_by_side.hpp"

#include <algorithm>
#include <numeric>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"

namespace fairway {
namespace {

// What hosts that exchange VMs have alike, beside the settings of live migration.
std::vector<const Setting*> compared() {
    const auto settings = setting::migration_settings();
    std::vector<const Setting*> out(settings.begin(), settings.end());
    for (const Setting* row : {&setting::delegation_protocol_transition, &setting::host_build, &setting::host_domain,
                               &setting::host_cluster, &setting::host_credential_guard})
        out.push_back(row);
    return out;
}

std::string words(const Reading& reading, const Setting& row) {
    if (!reading) return "?";
    return *reading ? show(row, **reading) : "-";
}

// What could not be read is one value, whatever the reason.
bool alike(const Reading& a, const Reading& b) { return a && b ? *a == *b : !a && !b; }

Difference compare(const Snapshot& snapshot, std::span<const std::string> hosts, const Setting& row) {
    Difference out{&row, {}};
    std::vector<const Reading*> kinds;
    for (const std::string& host : hosts) {
        if (!snapshot.readings.contains({host, &row})) continue;  // it was not asked, as it does not matter there
        const Reading& held = snapshot.at({host, &row});
        const auto same =
            std::find_if(kinds.begin(), kinds.end(), [&](const Reading* one) { return alike(*one, held); });
        if (same == kinds.end()) {
            kinds.push_back(&held);
            out.values.push_back({words(held, row), {host}});
        } else {
            out.values[static_cast<std::size_t>(same - kinds.begin())].hosts.push_back(host);
        }
    }
    std::stable_sort(out.values.begin(), out.values.end(),
                     [](const HeldBy& a, const HeldBy& b) { return a.hosts.size() > b.hosts.size(); });
    return out;
}

}  // namespace

bool Difference::has_odd_ones() const {
    const auto others = std::accumulate(values.begin() + 1, values.end(), std::size_t{0},
                                        [](std::size_t sum, const HeldBy& one) { return sum + one.hosts.size(); });
    return values.front().hosts.size() > others;
}

std::vector<Difference> side_by_side(const Snapshot& snapshot, std::span<const std::string> hosts) {
    std::vector<Difference> out;
    for (const Setting* row : compared()) {
        if (Difference one = compare(snapshot, hosts, *row); one.values.size() > 1) out.push_back(std::move(one));
    }
    return out;
}

}  // namespace fairway
