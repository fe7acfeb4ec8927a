// See forecast.hpp.
#include "engine/report/forecast.hpp"

#include "engine/base/json.hpp"

namespace fairway::report {

Json json(const std::vector<PathLetters>& now) {
    Json names = Json::array(), rests_on = Json::array(), domains = Json::array();
    for (const ConditionRow& row : conditions()) {
        names.push_back(row.name);
        Json& settings = rests_on.emplace_back(Json::array());
        for (const Setting* setting : row.rests_on) settings.push_back(setting->name);
    }
    for (const PathLetters& one : now)
        domains.push_back({{"migration_domain", one.domain}, {"hosts", one.hosts}, {"rows", one.rows}});
    return {{"conditions", std::move(names)}, {"rests_on", std::move(rests_on)}, {"now", std::move(domains)}};
}

Json json(const Forecast& forecast, const Plan& plan) {
    Json out = json(forecast.now);
    Json& after = out["after"] = Json::array();
    for (std::size_t i = 0; i < forecast.after.size(); ++i) {
        Json rows = Json::array();
        for (const Forecast::Row& row : forecast.after[i])
            rows.push_back({{"host", forecast.now[row.domain].hosts[row.host]}, {"row", row.letters}});
        after.push_back({{"phase", title(plan.phases[i])}, {"rows", std::move(rows)}});
    }
    return out;
}

}  // namespace fairway::report
