// Which channel leads to a host? One for each host of the inventory, opened when first asked for and kept;
// used by one thread at a time. Also where the three handles of the port are made, with time and channels
// as parameters, so that tests need neither network nor clock.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "engine/model/inventory.hpp"
#include "providers/wmi/client.hpp"
#include "providers/wmi/wmi.hpp"

namespace fairway::wmi {

using OpenChannel = std::function<Result<std::unique_ptr<Channel>>(const Host&)>;
OpenChannel over_http();  // gets each credential once, for all hosts that share it

struct Session {
    Host host;
    std::mutex busy;  // held while the channel is used
    std::unique_ptr<Channel> channel;
};

class Hosts {
public:
    Hosts(const Inventory& inventory, OpenChannel open);
    Session* find(const std::string& name) const;      // null: not in the inventory
    Result<Channel*> channel(Session& session) const;  // session.busy is held

private:
    std::map<std::string, std::unique_ptr<Session>> sessions_;  // by name without case
    OpenChannel open_;
};

// The host's name before the text: errors of many hosts are read side by side.
Error named(const std::string& host, const Error& error);

std::unique_ptr<Reader> make_reader(const Inventory& inventory, OpenChannel open);
std::unique_ptr<Writer> make_writer(const Inventory& inventory, OpenChannel open, Pace pace);
std::unique_ptr<Mover> make_mover(const Inventory& inventory, OpenChannel open, Pace pace);

}  // namespace fairway::wmi
