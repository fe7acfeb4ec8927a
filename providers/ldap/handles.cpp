// See handles.hpp.
#include "providers/ldap/handles.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "providers/ldap/accounts/asked.hpp"
#include "providers/ldap/accounts/codec.hpp"
#include "providers/ldap/identity/admission.hpp"

namespace fairway::ldap {
namespace {

constexpr std::size_t most_under_way = 16;  // modifies: the most that take effect after one of them failed

bool names_principals(const Address& address) {
    const Row* row = find_row(address.setting);
    return row && row->form == Form::acting;
}

// A controller keeps the attribute and does not act on it: nothing would show it but a ticket that is not given.
void warn_of_level(const Root& root) {
    if (root.server_level.value_or(level_2012) < level_2012)
        log::warn(
            fmt::format("ldap: {} has the functional level {}; domain controllers before Windows Server 2012 ({}) do "
                        "not act on resource-based delegation",
                        root.dns_name, *root.server_level, level_2012));
}

// Searches by the handle's own connections; holds on to the handle, so it is made for one question.
template <class W>
Searchable searchable(Domains<W>& domains) {
    Searchable out;
    for (const Domain<W>& domain : domains) out.domains.push_back(domain.controller->domain);
    out.search = [&domains](std::size_t domain, AccountSearch search, const AccountSink& sink) {
        search.base = domains[domain].controller->root.default_context;
        return domains[domain].line->repeatable([&](W& wire) { return find_accounts(wire, search, sink); });
    };
    return out;
}

std::set<Sid> sids_in(const Set& texts) {
    std::set<Sid> out;
    for (const std::string_view text : texts)
        if (const Result<Sid> sid = parse_sid_text(text)) out.insert(*sid);
    return out;
}

}  // namespace

Result<void> DirectoryReader::read_domain(Domain<ReadWire>& domain, const Asked& asked, Readings& out,
                                          const GoOn& go_on) {
    std::set<std::string_view> answered;
    const auto still = [&] { return go_on(answered.size()); };
    if (recall_) return recall(domain, asked, *recall_, out, still);
    const auto take = [&](const std::string& host, Seen::Known& known) {
        const auto& [object, addresses] = *asked.find(host);
        answered.insert(object);
        for (const Address& address : addresses) {
            const auto before = known.decoded.find(address.setting);
            Reading& now = out.insert_or_assign(address, Held()).first->second;
            now = before == known.decoded.end() ? reading(known.account, address) : Reading(before->second);
            if (now) known.decoded.emplace(address.setting, *now);
        }
    };
    const auto take_once = [&](const std::string& host, Result<Account> account) {
        Seen::Known known{std::move(account), {}};
        take(host, known);
    };
    const std::vector<std::string> objects = objects_of(asked), attributes = attributes_of(settings_of(asked));
    const std::string& base = domain.controller->root.default_context;
    Seen& seen = *domain.seen;
    bool new_connection = domain.line->down();
    return domain.line->repeatable([&](ReadWire& wire) {
        // Numbers of changes are compared on one connection only: nobody puts a server back into an older state under
        // it.
        if (std::exchange(new_connection, true)) seen.forget_all();
        return seen.keeps() ? read_again(wire, base, objects, attributes, seen, take, still)
                            : read_accounts(wire, base, objects, attributes, take_once, still);
    });
}

// Of all hosts at once: what was read are SIDs, and what is judged are names.
void DirectoryReader::show_names(Snapshot& snapshot) {
    std::vector<std::set<Sid>> sids(domains_.size());
    for (const auto& [address, reading] : snapshot.readings)
        if (names_principals(address) && reading)
            sids[domains_.place_of(address.object)].merge(sids_in(*as_set(**reading)));
    for (std::size_t home = 0; home < domains_.size(); ++home)
        if (!sids[home].empty() && warned_.insert(home).second) warn_of_level(domains_[home].controller->root);
    std::vector<Result<std::map<Sid, std::string>>> names;
    for (std::size_t home = 0; home < domains_.size(); ++home)
        names.push_back(principals_.names(searchable(domains_), home, sids[home]));
    for (auto& [address, reading] : snapshot.readings) {
        if (!names_principals(address) || !reading) continue;
        const auto& known = names[domains_.place_of(address.object)];
        if (!known) {
            reading = about(address.object, known.error());
            continue;
        }
        std::vector<std::string> shown;
        for (const Sid& sid : sids_in(*as_set(**reading))) shown.push_back(known->at(sid));
        reading = Held(Set(shown));
    }
}

// A domain that was lost is not dialled for this again.
Reading DirectoryReader::about_caller(std::size_t domain, const std::map<std::size_t, Error>& lost) {
    if (const auto it = lost.find(domain); it != lost.end()) return tl::unexpected(it->second);
    return callers_.delegable(domains_, domain);
}

Snapshot DirectoryReader::read(std::span<const Address> addresses, const Progress& progress) {
    Snapshot snapshot;
    for (const auto& domain : domains_) snapshot.sources.push_back(domain.controller->root.dns_name);
    for (const Address& address : addresses)
        if (!find_row(address.setting) && !address.setting->of_caller)
            snapshot.readings.emplace(address, fail(Code::unsupported, fmt::format("{} is not a thing of the directory",
                                                                                   address.setting->name)));
    const auto ask = [&](Domain<ReadWire>& domain, const Asked& asked, const GoOn& go_on) {
        return read_domain(domain, asked, snapshot.readings, go_on);
    };
    std::map<std::size_t, Error> lost;  // by the domain
    ask_each(domains_, addresses, progress, ask, [&](const Address& address, const Error& error) {
        lost.emplace(domains_.place_of(address.object), error);
        snapshot.readings.insert_or_assign(address, about(address.object, error));
    });
    for (const Address& address : addresses)
        if (address.setting->of_caller)
            snapshot.readings.insert_or_assign(address, about_caller(domains_.place_of(address.object), lost));
    show_names(snapshot);
    return snapshot;
}

std::vector<Replica> DirectoryWriter::replicas() const {
    std::vector<Replica> out;
    for (const auto& domain : domains_) out.push_back(replica_of(*domain.controller));
    return out;
}

Result<std::vector<Modification>> DirectoryWriter::encode_names(const Address& address, const Set& before,
                                                                const Set& after,
                                                                std::span<const std::string> current) {
    const Set go = subtract(Key::whole, before, after), come = subtract(Key::whole, after, before);
    const auto sids = sids_of(searchable(domains_), domains_.place_of(address.object), unite(Key::whole, go, come));
    if (!sids) return tl::unexpected(sids.error());
    std::vector<Principal> leaving, entering;
    for (const std::string_view name : go) {
        const auto it = sids->find(std::string(name));
        if (it == sids->end())
            return fail(Code::stale, fmt::format("there is no account {} any more, so it is in {} under its SID; "
                                                 "nothing was written",
                                                 name, address.setting->name));
        leaving.push_back({std::string(name), it->second});
    }
    for (const std::string_view name : come) {
        const auto it = sids->find(std::string(name));
        if (it == sids->end())
            return fail(Code::not_found, fmt::format("there is no account {}, or it is hidden from us", name));
        entering.push_back({std::string(name), it->second});
    }
    return encode_admission(find_row(address.setting)->attribute, leaving, entering, current);
}

Result<std::vector<Modification>> DirectoryWriter::encode_for(const Write& write, const Account& account) {
    const Row& row = *find_row(write.address.setting);
    const auto current = account.of(row.attribute);
    const auto *from = as_set(write.before), *to = as_set(write.after);
    return row.form == Form::acting && from && to ? encode_names(write.address, *from, *to, current)
                                                  : encode(row, write.before, write.after, current);
}

// By the objects' names; of each domain at once.
std::map<std::string, Result<Account>> DirectoryWriter::accounts_of(std::span<const Write> writes) {
    std::vector<Address> addresses;
    for (const Write& one : writes) addresses.push_back(one.address);
    const std::vector<Asked> asked = domains_.sorted(addresses);
    std::map<std::string, Result<Account>> out;
    for (std::size_t place = 0; place < domains_.size(); ++place) {
        if (asked[place].empty()) continue;
        Domain<Wire>& domain = domains_[place];
        const std::vector<std::string> attributes = attributes_of(settings_of(asked[place]));
        std::vector<std::string> objects;
        for (const std::string& object : objects_of(asked[place]))
            if (auto account = domain.seen->take(object, attributes)) out.emplace(object, std::move(*account));
            else objects.push_back(object);
        if (objects.empty()) continue;
        const auto take = [&](const std::string& host, Result<Account> account) {
            out.insert_or_assign(host, std::move(account));
        };
        const auto read = domain.line->repeatable([&](Wire& wire) {
            return read_accounts(wire, domain.controller->root.default_context, objects, attributes, take);
        });
        if (!read)
            for (const std::string& object : objects) out.insert_or_assign(object, tl::unexpected(read.error()));
    }
    return out;
}

// Never repeated: whether a request whose answer was lost took effect, only a new read can show.
void DirectoryWriter::send_all(Domain<Wire>& domain, std::span<const Ready> ready, std::span<const Write> writes,
                               const MayBegin& may_begin, const WriteAnswered& answered) {
    std::map<int, std::size_t> under_way;  // by the request's number
    const auto tell = [&](std::size_t write, Result<void> done) {
        answered(write, done ? done : about(writes[write].address.object, done.error()));
    };
    // With the connection go the answers of all that is under way.
    const auto lose = [&](const Error& why) {
        for (const auto& [number, write] : std::exchange(under_way, {})) tell(write, tl::unexpected(why));
    };
    const auto send = [&](const Ready& one) {
        log::debug(fmt::format("ldap: {}: modify {}", account_name(writes[one.write].address.object),
                               one.modifications.front().attribute));
        const auto wire = domain.line->get();  // this may take long
        if (!may_begin()) return answered(one.write, std::nullopt);
        const auto sent = wire.and_then([&](Wire* to) { return to->send(one.dn, one.modifications); });
        if (sent) return static_cast<void>(under_way.emplace(*sent, one.write));
        tell(one.write, tl::unexpected(sent.error()));
        if (domain.line->down()) lose(sent.error());
    };
    const auto hear = [&] {
        if (domain.line->down()) return lose({Code::unreachable, "the connection was lost before the answer came"});
        const auto answer = domain.line->get().and_then([](Wire* wire) { return wire->next_modified(); });
        if (!answer) return lose(answer.error());
        if (const auto write = under_way.extract(answer->request)) tell(write.mapped(), answer->done);
        if (!answer->done && domain.line->down()) lose(answer->done.error());
    };
    for (const Ready& one : ready) {
        while (under_way.size() >= most_under_way) hear();
        send(one);
    }
    while (!under_way.empty()) hear();
}

void DirectoryWriter::write_all(std::span<const Write> writes, const MayBegin& may_begin,
                                const WriteAnswered& answered) {
    const auto accounts = accounts_of(writes);
    std::vector<std::vector<Ready>> ready(domains_.size());
    for (std::size_t i = 0; i < writes.size(); ++i) {
        const Address& address = writes[i].address;
        if (!find_row(address.setting)) {
            answered(i,
                     fail(Code::unsupported, fmt::format("{} is not a thing of the directory", address.setting->name)));
            continue;
        }
        const Result<Account>& account = accounts.at(address.object);
        auto modifications = account.and_then([&](const Account& found) { return encode_for(writes[i], found); });
        if (!modifications) answered(i, Result<void>(about(address.object, modifications.error())));
        else if (modifications->empty()) answered(i, Result<void>());
        else ready[domains_.place_of(address.object)].push_back({i, account->dn, std::move(*modifications)});
    }
    for (std::size_t place = 0; place < domains_.size(); ++place)
        send_all(domains_[place], ready[place], writes, may_begin, answered);
}

}  // namespace fairway::ldap
