// See reach_reader.hpp.
#include "engine/policy/reach_reader.hpp"

#include <filesystem>
#include <fmt/format.h>

#include "engine/base/subnet.hpp"
#include "engine/base/text.hpp"
#include "engine/policy/reading.hpp"
#include "engine/policy/spelling.hpp"
#include "engine/policy/words.hpp"

namespace fairway {
namespace {

enum class Seal { required, never };
constexpr std::string_view default_cache = "default";
constexpr std::uint16_t http_port = 5985, https_port = 5986;
constexpr std::string_view password_forms =
    "credentials with `user` and one of `password_file`, `password_fd`, `password_command`";
constexpr std::string_view add_tls = "add `tls: system`, `tls: {ca: FILE}` or `tls: {fingerprint: SHA256}`";

// "FILE:/run/tickets" and the like are Kerberos's own way to name a cache or a keytab.
bool has_kind(std::string_view name) {
    const auto colon = name.find(':');
    return colon != std::string_view::npos && name.find('/') > colon;
}

Credentials read_credentials(const Node& map, const Credentials& base, const std::string& file) {
    const Node* node = map.at("credentials");
    if (!node) return base;
    const auto named = [&](std::string_view key) {
        std::string name = text_at(*node, key);
        return has_kind(name) ? name : beside(file, name);
    };
    if (node->at("keytab")) return {Credentials::Form::keytab, named("keytab"), text_at(*node, "principal")};
    if (node->at("certificate"))
        return {.form = Credentials::Form::certificate,
                .path = beside(file, text_at(*node, "certificate")),
                .key = beside(file, text_at(*node, "key"))};
    const std::string user = text_at(*node, "user");
    if (node->at("password_file"))
        return {Credentials::Form::password_file, beside(file, text_at(*node, "password_file")), user};
    if (node->at("password_fd"))
        return {.form = Credentials::Form::password_fd,
                .principal = user,
                .descriptor = static_cast<int>(integer_at(*node, "password_fd").value_or(-1))};
    if (node->at("password_command"))
        return {.form = Credentials::Form::password_command,
                .principal = user,
                .command = texts_of(items_at(*node, "password_command"))};
    const std::string cache = text_at(*node, "ticket_cache");
    return {Credentials::Form::ticket_cache, cache == default_cache ? cache : named("ticket_cache"), {}};
}

const Credentials callers_tickets{Credentials::Form::ticket_cache, std::string(default_cache), {}};

std::uint16_t port_at(const Node& map, std::uint16_t otherwise) {
    const auto port = integer_at(map, "port");
    return port && *port > 0 && *port <= 65'535 ? static_cast<std::uint16_t>(*port) : otherwise;
}

// What the innermost map that says so has behind `key` of its `reach`, or nothing.
const Node* said_of(std::string_view key, const Node& hosts, const Node& host) {
    for (const Node* map : {&host, &hosts})
        if (const Node* reach = map->at("reach"))
            if (const Node* value = reach->at(key)) return value;
    return nullptr;
}

std::optional<HostTls> read_tls(const Node* node, const std::string& file) {
    if (!node || (node->is(Node::Kind::scalar) && node->text == "none")) return std::nullopt;
    return HostTls{beside(file, text_at(*node, "ca")), spelling::canonical_fingerprint(text_at(*node, "fingerprint"))};
}

// user@REALM, each part one word.
bool is_principal(std::string_view user) { return spelling::principal.check(user).empty(); }

// MACHINE\user or DOMAIN\user, both parts there.
bool has_domain(std::string_view user) {
    const auto slash = user.find('\\');
    return slash != std::string_view::npos && slash > 0 && slash + 1 < user.size() &&
           user.find('\\', slash + 1) == std::string_view::npos;
}

std::vector<std::string> credentials_complaints(const Reach& reach) {
    const Credentials& from = reach.credentials;
    const std::string& user = from.principal;
    switch (reach.authentication) {
        case HostAuthentication::negotiate:
        case HostAuthentication::kerberos: {
            const std::string_view word = authentication_words[static_cast<std::size_t>(reach.authentication)];
            if (from.form == Credentials::Form::certificate)
                return {
                    fmt::format("`authentication: {}` needs credentials with `ticket_cache` or `keytab`, or {}; a "
                                "certificate goes with `authentication: certificate`",
                                word, password_forms)};
            if (from.is_password() && !user.empty() && !is_principal(user))
                return {fmt::format("`authentication: {}` needs the `user` as user@REALM, not `{}`", word, user)};
            return {};
        }
        case HostAuthentication::ntlm:
            if (!from.is_password()) return {fmt::format("`authentication: ntlm` needs {}", password_forms)};
            if (!user.empty() && !has_domain(user) && !is_principal(user))
                return {
                    fmt::format("NTLM needs to know whose user `{}` is: write DOMAIN\\user, HOST\\user or "
                                "user@domain",
                                user)};
            return {};
        case HostAuthentication::basic:
            if (!from.is_password()) return {fmt::format("`authentication: basic` needs {}", password_forms)};
            if (user.find(':') != std::string::npos)  // RFC 7617 section 2
                return {fmt::format("`authentication: basic` allows no colon in the `user`, as in `{}`", user)};
            return {};
        case HostAuthentication::certificate:
            if (from.form != Credentials::Form::certificate)
                return {"`authentication: certificate` needs credentials with `certificate` and `key`"};
            return {};
    }
    return {};
}

std::vector<std::string> directory_complaints(const Directory& directory) {
    std::vector<std::string> out;
    const bool password = directory.credentials.is_password();
    const bool kerberos = directory.bind != Bind::simple;
    if (!kerberos && directory.tls == Tls::none)
        out.push_back("a simple bind sends the password in clear text: add `tls: starttls` or `tls: ldaps`");
    if (!kerberos && !password) out.push_back(fmt::format("a simple bind needs {}", password_forms));
    const std::string& user = directory.credentials.principal;
    if (kerberos && password && !user.empty() && !is_principal(user))
        out.push_back(fmt::format("`bind: {}` needs the `user` as user@REALM, not `{}`",
                                  bind_words[static_cast<std::size_t>(directory.bind)], user));
    if (!directory.ca.empty() && directory.tls == Tls::none && kerberos)
        out.push_back("`ca` is of no use without TLS: add `tls: starttls` or `tls: ldaps`, or leave it out");
    for (const std::string& server : directory.servers)
        if (kerberos && parse_address(server))
            out.push_back(fmt::format("Kerberos needs the servers' DNS names: no ticket can be had for {}", server));
    return out;
}

}  // namespace

std::string beside(const std::string& inventory_file, const std::string& name) {
    const std::filesystem::path path(name);
    if (name.empty() || path.is_absolute()) return name;
    return (std::filesystem::path(inventory_file).parent_path() / path).string();
}

Reach read_reach(const Node& hosts, const Node& host, const std::string& inventory_file) {
    Reach out;
    // The port's default hangs on what is said of TLS, on whichever level that is.
    out.tls = read_tls(said_of("tls", hosts, host), inventory_file);
    out.port = out.tls ? https_port : http_port;
    for (const Node* map : {&hosts, &host})
        if (const Node* reach = map->at("reach")) {
            if (reach->at("address")) out.address = text_at(*reach, "address");
            out.port = port_at(*reach, out.port);
            out.authentication = word_at(*reach, "authentication", authentication_words, out.authentication);
            out.seal = word_at(*reach, "seal", seal_words, out.seal ? Seal::required : Seal::never) == Seal::required;
            if (reach->at("service")) out.service = text_at(*reach, "service");
        }
    out.credentials = read_credentials(host, read_credentials(hosts, callers_tickets, inventory_file), inventory_file);
    return out;
}

std::vector<std::string> reach_complaints(const Reach& reach) {
    std::vector<std::string> out = credentials_complaints(reach);
    // Seldom meant: a host has tls of its own, and the port of all hosts.
    if (reach.tls && reach.port == http_port)
        out.push_back("`port: 5985` is WinRM's for HTTP, and here is `tls`: write `port: 5986` beside it, or no port");
    if (!reach.tls && reach.port == https_port)
        out.push_back(
            fmt::format("`port: 5986` is WinRM's for HTTPS, and here is no `tls`: {}, or write `port: 5985`", add_tls));
    if (reach.tls) return out;
    if (reach.authentication == HostAuthentication::certificate)
        out.push_back(fmt::format("`authentication: certificate` is a part of TLS: {}", add_tls));
    if (reach.authentication == HostAuthentication::basic && reach.seal)
        out.push_back(
            fmt::format("`authentication: basic` over HTTP shows the password and every message to the "
                        "network: {}; or write `seal: never` if that is meant",
                        add_tls));
    return out;
}

std::string complaint_if_found(const Reach& reach) {
    std::string_view gets;
    if (reach.authentication == HostAuthentication::ntlm) gets = "an answer from which the password can be worked out";
    else if (reach.authentication == HostAuthentication::basic) gets = "the password itself";
    else return {};
    return fmt::format(
        "`authentication: {}` is refused for hosts that `found` finds: it sends each of them {}, and whoever can add a "
        "computer account there can be one of them; use kerberos, negotiate or certificate, which prove the host, or "
        "name the hosts in `list`",
        authentication_words[static_cast<std::size_t>(reach.authentication)], gets);
}

void check_credentials(const Node& map, Complaints& complaints) {
    const Node* credentials = map.at("credentials");
    if (!credentials) return;
    const auto& words = items_at(*credentials, "password_command");
    if (words.empty() || !words.front().is(Node::Kind::scalar)) return;
    const std::string& program = words.front().text;
    if (!program.empty() && program.front() != '/' && program.find('/') != std::string::npos)
        complaints.add(words.front(),
                       fmt::format("`{}` depends on the folder that the program is started in: write the "
                                   "whole path, or a name alone to find it in PATH",
                                   program));
}

FleetLimits read_limits(const Node& hosts) {
    FleetLimits out;
    const Node* limits = hosts.at("limits");
    if (!limits) return out;
    const auto number = [&](std::string_view key, std::size_t otherwise) {
        const auto value = integer_at(*limits, key);
        return value && *value > 0 ? static_cast<std::size_t>(*value) : otherwise;
    };
    return {number("run", out.run), number("migration_domain", out.group), number("host", out.host)};
}

Directory read_directory(const Node& node, const std::string& inventory_file, Complaints& complaints) {
    Directory out;
    out.domain = text::fold(text_at(node, "domain"));
    for (const std::string& server : texts_of(items_at(node, "servers"))) out.servers.push_back(text::fold(server));
    out.site = text_at(node, "site");
    out.bind = word_at(node, "bind", bind_words, Bind::gssapi);
    out.tls = word_at(node, "tls", tls_words, Tls::none);
    out.port = port_at(node, out.tls == Tls::ldaps ? 636 : 389);
    out.ca = beside(inventory_file, text_at(node, "ca"));
    out.credentials = read_credentials(node, callers_tickets, inventory_file);
    check_credentials(node, complaints);
    for (std::string& why : directory_complaints(out)) complaints.add(node, std::move(why));
    return out;
}

}  // namespace fairway
