// See inventory.hpp.
#include "engine/model/inventory.hpp"

#include "engine/base/text.hpp"

namespace fairway {

SecretSource password_source(const Credentials& credentials) {
    switch (credentials.form) {
        case Credentials::Form::password_file: return {.path = credentials.path};
        case Credentials::Form::password_fd:
            return {.form = SecretSource::Form::descriptor, .descriptor = credentials.descriptor};
        case Credentials::Form::password_command:
            return {.form = SecretSource::Form::command, .command = credentials.command};
        default: return {};
    }
}

const Host* Inventory::find(std::string_view name) const {
    for (const Host& host : hosts)
        if (text::same_folded(host.name, name)) return &host;
    return nullptr;
}

std::string Inventory::password_program() const {
    std::string out;
    const auto look = [&](const Credentials& one) {
        if (out.empty() && one.form == Credentials::Form::password_command && !one.command.empty())
            out = one.command.front();
    };
    for (const Directory& directory : directories) look(directory.credentials);
    for (const Host& host : hosts) look(host.reach.credentials);
    for (const HostSearch& search : searches) look(search.reach.credentials);
    return out;
}

std::vector<std::string> Inventory::found() const {
    std::vector<std::string> out;
    for (const Host& host : hosts)
        if (host.found) out.push_back(host.name);
    return out;
}

std::string account_of(const Host& host, std::string_view domain) {
    return host.account_domain == domain ? host.name + "$" : host.name + "$@" + host.account_domain;
}

}  // namespace fairway
