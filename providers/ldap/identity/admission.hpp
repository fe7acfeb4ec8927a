// Who is admitted to act on behalf of others towards an account: msDS-AllowedToActOnBehalfOfOtherIdentity between its
// one binary value and SIDs. What cannot be expressed in one list of SIDs (denials, conditions, no access list) is an
// error, both ways. Pure; knows no names but those it is given to speak of.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/model/value.hpp"
#include "providers/ldap/identity/sid.hpp"
#include "providers/ldap/wire/entry.hpp"

namespace fairway::ldap {

// As texts, "S-1-5-…"; none where there is no value.
Result<Set> admitted(std::span<const std::string> values);

struct Principal {
    std::string shown;  // for errors
    Sid sid;
};

// One modify that swaps the whole value against the exact bytes that are there (`current`), so that whatever was done
// to them meanwhile makes it fail. Entries that are not about these stay in their place. Code::stale unless all of
// `go` are admitted now and none of `come` is. Who has nothing left has the attribute removed.
Result<std::vector<Modification>> encode_admission(std::string_view attribute, std::span<const Principal> go,
                                                   std::span<const Principal> come,
                                                   std::span<const std::string> current);

}  // namespace fairway::ldap
