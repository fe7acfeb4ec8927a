// Which domain controllers hold an inventory's accounts, and which changes does each of them have? Reads every
// controller by itself; the one that is read and written stays what it is (controllers.hpp).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "providers/ldap/accounts/domains.hpp"
#include "providers/ldap/accounts/replication.hpp"

namespace fairway::ldap {

// A domain controller as the forest's configuration knows it.
struct KnownServer {
    std::string name;        // dNSHostName, lower case; where it has none, that of its object
    std::string invocation;  // empty where it is not shown
    std::string settings;    // DN of its NTDS settings, as dsServiceName says it

    friend bool operator==(const KnownServer&, const KnownServer&) = default;
};

// Those of the domain whose naming context is `context`, read-only ones too, by name.
Result<std::vector<KnownServer>> read_servers(ReadWire& wire, const std::string& configuration_context,
                                              const std::string& context);

// The stamps of these accounts' settings at the server of the wire, two attributes at most for each account.
Result<ChangeStamps> read_stamps(ReadWire& wire, const std::string& context, const Asked& asked);

class DirectoryReplicas final : public Replicas {
public:
    using Dial = std::function<Result<std::unique_ptr<ReadWire>>(const Directory&, const std::string& server)>;

    // `own`: the controller of each of the inventory's directories, in their order.
    DirectoryReplicas(Inventory inventory, Domains<ReadWire> own, Dial dial)
        : inventory_(std::move(inventory)), own_(std::move(own)), dial_(std::move(dial)) {}

    Result<std::vector<Holder>> all() override;
    Result<ChangeStamps> stamps(const Replica& replica, std::span<const Address> addresses) override;

private:
    void add_named(std::size_t domain, const std::vector<KnownServer>& known, std::vector<Holder>& out);
    Line<ReadWire>& line_to(std::size_t domain, const std::string& server);

    Inventory inventory_;
    Domains<ReadWire> own_;
    Dial dial_;
    std::map<std::string, Line<ReadWire>> lines_;  // to those that are not own
};

}  // namespace fairway::ldap
