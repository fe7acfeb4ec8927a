// See names.hpp.
#include "engine/run/names.hpp"

#include "engine/plan/spn_health.hpp"

namespace fairway {

Result<RegisteredNames> observe_names(NameReader& reader, std::span<const Host> hosts, bool wide) {
    Result<RegisteredNames> names = reader.names(question_about(hosts, wide));
    if (!names) return names;
    const NameQuestion further = further_question(*names);
    if (further.empty()) return names;
    Result<RegisteredNames> more = reader.names(further);
    if (!more) return more;
    add_owners(*names, std::move(more->owners));
    // The catalogue may have gone away between the rounds.
    if (names->caveat.empty()) names->caveat = more->caveat;
    return names;
}

}  // namespace fairway
