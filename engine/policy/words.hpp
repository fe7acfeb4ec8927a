// The words of documents that are enumerators of the model, in their order: tables allow them, readers know them by
// their place.
#pragma once

#include <array>
#include <string_view>

namespace fairway {

// Of a policy.
inline constexpr std::array<std::string_view, 4> severity_words = {"low", "medium", "high", "critical"};
inline constexpr std::array<std::string_view, 4> risk_words = {"low", "medium", "high",
                                                               "critical"};  // that a policy allows
inline constexpr std::array<std::string_view, 3> pairs_words = {"ring", "all", "sample"};
inline constexpr std::array<std::string_view, 1> alternate_words = {"alternate"};
inline constexpr std::array<std::string_view, 1> rest_words = {"rest"};
inline constexpr std::array<std::string_view, 2> per_words = {"estate", "migration_domain"};
inline constexpr std::array<std::string_view, 3> order_words = {"paths", "name", "migration_domain"};  // and tags
inline constexpr std::array<std::string_view, 6> gate_words = {"replication", "values", "paths",
                                                               "idle",        "events", "trials"};
inline constexpr std::array<std::string_view, 3> on_failure_words = {"stop", "rollback", "ask"};

// Of an inventory.
inline constexpr std::array<std::string_view, 5> authentication_words = {"negotiate", "kerberos", "ntlm", "basic",
                                                                         "certificate"};
inline constexpr std::array<std::string_view, 2> seal_words = {"required", "never"};
inline constexpr std::array<std::string_view, 3> bind_words = {"gssapi", "gss-spnego", "simple"};
inline constexpr std::array<std::string_view, 3> tls_words = {"none", "starttls", "ldaps"};

}  // namespace fairway
