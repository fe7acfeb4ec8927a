// The three schemes.
#include "login.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "base64.hpp"

namespace lab {

std::map<std::string, std::string> read_users(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::map<std::string, std::string> users;
    for (std::string line; std::getline(file, line);) {
        const auto colon = line.find(':');
        if (colon == std::string::npos) throw std::runtime_error(path + ": a line is not name:password");
        users.emplace(line.substr(0, colon), line.substr(colon + 1));
    }
    return users;
}

gss_ctx_id_t Login::context() const { return connection_known_ ? acceptor_->context() : GSS_C_NO_CONTEXT; }

Login::Result Login::check(std::string_view authorization) {
    if (authorization.empty()) {
        return {connection_known_ ? Answer::known : Answer::unauthorized, {}};
    }
    const auto blank = authorization.find(' ');
    const auto scheme = authorization.substr(0, blank);
    const auto rest = blank == std::string_view::npos ? std::string_view{} : authorization.substr(blank + 1);
    if (same_name(scheme, "Negotiate") || same_name(scheme, "Kerberos")) return check_ticket(scheme, rest);
    if (same_name(scheme, "Basic")) return check_password(rest);
    return {Answer::unauthorized, {}};
}

Login::Result Login::check_ticket(std::string_view scheme, std::string_view token) {
    // A new Authorization on a connection that is known already starts again.
    if (!acceptor_ || acceptor_->complete()) acceptor_ = std::make_unique<Acceptor>();
    connection_known_ = false;
    const auto reply = acceptor_->step(from_base64(token));
    if (!reply) {
        std::cerr << "refused a token: " << reply.error() << std::endl;
        acceptor_.reset();
        return {Answer::unauthorized, {}};
    }
    const auto header = std::string(scheme).append(" ").append(to_base64(*reply));
    if (!acceptor_->complete()) return {Answer::more, header};
    const auto& principal = acceptor_->principal();
    const auto& admins = accounts_.administrators;
    const bool administrator = std::any_of(admins.begin(), admins.end(), [&](const std::string& name) {
        return same_name(principal, name + "@" + accounts_.realm);
    });
    caller_ = {principal, administrator};
    scheme_ = scheme;
    connection_known_ = true;
    return {Answer::known, reply->empty() ? std::string() : header};
}

// Basic speaks for one request only, so the connection stays unknown.
Login::Result Login::check_password(std::string_view credentials) {
    acceptor_.reset();
    connection_known_ = false;
    const auto text = from_base64(credentials);
    const auto colon = text.find(':');
    if (colon == std::string::npos) return {Answer::unauthorized, {}};
    const auto user = accounts_.local.find(text.substr(0, colon));
    if (user == accounts_.local.end() || user->second != text.substr(colon + 1)) return {Answer::unauthorized, {}};
    caller_ = {user->first, true};
    return {Answer::known, {}};
}

}  // namespace lab
