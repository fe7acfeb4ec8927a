// See questions.hpp.
#include "providers/ldap/contact/questions.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/ldap/accounts/attributes.hpp"
#include "providers/ldap/controller/ping.hpp"
#include "providers/ldap/wire/anonymous.hpp"
#include "providers/ldap/wire/guards.hpp"
#include "providers/ldap/wire/login.hpp"
#include "providers/ldap/wire/record.hpp"
#include "providers/ldap/wire/searches.hpp"
#include "providers/sign_on/gss_ticket.hpp"

namespace fairway::ldap {
namespace {

constexpr std::chrono::seconds patience_of_a_question{3};
constexpr std::string_view bit_and = "1.2.840.113556.1.4.803";  // MS-ADTS 3.1.1.3.4.4.1
constexpr std::string_view server_trust = "8192";               // of userAccountControl: a domain controller

// Asks, and keeps what came under the question.
class Asker {
public:
    Asker(ReadWire& wire, const SharedRecording& recording, Heard& out)
        : wire_(wire), recording_(recording), out_(out) {}

    void ask(Subject subject, const Search& search) {
        Answered answered{std::vector<Entry>(), {}};
        const std::size_t before = kept();
        const auto read = search_all(wire_, std::span(&search, 1), [&](std::vector<Entry> entries) -> Result<void> {
            std::move(entries.begin(), entries.end(), std::back_inserter(*answered.entries));
            return {};
        });
        if (!read) answered.entries = tl::unexpected(read.error());
        keep(subject, before, std::move(answered));
    }
    void read(Subject subject, std::string base, std::vector<std::string> attributes, bool deleted = false) {
        ask(subject, {.base = std::move(base), .attributes = std::move(attributes), .deleted = deleted});
    }
    // The first page and no more, of things of which there may be many.
    void ask_for_one(Subject subject, Search search) {
        search.page_size = 1;
        const std::size_t before = kept();
        const auto asked = wire_.ask(search, {});
        auto page = asked ? wire_.next() : Result<Page>(tl::unexpected(asked.error()));
        wire_.abandon();
        keep(subject, before, {page.map([](Page& one) { return std::move(one.entries); }), {}});
    }

private:
    std::size_t kept() const { return recording_ ? recording_->kept() : 0; }
    void keep(Subject subject, std::size_t before, Answered answered) {
        for (std::size_t number = before + 1; number <= kept(); ++number) answered.exchanges.push_back(number);
        out_.answers.insert_or_assign(subject, std::move(answered));
    }

    ReadWire& wire_;
    const SharedRecording& recording_;
    Heard& out_;
};

// The root entry's first value of one attribute, to somebody who did not sign on.
class StrangersWire final : public ReadWire {
public:
    StrangersWire(std::string server, std::uint16_t port) : server_(std::move(server)), port_(port) {}

