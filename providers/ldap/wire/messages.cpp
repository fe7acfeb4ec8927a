// What a session says and hears: searches, several under way at once, and modify requests (RFC 4511 4.5, 4.6).
#include <fmt/format.h>
#include <numeric>
#include <utility>

#include "providers/ldap/wire/guards.hpp"
#include "providers/ldap/wire/library.hpp"
#include "providers/ldap/wire/result.hpp"
#include "providers/ldap/wire/searches.hpp"
#include "providers/ldap/wire/session.hpp"

namespace fairway::ldap {
namespace {

constexpr int operation_timeout_s = 60;  // all that is asked here is indexed
constexpr std::size_t most_entries_in_page = 5000;
// MS-ADTS 3.1.1.3.4.1.14 and .26, LDAP-39. Without the second, what was deleted from the recycle bin too is not shown;
// a server that does not know it has no such bin.
constexpr const char* show_deleted = "1.2.840.113556.1.4.417";
constexpr const char* show_recycled = "1.2.840.113556.1.4.2064";
// A server that ignored one that is critical would give another answer than was asked for.
constexpr char critical = 1, optional = 0;

int controls_of(::ldap* ld, const Search& search, const std::string& cookie, std::vector<Control>& out) {
    LDAPControl* made = nullptr;
    berval at = borrowed_bytes(cookie);
    if (search.page_size > 0) {
        const int code = ldap_create_page_control(ld, search.page_size, &at, critical, &made);
        if (code != LDAP_SUCCESS) return code;
        out.emplace_back(made);
    }
    if (!search.deleted) return LDAP_SUCCESS;
    for (const auto& [oid, must] : {std::pair(show_deleted, critical), std::pair(show_recycled, optional)}) {
        if (const int code = ldap_control_create(oid, must, nullptr, 1, &made); code != LDAP_SUCCESS) return code;
        out.emplace_back(made);
    }
    return LDAP_SUCCESS;
}

}  // namespace

struct Session::Heard {
    int kind = 0;
    Message message;
};

Result<int> Session::ask(const Search& search, const std::string& cookie) {
    const NoPipeSignal quiet;
    std::vector<char*> attributes;
    for (const std::string& name : search.attributes) attributes.push_back(borrowed(name));
    attributes.push_back(nullptr);
    std::vector<Control> owned;
    if (const int code = controls_of(ld_, search, cookie, owned); code != LDAP_SUCCESS)
        return refused(Doing::reading, code);
    std::vector<LDAPControl*> controls;
    for (const Control& control : owned) controls.push_back(control.get());
    controls.push_back(nullptr);
    timeval patience{operation_timeout_s, 0};
    int number = 0;
    ++requests_;
    const int code =
        ldap_search_ext(ld_, search.base.c_str(), search.scope == Scope::base ? LDAP_SCOPE_BASE : LDAP_SCOPE_SUBTREE,
                        search.filter.text().c_str(), attributes.data(), 0, controls.data(), nullptr, &patience,
                        LDAP_NO_LIMIT, &number);
    if (code != LDAP_SUCCESS) return refused(Doing::reading, code);
    under_way_[number] = {search.page_size > 0, {number, false, {}, {}, 0}};
    return number;
}

Result<Session::Heard> Session::hear(Doing doing) {
    timeval patience{operation_timeout_s, 0};
    LDAPMessage* message = nullptr;
    const int kind = ldap_result(ld_, LDAP_RES_ANY, LDAP_MSG_ONE, &patience, &message);
    Message owned(message);
    if (kind == 0) return refused(doing, LDAP_TIMEOUT);
    if (kind > 0) return Heard{kind, std::move(owned)};
    int code = LDAP_SERVER_DOWN;
    ldap_get_option(ld_, LDAP_OPT_RESULT_CODE, &code);
    return refused(doing, code == LDAP_SUCCESS ? LDAP_SERVER_DOWN : code);
}

Error Session::told(Doing doing, int code, const char* said) {
    lost_ = lost_ || is_lost(code);
    return explain(doing, {code, said ? said : "", server_});
}

Result<Page> Session::next() {
    const NoPipeSignal quiet;
    while (!under_way_.empty()) {
        auto heard = hear(Doing::reading);
        if (!heard) return tl::unexpected(heard.error());
        const int kind = heard->kind;
        LDAPMessage* const message = heard->message.get();
        const auto asked = under_way_.find(ldap_msgid(message));
        if (asked == under_way_.end()) continue;  // abandoned
        if (kind == LDAP_RES_SEARCH_ENTRY) {
            if (auto taken = take_entry(asked->second.page, message); !taken) return tl::unexpected(taken.error());
        } else if (kind == LDAP_RES_SEARCH_RESULT) {
            const auto done = under_way_.extract(asked);
            return finish(std::move(done.mapped().page), done.mapped().paged, message);
        }
        // References to other naming contexts (RFC 4511 4.5.3) are passed over: the accounts are not there.
    }
    return fail(Code::protocol, "nothing was asked");
}

void Session::abandon() {
    const NoPipeSignal quiet;
    for (const auto& [number, asked] : under_way_) ldap_abandon_ext(ld_, number, nullptr, nullptr);
    under_way_.clear();
}

Result<void> Session::take_entry(Page& page, LDAPMessage* message) {
    if (page.entries.size() >= most_entries_in_page)
        return fail(Code::protocol, fmt::format("{} sent more entries than were asked for", server_));
    BerElement* position = nullptr;
    berval dn{}, name{};
    berval* values = nullptr;
    if (const int code = ldap_get_dn_ber(ld_, message, &position, &dn); code != LDAP_SUCCESS)
        return refused(Doing::reading, code);
    const Ber owned(position);
    Entry& entry = page.entries.emplace_back();
    entry.dn.assign(dn.bv_val, dn.bv_len);
    int code = LDAP_SUCCESS;
    while ((code = ldap_get_attribute_ber(ld_, message, position, &name, &values)) == LDAP_SUCCESS && name.bv_val) {
        const Values freed(values);
        Attribute& attribute = entry.attributes.emplace_back();
        attribute.name.assign(name.bv_val, name.bv_len);
        for (const berval* v = values; v && v->bv_val; ++v) attribute.values.emplace_back(v->bv_val, v->bv_len);
    }
    if (code != LDAP_SUCCESS) return refused(Doing::reading, code);
    page.bytes += size_of(entry);
    const std::size_t arriving =
        std::accumulate(under_way_.begin(), under_way_.end(), std::size_t{0},
                        [](std::size_t sum, const auto& asked) { return sum + asked.second.page.bytes; });
    if (arriving > most_bytes) return fail(Code::protocol, fmt::format("{} {}", server_, too_many_bytes()));
    return {};
}

Result<Page> Session::finish(Page page, bool paged, LDAPMessage* result) {
    int code = LDAP_SUCCESS;
    char* said = nullptr;
    LDAPControl** list = nullptr;
    if (const int parsed = ldap_parse_result(ld_, result, &code, nullptr, &said, nullptr, &list, 0);
        parsed != LDAP_SUCCESS)
        return refused(Doing::reading, parsed);
    const Text words(said);
    const Controls owned(list);
    page.cut = code == LDAP_SIZELIMIT_EXCEEDED && !paged;
    if (page.cut) return page;
    if (code != LDAP_SUCCESS) return tl::unexpected(told(Doing::reading, code, said));
    if (!paged) return page;
    LDAPControl* answer = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, list, nullptr);
    ber_int_t estimate = 0;
    berval cookie{0, nullptr};
    if (!answer || ldap_parse_pageresponse_control(ld_, answer, &estimate, &cookie) != LDAP_SUCCESS)
        return fail(Code::protocol, fmt::format("{} ignored the request for pages (RFC 2696), so nobody knows "
                                                "whether its answer is whole",
                                                server_));
    page.cookie.assign(cookie.bv_val ? cookie.bv_val : "", cookie.bv_val ? cookie.bv_len : 0);
    ber_memfree(cookie.bv_val);
    return page;
}

Result<int> WritingSession::send(const std::string& dn, std::span<const Modification> modifications) {
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
    count_request();
    int number = 0;
    const int code = ldap_modify_ext(library(), dn.c_str(), list.data(), nullptr, nullptr, &number);
    if (code != LDAP_SUCCESS) return refused(Doing::writing, code);
    return number;
}

Result<Modified> WritingSession::next_modified() {
    const NoPipeSignal quiet;
    while (true) {
        const auto heard = hear(Doing::writing);
        if (!heard) return tl::unexpected(heard.error());
        if (heard->kind != LDAP_RES_MODIFY) continue;  // of a search that was abandoned
        Modified out{.request = ldap_msgid(heard->message.get()), .done = {}};
        int code = LDAP_SUCCESS;
        char* said = nullptr;
        const int parsed =
            ldap_parse_result(library(), heard->message.get(), &code, nullptr, &said, nullptr, nullptr, 0);
        const Text words(said);
        if (parsed != LDAP_SUCCESS) return refused(Doing::writing, parsed);
        if (code != LDAP_SUCCESS) out.done = tl::unexpected(told(Doing::writing, code, said));
        return out;
    }
}

}  // namespace fairway::ldap
