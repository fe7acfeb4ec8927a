// See accounts.hpp.
#include "providers/ldap/accounts.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <chrono>

#include "engine/base/text.hpp"
#include "providers/ldap/range.hpp"
#include "providers/ldap/result.hpp"

namespace fairway::ldap {
namespace {

constexpr std::size_t most_pages = 100;
constexpr std::size_t most_values = 100'000;
constexpr int most_tries = 3;
constexpr std::string_view account_attribute = "sAMAccountName";
// The server's own counter of changes to the object: tells whether slices belong together.
constexpr std::string_view change_attribute = "uSNChanged";

const Attribute* find(const Entry& entry, std::string_view name) {
    const auto it = std::find_if(entry.attributes.begin(), entry.attributes.end(),
                                 [&](const Attribute& a) { return text::same_folded(a.name, name); });
    return it == entry.attributes.end() ? nullptr : &*it;
}

std::string first_value(const Entry& entry, std::string_view name) {
    const Attribute* attribute = find(entry, name);
    return attribute && !attribute->values.empty() ? attribute->values.front() : std::string();
}

Result<Entry> read_one(ReadWire& wire, const std::string& base, std::vector<std::string> attributes) {
    Search search;
    search.base = base;
    search.attributes = std::move(attributes);
    Result<Page> page = wire.search(search, "");
    if (!page) return tl::unexpected(page.error());
    if (page->entries.size() != 1)
        return fail(Code::not_found, fmt::format("`{}` is not shown to us", printable(base)));
    return std::move(page->entries.front());
}

// One slice that came, or the whole attribute: appended to `values`; true when there is more to ask for.
Result<bool> take(const Entry& entry, std::string_view wanted, std::vector<std::string>& values) {
    for (const Attribute& attribute : entry.attributes) {
        const std::string_view plain = std::string_view(attribute.name).substr(0, attribute.name.find(';'));
        if (!text::same_folded(plain, wanted)) continue;
        const Result<std::optional<Range>> range = parse_range(attribute.name);
        if (!range) return tl::unexpected(range.error());
        // The plain name comes without values beside a slice that has them.
        if (!*range && attribute.values.empty()) continue;
        const Range whole{plain, 0, std::nullopt};
        const Range& slice = *range ? **range : whole;
        if (auto fine = check_slice(slice, values.size(), attribute.values.size()); !fine)
            return tl::unexpected(fine.error());
        values.insert(values.end(), attribute.values.begin(), attribute.values.end());
        if (values.size() > most_values)
            return fail(Code::protocol, fmt::format("{} has more than {} values", wanted, most_values));
        return slice.last.has_value();
    }
    return false;
}

// All values of one attribute: those that came with the entry, and slice by slice those that did not, on
// the same connection. Code::stale when the account changes meanwhile, because slices are cut by number.
Result<std::vector<std::string>> gather(ReadWire& wire, const Entry& found, const std::string& attribute) {
    std::vector<std::string> values;
    Result<bool> more = take(found, attribute, values);
    while (more && *more) {
        const std::size_t have = values.size();
        const Result<Entry> next = read_one(wire, found.dn, {ask_from(attribute, have), std::string(change_attribute)});
        if (!next) return tl::unexpected(next.error());
        if (first_value(*next, change_attribute) != first_value(found, change_attribute))
            return fail(Code::stale,
                        fmt::format("`{}` is being changed while its {} is read", printable(found.dn), attribute));
        more = take(*next, attribute, values);
        if (more && *more && values.size() == have)
            return fail(Code::protocol, fmt::format("the rest of {} does not come", attribute));
    }
    if (!more) return tl::unexpected(more.error());
    return values;
}

Result<Account> gather_all(ReadWire& wire, const Entry& found, std::span<const std::string> attributes) {
    Account account{found.dn, {}};
    for (const std::string& attribute : attributes) {
        Result<std::vector<std::string>> values = gather(wire, found, attribute);
        if (!values) return tl::unexpected(values.error());
        if (!values->empty()) account.values[attribute] = std::move(*values);
    }
    return account;
}

std::vector<std::string> to_ask(std::span<const std::string> attributes) {
    std::vector<std::string> out(attributes.begin(), attributes.end());
    out.emplace_back(account_attribute);
    out.emplace_back(change_attribute);
    return out;
}

Result<Account> read_account(ReadWire& wire, Entry found, std::span<const std::string> attributes) {
    for (int attempt = 1;; ++attempt) {
        Result<Account> account = gather_all(wire, found, attributes);
        if (account || account.error().code != Code::stale || attempt == most_tries) return account;
        Result<Entry> again = read_one(wire, found.dn, to_ask(attributes));
        if (!again) return tl::unexpected(again.error());
        found = std::move(*again);
    }
}

Result<std::vector<Entry>> search_all(ReadWire& wire, const Search& search) {
    std::vector<Entry> found;
    std::string cookie;
    for (std::size_t pages = 0; pages < most_pages; ++pages) {
        Result<Page> page = wire.search(search, cookie);
        if (!page) return tl::unexpected(page.error());
        std::move(page->entries.begin(), page->entries.end(), std::back_inserter(found));
        cookie = std::move(page->cookie);
        if (cookie.empty()) return found;
    }
    return fail(Code::protocol, fmt::format("the answer has no end after {} pages", most_pages));
}

Search search_for(const std::string& base, std::span<const std::string> hosts,
                  std::span<const std::string> attributes) {
    std::vector<Filter> names;
    for (const std::string& host : hosts) names.push_back(Filter::equal(account_attribute, account_name(host)));
    return {base, Scope::subtree, Filter::all_of({Filter::equal("objectClass", "computer"), Filter::any_of(names)}),
            to_ask(attributes), entries_per_page};
}

}  // namespace

std::span<const std::string> Account::of(std::string_view attribute) const {
    const auto it = values.find(std::string(attribute));
    return it == values.end() ? std::span<const std::string>() : std::span(it->second);
}

std::optional<std::int64_t> parse_time_s(std::string_view text) {
    const auto number = [&](std::size_t at, std::size_t length) {
        int value = 0;
        for (char c : text.substr(at, length)) value = c >= '0' && c <= '9' && value >= 0 ? value * 10 + (c - '0') : -1;
        return value;
    };
    if (text.size() < 15 || text.size() > 24 || text.back() != 'Z' || (text[14] != '.' && text.size() != 15))
        return std::nullopt;
    const int month = number(4, 2), day = number(6, 2);
    const int hour = number(8, 2), minute = number(10, 2), second = number(12, 2);
    const std::chrono::year_month_day date{std::chrono::year(number(0, 4)),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    const bool in_range = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
    if (number(0, 4) < 1970 || month < 0 || day < 0 || !date.ok() || !in_range) return std::nullopt;
    const auto midnight = std::chrono::sys_days(date).time_since_epoch();
    return std::chrono::seconds(midnight).count() + hour * 3600 + minute * 60 + second;
}

Result<Root> read_root(ReadWire& wire) {
    const Result<Entry> entry = read_one(wire, "",
                                         {"dnsHostName", "defaultNamingContext", "configurationNamingContext",
                                          "dsServiceName", "supportedSASLMechanisms", "currentTime", "isSynchronized"});
    if (!entry) return tl::unexpected(entry.error());
    Root root;
    const std::array<std::pair<std::string_view, std::string*>, 4> texts = {{
        {"dnsHostName", &root.dns_name},
        {"defaultNamingContext", &root.default_context},
        {"configurationNamingContext", &root.configuration_context},
        {"dsServiceName", &root.server_object},
    }};
    for (const auto& [name, target] : texts) {
        *target = first_value(*entry, name);
        if (!text::is_clean_utf8(*target))
            return fail(Code::protocol, fmt::format("the server's {} is no plain text", name));
    }
    root.dns_name = text::fold(printable(root.dns_name));
    if (root.default_context.empty() || root.configuration_context.empty())
        return fail(Code::unsupported,
                    "the server has no default naming context: it is no domain controller of "
                    "Active Directory");
    if (const Attribute* mechanisms = find(*entry, "supportedSASLMechanisms")) root.mechanisms = mechanisms->values;
    root.time_s = parse_time_s(first_value(*entry, "currentTime"));
    root.synchronized = !text::same_folded(first_value(*entry, "isSynchronized"), "FALSE");
    return root;
}

Result<Accounts> read_accounts(ReadWire& wire, const std::string& base, std::span<const std::string> hosts,
                               std::span<const std::string> attributes) {
    Result<std::vector<Entry>> entries = search_all(wire, search_for(base, hosts, attributes));
    if (!entries) return tl::unexpected(entries.error());
    Accounts out;
    for (const std::string& host : hosts) {
        const std::string name = account_name(host);
        std::vector<Entry*> fitting;
        for (Entry& entry : *entries)
            if (text::same_folded(first_value(entry, account_attribute), name)) fitting.push_back(&entry);
        if (fitting.empty()) {
            out.emplace(host, fail(Code::not_found, fmt::format("there is no computer account {} in {}, or it is "
                                                                "hidden from us",
                                                                name, base)));
        } else if (fitting.size() > 1) {
            out.emplace(host, fail(Code::bad_input, fmt::format("{} accounts are named {}: {} and {}; delete the "
                                                                "wrong one first",
                                                                fitting.size(), name, printable(fitting[0]->dn),
                                                                printable(fitting[1]->dn))));
        } else {
            Result<Account> account = read_account(wire, std::move(*fitting[0]), attributes);
            if (!account && wire.lost()) return tl::unexpected(account.error());
            out.emplace(host, std::move(account));
        }
    }
    return out;
}

Result<std::string> read_heuristics(ReadWire& wire, const std::string& configuration_context) {
    constexpr std::array<Rdn, 3> steps = {{{"CN", "Directory Service"}, {"CN", "Windows NT"}, {"CN", "Services"}}};
    return read_one(wire, dn(steps, configuration_context), {"dSHeuristics"}).map([](const Entry& entry) {
        return first_value(entry, "dSHeuristics");
    });
}

bool modifies_permissively(std::string_view heuristics) { return heuristics.size() >= 5 && heuristics[4] != '0'; }

}  // namespace fairway::ldap
