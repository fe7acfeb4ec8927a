// See conflicts.hpp.
#include "engine/report/conflicts.hpp"

#include "engine/base/json.hpp"
#include "engine/model/setting.hpp"
#include "engine/model/value_json.hpp"

namespace fairway::report {

Json json(const std::vector<Conflict>& conflicts) {
    Json out = Json::array();
    for (const Conflict& one : conflicts)
        out.push_back({{"object", one.address.object},
                       {"kind", name(one.address.kind())},
                       {"setting", one.address.setting->name},
                       {"rules", one.rules},
                       {"runs", one.runs},
                       {"over", to_json(one.over)},
                       {"because", one.because}});
    return out;
}

}  // namespace fairway::report
