// See rights.hpp.
#include "providers/wmi/wsman/rights.hpp"

#include <array>

#include "engine/base/text.hpp"

namespace fairway::wmi {
namespace {

constexpr RightsRow whole_host{"", "",
                               "the account needs to be in Hyper-V Administrators (or Administrators) and in Remote "
                               "Management Users there"};

constexpr std::array rights_rows = {
    RightsRow{"wmi/root/virtualization/v2/", "root\\virtualization\\v2",
              "the account needs to be in Hyper-V Administrators (or Administrators) and in Remote Management Users "
              "there; if it is in both, grant it Enable Account and Remote Enable on root\\virtualization\\v2 there "
              "(wmimgmt.msc, Security). Without it nothing about live migration is known"},
    RightsRow{
        "wmi/root/cimv2/", "root\\cimv2",
        "grant the account Enable Account and Remote Enable on root\\cimv2 there (wmimgmt.msc, Security), besides "
        "the groups Hyper-V Administrators and Remote Management Users. Without it the host's addresses, domain, "
        "build and whether it is a node of a cluster stay unknown"},
    RightsRow{"wmi/root/Microsoft/Windows/DeviceGuard/", "root\\Microsoft\\Windows\\DeviceGuard",
              "grant the account Enable Account and Remote Enable on root\\Microsoft\\Windows\\DeviceGuard there "
              "(wmimgmt.msc, Security). Without it whether Credential Guard runs stays unknown, and so "
              "do paths from hosts that use CredSSP"},
    RightsRow{
        "wmi/root/StandardCimv2/", "root\\StandardCimv2",
        "grant the account Enable Account and Remote Enable on root\\StandardCimv2 there (wmimgmt.msc, Security). "
        "Without it a diagnosis does not know on which ports the host listens, nor to which addresses it resolves "
        "names of hosts that answer no ping"},
    RightsRow{"wmi/root/mscluster/", "root\\mscluster",
              "grant the account Enable Account and Remote Enable on root\\mscluster there (wmimgmt.msc, Security) and "
              "access to the cluster (Grant-ClusterAccess -ReadOnly). Without it the cluster's name stays unknown, and "
              "what a cluster sets on its nodes is not changed"},
    RightsRow{
        "windows/EventLog", "the event log",
        "the account needs to be in Event Log Readers and in Remote Management Users there, and for some channels "
        "NETWORK SERVICE needs to be in Event Log Readers too"},
};

}  // namespace

const RightsRow& rights_row(std::string_view resource_uri) {
    constexpr std::string_view all = "http://schemas.microsoft.com/wbem/wsman/1/";
    if (!resource_uri.starts_with(all)) return whole_host;
    resource_uri.remove_prefix(all.size());
    for (const RightsRow& row : rights_rows)
        if (text::same_folded(resource_uri.substr(0, row.resource.size()), row.resource)) return row;
    return whole_host;
}

}  // namespace fairway::wmi
