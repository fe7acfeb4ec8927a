// See settings.hpp.
#include "engine/report/settings.hpp"

#include "engine/base/json.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/plan/risk.hpp"
#include "engine/report/topic.hpp"

namespace fairway::report {

std::string settings_text(const Style& style) {
    std::string out;
    for (const Setting* row : catalogue()) out += text(topic_of(*row), style) + "\n";
    return out;
}

Json settings_json() {
    Json out = Json::array();
    for (const Setting* row : catalogue()) {
        const bool fact = row->access == Access::fact;
        Json one = {{"name", row->name},           {"kind", name(row->kind)}, {"type", name(row->type)},
                    {"access", name(row->access)}, {"doc", row->doc},         {"source", row->source}};
        if (row->type == Type::integer) one["range"] = {{"least", row->least}, {"most", row->most}};
        if (!row->unit.empty()) one["unit"] = row->unit;
        if (!row->choices.empty()) one["choices"] = std::vector<std::string>(row->choices.begin(), row->choices.end());
        if (!row->element.empty()) one["element"] = row->element;
        if (row->most_elements > 0) {
            one["most_elements"] = row->most_elements;
            one["capacity"] = row->capacity;
        }
        if (!fact) {
            one["risks"] = Json::array();
            for (const RiskRow* risk : risks_of(*row))
                one["risks"].push_back({{"risk", name(risk->risk)}, {"when", risk->when}, {"because", risk->because}});
            one["phase"] = name(row_of(row->kind).stage);
            one["undo"] = name(row->undo);
            one["cmdlet"] = row->cmdlet;
        }
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace fairway::report
