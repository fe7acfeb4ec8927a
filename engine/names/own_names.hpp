// Which of the names that live migration needs does the directory give to a host's account, and to nobody else? The one
// judgement of it: plans grant no other names. Pure.
#pragma once

#include <string_view>

#include "engine/names/spn_index.hpp"

namespace fairway {

struct OwnNames {
    Set own;          // the account holds the name, or HOST serves it to the account, and nobody else has either
    Set uncontested;  // those, and names that nobody holds or is served
};

// `sid`: of the host's account, as its own domain shows it; it decides which of several accounts is meant. Empty where
// there is none to be had: then the account's name does. An Error: the account is not among the names.
Result<OwnNames> own_names(const NameIndex& index, const Host& host, std::string_view sid);

}  // namespace fairway
