// See rights.hpp.
#include "engine/plan/rights.hpp"

#include <fmt/format.h>
#include <set>

#include "engine/base/text.hpp"

namespace fairway {

std::vector<Address> writes_of(const Plan& plan) {
    std::set<Address> out;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes) out.insert(change.address);
    return {out.begin(), out.end()};
}

Result<void> check_rights(const Rights& rights) {
    std::vector<std::string> lines;
    for (const auto& [address, right] : rights)
        if (right.may == May::no)
            lines.push_back(fmt::format("{} {} {}: the caller may not write it; {}", name(address.kind()),
                                        address.object, address.setting->name, right.words));
    if (lines.empty()) return {};
    return fail(Code::denied, text::join(lines, "\n"));
}

}  // namespace fairway
