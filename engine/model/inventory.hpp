// Which hosts there are, which of them must be able to hand VMs to each other, and how each is reached.
// Holds references to credentials, never a secret.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/diagnostic.hpp"
#include "engine/base/secret_source.hpp"
#include "engine/model/directory_filter.hpp"
#include "engine/model/directory_name.hpp"
#include "engine/model/estate_finding.hpp"

namespace fairway {

// Where a secret or a ticket is to be found. Exactly one of the forms is used.
struct Credentials {
    enum class Form { ticket_cache, keytab, password_file, password_fd, password_command, certificate };
    Form form = Form::ticket_cache;
    std::string path = {};       // of the cache ("default": the caller's), keytab, password file or certificate (PEM)
    std::string principal = {};  // keytab: user@REALM; password_…: the name to sign on with
    std::string key = {};        // certificate: the PEM file of its private key
    int descriptor = -1;         // password_fd
    std::vector<std::string> command = {};  // password_command: program and arguments, started without a shell

    bool is_password() const {
        return form == Form::password_file || form == Form::password_fd || form == Form::password_command;
    }
};

// Where a password form has its secret; of another form it is a file without a name, which nobody finds.
SecretSource password_source(const Credentials& credentials);

// negotiate is SPNEGO with Kerberos inside. NTLM is a choice of its own and never a fall-back.
enum class HostAuthentication { negotiate, kerberos, ntlm, basic, certificate };

// HTTPS. Verification cannot be turned off: a certificate that no authority vouches for is pinned instead.
struct HostTls {
    std::string ca;           // PEM file of those whom we trust; empty: the system's
    std::string fingerprint;  // SHA-256 of the host's certificate, 64 hexadecimal digits, lower case; empty: not pinned
};

struct Reach {
    std::string address;        // connect here instead of to the host's DNS name; empty: the name
    std::uint16_t port = 5985;  // 1..65535; 5986 where there is TLS
    HostAuthentication authentication = HostAuthentication::kerberos;
    std::optional<HostTls> tls = {};  // empty: HTTP
    bool seal = true;                 // over HTTP: encrypt every message; Windows refuses plain ones by default
    std::string service = "HTTP";     // class of the service principal name: HTTP or WSMAN
    Credentials credentials;
};

// How much is asked at once.
struct FleetLimits {
    std::size_t run = 200;   // hosts in flight
    std::size_t group = 64;  // of one migration domain
    std::size_t host = 1;    // connections to one host
};

enum class Bind { gssapi, gss_spnego, simple };
enum class Tls { none, starttls, ldaps };

struct Directory {
    std::string domain;                // DNS name, lower case
    std::vector<std::string> servers;  // host names, first is preferred; empty: found by DNS
    std::string site;                  // of Active Directory: its controllers are preferred when found by DNS; or empty
    std::uint16_t port = 389;
    Bind bind = Bind::gssapi;
    Tls tls = Tls::none;
    std::string ca;  // PEM file; empty: the system's trust
    Credentials credentials;
};

struct Host {
    std::string name;            // NetBIOS name as the inventory spells it; unique without case
    std::string dns;             // full name, lower case: a claim, which the directory confirms (plan/identity)
    std::string account_domain;  // DNS name of the domain that holds its account
    std::vector<std::string> tags;
    std::string domain;  // its migration domain, or empty
    Reach reach;
    Place where;
    bool found = false;              // by a search, and not in the document's list
    bool dns_declared = false;       // `dns` stands in the document
    bool domain_controller = false;  // the document says that the host is one as well
    std::string not_covered = {};    // why the command goes on without it (plan/coverage); empty: it is covered
};

// A question to the directory that gives hosts, so that nobody types their names.
struct HostSearch {
    std::string domain;                     // DNS name of the directory that is asked
    DirectoryName base;                     // empty: the whole domain
    std::optional<DirectoryFilter> filter;  // what the accounts must fit
    DirectoryName group;                    // whose members they are, through groups in it too; empty: no matter
    std::vector<std::string> tags;          // of every host that it finds
    std::string migration_domain;           // that they join; or empty
    Reach reach;
    Place where;
};

// What the directory holds, unchecked: nothing of it is a host's name yet.
struct FoundHost {
    std::string account;  // sAMAccountName: "HV01$"
    std::string dns;      // dNSHostName, a claim of the account; may be empty
    std::string dn;
    std::string trouble = {};  // why nothing is known of it; or empty
};

struct FoundHosts {
    std::vector<FoundHost> hosts;       // in any order
    std::vector<std::string> disabled;  // accounts that were left out
};

// What the host's account is called in `domain`: "HV01$", or "HV01$@other.example" where it is of another.
std::string account_of(const Host& host, std::string_view domain);

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
    std::string embedded;  // file of an embedded estate; then there is no directory
    std::vector<Directory>
        directories;  // one for each domain that holds accounts; the first is of hosts that say nothing
    FleetLimits limits = {};
    std::vector<Host> hosts;  // in the document's order
    std::vector<MigrationDomain> domains;
    std::vector<HostSearch> searches;  // in the document's order; their hosts are among `hosts` once they were asked
    std::vector<EstateFinding> estate_findings;  // of the searches: who was left out, and why

    std::string password_program() const;           // a program that is started for a password; or empty
    std::vector<std::string> found() const;         // names of the hosts that searches gave, in order
    const Host* find(std::string_view name) const;  // without case
};

}  // namespace fairway
