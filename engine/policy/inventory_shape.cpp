// See inventory_shape.hpp. The table from the inside out; the document itself is at the end.
#include "engine/policy/inventory_shape.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/policy/reach_shape.hpp"
#include "engine/policy/reading.hpp"
#include "engine/policy/scalar_shapes.hpp"
#include "engine/policy/spelling.hpp"
#include "engine/policy/words.hpp"

namespace fairway {
namespace inventory_table {
namespace {

using Form = Shape::Form;

const Shape identifier = text_of("a name", spelling::identifier);
const Shape host_name = text_of("a host's name", spelling::host_name);
const Shape dns_name = text_of("a full DNS name", spelling::dns_name);
const Shape host_dns = text_of("a full DNS name", spelling::host_dns);
const Shape address = text_of("a DNS name or an IP address", spelling::address);
const Shape file = text_of("the name of a file");
const Shape switch_shape{.form = Form::boolean, .what = "true or false"};
const Shape port{.form = Form::integer, .what = "a port from 1 to 65535", .least = 1, .most = 65'535};

std::string host_label(const Node& host) {
    const std::string name = text_at(host, "name");
    return name.empty() ? "a host" : fmt::format("host {}", name);
}

const Shape tags{.form = Form::list, .what = "a list of tags", .element = &identifier, .distinct = true};
const std::array host_fields = {
    Field{.key = "name",
          .shape = &host_name,
          .doc = "NetBIOS name: 1 to 15 letters, digits and hyphens.",
          .lack = "has no name",
          .purpose = "its NetBIOS name"},
    Field{.key = "domain",
          .shape = &dns_name,
          .doc = "The Active Directory domain of its account; left out: the one that its DNS name is in."},
    Field{.key = "dns", .shape = &host_dns, .doc = "Full name; left out: the name in the directory's domain."},
    Field{.key = "domain_controller",
          .shape = &switch_shape,
          .doc =
              "true: this host is a domain controller as well, and is meant to take part. Every change that concerns "
              "it is critical. Left out: nothing of a domain controller is written.",
          .fallback = "false"},
    Field{.key = "tags", .shape = &tags, .doc = "Words by which rules and --host select hosts."},
    Field{.key = "reach", .shape = &reach_shape(), .doc = "Overrides the common settings, key by key."},
    Field{.key = "credentials", .shape = &host_credentials_shape(), .doc = "Override the common credentials."},
};
const Shape host{.form = Form::map,
                 .what = "a map with `name`",
                 .fields = host_fields,
                 .label = host_label,
                 .secrets = secret_keys,
                 .secret_words = secret_words};
const Shape host_list{
    .form = Form::list, .what = "a list of hosts", .element = &host, .if_empty = "empty: an inventory needs a host"};
const Shape base = text_of("a distinguished name", spelling::directory_name);
const Shape filter = text_of("a search filter", spelling::directory_filter);
const std::array search_fields = {
    Field{.key = "base",
          .shape = &base,
          .doc = "The container that they are in, such as an OU; left out: the whole domain of the first directory."},
    Field{.key = "filter", .shape = &filter, .doc = "An LDAP filter that their accounts match (RFC 4515)."},
    Field{.key = "group",
          .shape = &base,
          .doc = "The Active Directory group that they are members of, directly or through groups in it."},
    Field{.key = "tags", .shape = &tags, .doc = "Tags of every host that is found."},
    Field{.key = "migration_domain",
          .shape = &identifier,
          .doc = "The migration domain that they join; it need not be in `migration_domains`."},
};
const Shape search{.form = Form::map,
                   .what = "a map with `base`, `filter` or `group`",
                   .fields = search_fields,
                   .label = [](const Node&) { return std::string("a search for hosts"); }};
const Shape search_list{
    .form = Form::list, .what = "a list of searches", .element = &search, .if_empty = "empty: it finds no host"};
const std::array<const Shape*, 2> search_options = {&search, &search_list};
const Shape searches{.form = Form::either,
                     .what = "a map with `base`, `filter` or `group`, or a list of such maps",
                     .options = search_options};
const std::array hosts_fields = {
    Field{.key = "reach", .shape = &reach_shape(), .doc = "How every host is reached, unless the host says otherwise."},
    Field{.key = "credentials",
          .shape = &host_credentials_shape(),
          .doc = "What to sign on with, unless a host says otherwise."},
    Field{.key = "limits", .shape = &fleet_limits_shape(), .doc = "How much is asked at once."},
    Field{.key = "list",
          .shape = &host_list,
          .doc = "The hosts. For one that a search also finds these values take precedence: name, reach, migration "
                 "domain, tags."},
    Field{.key = "found",
          .shape = &searches,
          .doc = "Searches of the directory for the hosts' computer accounts; disabled ones are left out. Not with "
                 "`authentication: ntlm` or `basic`, which send credentials to a host that has not proved itself."},
};
const Shape hosts{.form = Form::map,
                  .what = "a map with `list` or `found`, and perhaps `reach`, `credentials` and `limits`",
                  .fields = hosts_fields,
                  .label = [](const Node&) { return std::string("the hosts"); },
                  .secrets = secret_keys,
                  .secret_words = secret_words};

const Shape bind{.form = Form::text, .what = "a way to sign on", .choices = bind_words};
const Shape tls{.form = Form::text, .what = "a kind of TLS", .choices = tls_words};
const Shape servers{.form = Form::list,
                    .what = "a list of domain controllers",
                    .element = &address,
                    .distinct = true,
                    .if_empty = "empty: name a domain controller, or leave `servers` out to find them by DNS"};
const Shape site = text_of("a site's name", spelling::identifier);
const std::array directory_fields = {
    Field{.key = "domain",
          .shape = &dns_name,
          .doc = "DNS name of the Active Directory domain.",
          .lack = "has no domain",
          .purpose = "its DNS name"},
    Field{.key = "servers",
          .shape = &servers,
          .doc = "Domain controllers; the first is preferred. Left out: found by DNS."},
    Field{
        .key = "site",
        .shape = &site,
        .doc =
            "An Active Directory site: its controllers come first among those that DNS names. Left out: our own site, "
            "if a domain controller says which that is."},
    Field{.key = "port", .shape = &port, .doc = "Left out: 389, or 636 with tls: ldaps."},
    Field{.key = "bind", .shape = &bind, .doc = "How to sign on. simple needs TLS.", .fallback = "gssapi"},
    Field{.key = "tls", .shape = &tls, .doc = "none: Kerberos itself signs and seals.", .fallback = "none"},
    Field{.key = "ca", .shape = &file, .doc = "PEM file with the trusted authorities; left out: the system's."},
    Field{.key = "credentials",
          .shape = &directory_credentials_shape(),
          .doc = "Left out: the caller's Kerberos tickets."},
};
const Shape directory{.form = Form::map,
                      .what = "a map with `domain`, and perhaps `servers`",
                      .fields = directory_fields,
                      .label = [](const Node&) { return std::string("the directory"); },
                      .secrets = secret_keys,
                      .secret_words = secret_words};
const Shape directory_list{.form = Form::list,
                           .what = "a list of directories, one for each domain",
                           .element = &directory,
                           .if_empty = "empty: name the domain of the hosts' accounts"};
const std::array<const Shape*, 2> directory_options = {&directory, &directory_list};
const Shape directories{.form = Form::either,
                        .what = "a map with `domain`, or a list of such maps where hosts are in several domains",
                        .options = directory_options};

const std::array embedded_fields = {
    Field{.key = "file",
          .shape = &file,
          .doc = "The estate's file, beside the inventory.",
          .lack = "names no file",
          .purpose = "the estate's file"},
    Field{.key = "domain",
          .shape = &dns_name,
          .doc = "DNS name of the domain that the hosts are in.",
          .lack = "has no domain",
          .purpose = "its DNS name"},
};
const Shape embedded{
    .form = Form::map, .what = "a map with `file` and `domain`", .fields = embedded_fields, .label = [](const Node&) {
        return std::string("the embedded estate");
    }};

std::string domain_label(const Node& domain) {
    const std::string name = text_at(domain, "name");
    return name.empty() ? "a migration domain" : fmt::format("migration domain {}", name);
}

const Shape member_list{.form = Form::list, .what = "a list of host names", .element = &host_name};
const std::array domain_fields = {
    Field{.key = "name",
          .shape = &identifier,
          .doc = "Rules pick its hosts with {migration_domain: …}.",
          .lack = "has no name",
          .purpose = "unique in the inventory"},
    Field{.key = "hosts",
          .shape = &member_list,
          .doc = "Names from the list of hosts; a host is in one migration domain.",
          .lack = "has no hosts",
          .purpose = "two hosts at least"},
};
const Shape domain{
    .form = Form::map, .what = "a map with `name` and `hosts`", .fields = domain_fields, .label = domain_label};
const Shape domains{.form = Form::list, .what = "a list of migration domains", .element = &domain};

constexpr std::array<std::string_view, 1> directory_keys = {"directory"}, embedded_keys = {"embedded"};
constexpr std::array worlds = {Alternative{directory_keys}, Alternative{embedded_keys}};
const std::array inventory_fields = {
    Field{.key = "estate",
          .shape = &identifier,
          .doc = "The name of the whole; plans and reports show it.",
          .lack = "has no name",
          .purpose = "the estate's name"},
    Field{.key = "directory",
          .shape = &directories,
          .doc = "Where the hosts' computer accounts are; hosts that name no domain are in the first one."},
    Field{
        .key = "embedded", .shape = &embedded, .doc = "An estate in a file instead of a real one, to try policies on."},
    Field{.key = "hosts",
          .shape = &hosts,
          .doc = "The Hyper-V hosts and how they are reached.",
          .lack = "has no hosts",
          .purpose = "a map with a list of hosts"},
    Field{.key = "migration_domains",
          .shape = &domains,
          .doc = "Groups of hosts that must be able to hand VMs to each other, in both directions."},
};
const Shape inventory{.form = Form::map,
                      .what = "an inventory: a map with `estate`, `directory` and `hosts`",
                      .fields = inventory_fields,
                      .alternatives = worlds,
                      .label = [](const Node&) { return std::string("the inventory"); },
                      .secrets = secret_keys,
                      .secret_words = secret_words};

}  // namespace
}  // namespace inventory_table

const Shape& inventory_shape() { return inventory_table::inventory; }

}  // namespace fairway
