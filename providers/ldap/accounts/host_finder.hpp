// Which computer accounts a search of the inventory finds. The question is written anew from the search's values:
// nothing that a person typed is sent as it was typed. Whether an account can be a host is not known here.
#pragma once

#include <memory>
#include <vector>

#include "engine/provider.hpp"
#include "providers/ldap/accounts/accounts.hpp"
#include "providers/ldap/controller/controllers.hpp"

namespace fairway::ldap {

Filter filter_of(const DirectoryFilter& filter);
Filter filter_of(const HostSearch& search);  // computers alone
std::string base_of(const HostSearch& search);

Result<FoundHosts> find_hosts(ReadWire& wire, const HostSearch& search);
Result<std::vector<SeenComputer>> look_at_hosts(ReadWire& wire, const HostSearch& search);

class DirectoryFinder final : public HostFinder {
public:
    explicit DirectoryFinder(std::shared_ptr<Controllers> controllers) : controllers_(std::move(controllers)) {}

    Result<FoundHosts> find(const HostSearch& search) override;
    Result<std::vector<SeenComputer>> look(const HostSearch& search) override;

private:
    template <class Found>
    Result<Found> ask_domain(const HostSearch& search, Result<Found> (*question)(ReadWire&, const HostSearch&));

    std::shared_ptr<Controllers> controllers_;
};

}  // namespace fairway::ldap
