// See closed_by.hpp.
#include "engine/plan/closed_by.hpp"

#include "engine/base/json.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/name_form.hpp"

namespace fairway {

Json to_json(const ClosedBy& closed) {
    return {{"object", closed.address.object},
            {"setting", closed.address.setting->name},
            {"to", closed.to},
            {"from", closed.from}};
}

// They are printed one by one, so all of them are held to the form of host names.
ClosedBy closed_by_from(Fields fields) {
    fields.only({"object", "setting", "to", "from"});
    ClosedBy out{.address = {fields.text("object"), find_setting(fields.text("setting"))},
                 .to = fields.texts("to"),
                 .from = fields.texts("from")};
    std::vector<std::string> hosts = out.to;
    hosts.insert(hosts.end(), out.from.begin(), out.from.end());
    hosts.push_back(out.address.object);
    for (const std::string& host : hosts)
        if (!host_name_oddity(host).empty())
            fields.complain({Code::bad_input, fields.path() + " holds what is no host's name"});
    if (!out.address.setting)
        fields.complain({Code::bad_input, path_to(fields.path(), "setting") + ": unknown setting"});
    return out;
}

}  // namespace fairway
