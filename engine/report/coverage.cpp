// See coverage.hpp.
#include "engine/report/coverage.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace fairway::report {

std::string not_covered_text(const std::vector<NotCovered>& all, const Style& style) {
    constexpr std::size_t most_named = 8;
    if (all.empty()) return {};
    std::size_t hosts = 0;
    std::string lines;
    for (const NotCovered& group : all) {
        hosts += group.hosts.size();
        lines += fmt::format("  {}: {}\n", fairway::text::some(group.hosts, most_named, fairway::text::printable),
                             fairway::text::printable(group.because));
    }
    return style(Paint::warn, fmt::format("Not covered: {}, because", count(hosts, "host"))) + "\n" + lines +
           "  They are not judged and not changed, and paths from and to them are not counted.\n";
}

Json covered_json(const Inventory& inventory) {
    Json out = Json::array();
    for (const Host& host : inventory.hosts)
        if (host.not_covered.empty()) out.push_back(host.name);
    return out;
}

}  // namespace fairway::report
