// See own_names.hpp.
#include "engine/names/own_names.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/model/name_form.hpp"
#include "engine/names/service_names.hpp"

namespace fairway {
namespace {

const NameOwner* account(const NameIndex& index, const Host& host, std::string_view sid) {
    if (sid.empty()) return index.account(host);
    const auto& all = index.names().owners;
    const auto it = std::find_if(all.begin(), all.end(), [&](const NameOwner& owner) { return owner.sid == sid; });
    return it == all.end() ? nullptr : &*it;
}

enum class Standing { own, free, taken };

Standing standing(const NameIndex& index, std::string_view name, const NameOwner* mine) {
    const auto judge = [&](const Owners& owners) {
        if (owners.empty()) return Standing::free;
        return owners.size() == 1 && owners.front() == mine ? Standing::own : Standing::taken;
    };
    if (const Standing itself = judge(index.holders(name)); itself != Standing::free) return itself;
    // Nobody holds it, so it goes with the computer that it speaks of: HOST says whose that is.
    const NameParts parts = parts_of(name);
    const Standing computer = judge(index.holders(service_name(host_class, parts.host)));
    const bool served = !index.served_by(parts.service_class, parts.host).empty();
    return computer == Standing::own && !served ? Standing::free : computer;
}

}  // namespace

Result<OwnNames> own_names(const NameIndex& index, const Host& host, std::string_view sid) {
    const NameOwner* mine = account(index, host, sid);
    if (!mine)
        return fail(Code::denied,
                    fmt::format("{} does not show the account {}: it is hidden from the caller, or {} has "
                                "not received it yet",
                                index.names().source, account_of(host), index.names().source));
    std::vector<std::string> own, uncontested;
    for (const std::string_view name : names_of({ServiceClass::cifs, ServiceClass::migration}, host)) {
        if (!oddities_of(name).empty()) continue;
        const Standing how = standing(index, name, mine);
        if (how == Standing::own) own.emplace_back(name);
        if (how != Standing::taken) uncontested.emplace_back(name);
    }
    return OwnNames{Set(own), Set(uncontested)};
}

}  // namespace fairway
