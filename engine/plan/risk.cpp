// See risk.hpp. A ticket for one service of a computer can be rewritten into one for any other of its services, because
// the service's name is not part of what is encrypted (MS-SFU 5.1, RFC 4120 5.3): what a class stands for matters only
// where controllers alone hold it, and otherwise the account decides.
#include "engine/plan/risk.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/model/name_form.hpp"
#include "engine/model/run.hpp"
#include "engine/names/service_names.hpp"

namespace fairway {
namespace {

// MS-DRSR 2.2.2 to 2.2.4 (ldap, GC, replication's interface, RPC of a controller's GUID); MS-KILE 3.1.5.11 (krbtgt,
// kadmin). FROM MEMORY: the two services that replicate SYSVOL, where logon scripts and policies lie.
constexpr std::array<std::string_view, 7> directory_classes = {"ldap",
                                                               "gc",
                                                               "krbtgt",
                                                               "kadmin",
                                                               "E3514235-4B06-11D1-AB04-00C04FC2DCD2",
                                                               "Dfsr-12F9A27C-BF97-4787-9364-D31B6C55EB04",
                                                               "NtFrs-88f5d2bd-b646-11d2-a6d3-00c04fc9b232"};

constexpr auto service_list = &setting::delegation_services;
constexpr auto principals = &setting::delegation_allowed_principals;

const std::array risk_rows = {
    RiskRow{.setting = service_list,
            .way = Way::granted,
            .whose = Whose::several,
            .risk = Risk::forbidden,
            .when = "a name that several accounts hold",
            .because = "no ticket is given for it, and whoever keeps the name gets what is granted here; `fairway spn` "
                       "shows who holds it"},
    RiskRow{.setting = &setting::spn_migration,
            .way = Way::granted,
            .whose = Whose::several,
            .risk = Risk::forbidden,
            .when = "a name that other accounts hold",
            .because = "no ticket is given for a name at several accounts"},
    RiskRow{.setting = &setting::spn_migration,
            .way = Way::granted,
            .whose = Whose::stranger,
            .risk = Risk::forbidden,
            .when = "a name of another account",
            .because = "no ticket is given for a name at several accounts"},
    RiskRow{.kind = Kind::computer,
            .at = At::controller,
            .risk = Risk::critical,
            .when = "the account is a domain controller's",
            .because = "whoever may act as anyone there owns the domain"},
    RiskRow{.setting = &setting::delegation_unconstrained,
            .way = Way::granted,
            .risk = Risk::critical,
            .when = "unconstrained delegation is granted",
            .because = "the ticket-granting ticket of everyone who visits the host lands on it, administrators' too"},
    RiskRow{.setting = service_list,
            .way = Way::granted,
            .what = What::directory_service,
            .risk = Risk::critical,
            .when = "a service that domain controllers alone hold",
            .because = "whoever may act as anyone there owns the domain"},
    RiskRow{.setting = service_list,
            .way = Way::granted,
            .whose = Whose::controller,
            .risk = Risk::critical,
            .when = "a domain controller's name",
            .because = "a ticket for one of its services opens the others, and with them the domain"},
    RiskRow{.setting = service_list,
            .way = Way::granted,
            .whose = Whose::unknown,
            .risk = Risk::critical,
            .when = "it could not be found out whose name this is",
            .because = "it may be a domain controller's"},
    RiskRow{.setting = service_list,
            .way = Way::granted,
            .whose = Whose::nobody,
            .risk = Risk::critical,
            .when = "a name that no account was seen to hold",
            .because = "whoever takes that name later gets what is granted here"},
    RiskRow{.setting = &setting::spn_migration,
            .way = Way::granted,
            .whose = Whose::unknown,
            .risk = Risk::critical,
            .when = "it could not be found out whose name this is",
            .because = "it may be a domain controller's"},
    RiskRow{.setting = &setting::spn_migration,
            .way = Way::granted,
            .whose = Whose::controller,
            .risk = Risk::critical,
            .when = "a domain controller's name",
            .because = "whoever asks for the domain controller is sent to this host"},
    RiskRow{.setting = principals,
            .way = Way::granted,
            .what = What::nameless,
            .risk = Risk::critical,
            .when = "an identifier (SID) without a name",
            .because = "nobody can say who may act as anyone on this host"},
    RiskRow{.setting = principals,
            .way = Way::granted,
            .what = What::user_or_group,
            .risk = Risk::critical,
            .when = "a user or a group",
            .because = "its members, whoever they are by then, may act as anyone on this host"},
    RiskRow{.kind = Kind::computer,
            .way = Way::granted,
            .at = At::unknown,
            .risk = Risk::critical,
            .when = "the account's flags could not be read",
            .because = "it may be a domain controller's"},
    RiskRow{.setting = &setting::delegation_protocol_transition,
            .way = Way::granted,
            .risk = Risk::high,
            .when = "protocol transition is granted",
            .because = "the host may then act as anyone, without their sign-on, wherever it may delegate to"},
    RiskRow{.setting = service_list,
            .way = Way::granted,
            .whose = Whose::stranger,
            .risk = Risk::high,
            .when = "a name of an account that is no host of the inventory",
            .because = "whoever takes over this host may act as anyone there"},
    RiskRow{.setting = service_list,
            .way = Way::granted,
            .whose = Whose::host,
            .risk = Risk::high,
            .when = "a host of another migration domain",
            .because = "live migration does not need it, and whoever takes over this host may act as anyone there"},
    RiskRow{.setting = service_list,
            .way = Way::granted,
            .what = What::other_service,
            .risk = Risk::high,
            .when = "a service that live migration does not use",
            .because = "whoever takes over this host may act as anyone there"},
    RiskRow{.setting = service_list,
            .way = Way::granted,
            .risk = Risk::medium,
            .when = "what live migration needs of a peer",
            .because = "whoever takes over this host may act as anyone there"},
    RiskRow{.setting = principals,
            .way = Way::granted,
            .whose = Whose::stranger,
            .risk = Risk::high,
            .when = "a computer that is no host of the inventory",
            .because = "whoever takes it over may act as anyone on this host"},
    RiskRow{.setting = principals,
            .way = Way::granted,
            .whose = Whose::host,
            .risk = Risk::high,
            .when = "a host of another migration domain",
            .because = "whoever takes it over may act as anyone on this host"},
    RiskRow{.setting = principals,
            .way = Way::granted,
            .risk = Risk::medium,
            .when = "a peer is admitted",
            .because = "whoever takes it over may act as anyone on this host"},
    RiskRow{.setting = &setting::spn_migration,
            .way = Way::granted,
            .whose = Whose::nobody,
            .risk = Risk::high,
            .when = "a name that the inventory does not give to the host",
            .because = "whoever asks for that computer is sent to this host"},
    RiskRow{.setting = &setting::spn_migration,
            .way = Way::granted,
            .whose = Whose::peer,
            .risk = Risk::high,
            .when = "a name of another host",
            .because = "whoever asks for that host is sent to this one"},
    RiskRow{.setting = &setting::spn_migration,
            .way = Way::granted,
            .whose = Whose::host,
            .risk = Risk::high,
            .when = "a name of another host",
            .because = "whoever asks for that host is sent to this one"},
    RiskRow{.setting = &setting::spn_migration,
            .way = Way::granted,
            .risk = Risk::low,
            .when = "the account's own names",
            .because = "they give nobody a right"},
    RiskRow{.setting = &setting::migration_authentication,
            .what = What::credssp,
            .risk = Risk::high,
            .when = "CredSSP",
            .because = "whoever starts a move hands his credentials whole to the other host"},
    RiskRow{.setting = &setting::migration_authentication,
            .risk = Risk::medium,
            .when = "another protocol",
            .because = "the next move uses it, and hosts that differ cannot hand over VMs"},
    RiskRow{.way = Way::taken, .risk = Risk::low, .when = "something is taken away", .because = "it grants nothing"},
};

// Last come the rows of the catalogue, for what no row above decides.
const std::vector<RiskRow>& all_rows() {
    static const std::vector<RiskRow> all = [] {
        std::vector<RiskRow> out(risk_rows.begin(), risk_rows.end());
        for (const Setting* row : catalogue())
            if (row->stake)
                out.push_back({.setting = row,
                               .risk = row->stake->risk,
                               .when = row->stake->when,
                               .because = row->stake->because});
        return out;
    }();
    return all;
}

template <class T>
bool fits(const std::optional<T>& column, T value) {
    return !column || *column == value;
}

// One element that a change grants or takes, and what is known of it.
struct Element {
    std::string_view text;  // empty: the setting has one value
    Way way{};
    What what{};
    Whose whose{};
    At at{};
};

const RiskRow& row_for(const Setting& setting, const Element& element) {
    return *std::find_if(all_rows().begin(), all_rows().end(), [&](const RiskRow& row) {
        return (!row.setting || row.setting == &setting) && fits(row.kind, setting.kind) &&
               fits(row.way, element.way) && fits(row.what, element.what) && fits(row.whose, element.whose) &&
               fits(row.at, element.at);
    });
}

What service_kind(std::string_view name) {
    const NameParts parts = parts_of(name);
    const auto is_class = [&](std::string_view one) { return text::same_folded(parts.service_class, one); };
    // A controller's own GUID as its name: RPC/<GUID>._msdcs.<forest> and others (MS-DRSR 2.2.2).
    const bool of_guid = text::fold(parts.host).find("._msdcs.") != std::string::npos;
    if (of_guid || std::any_of(directory_classes.begin(), directory_classes.end(), is_class))
        return What::directory_service;
    return is_class(class_of(ServiceClass::cifs)) || is_class(migration_service) ? What::migration_need
                                                                                 : What::other_service;
}

What account_kind(std::string_view account) {
    if (account.starts_with("S-1-")) return What::nameless;
    return account.substr(0, account.find('@')).ends_with('$') ? What::computer : What::user_or_group;
}

What what_is(const Setting& setting, std::string_view element) {
    if (setting.elements == ElementForm::services) return service_kind(element);
    return setting.elements == ElementForm::accounts ? account_kind(element) : What::plain;
}

// `known`: what was found out about names and accounts, and the host that the change is about; null: nothing.
struct Known {
    const Ownership* ownership = nullptr;
    const Host* host = nullptr;

