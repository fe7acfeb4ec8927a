// Makes `after` of `before` at addresses of hosts, many hosts at once: finds each host, and hands over to its migration
// service.
#include <fmt/format.h>
#include <map>

#include "providers/wmi/hyperv/acting.hpp"
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

    void write_all(std::span<const Write> writes, const MayBegin& may_begin, const WriteAnswered& answered) override {
        std::map<std::size_t, Acting> talks;  // by the number of the write
        std::vector<Talk*> all;
        std::vector<Result<void>> results(writes.size());
        for (std::size_t i = 0; i < writes.size(); ++i) {
            const Write& one = writes[i];
            const auto over = [&, i] {
                if (const auto talk = talks.find(i); talk != talks.end() && !talk->second.begun()) return;
                if (!results[i]) results[i].error() = named(writes[i].address.object, results[i].error());
                answered(i, std::move(results[i]));
            };
            results[i] = possible(one);
            if (!results[i]) {
                over();
                continue;
            }
            const auto act = [this, &one, &result = results[i]](Channel& channel, const Pace& pace) {
                try {
                    result = make(one, channel, pace);
                } catch (const std::exception& e) {
                    result = fail(Code::unreachable, fmt::format("the conversation broke off: {}", e.what()));
                }
            };
            all.push_back(&talks.try_emplace(i, one.address.object, pace_, act, over, may_begin).first->second);
        }
        hosts_->act(all, may_begin);
        for (const auto& [number, talk] : talks)
            if (!talk.begun()) answered(number, std::nullopt);
    }

private:
    Result<void> possible(const Write& one) const {
        const auto& [address, before, after] = one;
        const CodecRow* row = codec_row(*address.setting);
        if (row == nullptr || row->way == Way::never)
            return fail(Code::unsupported, fmt::format("{} cannot be written on a host", address.setting->name));
        if (!is_of(address.setting->type, before) || !is_of(address.setting->type, after))
            return fail(Code::bad_input, fmt::format("{} cannot hold {}", address.setting->name, show(after)));
        if (hosts_->find(address.object) == nullptr) return fail(Code::not_found, "is not in the inventory");
        return {};
    }

    Result<void> make(const Write& one, Channel& channel, const Pace& pace) {
        const auto& [address, before, after] = one;
        const CodecRow& row = *codec_row(*address.setting);
        const Host& host = *hosts_->find(address.object);
        if (row.way == Way::trial_vm) {
            Client client(channel, pace);
            std::string left;
            const auto made = change_trial_vms(client, host.name, *as_set(before), *as_set(after), left);
            return made && !left.empty() ? fail(Code::unsupported, left) : made;
        }
        MigrationService service(channel, pace, host.name, hosts_->seen(host));
        const auto done = row.way == Way::networks ? service.change_networks(row, *as_set(before), *as_set(after))
                                                   : service.change(row, before, after);
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
