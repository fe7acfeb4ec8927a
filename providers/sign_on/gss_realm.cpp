// See gss_realm.hpp.
#include "providers/sign_on/gss_realm.hpp"

#include "providers/sign_on/gss_library.hpp"

namespace fairway::gss {

std::string_view realm_of(std::string_view principal) {
    const auto at = principal.rfind('@');
    return at == std::string_view::npos ? std::string_view{} : principal.substr(at + 1);
}

std::string in_capitals(std::string_view realm) {
    std::string out(realm);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return out;
}

std::string configured_realm(const std::string& fqdn) {
    krb5_context context = nullptr;
    char** realms = nullptr;
    std::string out;
    if (krb5_init_context(&context) != 0) return out;
    if (krb5_get_host_realm(context, fqdn.c_str(), &realms) == 0 && realms != nullptr) {
        if (realms[0] != nullptr) out = realms[0];
        krb5_free_host_realm(context, realms);
    }
    krb5_free_context(context);
    return out;
}

std::string realm_of_ticket(const std::string& cache, std::string_view service, std::string_view fqdn) {
    krb5_context context = nullptr;
    krb5_ccache tickets = nullptr;
    krb5_cc_cursor cursor = nullptr;
    std::string out;
    if (cache.empty() || krb5_init_context(&context) != 0) return out;
    const bool opened =
        krb5_cc_resolve(context, cache.c_str(), &tickets) == 0 && krb5_cc_start_seq_get(context, tickets, &cursor) == 0;
    const auto is = [](const krb5_data& part, std::string_view text) {
        return std::string_view(part.data, part.length) == text;
    };
    krb5_creds one{};
    while (opened && krb5_cc_next_cred(context, tickets, &cursor, &one) == 0) {
        krb5_ticket* ticket = nullptr;
        const bool ours = one.server->length == 2 && is(one.server->data[0], service) && is(one.server->data[1], fqdn);
        if (ours && krb5_decode_ticket(&one.ticket, &ticket) == 0) {
            out.assign(ticket->server->realm.data, ticket->server->realm.length);
            krb5_free_ticket(context, ticket);
        }
        krb5_free_cred_contents(context, &one);
    }
    if (opened) krb5_cc_end_seq_get(context, tickets, &cursor);
    if (tickets != nullptr) krb5_cc_close(context, tickets);
    krb5_free_context(context);
    return out;
}

}  // namespace fairway::gss
