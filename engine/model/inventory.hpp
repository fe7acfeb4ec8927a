// Which hosts there are, which of them must be able to hand VMs to each other, and how each is reached.
// Holds references to credentials, never a secret.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/diagnostic.hpp"

namespace fairway {

// Where a secret or a ticket is to be found. Exactly one of the three forms is used.
struct Credentials {
    enum class Form { ticket_cache, keytab, password_file };
    Form form = Form::ticket_cache;
    std::string path;       // of the cache ("default": the caller's), the keytab or the password file
    std::string principal;  // keytab: user@REALM; password_file: the name to sign on with
};

enum class HostAuthentication { negotiate, kerberos, basic };

struct Reach {
    std::string address;        // connect here instead of to the host's DNS name; empty: the name
    std::uint16_t port = 5985;  // 1..65535
    HostAuthentication authentication = HostAuthentication::kerberos;
    Credentials credentials;
};

enum class Bind { gssapi, gss_spnego, simple };
enum class Tls { none, starttls, ldaps };

struct Directory {
    std::string domain;                // DNS name, lower case
    std::vector<std::string> servers;  // host names, first is preferred
    std::uint16_t port = 389;
    Bind bind = Bind::gssapi;
    Tls tls = Tls::none;
    std::string ca;  // PEM file; empty: the system's trust
    Credentials credentials;
};

struct Host {
    std::string name;  // NetBIOS name as the inventory spells it; unique without case
    std::string dns;   // full name, lower case
    std::vector<std::string> tags;
    std::string domain;  // its migration domain, or empty
    Reach reach;
    Place where;
};

// Hosts that must be able to migrate VMs among themselves, in both directions.
struct MigrationDomain {
    std::string name;
    std::vector<std::string> hosts;  // names as in Inventory::hosts
    Place where;
};

struct Inventory {
    std::string estate;
    std::string digest;  // SHA-256 of the document's bytes, hexadecimal
    std::string file;
    std::string embedded;                // file of an embedded estate; then there is no directory
    std::optional<Directory> directory;  // present unless embedded
    std::vector<Host> hosts;             // in the document's order
    std::vector<MigrationDomain> domains;

    const Host* find(std::string_view name) const;  // without case
};

}  // namespace fairway
