// Msvm_VirtualSystemMigrationService of one host: its settings and networks read and changed, step by step as
// Hyper-V wants it (WMI-30 to WMI-38).
#pragma once

#include <cstdint>

#include "providers/wmi/hyperv/hosts.hpp"
#include "providers/wmi/hyperv/networks.hpp"

namespace fairway::wmi {

// The service by its keys, as the host spells them.
Result<cim::Reference> service_reference(const Instances& services);

class MigrationService {
public:
    // `host`: its NetBIOS name. `seen`: what reading brought lately.
    MigrationService(Channel& channel, Pace pace, std::string host, Seen& seen)
        : client_(channel, std::move(pace)), host_(std::move(host)), seen_(seen) {}

    // Both check `before` and refuse what would disturb a migration that runs.
    Result<void> change(const CodecRow& row, const Value& before, const Value& after);
    Result<void> change_networks(const CodecRow& row, const Set& before, const Set& after);

    Result<Instances> read(Source source);
    Result<cim::Instance> read_only(Source source);  // of a class with one instance
    // A method of the service, to the end of its job.
    Result<JobEnd> perform(std::string_view method, std::span<const soap::Argument> arguments,
                           std::chrono::milliseconds deadline);
    // The same without waiting.
    Result<Begun> begin(std::string_view method, std::span<const soap::Argument> arguments,
                        std::chrono::milliseconds deadline);
    Client& client() { return client_; }
    // What the host complained of while it did what it was asked to; empty: nothing.
    const std::string& complaint() const { return complaint_; }

private:
    Result<void> idle_or_harmless(const CodecRow& row, const Value& after);
    Result<Instances> seen_or_read(Source source);
    Result<std::vector<Network>> networks();
    static Result<std::vector<soap::Argument>> objects_of(const Set& fresh);
    Result<void> add(const Set& fresh);
    Result<void> add_one_by_one(std::span<const soap::Argument> objects);
    Result<std::vector<Network>> until_seen(const Set& fresh);
    Result<void> set_metrics(const std::vector<Network>& held, const Set& after);
    void complain(std::string_view what);
    Result<void> remove(const std::vector<Network>& held, const Set& gone);

    Client client_;
    std::string host_;
    Seen& seen_;
    std::string complaint_;
};

}  // namespace fairway::wmi
