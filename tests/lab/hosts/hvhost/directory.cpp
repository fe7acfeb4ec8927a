// One connection, one search, one attribute.
#include "directory.hpp"

#include <fmt/format.h>
#include <ldap.h>

#include <memory>

namespace lab {
namespace {

using Values = tl::expected<std::vector<std::string>, std::string>;

struct Unbind {
    void operator()(LDAP* ld) const { ldap_unbind_ext_s(ld, nullptr, nullptr); }
};
struct FreeMessage {
    void operator()(LDAPMessage* message) const { ldap_msgfree(message); }
};
using Connection = std::unique_ptr<LDAP, Unbind>;

constexpr timeval kLdapPatience{60, 0};

// GSSAPI asks nothing that has no default.
int no_questions(LDAP*, unsigned, void*, void*) { return LDAP_SUCCESS; }

tl::expected<Connection, std::string> connect(const std::string& url) {
    LDAP* raw = nullptr;
    if (const int rc = ldap_initialize(&raw, url.c_str()); rc != LDAP_SUCCESS) {
        return tl::unexpected(std::string(ldap_err2string(rc)));
    }
    Connection connection(raw);
    const int version = LDAP_VERSION3;
    ldap_set_option(raw, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(raw, LDAP_OPT_NETWORK_TIMEOUT, &kLdapPatience);
    ldap_set_option(raw, LDAP_OPT_TIMEOUT, &kLdapPatience);
    ldap_set_option(raw, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON);
    ldap_set_option(raw, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    const int rc =
        ldap_sasl_interactive_bind_s(raw, nullptr, "GSSAPI", nullptr, nullptr, LDAP_SASL_QUIET, no_questions, nullptr);
    if (rc != LDAP_SUCCESS) return tl::unexpected(std::string(ldap_err2string(rc)));
    return connection;
}

// RFC 4515 3: the characters that mean something in a filter.
std::string filter_value(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '*' || c == '(' || c == ')' || c == '\\' || c == '\0') {
            out += fmt::format("\\{:02x}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    return out;
}

Values search(const DirectoryAddress& where, const std::string& filter, const char* attribute) {
    auto connection = connect(where.url);
    if (!connection) return tl::unexpected(connection.error());
    char* attributes[] = {const_cast<char*>(attribute), nullptr};
    auto patience = kLdapPatience;
    LDAPMessage* raw = nullptr;
    const int rc = ldap_search_ext_s(connection->get(), where.base_dn.c_str(), LDAP_SCOPE_SUBTREE, filter.c_str(),
                                     attributes, 0, nullptr, nullptr, &patience, LDAP_NO_LIMIT, &raw);
    const std::unique_ptr<LDAPMessage, FreeMessage> message(raw);
    if (rc != LDAP_SUCCESS) return tl::unexpected(std::string(ldap_err2string(rc)));
    std::vector<std::string> found;
    for (auto* entry = ldap_first_entry(connection->get(), raw); entry != nullptr;
         entry = ldap_next_entry(connection->get(), entry)) {
        berval** values = ldap_get_values_len(connection->get(), entry, attribute);
        for (int i = 0; i < ldap_count_values_len(values); ++i)
            found.emplace_back(values[i]->bv_val, values[i]->bv_len);
        ldap_value_free_len(values);
    }
    return found;
}

}  // namespace

Values delegation_of(const DirectoryAddress& where, const std::string& host) {
    return search(where, "(sAMAccountName=" + filter_value(host + "$") + ")", "msDS-AllowedToDelegateTo");
}

Values holders_of(const DirectoryAddress& where, const std::string& spn) {
    return search(where, "(servicePrincipalName=" + filter_value(spn) + ")", "sAMAccountName");
}

}  // namespace lab
