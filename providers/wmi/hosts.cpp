// See hosts.hpp.
#include "providers/wmi/hosts.hpp"

#include <fmt/format.h>
#include <tuple>

#include "engine/base/text.hpp"
#include "providers/wmi/http_channel.hpp"

namespace fairway::wmi {
namespace {

// Credentials that were got, or the reason why not: asking again for each host would be slower, and lock the
// account when the password is wrong. That nobody answered is not remembered.
class Keyring {
public:
    Result<std::shared_ptr<const Credential>> get(HostAuthentication authentication, const Credentials& credentials) {
        const std::lock_guard guard(busy_);
        const Key key{authentication, credentials.form, credentials.path, credentials.principal};
        const auto it = held_.find(key);
        if (it != held_.end()) return it->second;
        auto fresh = Credential::obtain(authentication, credentials);
        if (fresh || fresh.error().code != Code::unreachable) held_.emplace(key, fresh);
        return fresh;
    }

private:
    using Key = std::tuple<HostAuthentication, Credentials::Form, std::string, std::string>;
    std::mutex busy_;
    std::map<Key, Result<std::shared_ptr<const Credential>>> held_;
};

}  // namespace

OpenChannel over_http() {
    return [keyring = std::make_shared<Keyring>()](const Host& host) -> Result<std::unique_ptr<Channel>> {
        const auto credential = keyring->get(host.reach.authentication, host.reach.credentials);
        if (!credential) return tl::unexpected(credential.error());
        const Endpoint endpoint{host.dns, host.reach.address.empty() ? host.dns : host.reach.address, host.reach.port};
        return std::make_unique<HttpChannel>(endpoint, host.dns, *credential);
    };
}

Hosts::Hosts(const Inventory& inventory, OpenChannel open) : open_(std::move(open)) {
    for (const Host& host : inventory.hosts) {
        auto& session = sessions_[text::fold(host.name)];
        session = std::make_unique<Session>();
        session->host = host;
    }
}

Session* Hosts::find(const std::string& name) const {
    const auto it = sessions_.find(text::fold(name));
    return it == sessions_.end() ? nullptr : it->second.get();
}

Result<Channel*> Hosts::channel(Session& session) const {
    if (!session.channel) {
        auto opened = open_(session.host);
        if (!opened) return tl::unexpected(opened.error());
        session.channel = std::move(*opened);
    }
    return session.channel.get();
}

Error named(const std::string& host, const Error& error) {
    return {error.code, fmt::format("{}: {}", host, error.text)};
}

Result<std::unique_ptr<Reader>> open_reader(const Inventory& inventory) { return make_reader(inventory, over_http()); }

Result<std::unique_ptr<Writer>> open_writer(const Inventory& inventory) {
    return make_writer(inventory, over_http(), Pace::real());
}

Result<std::unique_ptr<Mover>> open_mover(const Inventory& inventory) {
    return make_mover(inventory, over_http(), Pace::real());
}

}  // namespace fairway::wmi
