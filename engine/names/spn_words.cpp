// See spn_words.hpp. The commands are those of setspn as Microsoft documents it: -S adds after looking for duplicates,
// -D takes away, -Q looks, -R restores HOST's names, -L lists; -F goes through the forest.
#include "engine/names/spn_words.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/model/name_form.hpp"
#include "engine/names/service_names.hpp"

namespace fairway {
namespace {

// Text from a directory that is to stand on a command line, for cmd and PowerShell alike; nothing else is offered.
bool typeable(std::string_view s) {
    return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) {
        return text::is_alnum(c) || std::string_view(" ._-/:").find(c) != std::string_view::npos;
    });
}

// A computer's account without its dollar sign, which PowerShell would take for something else.
std::string typed(std::string_view account) {
    return std::string(account.ends_with('$') ? account.substr(0, account.size() - 1) : account);
}

void offer(NameFinding& finding, std::string_view option, std::string_view name, std::string_view account = {}) {
    const std::string who = typed(account);
    if (!typeable(name) || name.starts_with('-') || text::trim(name) != name) return;
    if (!account.empty() && (!typeable(who) || who.starts_with('-'))) return;
    const std::string quoted = who.find(' ') == std::string::npos ? who : fmt::format("\"{}\"", who);
    finding.commands.push_back(fmt::format("setspn {} \"{}\"{}{}", option, name, who.empty() ? "" : " ", quoted));
}

void offer_all(NameFinding& finding, std::string_view option, std::string_view account = {}) {
    for (const std::string& name : finding.names) offer(finding, option, name, account);
}

std::string list(const std::vector<NameHolder>& holders) {
    std::string out;
    for (const NameHolder& holder : holders)
        out += fmt::format("{}{} ({}{})", out.empty() ? "" : ", ", holder.account, holder.dn,
                           holder.enabled ? "" : ", disabled");
    return out;
}

std::string_view it(const NameFinding& finding) { return finding.names.size() == 1 ? "it" : "them"; }

bool of_class(const NameFinding& finding, std::string_view service_class) {
    return !finding.names.empty() && text::same_folded(parts_of(finding.names.front()).service_class, service_class);
}

void no_account(NameFinding& f, std::string_view reach) {
    f.because = fmt::format("no computer account {} with the host's full name is in {}, or it is hidden from us",
                            f.should, reach);
    f.advice = "is the host joined to the domain, and is its name in the inventory right?";
}

void missing(NameFinding& f, std::string_view reach) {
    f.because =
        fmt::format("{} should hold {}, and nobody in {} does: nobody can get a ticket for that service by that name",
                    f.should, it(f), reach);
    if (of_class(f, "HOST")) {
        f.advice =
            "the names of HOST stand for cifs and many others, and every computer has them from its join; restore "
            "them, or find out who took them";
        if (typeable(typed(f.should))) f.commands.push_back(fmt::format("setspn -R {}", typed(f.should)));
        return;
    }
    f.advice =
        of_class(f, migration_service)
            ? "have the policy want them (setting spn.migration) and run `fairway plan`; or let the host register "
              "them itself by restarting its vmms service (event 14050 there says why it cannot); or by hand:"
            : "register it";
    offer_all(f, "-S", f.should);
}

void elsewhere(NameFinding& f, std::string_view) {
    f.because = fmt::format(
        "{} {} {}{}: tickets are made for the wrong account, and the host cannot read them "
        "(0x80090322)",
        list(f.holders), f.holders.size() == 1 ? "holds" : "hold", it(f),
        f.should.empty() ? "" : fmt::format(", and {}, which should, does not", f.should));
    f.advice = "ask its owner why it is there; what is left over goes from there, and then to where it belongs";
    for (const NameHolder& holder : f.holders) offer_all(f, "-D", holder.account);
    // Where an alias serves, nothing needs to be registered.
    if (!f.should.empty() && !of_class(f, "cifs") && !of_class(f, "HTTP")) offer_all(f, "-S", f.should);
}