    Result<int> ask(const Search& search, const std::string&) override {
        const NoPipeSignal quiet;
        Anonymous wire;
        if (wire.connect(server_, port_, patience_of_a_question) < 0)
            return fail(Code::unreachable, fmt::format("{} takes no connection on port {}", server_, port_));
        const std::string& attribute = search.attributes.front();
        auto value = wire.root_value(search.filter, attribute, patience_of_a_question);
        ++requests_;
        if (!value) return tl::unexpected(value.error());
        page_ = {.question = static_cast<int>(requests_), .entries = {}, .cookie = {}};
        if (*value) page_.entries.push_back({"", {{attribute, {std::move(**value)}}}});
        return page_.question;
    }
    Result<Page> next() override { return std::move(page_); }
    void abandon() override {}
    bool lost() const override { return false; }
    std::size_t requests() const override { return requests_; }

private:
    std::string server_;
    std::uint16_t port_;
    Page page_;
    std::size_t requests_ = 0;
};

std::string in_other_letters(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += c >= 'a' && c <= 'z'   ? static_cast<char>(c - 'a' + 'A')
               : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a')
                                      : c;
    return out;
}

Filter account_of(const Heard& out) { return Filter::equal(account_attribute, account_name(out.host)); }

// Everything about the one account that is looked at.
void ask_about_account(Asker& asker, const Root& root, Heard& out) {
    asker.ask(Subject::account_by_name, {.base = root.default_context,
                                         .scope = Scope::subtree,
                                         .filter = account_of(out),
                                         .attributes = {std::string(account_attribute)}});
    const auto found = out.one(Subject::account_by_name);
    if (!found) return;
    const std::string dn = found->dn, names(names_attribute);
    asker.read(Subject::account, dn,
               {std::string(account_attribute), std::string(sid_attribute), std::string(dns_attribute), names,
                "primaryGroupID", "accountExpires", "uSNChanged", "replPropertyMetaData", "tokenGroups",
                "msDS-User-Account-Control-Computed", "msDS-AdditionalDnsHostName",
                "msDS-AllowedToActOnBehalfOfOtherIdentity"});
    asker.read(Subject::secret, dn, {std::string(account_attribute), "unicodePwd"});
    asker.read(Subject::first_slice, dn, {names + ";range=0-0"});
    asker.read(Subject::other_slices, dn, {names + ";range=1-*"});
    asker.read(Subject::stamps_as_xml, dn, {"msDS-ReplAttributeMetaData"});
    const auto account = out.one(Subject::account);
    const std::string name = account ? first_value(*account, names_attribute) : std::string();
    if (name.empty()) return;
    asker.ask(Subject::other_case, {.base = dn,
                                    .filter = Filter::equal(names_attribute, in_other_letters(name)),
                                    .attributes = {std::string(account_attribute)}});
}

void ask_about_forest(Asker& asker, const Root& root) {
    constexpr std::array looked_at = {"msDS-AllowedToDelegateTo", "servicePrincipalName", "dNSHostName"};
    std::vector<Filter> attributes;
    for (const char* name : looked_at) attributes.push_back(Filter::equal("lDAPDisplayName", name));
    asker.ask(Subject::schema, {.base = "CN=Schema," + root.configuration_context,
                                .scope = Scope::subtree,
                                .filter = Filter::any_of(attributes),
                                .attributes = {"lDAPDisplayName", "attributeSyntax", "oMSyntax", "searchFlags"}});
    asker.ask(Subject::controllers, {.base = root.default_context,
                                     .scope = Scope::subtree,
                                     .filter = Filter::by_rule(flags_attribute, bit_and, server_trust),
                                     .attributes = {std::string(dns_attribute), std::string(names_attribute)}});
    const std::string sites = "CN=Sites," + root.configuration_context;
    asker.ask(Subject::servers, {.base = sites,
                                 .scope = Scope::subtree,
                                 .filter = Filter::equal("objectClass", "server"),
                                 .attributes = {"dNSHostName", "serverReference"},
                                 .page_size = entries_per_page});
    asker.ask(Subject::server_settings, {.base = sites,
                                         .scope = Scope::subtree,
                                         .filter = Filter::equal("objectClass", "nTDSDSA"),
                                         .attributes = {"invocationId"},
                                         .page_size = entries_per_page});
    asker.read(Subject::forest_settings, forest_settings(root.configuration_context), {"sPNMappings"});
    asker.read(Subject::partitions, "CN=Partitions," + root.configuration_context, {"msDS-EnabledFeature"});
    const std::string deleted = "CN=Deleted Objects," + root.default_context;
    asker.read(Subject::deleted_container, deleted, {"objectGUID"}, true);
    asker.ask_for_one(Subject::deleted, {.base = deleted,
                                         .scope = Scope::subtree,
                                         .filter = Filter::equal("isDeleted", "TRUE"),
                                         .attributes = {"isDeleted"},
                                         .deleted = true});
}

void ask_catalogue(const Directory& directory, const std::string& server, const SharedRecording& recording,
                   Heard& out) {
    const Directory catalogue = as_catalogue(directory);
    const auto wire = recorded_reads(dial_to_read, recording)(catalogue, server);
    if (!wire) {
        out.answers.insert_or_assign(Subject::catalogue, Answered{tl::unexpected(wire.error()), {}});
        return;
    }
    Asker(**wire, recording, out)
        .ask(Subject::catalogue, {.base = "",
                                  .scope = Scope::subtree,
                                  .filter = account_of(out),
                                  .attributes = {std::string(account_attribute)}});
}

}  // namespace

void ask_as_stranger(const Directory& directory, const std::string& server, const SharedRecording& recording,
                     Heard& out) {
    if (directory.tls == Tls::ldaps) return;  // that port says nothing without TLS
    const auto wire = recorded(std::make_unique<StrangersWire>(server, directory.port), recording, server);
    Asker asker(*wire, recording, out);
    asker.read(Subject::root_of_strangers, "", {"currentTime"});
    asker.ask(Subject::ping,
              {.base = "", .filter = ping_of(directory.domain), .attributes = {std::string(ping_attribute)}});
}

void ask_everything(Controllers::Opened<ReadWire>& domain, const Directory& directory, const SharedRecording& recording,
                    Heard& out) {
    const Root& root = domain.controller->root;
    if (const auto wire = domain.line->get(); wire) {
        Asker asker(**wire, recording, out);
        asker.read(Subject::root, "", {"currentTime", "supportedControl"});
        ask_about_account(asker, root, out);
        ask_about_forest(asker, root);
    }
    ask_catalogue(directory, domain.controller->server, recording, out);
    if (directory.bind == Bind::simple) return;
    const auto login = login_by(directory.credentials, gss::Mechanism::krb5);
    const gss::Service service{"ldap", domain.controller->server, directory.domain};
    out.ticket =
        login ? gss::ask_ticket(**login, directory.domain, service) : Result<TicketSeen>(tl::unexpected(login.error()));
}

Result<std::vector<Entry>> Heard::entries(Subject subject) const {
    const auto it = answers.find(subject);
    if (it == answers.end()) return fail(Code::unreachable, "it was not asked");
    return it->second.entries;
}

Result<Entry> Heard::one(Subject subject) const {
    auto all = entries(subject);
    if (!all) return tl::unexpected(all.error());
    if (all->size() != 1) return fail(Code::not_found, fmt::format("{} entries came", all->size()));
    return std::move(all->front());
}

}  // namespace fairway::ldap
