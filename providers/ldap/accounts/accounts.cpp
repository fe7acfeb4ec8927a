// See accounts.hpp. Facts: LDAP-7, LDAP-8 and LDAP-11.
#include "providers/ldap/accounts/accounts.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <numeric>
#include <unordered_map>

#include "engine/base/text.hpp"
#include "providers/ldap/accounts/attributes.hpp"
#include "providers/ldap/wire/range.hpp"
#include "providers/ldap/wire/result.hpp"
#include "providers/ldap/wire/searches.hpp"

namespace fairway::ldap {
namespace {

constexpr std::size_t most_values = 100'000;
constexpr int most_tries = 3;
constexpr std::string_view change_attribute = "uSNChanged";

// One slice that came, or the whole attribute: appended to `values`; true when there is more to ask for.
Result<bool> take(Entry& entry, std::string_view wanted, std::vector<std::string>& values) {
    for (Attribute& attribute : entry.attributes) {
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
        std::move(attribute.values.begin(), attribute.values.end(), std::back_inserter(values));
        const std::size_t bytes = std::transform_reduce(values.begin(), values.end(), std::size_t{0}, std::plus<>{},
                                                        [](const std::string& value) { return value.size(); });
        if (bytes > most_bytes)
            return fail(Code::protocol, fmt::format("{} has more than {} MiB of values", wanted, most_bytes >> 20));
        if (values.size() > most_values)
            return fail(Code::protocol, fmt::format("{} has more than {} values", wanted, most_values));
        return slice.last.has_value();
    }
    return false;
}

// All values of one attribute: those that came with the entry, and slice by slice those that did not, on
// the same connection. Code::stale when the account changes meanwhile, because slices are cut by number.
Result<std::vector<std::string>> gather(ReadWire& wire, Entry& found, const std::string& attribute, bool deleted) {
    std::vector<std::string> values;
    Result<bool> more = take(found, attribute, values);
    while (more && *more) {
        const std::size_t have = values.size();
        Result<Entry> next =
            read_object(wire, found.dn, {ask_from(attribute, have), std::string(change_attribute)}, deleted);
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

Result<Account> gather_all(ReadWire& wire, Entry& found, std::span<const std::string> attributes, bool deleted) {
    Account account{found.dn, first_value(found, account_attribute), first_value(found, change_attribute), {}};
    for (const std::string& attribute : attributes) {
        Result<std::vector<std::string>> values = gather(wire, found, attribute, deleted);
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

Result<Account> whole(ReadWire& wire, Entry found, std::span<const std::string> attributes, bool deleted) {
    for (int attempt = 1;; ++attempt) {
        Result<Account> account = gather_all(wire, found, attributes, deleted);
        if (account || account.error().code != Code::stale || attempt == most_tries) return account;
        Result<Entry> again = read_object(wire, found.dn, to_ask(attributes), deleted);
        if (!again) return tl::unexpected(again.error());
        found = std::move(*again);
    }
}

bool is_sliced(const Entry& entry) {
    return std::any_of(entry.attributes.begin(), entry.attributes.end(),
                       [](const Attribute& a) { return a.name.find(';') != std::string::npos; });
}

}  // namespace

Result<void> find_accounts(ReadWire& wire, const AccountSearch& search, const AccountSink& sink,
                           const std::function<bool()>& go_on) {
    std::vector<Search> searches;
    for (const Filter& filter : search.filters)
        searches.push_back({search.base, Scope::subtree, filter, to_ask(search.attributes),
                            search.few ? 0 : entries_per_page, search.deleted});
    // Slices are fetched when nothing else is under way on the connection.
    std::vector<Entry> sliced;
    const auto hand_over = [&](Entry entry) -> Result<void> {
        const std::string name = first_value(entry, account_attribute);
        Result<Account> account = whole(wire, std::move(entry), search.attributes, search.deleted);
        if (!account && wire.lost()) return tl::unexpected(account.error());
        sink(name, std::move(account));
        return {};
    };
    const auto found = search_all(wire, searches, [&](std::vector<Entry> entries) -> Result<void> {
        for (Entry& entry : entries) {
            if (is_sliced(entry)) sliced.push_back(std::move(entry));
            else if (auto done = hand_over(std::move(entry)); !done) return done;
        }
        if (go_on && !go_on()) return fail(Code::refused, "not asked: stopped on request");
        return {};
    });
    if (!found) return found;
    for (Entry& entry : sliced)
        if (auto done = hand_over(std::move(entry)); !done) return done;
    return {};
}

Result<void> read_accounts(ReadWire& wire, const std::string& base, std::span<const std::string> hosts,
                           std::span<const std::string> attributes, const AccountSink& sink,
                           const std::function<bool()>& go_on) {
    struct Wanted {
        const std::string* host;
        std::string dn = {};  // of the account that was found
    };
    std::unordered_map<std::string, Wanted> wanted;
    AccountSearch search{
        .base = base, .filters = {}, .attributes = {attributes.begin(), attributes.end()}, .few = true};
    std::vector<Filter> names;
    for (const std::string& host : hosts) {
        const std::string name = account_name(host);
        names.push_back(Filter::equal(account_attribute, name));
        wanted.emplace(text::fold(name), Wanted{&host});
    }
    for (const Filter& some : any_of_each(names, accounts_per_search))
        search.filters.push_back(Filter::all_of({Filter::equal("objectClass", "computer"), some}));
    const auto take = [&](const std::string& name, Result<Account> account) {
        const auto it = wanted.find(text::fold(name));
        if (it == wanted.end()) return;  // nobody asked for it
        auto& [host, dn] = it->second;
        if (account && !dn.empty())
            account =
                fail(Code::bad_input, fmt::format("two accounts are named {}: {} and {}; delete the wrong one first",
                                                  account_name(*host), printable(dn), printable(account->dn)));
        else if (account) dn = account->dn;
        else dn = "?";
        sink(*host, std::move(account));
    };
    if (auto found = find_accounts(wire, search, take, go_on); !found) return found;
    for (const auto& [name, one] : wanted)
        if (one.dn.empty()) sink(*one.host, tl::unexpected(no_account(*one.host, base)));
    return {};
}

Result<void> read_again(ReadWire& wire, const std::string& base, std::span<const std::string> hosts,
                        std::span<const std::string> attributes, Seen& seen, const SeenSink& sink,
                        const std::function<bool()>& go_on) {
    std::vector<std::string> known, others;
    for (const std::string& host : hosts) (seen.find(host, attributes) ? known : others).push_back(host);
    std::map<std::string, Result<Account>> now;  // without attributes; the last word on each
    const auto into_now = [&](const std::string& host, Result<Account> account) {
        now.insert_or_assign(host, std::move(account));
    };
    if (auto read = read_accounts(wire, base, known, {}, into_now, go_on); !read) return read;
    for (const auto& [host, account] : now) {
        Seen::Known* before = account ? seen.unchanged(host, account->dn, account->change) : nullptr;
        if (before) sink(host, *before);
        else others.push_back(host);
    }
    const auto take = [&](const std::string& host, Result<Account> account) {
        Seen::Known fresh{std::move(account), {}};
        sink(host, fresh);
        seen.note(host, attributes, std::move(fresh));
    };
    return read_accounts(wire, base, others, attributes, take, go_on);
}

Error no_account(const std::string& host, const std::string& base) {
    return {Code::not_found,
            fmt::format("there is no computer account {} in {}, or it is hidden from us", account_name(host), base)};
}

}  // namespace fairway::ldap