void duplicate(NameFinding& f, std::string_view) {
    f.because = fmt::format("{} accounts hold {}: {}; a domain controller that finds several gives no ticket",
                            f.holders.size(), it(f), list(f.holders));
    f.advice = fmt::format(
        "one of them is wrong, and Fairway does not guess which{}; ask the keepers of each, then take "
        "the name from the wrong one (setspn -D)",
        f.should.empty() ? "" : fmt::format(" (the inventory's host is {})", f.should));
    offer_all(f, "-F -Q");
}

void alias_duplicate(NameFinding& f, std::string_view) {
    f.because = fmt::format(
        "{} {} {} as written, while {} has {} through {}: the written one counts, so tickets are made "
        "for an account that the host is not",
        list(f.holders), f.holders.size() == 1 ? "holds" : "hold", it(f), f.should, it(f), text::join(f.through, ", "));
    f.advice = fmt::format(
        "ask its owner why it is there; if by mistake, remove it there (setspn -D); {} needs "
        "nothing else, the alias serves it",
        f.should);
    offer_all(f, "-F -Q");
    for (const std::string& name : f.through) offer(f, "-F -Q", name);
}

void disabled(NameFinding& f, std::string_view) {
    f.because = fmt::format("{} {} disabled, and no ticket is made for it", list(f.holders),
                            f.holders.size() == 1 ? "is" : "are");
    f.advice = "enable the account; or, if the host is gone for good, delete it, and its names go with it";
}

void ghost(NameFinding& f, std::string_view reach) {
    f.because = fmt::format(
        "{} holds {} for {}, and no account in {} is called so: who joins a computer of that name "
        "meets a name that is taken",
        list(f.holders), it(f), f.detail, reach);
    f.advice =
        fmt::format("if {} is gone or was renamed, take {} away; if it lives outside of what was searched, leave {}",
                    f.detail, it(f), it(f));
    for (const NameHolder& holder : f.holders) offer_all(f, "-D", holder.account);
}

void malformed(NameFinding& f, std::string_view) {
    f.because = fmt::format("on {}: {}; no client asks for a name of that spelling", list(f.holders), f.detail);
    f.advice = "take it away, and register it rightly if it is needed";
    for (const NameHolder& holder : f.holders) offer_all(f, "-D", holder.account);
    if (f.commands.empty()) f.advice += "; it cannot be typed safely: use an editor of the directory (ADSI Edit)";
}

void twice(NameFinding& f, std::string_view) {
    f.because =
        fmt::format("{} holds one name in {} spellings; names compare without case", list(f.holders), f.names.size());
    f.advice = "harmless in itself; take all but one away when you are there";
}

void stale_delegation(NameFinding& f, std::string_view reach) {
    f.because = fmt::format(
        "{} may delegate to {} for {}, and no account in {} holds {} or is called so: who joins a computer of that "
        "name is handed the callers of {}",
        f.host, it(f), f.detail, reach, it(f), f.host);
    f.advice = fmt::format(
        "if {} is gone or was renamed, take {} from the list; a policy with `without: vanished` for "
        "delegation.services does it by plan and apply",
        f.detail, it(f));
}

}  // namespace

std::string_view fault_words(NameFault fault) {
    constexpr std::array<std::string_view, 10> words = {"no account",
                                                        "missing",
                                                        "at the wrong account",
                                                        "not unique in the forest",
                                                        "not unique, by an alias",
                                                        "account is disabled",
                                                        "ghost",
                                                        "malformed",
                                                        "written twice",
                                                        "delegation to nobody"};
    return words.at(static_cast<std::size_t>(fault));
}

void explain(NameFinding& finding, std::string_view reach) {
    constexpr std::array words = {no_account, missing, elsewhere, duplicate, alias_duplicate,
                                  disabled,   ghost,   malformed, twice,     stale_delegation};
    words.at(static_cast<std::size_t>(finding.fault))(finding, reach);
}

}  // namespace fairway
