// How do the host's migration network objects and the elements of migration.networks stand for each other?
// "Any network" is no flag but a pair of tagged objects, and objects with other tags belong to somebody else
// (a cluster) and are not seen here (WMI-35, WMI-36). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/value.hpp"
#include "providers/wmi/wsman/cim.hpp"

namespace fairway::wmi {

// One object of the host that an administrator owns.
struct Network {
    std::string element;  // `any`, or "10.1.0.0/16" with " metric 5" behind it where that is not zero
    cim::Instance instance;
};

// Those of ours among all instances of the class. Error: one of ours has a subnet that is none.
Result<std::vector<Network>> read_networks(const std::vector<cim::Instance>& instances);
Set elements_of(const std::vector<Network>& networks);

// The new objects that stand for an element: one, or for `any` one of each IP family.
Result<std::vector<cim::Instance>> fresh_networks(std::string_view element);
// An object as it was read, with the metric that the element names (zero if it names none).
Result<cim::Instance> with_metric(const Network& network, std::string_view element);

}  // namespace fairway::wmi
