// Who may act where, on a page: what a plan adds to the delegation of accounts and takes from it, as a drawing where it
// is small, and as a table.
#pragma once

#include "engine/base/json_fwd.hpp"
#include "engine/forms/page.hpp"

namespace fairway::forms {

void show_delegation(Page& to, const Json& result);

}  // namespace fairway::forms
