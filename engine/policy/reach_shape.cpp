// See reach_shape.hpp. From the inside out.
#include "engine/policy/reach_shape.hpp"

#include "engine/policy/scalar_shapes.hpp"
#include "engine/policy/spelling.hpp"
#include "engine/policy/words.hpp"

namespace fairway {
namespace reach_table {
namespace {

using Form = Shape::Form;

const Shape file = text_of("the name of a file");

// Credentials.
const Shape cache = text_of("`default` or the name of a ticket cache");
const Shape principal = text_of("a principal like fairway@CORP.EXAMPLE", spelling::principal);
const Shape user = text_of("the name to sign on with");
const Shape standard_input = number_of("0", 0, 0), inherited = number_of("from 3", 3, 1023);
const std::array<const Shape*, 2> descriptors = {&standard_input, &inherited};
const Shape descriptor{.form = Form::either,
                       .what = "0 (standard input) or a descriptor from 3 to 1023 that the caller left open",
                       .options = descriptors};
const Shape word = text_of("a program or an argument");
const Shape command{.form = Form::list,
                    .what = "a list with a program and its arguments, like [vault, read, x]",
                    .element = &word,
                    .if_empty = "empty: name a program that prints the password"};

constexpr std::array<std::string_view, 1> cache_keys = {"ticket_cache"};
constexpr std::array<std::string_view, 2> keytab_keys = {"keytab", "principal"}, file_keys = {"password_file", "user"},
                                          descriptor_keys = {"password_fd", "user"},
                                          command_keys = {"password_command", "user"},
                                          certificate_keys = {"certificate", "key"};
// Certificates are for hosts, and last.
constexpr std::array forms = {Alternative{cache_keys},      Alternative{keytab_keys},  Alternative{file_keys},
                              Alternative{descriptor_keys}, Alternative{command_keys}, Alternative{certificate_keys}};
constexpr std::size_t directory_forms = forms.size() - 1;
const std::array credential_fields = {
    Field{
        .key = "ticket_cache", .shape = &cache, .doc = "default: the caller's Kerberos tickets; or a file with them."},
    Field{.key = "keytab", .shape = &file, .doc = "A keytab; with the principal in it that is meant."},
    Field{.key = "principal", .shape = &principal, .doc = "Of the keytab."},
    Field{.key = "password_file",
          .shape = &file,
          .doc = "A file that only its owner may read, holding the password and nothing else; with the user."},
    Field{.key = "password_fd",
          .shape = &descriptor,
          .doc = "A file descriptor that the caller left open, with the password to read from it; with the user."},
    Field{.key = "password_command",
          .shape = &command,
          .doc = "A program that prints the password, and its arguments; asked once, without a shell; with the user."},
    Field{.key = "user",
          .shape = &user,
          .doc = "The user of the password: user@REALM for Kerberos, DOMAIN\\user or user@domain for NTLM."},
    Field{.key = "certificate", .shape = &file, .doc = "PEM file of the client's certificate; with its key."},
    Field{.key = "key", .shape = &file, .doc = "PEM file of the certificate's private key."},
};
constexpr std::size_t directory_fields = std::tuple_size_v<decltype(credential_fields)> - certificate_keys.size();

Shape credentials(std::string_view what, std::size_t of_fields, std::size_t of_forms) {
    return {.form = Form::map,
            .what = what,
            .fields = std::span(credential_fields).first(of_fields),
            .alternatives = std::span(forms).first(of_forms),
            .secrets = secret_keys,
            .secret_words = secret_words};
}
const Shape host_credentials = credentials(
    "a map with `ticket_cache`, `keytab`, `password_file`, `password_fd`, `password_command` or "
    "`certificate`",
    credential_fields.size(), forms.size());
const Shape directory_credentials =
    credentials("a map with `ticket_cache`, `keytab`, `password_file`, `password_fd` or `password_command`",
                directory_fields, directory_forms);

// TLS of a host.
constexpr std::array<std::string_view, 2> tls_choices = {"none", "system"};
const Shape tls_word = word_of("a kind of trust", tls_choices);
const Shape fingerprint = text_of("a SHA-256 fingerprint", spelling::fingerprint);
const std::array tls_fields = {
    Field{.key = "ca",
          .shape = &file,
          .doc = "PEM file with the trusted authorities; left out: the system's, unless a fingerprint is given."},
    Field{.key = "fingerprint",
          .shape = &fingerprint,
          .doc = "SHA-256 of the host's own certificate; give ca as well to require both."},
};
const Shape tls_map{.form = Form::map,
                    .what = "a map with `ca` or `fingerprint`",
                    .if_empty = "is empty: name a `ca` or a `fingerprint`, or write `tls: system`",
                    .fields = tls_fields};
const std::array<const Shape*, 2> tls_options = {&tls_word, &tls_map};
const Shape tls{
    .form = Form::either, .what = "none, system, or a map with `ca` or `fingerprint`", .options = tls_options};

// Reach of a host.
constexpr std::array<std::string_view, 1> protocols = {"wsman"};
constexpr std::array<std::string_view, 2> services = {"HTTP", "WSMAN"};
const Shape protocol = word_of("a protocol", protocols);
const Shape address = text_of("a DNS name or an IP address", spelling::address);
const Shape port = number_of("a port from 1 to 65535", 1, 65'535);
const Shape authentication = word_of("a way to sign on", authentication_words);
const Shape seal = word_of("required or never", seal_words);
const Shape service = word_of("a service's class", services);
const std::array reach_fields = {
    Field{.key = "protocol", .shape = &protocol, .doc = "The protocol.", .fallback = "wsman"},
    Field{.key = "address", .shape = &address, .doc = "Connect here instead of to the host's DNS name."},
    Field{.key = "port", .shape = &port, .doc = "Of WS-Man. Left out: 5985, or 5986 with tls."},
    Field{.key = "tls",
          .shape = &tls,
          .doc = "HTTPS, and what is trusted: the system's authorities, a file with others, or one certificate by its "
                 "fingerprint. none: HTTP, also where the other hosts have tls."},
    Field{.key = "authentication",
          .shape = &authentication,
          .doc = "negotiate is Kerberos in SPNEGO, never NTLM; certificate needs tls; basic sends the password to the "
                 "host.",
          .fallback = "kerberos"},
    Field{.key = "seal",
          .shape = &seal,
          .doc = "Over HTTP: whether every message is encrypted. Windows refuses others by default; basic cannot "
                 "encrypt.",
          .fallback = "required"},
    Field{.key = "service",
          .shape = &service,
          .doc = "Class of the host's service principal name, for Kerberos.",
          .fallback = "HTTP"},
};
const Shape reach{.form = Form::map,
                  .what = "a map with `protocol`, `address`, `port`, `tls`, `authentication`, `seal`, `service`",
                  .fields = reach_fields,
                  .secrets = secret_keys,
                  .secret_words = secret_words};

// How much at once.
const Shape many = number_of("from 1 to 5000 hosts", 1, 5000, "hosts");
const Shape connections = number_of("from 1 to 8 connections", 1, 8, "connections");
const std::array limit_fields = {
    Field{.key = "run", .shape = &many, .doc = "Hosts asked at once.", .fallback = "200"},
    Field{.key = "migration_domain",
          .shape = &many,
          .doc = "Of them in one migration domain.",
          .fallback = "64",
          .formerly = "group"},
    Field{.key = "host", .shape = &connections, .doc = "Connections to one host.", .fallback = "1"},
};
const Shape limits{.form = Form::map, .what = "a map with `run`, `migration_domain`, `host`", .fields = limit_fields};

}  // namespace
}  // namespace reach_table

const Shape& reach_shape() { return reach_table::reach; }
const Shape& host_credentials_shape() { return reach_table::host_credentials; }
const Shape& directory_credentials_shape() { return reach_table::directory_credentials; }
const Shape& fleet_limits_shape() { return reach_table::limits; }

}  // namespace fairway
