// See gss_ticket.hpp.
#include "providers/sign_on/gss_ticket.hpp"

#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/sign_on/gss_library.hpp"
#include "providers/sign_on/gss_realm.hpp"

namespace fairway::gss {
namespace {

constexpr krb5_error_code first_of_protocol = ERROR_TABLE_BASE_krb5;  // RFC 4120 7.5.9 counts from here
constexpr krb5_error_code most_of_protocol = 128;                     // what follows is the library's own

// One request: what the library gives for it, and is given back.
class Asking {
public:
    Asking() { note(krb5_init_context(&context_)); }
    ~Asking() {
        if (context_ == nullptr) return;
        if (got_ != nullptr) krb5_free_creds(context_, got_);
        krb5_free_principal(context_, server_);
        krb5_free_principal(context_, client_);
        if (all_ != nullptr) krb5_cc_destroy(context_, all_);
        if (own_ != nullptr) krb5_cc_destroy(context_, own_);
        krb5_free_context(context_);
    }
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;

    bool fine() const { return code_ == 0; }
    krb5_error_code code() const { return code_; }
    std::string words() const {
        if (context_ == nullptr) return "Kerberos cannot be set up here; see krb5.conf";
        const char* said = krb5_get_error_message(context_, code_);
        std::string out = text::printable(said);
        krb5_free_error_message(context_, said);
        return out;
    }

    // All tickets of the login, of which those to get further tickets with are taken over.
    Status take_over(const Login& login) {
        if (!note(krb5_cc_new_unique(context_, "MEMORY", nullptr, &all_)) ||
            !note(krb5_cc_new_unique(context_, "MEMORY", nullptr, &own_)))
            return {};
        const std::string cache = fmt::format("MEMORY:{}", krb5_cc_get_name(context_, all_));
        gss_key_value_element_desc element{"ccache", cache.c_str()};
        const gss_key_value_set_desc store{1, &element};
        Status status;
        status.major = gss_store_cred_into(&status.minor, static_cast<gss_cred_id_t>(login.tickets().handle()),
                                           GSS_C_INITIATE, GSS_C_NO_OID, 1, 1, &store, nullptr, nullptr);
        if (status.failed()) return status;
        krb5_cc_cursor cursor = nullptr;
        if (!note(krb5_cc_get_principal(context_, all_, &client_)) ||
            !note(krb5_cc_initialize(context_, own_, client_)) || !note(krb5_cc_start_seq_get(context_, all_, &cursor)))
            return status;
        krb5_creds one{};
        while (krb5_cc_next_cred(context_, all_, &cursor, &one) == 0) {
            if (gets_tickets(*one.server)) note(krb5_cc_store_cred(context_, own_, &one));
            krb5_free_cred_contents(context_, &one);
        }
        krb5_cc_end_seq_get(context_, all_, &cursor);
        return status;
    }

    void ask(const std::string& realm, const Service& service) {
        const char* third = service.domain.empty() ? nullptr : service.domain.c_str();
        if (!note(krb5_build_principal(context_, &server_, static_cast<unsigned>(realm.size()), realm.c_str(),
                                       service.type.c_str(), service.host.c_str(), third, nullptr)))
            return;
        server_->type = KRB5_NT_SRV_INST;  // as Windows asks; the library does not look such names up in DNS
        krb5_creds wanted{};
        wanted.client = client_;
        wanted.server = server_;
        note(krb5_get_credentials(context_, 0, own_, &wanted, &got_));
    }

    std::string encryption() const {
        std::array<char, 64> name{};
        krb5_ticket* ticket = nullptr;
        if (got_ == nullptr || krb5_decode_ticket(&got_->ticket, &ticket) != 0) return {};
        if (krb5_enctype_to_name(ticket->enc_part.enctype, 0, name.data(), name.size()) != 0) name.front() = '\0';
        krb5_free_ticket(context_, ticket);
        return name.data();
    }

private:
    static bool gets_tickets(const krb5_principal_data& server) {
        return server.length == 2 && std::string_view(server.data[0].data, server.data[0].length) == "krbtgt";
    }
    bool note(krb5_error_code code) {
        if (code_ == 0) code_ = code;
        return code_ == 0;
    }

    krb5_context context_ = nullptr;
    krb5_ccache all_ = nullptr, own_ = nullptr;
    krb5_principal client_ = nullptr, server_ = nullptr;
    krb5_creds* got_ = nullptr;
    krb5_error_code code_ = 0;
};

}  // namespace

Result<TicketSeen> ask_ticket(const Login& login, const std::string& domain, const Service& service) {
    const std::string doing = fmt::format("cannot ask for a ticket to {}/{}", service.type, service.host);
    Asking asking;
    if (asking.fine()) {
        const Status copied = asking.take_over(login);
        if (copied.failed()) return tl::unexpected(explain(doing, copied, Mechanism::krb5));
    }
    if (asking.fine()) asking.ask(in_capitals(domain), service);
    if (asking.fine()) return TicketSeen{.status = std::nullopt, .encryption = asking.encryption()};
    const krb5_error_code number = asking.code() - first_of_protocol;
    if (number > 0 && number < most_of_protocol)
        return TicketSeen{.status = static_cast<std::uint32_t>(number), .detail = asking.words()};
    const Error means = meaning(asking.words()).value_or(Error{Code::denied, "Kerberos does not allow it"});
    return fail(means.code, fmt::format("{}: {} (said: {})", doing, means.text, asking.words()));
}

}  // namespace fairway::gss
