// Makes `after` of `before` at one address of a host: finds the host, and hands over to its migration service.
#include <fmt/format.h>

#include "providers/wmi/hyperv/hosts.hpp"
#include "providers/wmi/hyperv/migration_service.hpp"
#include "providers/wmi/hyperv/trial_vm.hpp"

namespace fairway::wmi {
namespace {

// Value's alternatives stand in the order of Type.
bool is_of(Type type, const Value& value) { return value.index() == static_cast<std::size_t>(type); }

class HostWriter : public Writer {
public:
    HostWriter(SharedHosts hosts, Pace pace) : hosts_(std::move(hosts)), pace_(std::move(pace)) {}

    Result<void> write(const Address& address, const Value& before, const Value& after) override {
        auto done = write_here(address, before, after);
        if (!done) done.error() = named(address.object, done.error());
        return done;
    }

private:
    Result<void> write_here(const Address& address, const Value& before, const Value& after) {
        const CodecRow* row = codec_row(*address.setting);
        if (row == nullptr || row->way == Way::never)
            return fail(Code::unsupported, fmt::format("{} cannot be written on a host", address.setting->name));
        if (!is_of(address.setting->type, before) || !is_of(address.setting->type, after))
            return fail(Code::bad_input, fmt::format("{} cannot hold {}", address.setting->name, show(after)));
        const Host* host = hosts_->find(address.object);
        if (host == nullptr) return fail(Code::not_found, "is not in the inventory");
        const auto channel = hosts_->channel(*host);
        if (!channel) return tl::unexpected(channel.error());
        if (row->way == Way::trial_vm) {
            Client client(**channel, pace_);
            std::string left;
            const auto made = change_trial_vms(client, host->name, *as_set(before), *as_set(after), left);
            return made && !left.empty() ? fail(Code::unsupported, left) : made;
        }
        MigrationService service(**channel, pace_, host->name, hosts_->seen(*host));
        const auto done = row->way == Way::networks ? service.change_networks(*row, *as_set(before), *as_set(after))
                                                    : service.change(*row, before, after);
        if (done && !service.complaint().empty())
            return fail(Code::unsupported, service.complaint());  // who reads again sees that it is done
        return done;
    }

    SharedHosts hosts_;
    Pace pace_;
};

}  // namespace

std::unique_ptr<Writer> make_writer(SharedHosts hosts, Pace pace) {
    return std::make_unique<HostWriter>(std::move(hosts), std::move(pace));
}

}  // namespace fairway::wmi
