// How names, networks and the like are spelt in documents. Each check says what is wrong with a text, in
// words that stand behind it ("is not a host name: …"), or nothing; the pattern tells JSON Schema the same,
// as far as a pattern can.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway::spelling {

struct Rule {
    std::string (*check)(std::string_view text);
    std::string_view pattern;
};

extern const Rule identifier;        // of a policy, a rule, a tag, a migration domain
extern const Rule host_name;         // NetBIOS: 1 to 15 letters, digits and hyphens, not only digits
extern const Rule host_pattern;      // the same with * and ?
extern const Rule dns_name;          // full: two labels at least
extern const Rule host_dns;          // the same, for a host: the name that its ticket and certificate are for
extern const Rule address;           // a DNS name of any length, or an IP address
extern const Rule network;           // address/prefix, or with ` metric N` behind it
extern const Rule principal;         // user@REALM
extern const Rule service_name;      // class/host
extern const Rule account;           // NAME$ or a group's name, @domain behind it; or S-1-5-…
extern const Rule service_pattern;   // the same with * and ?
extern const Rule directory_name;    // OU=Hyper-V,DC=corp,DC=example (RFC 4514)
extern const Rule directory_filter;  // (operatingSystem=Windows Server*) (RFC 4515)
extern const Rule fingerprint;       // SHA-256: 64 hexadecimal digits, or pairs of them with colons
extern const Rule timestamp;         // RFC 3339
extern const Rule window_end;        // RFC 3339, or `saturday 22:00`
extern const Rule zone;              // an IANA name: Europe/Berlin
extern const Rule file_below;        // rules/kerberos.yaml: of this folder or one below it
extern const Rule percent;
extern const Rule guid;  // without braces

// A fingerprint's 64 digits in lower case without colons, or nothing.
std::string canonical_fingerprint(std::string_view text);

// "10.20.0.0/24 metric 5" in the one form in which networks are compared.
Result<std::string> canonical_network(std::string_view text);

}  // namespace fairway::spelling
