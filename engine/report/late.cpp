// See late.hpp.
#include "engine/report/late.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/report/address.hpp"

namespace fairway::report {

std::string late_text(const std::vector<Address>& late, const std::string& run, const Style& style) {
    std::string out;
    for (const Address& address : late) {
        const std::string_view remedy = row_of(address.kind()).ends_late_writes;
        out +=
            style(Paint::warn,
                  fmt::format("! {} of {}: a write of it was not answered, and may still arrive if something holds it "
                              "back{}",
                              address.setting->name, address.object,
                              remedy.empty() ? std::string()
                                             : fmt::format("; `{}` on {} rules that out", remedy, address.object))) +
            "\n";
    }
    if (!late.empty())
        out += fmt::format("What was read is how it is now. To look again later: fairway rollback {}\n", run);
    return out;
}

Json late_json(const std::vector<Address>& late) {
    Json out = Json::array();
    for (const Address& address : late) out.push_back(address_json(address));
    return out;
}

}  // namespace fairway::report
