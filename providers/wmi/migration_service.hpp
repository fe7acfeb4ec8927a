// Msvm_VirtualSystemMigrationService of one host: its settings and networks read and changed, step by step as
// Hyper-V wants it (hyperv sheet sections 1 to 4 and 6). Under a lock of the caller's.
#pragma once

#include <cstdint>

#include "providers/wmi/client.hpp"
#include "providers/wmi/codec.hpp"
#include "providers/wmi/networks.hpp"

namespace fairway::wmi {

class MigrationService {
public:
    MigrationService(Channel& channel, Pace pace) : client_(channel, std::move(pace)) {}

    // Both check `before` and refuse what would disturb a migration that runs.
    Result<void> change(const CodecRow& row, const Value& before, const Value& after);
    Result<void> change_networks(const CodecRow& row, const Set& before, const Set& after);

    Result<Instances> read(Source source) { return client_.enumerate(resource_of(source)); }
    Result<cim::Instance> read_only(Source source);  // of a class with one instance
    Result<cim::Reference> reference();              // of the service itself, by its keys
    Client& client() { return client_; }

private:
    Result<void> idle_or_harmless(const CodecRow& row, const Value& after);
    Result<std::vector<Network>> networks();
    Result<void> add(const cim::Reference& service, const std::string& element);
    Result<std::vector<Network>> until_seen(const Set& fresh);
    Result<void> set_metrics(const cim::Reference& service, const std::vector<Network>& held, const Set& after);
    Result<void> remove(const cim::Reference& service, const std::vector<Network>& held, const Set& gone);

    Client client_;
};

}  // namespace fairway::wmi