    At at(const Setting& setting) const {
        if (!ownership || !row_of(setting.kind).in_directory) return At::unasked;
        return host ? ownership->at(*host) : At::unknown;
    }
    Whose whose(const Setting& setting, std::string_view element) const {
        if (!ownership) return Whose::unasked;
        if (setting.elements == ElementForm::services || setting.elements == ElementForm::own_names)
            return host ? ownership->service(element, *host) : Whose::unknown;
        if (setting.elements == ElementForm::accounts)
            return host ? ownership->account(element, *host) : Whose::unknown;
        return Whose::unasked;
    }
};

std::vector<Element> elements_of(const Change& change, const Known& known) {
    const Setting& setting = *change.address.setting;
    const At at = known.at(setting);
    const Set *before = as_set(change.before), *after = as_set(change.after);
    if (!before || !after) {
        const Way way = change.after == Value(false) ? Way::taken : Way::granted;
        const bool credssp = change.after == Value(std::string(setting::credssp));
        return {{.text = {}, .way = way, .what = credssp ? What::credssp : What::plain, .whose = {}, .at = at}};
    }
    std::vector<Element> out;
    for (const std::string_view one : *after)
        if (!before->contains(one))
            out.push_back({one, Way::granted, what_is(setting, one), known.whose(setting, one), at});
    for (const std::string_view one : *before)
        if (!after->contains(one)) out.push_back({one, Way::taken, what_is(setting, one), Whose::unasked, at});
    return out;
}

// "ldap/dc01, krbtgt/A: a service that …; whoever …"
std::string in_words(const RiskRow& row, const std::vector<std::string_view>& elements, const Known& known) {
    constexpr std::size_t shown = 3;
    const bool in_doubt = row.whose == Whose::unknown || row.whose == Whose::nobody;
    const std::string doubt = in_doubt && known.ownership ? known.ownership->doubt() : std::string();
    return fmt::format("{}{}{}{}; {}", elements.empty() ? "" : text::some(elements, shown) + ": ", row.when,
                       doubt.empty() ? "" : ", because ", doubt, row.because);
}

Grade graded(const Change& change, const Known& known) {
    std::map<const RiskRow*, std::vector<std::string_view>> found;  // in the table's order
    Risk worst = Risk::low;
    for (const Element& element : elements_of(change, known)) {
        const RiskRow& row = row_for(*change.address.setting, element);
        worst = std::max(worst, row.risk);
        auto& elements = found[&row];
        if (!row.at && !element.text.empty()) elements.push_back(element.text);
    }
    std::vector<std::string> reasons;
    for (const auto& [row, elements] : found)
        if (row->risk == worst) reasons.push_back(in_words(*row, elements, known));
    return {worst, text::join(reasons, ". ")};
}

}  // namespace

std::span<const RiskRow> risk_table() { return all_rows(); }

std::vector<const RiskRow*> risks_of(const Setting& setting) {
    std::vector<const RiskRow*> out;
    for (const RiskRow& row : all_rows()) {
        if ((row.setting && row.setting != &setting) || !fits(row.kind, setting.kind)) continue;
        if (row.way == Way::taken && setting.type != Type::boolean && setting.type != Type::set) continue;
        out.push_back(&row);
        if (!row.way && !row.what && !row.whose && !row.at) break;  // nothing gets past it
    }
    return out;
}

Grade grade(const Change& change) { return graded(change, {}); }

Grade believed(const Change& change) {
    Grade least = grade(change);
    return change.grade.because.empty() || least.risk > change.grade.risk ? least : change.grade;
}

Risk highest_risk(const Plan& plan) {
    Risk highest = Risk::low;
    for (const Change* change : numbered(plan)) highest = std::max(highest, believed(*change).risk);
    return highest;
}

void grade(Plan& plan, const Inventory& inventory, const Snapshot& snapshot, const Result<RegisteredNames>& names) {
    const Ownership ownership(plan, inventory, snapshot, names);
    for (Phase& phase : plan.phases)
        for (Change& change : phase.changes)
            change.grade = graded(change, {&ownership, ownership.host(change.address.object)});
}

}  // namespace fairway
