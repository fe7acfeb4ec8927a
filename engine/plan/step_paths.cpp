// See step_paths.hpp.
#include "engine/plan/step_paths.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/name_form.hpp"

namespace fairway {
namespace {

constexpr std::array<std::pair<std::string_view, std::vector<std::string> StepPaths::*>, 3> lists = {
    {{"both", &StepPaths::both}, {"to", &StepPaths::to}, {"from", &StepPaths::from}}};

}  // namespace

// A list that is empty is left out: in a large estate most steps have one of the three.
Json to_json(const StepPaths& paths) {
    Json out = {{"object", paths.address.object}, {"setting", paths.address.setting->name}};
    for (const auto& [key, list] : lists)
        if (!(paths.*list).empty()) out[key] = paths.*list;
    return out;
}

// They are printed one by one, so all of them are held to the form of host names.
StepPaths step_paths_from(Fields fields) {
    fields.only({"object", "setting", "both", "to", "from"});
    StepPaths out{
        .address = {fields.text("object"), find_setting(fields.text("setting"))}, .both = {}, .to = {}, .from = {}};
    std::vector<std::string> hosts = {out.address.object};
    for (const auto& [key, list] : lists) {
        if (find(*fields.json(), key)) out.*list = fields.texts(key);
        hosts.insert(hosts.end(), (out.*list).begin(), (out.*list).end());
    }
    for (const std::string& host : hosts)
        if (!host_name_oddity(host).empty())
            fields.complain({Code::bad_input, fields.path() + " holds what is no host's name"});
    if (!out.address.setting)
        fields.complain({Code::bad_input, path_to(fields.path(), "setting") + ": unknown setting"});
    return out;
}

}  // namespace fairway
