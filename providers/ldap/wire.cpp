// See wire.hpp. LDAP is RFC 4511, its SASL and TLS layers RFC 4513; what Active Directory allows of their
// mixtures is MS-ADTS 5.1.1.1 and 5.1.2.
#include "providers/ldap/wire.hpp"

#include <chrono>
#include <fmt/format.h>
#include <ldap.h>
#include <sasl/sasl.h>
#include <utility>

#include "engine/base/gss.hpp"
#include "engine/base/log.hpp"
#include "engine/base/secret.hpp"
#include "providers/ldap/guards.hpp"
#include "providers/ldap/result.hpp"

namespace fairway::ldap {
namespace {

constexpr int connect_timeout_s = 10;
constexpr int sign_on_timeout_s = 30;
constexpr int operation_timeout_s = 60;  // all that is asked here is indexed
constexpr ber_len_t largest_answer = 64u << 20;
constexpr std::size_t most_entries_in_page = 5000;

template <auto Free>
struct FreedBy {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};
using Message = std::unique_ptr<LDAPMessage, FreedBy<ldap_msgfree>>;
using Text = std::unique_ptr<char, FreedBy<ldap_memfree>>;
using Control = std::unique_ptr<LDAPControl, FreedBy<ldap_control_free>>;
using Controls = std::unique_ptr<LDAPControl*, FreedBy<ldap_controls_free>>;
using Values = std::unique_ptr<berval*, FreedBy<ldap_value_free_len>>;
using Ber = std::unique_ptr<BerElement, decltype([](BerElement* ber) { ber_free(ber, 0); })>;

// The library's structures want char* for what they only read.
char* borrowed(const std::string& text) { return const_cast<char*>(text.c_str()); }
berval borrowed_bytes(const std::string& text) { return {text.size(), borrowed(text)}; }

// The one implementation of both handles. It is handed out as a ReadWire by one function and as a Wire
// by the other; Connection<ReadWire> has no modify at all.
template <class Base>
class Connection : public Base {
public:
    explicit Connection(std::string server) : server_(std::move(server)) {}
    ~Connection() override {
        const NoPipeSignal quiet;
        if (ld_) ldap_unbind_ext_s(ld_, nullptr, nullptr);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Result<void> open(const Directory& directory);
    Result<Page> search(const Search& search, const std::string& cookie) override;
    bool lost() const override { return lost_; }
    std::size_t requests() const override { return requests_; }

protected:
    tl::unexpected<Error> refused(Doing doing, int code);
    Result<void> set_options(const Directory& directory);
    int encrypt(Tls tls);
    Result<void> sign_on_simply(const Directory& directory);
    Result<void> sign_on_with_ticket(const Directory& directory);
    Result<Page> read_page(LDAPMessage* result, bool paged);
    Result<Entry> read_entry(LDAPMessage* message);
    Result<std::string> next_cookie(LDAPMessage* result);

    std::string server_;
    LDAP* ld_ = nullptr;
    gss::SharedLogin login_;  // lives as long as the connection that borrows it
    std::size_t requests_ = 0;
    bool lost_ = false;
};

class WritingConnection final : public Connection<Wire> {
public:
    using Connection::Connection;
    Result<void> modify(const std::string& dn, std::span<const Modification> modifications) override;
};

template <class Base>
tl::unexpected<Error> Connection<Base>::refused(Doing doing, int code) {
    char* said = nullptr;
    if (ld_) ldap_get_option(ld_, LDAP_OPT_DIAGNOSTIC_MESSAGE, &said);
    const Text owned(said);
    lost_ = lost_ || is_lost(code);
    return tl::unexpected(explain(doing, {code, said ? said : "", server_}));
}

// Every option that matters is set here, because ldap.conf, ~/.ldaprc and LDAP* variables set them too.
template <class Base>
Result<void> Connection<Base>::set_options(const Directory& directory) {
    const int version = LDAP_VERSION3, demand = LDAP_OPT_X_TLS_DEMAND, tls12 = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    const int binding = LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT, client = 0;
    const timeval connect{connect_timeout_s, 0}, sign_on{sign_on_timeout_s, 0};
    const bool tls = directory.tls != Tls::none;
    // Over TLS no layer of SASL's own, which Active Directory refuses (MS-ADTS 5.1.2.1); else at least 56
    // bits, that is signing and sealing.
    const std::string security = tls ? "noanonymous,noplain,maxssf=0" : "noanonymous,noplain,minssf=56";
    struct Option {
        int number;
        const void* value;
        bool wanted = true;
    };
    const Option options[] = {
        {LDAP_OPT_PROTOCOL_VERSION, &version},
        {LDAP_OPT_REFERRALS, LDAP_OPT_OFF},  // a ticket must not be shown to whoever a server names
        {LDAP_OPT_NETWORK_TIMEOUT, &connect},
        {LDAP_OPT_TIMEOUT, &sign_on},
        {LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON},  // the ticket is for the name in the inventory, not for
                                                 // what a reverse look-up of its address says
        {LDAP_OPT_X_SASL_SECPROPS, security.c_str()},
        {LDAP_OPT_X_SASL_CBINDING, &binding, tls},
        {LDAP_OPT_X_TLS_REQUIRE_CERT, &demand, tls},
        {LDAP_OPT_X_TLS_PROTOCOL_MIN, &tls12, tls},
        {LDAP_OPT_X_TLS_CACERTFILE, directory.ca.c_str(), tls && !directory.ca.empty()},
        {LDAP_OPT_X_TLS_NEWCTX, &client, tls},  // last: makes the settings above count
    };
    for (const Option& option : options) {
        if (!option.wanted || ldap_set_option(ld_, option.number, option.value) == LDAP_OPT_SUCCESS) continue;
        if (option.number == LDAP_OPT_X_TLS_NEWCTX)
            return fail(Code::bad_input, fmt::format("the certificates in `{}` cannot be used; name a PEM file with "
                                                     "the authority that signed the directory servers' certificates",
                                                     directory.ca));
        return fail(Code::unsupported, fmt::format("the LDAP library does not know option {:#x}", option.number));
    }
    Sockbuf* buffer = nullptr;
    ber_len_t limit = largest_answer;
    if (ldap_get_option(ld_, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS && buffer)
        ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &limit);
    return {};
}

template <class Base>
int Connection<Base>::encrypt(Tls tls) {
    int socket = -1;
    if (const int code = ldap_get_option(ld_, LDAP_OPT_DESC, &socket); code != LDAP_OPT_SUCCESS) return code;
    const Deadline deadline(socket, std::chrono::seconds(connect_timeout_s));
    const int code = tls == Tls::ldaps ? ldap_install_tls(ld_) : ldap_start_tls_s(ld_, nullptr, nullptr);
    return deadline.passed() ? LDAP_TIMEOUT : code;
}

template <class Base>
Result<void> Connection<Base>::open(const Directory& directory) {
    const NoPipeSignal quiet;
    if (directory.bind == Bind::simple && directory.tls == Tls::none)
        return fail(Code::refused,
                    "a simple bind without TLS would show the password to the network; set `tls` to "
                    "starttls or ldaps in the inventory, or sign on with gssapi");
    if (directory.bind == Bind::simple && !directory.credentials.is_password())
        return fail(Code::bad_input,
                    "a simple bind needs a password; correct `bind` or the credentials of the directory");
    // Connected first and encrypted then, for ldaps too: else a wrong certificate and a silent server are
    // one and the same error of the library.
    const Result<std::string> uri = server_uri("ldap", server_, directory.port);
    if (!uri) return tl::unexpected(uri.error());
    int code = ldap_initialize(&ld_, uri->c_str());
    if (code != LDAP_SUCCESS) return refused(Doing::connecting, code);
    if (auto set = set_options(directory); !set) return set;
    code = ldap_connect(ld_);
    if (code == LDAP_SUCCESS && directory.tls != Tls::none) code = encrypt(directory.tls);
    if (code != LDAP_SUCCESS) return refused(Doing::connecting, code);
    log::debug(fmt::format("ldap: signing on to {}", *uri));
    Result<void> signed_on =
        directory.bind == Bind::simple ? sign_on_simply(directory) : sign_on_with_ticket(directory);
    const timeval operation{operation_timeout_s, 0};
    ldap_set_option(ld_, LDAP_OPT_TIMEOUT, &operation);
    return signed_on;
}

template <class Base>
Result<void> Connection<Base>::sign_on_simply(const Directory& directory) {
    // A name or password of no length would be an anonymous sign-on that "succeeds" (RFC 4513 5.1.2);
    // no source of secrets gives an empty one.
    if (directory.credentials.principal.empty())
        return fail(Code::bad_input, "a simple bind needs the user's name (user@domain or its distinguished name)");
    const Result<SharedSecret> secret = obtain_secret(password_source(directory.credentials));
    if (!secret) return tl::unexpected(secret.error());
    const std::string_view text = (*secret)->text();
    const berval password{text.size(), const_cast<char*>(text.data())};
    const int code = ldap_sasl_bind_s(ld_, directory.credentials.principal.c_str(), LDAP_SASL_SIMPLE,
                                      const_cast<berval*>(&password), nullptr, nullptr, nullptr);
    if (code != LDAP_SUCCESS) return refused(code < 0 ? Doing::connecting : Doing::signing_on, code);
    return {};
}

// What the SASL mechanism asks for before it looks for a ticket, and what it gets.
struct Answers {
    void* credential;
    bool given = false;
};

// The question is about an authorisation identity; the answer is "none", that is the ticket's own. It is
// also the only moment in which a ticket can be handed over: the library takes it for a SASL conversation
// that has begun, and not before.
int answer(LDAP* ld, unsigned, void* ours, void* questions) {
    auto& answers = *static_cast<Answers*>(ours);
    answers.given = ldap_set_option(ld, LDAP_OPT_X_SASL_GSS_CREDS, answers.credential) == LDAP_OPT_SUCCESS;
    if (!answers.given) return LDAP_LOCAL_ERROR;
    for (auto* question = static_cast<sasl_interact_t*>(questions); question->id != SASL_CB_LIST_END; ++question) {
        question->result = "";
        question->len = 0;
    }
    return LDAP_SUCCESS;
}

// A password is shown to nobody: it makes the key with which the domain's answer is read.
Result<gss::SharedLogin> ticket(const Credentials& from, gss::Mechanism mechanism) {
    if (from.form == Credentials::Form::keytab) return gss::login_from_keytab(mechanism, from.path, from.principal);
    if (!from.is_password()) return gss::login_from_cache(mechanism, from.path);
    const Result<SharedSecret> secret = obtain_secret(password_source(from));
    if (!secret) return tl::unexpected(secret.error());
    return gss::login_with_password(mechanism, from.principal, (*secret)->text());
}

template <class Base>
Result<void> Connection<Base>::sign_on_with_ticket(const Directory& directory) {
    const Credentials& from = directory.credentials;
    const bool spnego = directory.bind == Bind::gss_spnego;
    const auto login = ticket(from, spnego ? gss::Mechanism::spnego : gss::Mechanism::krb5);
    if (!login) return tl::unexpected(login.error());
    login_ = *login;
    Answers answers{login_->handle()};
    const int code = ldap_sasl_interactive_bind_s(ld_, nullptr, spnego ? "GSS-SPNEGO" : "GSSAPI", nullptr, nullptr,
                                                  LDAP_SASL_QUIET, answer, &answers);
    if (code != LDAP_SUCCESS) return refused(Doing::signing_on, code);
    // Without our ticket it was the caller's default one, perhaps somebody else's.
    if (!answers.given)
        return fail(Code::unsupported, "the SASL library did not take the Kerberos ticket it was given");
    return {};
}

template <class Base>
Result<Page> Connection<Base>::search(const Search& search, const std::string& cookie) {
    const NoPipeSignal quiet;
    std::vector<char*> attributes;
    for (const std::string& name : search.attributes) attributes.push_back(borrowed(name));
    attributes.push_back(nullptr);
    berval at = borrowed_bytes(cookie);
    Control paging;
    if (search.page_size > 0) {
        LDAPControl* made = nullptr;
        constexpr char critical = 1;  // a server that ignored it would cut the answer short
        if (const int code = ldap_create_page_control(ld_, search.page_size, &at, critical, &made);
            code != LDAP_SUCCESS)
            return refused(Doing::reading, code);
        paging.reset(made);
    }
    LDAPControl* controls[] = {paging.get(), nullptr};
    timeval patience{operation_timeout_s, 0};
    LDAPMessage* result = nullptr;
    ++requests_;
    const int code = ldap_search_ext_s(
        ld_, search.base.c_str(), search.scope == Scope::base ? LDAP_SCOPE_BASE : LDAP_SCOPE_SUBTREE,
        search.filter.text().c_str(), attributes.data(), 0, controls, nullptr, &patience, LDAP_NO_LIMIT, &result);
    const Message owned(result);
    if (code != LDAP_SUCCESS) return refused(Doing::reading, code);
    return read_page(result, search.page_size > 0);
}

template <class Base>
Result<Page> Connection<Base>::read_page(LDAPMessage* result, bool paged) {
    Page page;
    // References to other naming contexts (RFC 4511 4.5.3) are passed over: the accounts are not there.
    for (LDAPMessage* m = ldap_first_entry(ld_, result); m; m = ldap_next_entry(ld_, m)) {
        if (page.entries.size() >= most_entries_in_page)
            return fail(Code::protocol, fmt::format("{} sent more entries than were asked for", server_));
        Result<Entry> entry = read_entry(m);
        if (!entry) return tl::unexpected(entry.error());
        page.entries.push_back(std::move(*entry));
    }
    if (!paged) return page;
    Result<std::string> cookie = next_cookie(result);
    if (!cookie) return tl::unexpected(cookie.error());
    page.cookie = std::move(*cookie);
    return page;
}

template <class Base>
Result<Entry> Connection<Base>::read_entry(LDAPMessage* message) {
    Entry entry;
    const Text dn(ldap_get_dn(ld_, message));
    if (!dn) return refused(Doing::reading, LDAP_DECODING_ERROR);
    entry.dn = dn.get();
    BerElement* position = nullptr;
    Text name(ldap_first_attribute(ld_, message, &position));
    const Ber owned(position);
    for (; name; name.reset(ldap_next_attribute(ld_, message, position))) {
        Attribute attribute{name.get(), {}};
        const Values values(ldap_get_values_len(ld_, message, name.get()));
        for (berval** v = values.get(); v && *v; ++v) attribute.values.emplace_back((*v)->bv_val, (*v)->bv_len);
        entry.attributes.push_back(std::move(attribute));
    }
    return entry;
}

template <class Base>
Result<std::string> Connection<Base>::next_cookie(LDAPMessage* result) {
    LDAPControl** list = nullptr;
    int code = LDAP_SUCCESS;
    if (const int parsed = ldap_parse_result(ld_, result, &code, nullptr, nullptr, nullptr, &list, 0);
        parsed != LDAP_SUCCESS)
        return refused(Doing::reading, parsed);
    const Controls owned(list);
    LDAPControl* answer = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, list, nullptr);
    ber_int_t estimate = 0;
    berval cookie{0, nullptr};
    if (!answer || ldap_parse_pageresponse_control(ld_, answer, &estimate, &cookie) != LDAP_SUCCESS)
        return fail(Code::protocol, fmt::format("{} ignored the request for pages (RFC 2696), so nobody knows "
                                                "whether its answer is whole",
                                                server_));
    std::string next(cookie.bv_val ? cookie.bv_val : "", cookie.bv_val ? cookie.bv_len : 0);
    ber_memfree(cookie.bv_val);
    return next;
}

Result<void> WritingConnection::modify(const std::string& dn, std::span<const Modification> modifications) {
    const NoPipeSignal quiet;
    // Filled completely before their addresses are taken.
    std::vector<std::vector<berval>> bytes;
    std::vector<std::vector<berval*>> values;
    std::vector<LDAPMod> mods;
    for (const Modification& modification : modifications) {
        if (modification.values.empty())
            return fail(Code::refused, "a change without values would empty the whole attribute");
        auto& row = bytes.emplace_back();
        for (const std::string& value : modification.values) row.push_back(borrowed_bytes(value));
    }
    for (std::size_t i = 0; i < modifications.size(); ++i) {
        auto& row = values.emplace_back();
        for (berval& value : bytes[i]) row.push_back(&value);
        row.push_back(nullptr);
        const bool add = modifications[i].kind == Modification::Kind::add;
        LDAPMod mod{
            (add ? LDAP_MOD_ADD : LDAP_MOD_DELETE) | LDAP_MOD_BVALUES, borrowed(modifications[i].attribute), {}};
        mods.push_back(mod);
    }
    std::vector<LDAPMod*> list;
    for (std::size_t i = 0; i < mods.size(); ++i) {
        mods[i].mod_bvalues = values[i].data();
        list.push_back(&mods[i]);
    }
    list.push_back(nullptr);
    ++requests_;
    const int code = ldap_modify_ext_s(ld_, dn.c_str(), list.data(), nullptr, nullptr);
    if (code != LDAP_SUCCESS) return refused(Doing::writing, code);
    return {};
}

}  // namespace

Result<std::unique_ptr<ReadWire>> dial_to_read(const Directory& directory, const std::string& server) {
    auto connection = std::make_unique<Connection<ReadWire>>(server);
    if (auto open = connection->open(directory); !open) return tl::unexpected(open.error());
    return connection;
}

Result<std::unique_ptr<Wire>> dial_to_write(const Directory& directory, const std::string& server) {
    auto connection = std::make_unique<WritingConnection>(server);
    if (auto open = connection->open(directory); !open) return tl::unexpected(open.error());
    return connection;
}

}  // namespace fairway::ldap
