// See reach_reader.hpp.
#include "engine/policy/reach_reader.hpp"

#include <filesystem>
#include <fmt/format.h>

#include "engine/base/subnet.hpp"
#include "engine/base/text.hpp"
#include "engine/policy/reading.hpp"

namespace fairway {
namespace {

constexpr std::string_view authentication_words[] = {"negotiate", "kerberos", "ntlm", "basic", "certificate"};
constexpr std::string_view bind_words[] = {"gssapi", "gss-spnego", "simple"};
constexpr std::string_view tls_words[] = {"none", "starttls", "ldaps"};
constexpr std::string_view default_cache = "default";

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
    if (node->at("password_file"))
        return {Credentials::Form::password_file, beside(file, text_at(*node, "password_file")),
                text_at(*node, "user")};
    const std::string cache = text_at(*node, "ticket_cache");
    return {Credentials::Form::ticket_cache, cache == default_cache ? cache : named("ticket_cache"), {}};
}

const Credentials callers_tickets{Credentials::Form::ticket_cache, std::string(default_cache), {}};

std::uint16_t port_at(const Node& map, std::uint16_t otherwise) {
    const auto port = integer_at(map, "port");
    return port && *port > 0 && *port <= 65'535 ? static_cast<std::uint16_t>(*port) : otherwise;
}

// Each row: what does not go together, and why. The first that holds is told.
std::string directory_complaint(const Directory& directory) {
    const bool password = directory.credentials.form == Credentials::Form::password_file;
    const bool kerberos = directory.bind != Bind::simple;
    if (!kerberos && directory.tls == Tls::none)
        return "a simple bind sends the password in clear text: add `tls: starttls` or `tls: ldaps`";
    if (!kerberos && !password) return "a simple bind needs credentials with `password_file` and `user`";
    if (kerberos && password)
        return fmt::format(
            "`bind: {}` signs on with a Kerberos ticket: give credentials with `ticket_cache` or "
            "`keytab`",
            bind_words[static_cast<std::size_t>(directory.bind)]);
    if (!directory.ca.empty() && directory.tls == Tls::none)
        return "`ca` is of no use without TLS: add `tls: starttls` or `tls: ldaps`, or leave it out";
    if (kerberos)
        for (const std::string& server : directory.servers)
            if (parse_address(server))
                return fmt::format("Kerberos needs the servers' DNS names: no ticket can be had for {}", server);
    return {};
}

}  // namespace

std::string beside(const std::string& inventory_file, const std::string& name) {
    const std::filesystem::path path(name);
    if (name.empty() || path.is_absolute()) return name;
    return (std::filesystem::path(inventory_file).parent_path() / path).string();
}

Reach read_reach(const Node& map, const Reach& base, const std::string& inventory_file) {
    Reach out = base;
    if (out.credentials.path.empty()) out.credentials = callers_tickets;
    if (const Node* reach = map.at("reach")) {
        if (reach->at("address")) out.address = text_at(*reach, "address");
        out.port = port_at(*reach, out.port);
        out.authentication = word_at(*reach, "authentication", authentication_words, out.authentication);
    }
    out.credentials = read_credentials(map, out.credentials, inventory_file);
    return out;
}

std::string reach_complaint(const Reach& reach) {
    const bool password = reach.credentials.form == Credentials::Form::password_file;
    if (reach.authentication == HostAuthentication::basic && !password)
        return "`authentication: basic` needs credentials with `password_file` and `user`";
    if (reach.authentication == HostAuthentication::kerberos && password)
        return "`authentication: kerberos` signs on with a ticket: give credentials with `ticket_cache` or `keytab`";
    return {};
}

Directory read_directory(const Node& node, const std::string& inventory_file, Complaints& complaints) {
    Directory out;
    out.domain = text::fold(text_at(node, "domain"));
    for (const std::string& server : texts_of(items_at(node, "servers"))) out.servers.push_back(text::fold(server));
    out.bind = word_at(node, "bind", bind_words, Bind::gssapi);
    out.tls = word_at(node, "tls", tls_words, Tls::none);
    out.port = port_at(node, out.tls == Tls::ldaps ? 636 : 389);
    out.ca = beside(inventory_file, text_at(node, "ca"));
    out.credentials = read_credentials(node, callers_tickets, inventory_file);
    const std::string why = directory_complaint(out);
    if (!why.empty()) complaints.add(node, why);
    return out;
}

}  // namespace fairway
