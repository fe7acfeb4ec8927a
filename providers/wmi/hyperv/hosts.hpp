// Who can be spoken to, and how: many at once (Talk), or one after the other (Channel). The fleet does it over the
// network (fleet.hpp), a test from a table. Also where the three handles of the port are made, with hosts and time as
// parameters, so that tests need neither network nor clock.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "engine/model/inventory.hpp"
#include "engine/provider.hpp"
#include "providers/wmi/hyperv/codec.hpp"
#include "providers/wmi/wsman/client.hpp"
#include "providers/wmi/wsman/talk.hpp"

namespace fairway::wmi {

// What the last reading brought, if that was a moment ago: a write that follows at once need not ask again. All of it
// is of one reading, so a write never goes by an answer that is older than the value it was compared with.
class Seen {
public:
    using Held = std::map<Source, Instances>;
    void note(Held held, Pace::Moment now) {
        held_ = std::move(held);
        when_ = now;
    }
    const Instances* fresh(Source source, Pace::Moment now) const {  // null: not seen, or too long ago
        const auto it = held_.find(source);
        return it == held_.end() || now - when_ > std::chrono::seconds(5) ? nullptr : &it->second;
    }
    void forget() { held_.clear(); }  // something was written

    std::optional<cim::Reference> service = {};  // by its keys, as the host itself spelt them; this stays

private:
    Held held_;
    Pace::Moment when_{};
};

class Hosts {
public:
    virtual ~Hosts() = default;
    virtual const Host* find(std::string_view name) const = 0;  // null: not in the inventory
    virtual Result<Channel*> channel(const Host& host) = 0;
    // By the last HTTP answer of the host, also one that refused a sign-on. Nobody proves it.
    virtual std::optional<ClockSeen> clock_by_http(const Host& host) const = 0;
    // Runs all conversations to completion; one without an answer gets the error. They only ask: when `progress` says
    // so, what is under way is broken off.
    virtual void lead(std::span<Talk* const> talks, const Progress& progress) = 0;
    // The same for conversations that act. None is broken off; one that may not begin is never asked what to send.
    virtual void act(std::span<Talk* const> talks, const MayBegin& may_begin) = 0;

    Seen& seen(const Host& host) { return seen_[host.name]; }

private:
    std::map<std::string, Seen> seen_;
};
using SharedHosts = std::shared_ptr<Hosts>;

// The host's name before the text: errors of many hosts are read side by side.
Error named(const std::string& host, const Error& error);

std::unique_ptr<Reader> make_reader(SharedHosts hosts, Pace pace);
std::unique_ptr<Writer> make_writer(SharedHosts hosts, Pace pace);
std::unique_ptr<Mover> make_mover(SharedHosts hosts, Pace pace);

}  // namespace fairway::wmi
