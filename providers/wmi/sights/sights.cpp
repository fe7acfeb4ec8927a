// See sights.hpp.
#include "providers/wmi/sights/sights.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "providers/network/names.hpp"
#include "providers/network/ports.hpp"
#include "providers/wmi/sights/logs.hpp"
#include "providers/wmi/sights/questions.hpp"

namespace fairway::wmi {
namespace {

class Sights : public HostSights {
public:
    Sights(SharedHosts hosts, Clock now_ms) : hosts_(std::move(hosts)), now_ms_(std::move(now_ms)) {}

    std::vector<PortSeen> ports(const Host& host, std::span<const std::uint16_t> ports) override {
        return network::try_ports(host.reach.address.empty() ? host.dns : host.reach.address, ports);
    }

    Result<NameSeen> resolve(const std::string& name) override { return network::resolve(name); }

    // What the first question waits for (a sign-on, a busy host) makes the answer only less exact. A host whose clock
    // is far off takes no ticket; then its HTTP answer to that shows the clock (WMI-104).
    Result<ClockSeen> clock(const Host& host) override {
        const std::int64_t asked = now_ms_();
        const auto answer = ask(host, ask_clock());
        const std::int64_t answered = now_ms_();
        const auto shown = answer.and_then(read_clock);
        if (!shown && hosts_->find(host.name) != nullptr)
            if (const auto by_http = hosts_->clock_by_http(host)) return *by_http;
        if (!shown) return tl::unexpected(named(host.name, shown.error()));
        return clock_seen(shown->ms, asked, answered, shown->finest);
    }

    Result<std::vector<std::string>> resolve_at(const Host& host, const std::string& name) override {
        const auto pinged = ask(host, ask_ping(name)).and_then(read_ping);
        if (!pinged) return tl::unexpected(named(host.name, pinged.error()));
        if (!pinged->known) return std::vector<std::string>();
        const auto cached = ask(host, ask_resolver_cache(name));
        auto out = cached ? read_resolver_cache(*cached) : std::vector<std::string>();
        const std::string& answered = pinged->address;
        if (!answered.empty() && std::find(out.begin(), out.end(), answered) == out.end()) out.push_back(answered);
        if (!out.empty()) return out;
        return fail(cached ? Code::unsupported : cached.error().code,
                    fmt::format("{}: the host resolves {}, but does not say to which address: nobody answers a ping "
                                "there, and {}",
                                host.name, name, cached ? "its resolver's cache has no address" : cached.error().text));
    }

    Result<std::set<std::uint16_t>> listening(const Host& host) override {
        auto ports = ask(host, ask_listening()).and_then(read_listening);
        if (!ports) return tl::unexpected(named(host.name, ports.error()));
        return ports;
    }

    Result<EventFile> events(const Host& host, std::int64_t since) override {
        auto logs = channel(host).and_then([&](Channel* to) { return read_move_logs(*to, since); });
        if (!logs) return tl::unexpected(named(host.name, logs.error()));
        return logs;
    }

private:
    Result<Channel*> channel(const Host& host) {
        const Host* known = hosts_->find(host.name);
        if (known == nullptr) return fail(Code::not_found, "is not in the inventory");
        return hosts_->channel(*known);
    }

    Result<std::vector<cim::Instance>> ask(const Host& host, WqlQuestion question) {
        const auto to = channel(host);
        if (!to) return tl::unexpected(to.error());
        return Inquirer(**to).enumerate(question.resource, {.wql = std::move(question.wql)});
    }

    SharedHosts hosts_;
    Clock now_ms_;
};

}  // namespace

std::unique_ptr<HostSights> make_sights(SharedHosts hosts, Clock now_ms) {
    return std::make_unique<Sights>(std::move(hosts), std::move(now_ms));
}

}  // namespace fairway::wmi
