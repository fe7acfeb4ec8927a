// Reads what the forest says of service principal names, in as few rounds as the judgement needs: the hosts' own first,
// then the strangers that those speak of. Judges nothing.
#pragma once

#include <span>

#include "engine/provider.hpp"

namespace fairway {

// `wide`: and every name of Hyper-V's services in the forest. `lists` reads what the hosts may delegate to; a list that
// cannot be read is left out, as an audit says why.
Result<RegisteredNames> observe_names(NameReader& reader, Reader& lists, std::span<const Host> hosts, bool wide);

}  // namespace fairway
