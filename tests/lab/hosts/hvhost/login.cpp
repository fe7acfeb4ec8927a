// The four schemes.
#include "login.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "base64.hpp"

namespace lab {
namespace {

constexpr std::string_view kMutual = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";

}  // namespace

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

Login::Result Login::check(std::string_view authorization, const LoginRules& rules) {
    if (authorization.empty()) {
        return {connection_known_ ? Answer::known : Answer::unauthorized, {}};
    }
    const auto blank = authorization.find(' ');
    const auto scheme = authorization.substr(0, blank);
    const auto rest = blank == std::string_view::npos ? std::string_view{} : authorization.substr(blank + 1);
    if (same_name(scheme, "Negotiate") || same_name(scheme, "Kerberos")) return check_ticket(scheme, rest, rules);
    if (same_name(scheme, "Basic")) return check_password(rest);
    if (scheme == kMutual) return check_certificate();
    return {Answer::unauthorized, {}};
}

Login::Result Login::check_ticket(std::string_view scheme, std::string_view token, const LoginRules& rules) {
    // A new Authorization on a connection that is known already starts again.
    if (!acceptor_ || acceptor_->complete()) acceptor_ = std::make_unique<Acceptor>(channel_.binding, accounts_.domain);
    connection_known_ = false;
    const auto bytes = from_base64(token);
    if (is_ntlm_token(bytes) && !rules.ntlm_allowed) {
        acceptor_.reset();
        return {Answer::unauthorized, {}};
    }
    const auto reply = acceptor_->step(bytes);
    if (!reply) {
        std::cerr << "refused a token: " << reply.error() << std::endl;
        acceptor_.reset();
        return {Answer::unauthorized, {}};
    }
    const auto header = std::string(scheme).append(" ").append(to_base64(*reply));
    if (!acceptor_->complete()) return {Answer::more, header};
    if (channel_.tls && rules.binding_required && !acceptor_->bound()) {
        std::cerr << "refused a token: it is not bound to the TLS channel" << std::endl;
        acceptor_.reset();
        return {Answer::unauthorized, {}};
    }
    caller_ = caller_by(acceptor_->principal());
    scheme_ = scheme;
    mechanism_ = is_ntlm(acceptor_->context()) ? "ntlm" : "kerberos";
    connection_known_ = true;
    return {Answer::known, reply->empty() ? std::string() : header};
}

// NTLM names HOST\user, and the only such accounts are local administrators.
Caller Login::caller_by(const std::string& principal) const {
    const auto slash = principal.find('\\');
    if (slash != std::string::npos) return {principal, same_name(principal.substr(0, slash), accounts_.host)};
    const auto& admins = accounts_.administrators;
    const bool administrator = std::any_of(admins.begin(), admins.end(), [&](const std::string& name) {
        return same_name(principal, name + "@" + accounts_.realm);
    });
    return {principal, administrator};
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
    mechanism_ = "basic";
    return {Answer::known, {}};
}

// A certificate is mapped to a local account, so it has no ticket that could be delegated.
Login::Result Login::check_certificate() {
    acceptor_.reset();
    connection_known_ = false;
    if (channel_.certificate_of.empty()) return {Answer::unauthorized, {}};
    caller_ = {"certificate of " + channel_.certificate_of, true};
    mechanism_ = "certificate";
    return {Answer::known, {}};
}

}  // namespace lab
