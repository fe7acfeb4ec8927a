// See anonymous.hpp.
#include "providers/ldap/wire/anonymous.hpp"

#include <array>
#include <fmt/format.h>
#include <sys/socket.h>

#include "providers/ldap/wire/guards.hpp"
#include "providers/ldap/wire/library.hpp"

namespace fairway::ldap {
namespace {

constexpr ber_len_t largest_anonymous_answer = 64u << 10;

}  // namespace

Anonymous::~Anonymous() {
    if (!ld_) return;
    // Before the library says goodbye, perhaps in the middle of somebody's handshake.
    if (const int socket = descriptor_of(ld_); socket >= 0) ::shutdown(socket, SHUT_RDWR);
    ldap_unbind_ext_s(ld_, nullptr, nullptr);
}

int Anonymous::connect(const std::string& host, unsigned port, std::chrono::milliseconds patience) {
    const Result<std::string> uri = server_uri("ldap", host, port);
    if (!uri || ldap_initialize(&ld_, uri->c_str()) != LDAP_SUCCESS) return -1;
    const int version = LDAP_VERSION3;
    const timeval limit{patience.count() / 1000, patience.count() % 1000 * 1000};
    if (ldap_set_option(ld_, LDAP_OPT_PROTOCOL_VERSION, &version) != LDAP_OPT_SUCCESS ||
        ldap_set_option(ld_, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) != LDAP_OPT_SUCCESS ||
        ldap_set_option(ld_, LDAP_OPT_NETWORK_TIMEOUT, &limit) != LDAP_OPT_SUCCESS)
        return -1;
    limit_answers(ld_, largest_anonymous_answer);
    return ldap_connect(ld_) == LDAP_SUCCESS ? descriptor_of(ld_) : -1;
}

Result<std::optional<std::string>> Anonymous::root_value(const Filter& filter, const std::string& attribute,
                                                         std::chrono::milliseconds patience) {
    const Deadline deadline(descriptor_of(ld_), patience);
    std::array attributes = {borrowed(attribute), static_cast<char*>(nullptr)};
    LDAPMessage* answer = nullptr;
    const int code = ldap_search_ext_s(ld_, "", LDAP_SCOPE_BASE, filter.text().c_str(), attributes.data(), 0, nullptr,
                                       nullptr, nullptr, 1, &answer);
    const Message owned(answer);
    if (deadline.passed()) return fail(Code::unreachable, "no answer came in time");
    if (code != LDAP_SUCCESS) return fail(Code::protocol, fmt::format("it answers with result code {}", code));
    LDAPMessage* entry = ldap_first_entry(ld_, answer);
    berval** values = entry ? ldap_get_values_len(ld_, entry, attribute.c_str()) : nullptr;
    std::optional<std::string> out;
    if (values && values[0]) out.emplace(values[0]->bv_val, values[0]->bv_len);
    ldap_value_free_len(values);
    return out;
}

}  // namespace fairway::ldap
