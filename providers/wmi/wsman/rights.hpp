// A host refused a resource to the account: which right is missing, how is it granted, and what stays unknown without
// it? One row for each WMI namespace that is read, and one for the event log; facts WMI-46 and WMI-47.
#pragma once

#include <string_view>

namespace fairway::wmi {

struct RightsRow {
    std::string_view resource;  // what a resource URI of it begins with, behind the part that all of them share
    std::string_view name;      // as Windows writes it; empty for WinRM as a whole
    std::string_view todo;
};

// The row of a resource URI; one that speaks of WinRM as a whole where the URI is empty or of no namespace that we
// know.
const RightsRow& rights_row(std::string_view resource_uri);

}  // namespace fairway::wmi
