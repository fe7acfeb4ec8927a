// All hosts of an inventory over the network, on one thread: which are spoken to now and which wait (limits for the
// run, for a migration domain, for a host), on connections that are kept, with credentials that are got once.
#pragma once

#include "providers/wmi/hyperv/hosts.hpp"
#include "providers/wmi/transport/line.hpp"

namespace fairway::wmi {

class Fleet : public Hosts {
public:
    explicit Fleet(const Inventory& inventory, SharedRecording recording = {});
    ~Fleet() override;

    const Host* find(std::string_view name) const override;
    Result<Channel*> channel(const Host& host) override;
    std::optional<ClockSeen> clock_by_http(const Host& host) const override;
    void lead(std::span<Talk* const> talks, const Progress& progress) override;
    void act(std::span<Talk* const> talks, const MayBegin& may_begin) override;

    // A connection of its own, and without patience, for those who want to see each step of it.
    Result<std::unique_ptr<Line>> line(const Host& host);
    Loop& loop();

private:
    class Call;
    class Crossing;
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace fairway::wmi
