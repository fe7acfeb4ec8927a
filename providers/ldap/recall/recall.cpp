// See recall.hpp. Fact: LDAP-38.
#include "providers/ldap/recall/recall.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/log.hpp"
#include "engine/base/private_file.hpp"
#include "engine/base/text.hpp"
#include "providers/ldap/accounts/codec.hpp"
#include "providers/ldap/recall/recollection_file.hpp"
#include "providers/ldap/wire/searches.hpp"

namespace fairway::ldap {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 30;
constexpr std::string_view guid_attribute = "objectGUID", deleted_attribute = "isDeleted";

class Recalling {
public:
    Recalling(Domain<ReadWire>& domain, const Asked& asked, const Recall& how, Readings& out,
              const std::function<bool()>& go_on)
        : controller_(*domain.controller), line_(*domain.line), asked_(asked), how_(how), out_(out), go_on_(go_on) {}

    Result<void> read() {
        load();
        return line_.repeatable([this](ReadWire& wire) { return read_at(wire); });
    }

private:
    using Known = Recollection::Known;

    std::string path() const { return fmt::format("{}/directory-{}.seen", how_.folder, controller_.domain); }
    const std::string& base() const { return controller_.root.default_context; }

    void load() {
        if (how_.full) return;
        const auto bytes = read_private_file(path(), largest_file);
        if (!bytes && bytes.error().code != Code::not_found) log::warn("ldap: " + bytes.error().text);
        if (!bytes) return;
        auto parsed = parse_recollection(*bytes);
        if (!parsed) return;
        loaded_ = std::move(parsed->known);
        if (parsed->whole) size_ = bytes->size();
    }

    // Why what was loaded is not to be trusted; empty: it is.
    std::string_view distrust(const Moment& moment) const {
        const std::int64_t age_s = how_.now_s() - known_.full_s;
        const auto knows = [&](const Setting* setting) {
            return std::find(known_.settings.begin(), known_.settings.end(), setting) != known_.settings.end();
        };
        const auto wanted = settings_of(asked_);
        if (known_.invocation.empty()) return "nothing is remembered";
        if (known_.invocation != controller_.invocation) return "another controller, or its database is another";
        if (moment.viewer.empty() || known_.viewer != moment.viewer) return "another caller, or other groups";
        if (known_.usn > moment.highest_usn) return "the controller has gone back in time";
        if (age_s < 0 || age_s > std::chrono::seconds(full_interval).count()) return "it is a day old";
        if (!std::all_of(wanted.begin(), wanted.end(), knows)) return "other settings are asked for";
        return {};
    }

    Result<void> read_at(ReadWire& wire) {
        readings_.clear();
        touched_.clear();
        known_ = loaded_;
        const Result<Moment> moment = read_moment(wire);
        if (!moment) return tl::unexpected(moment.error());
        std::string_view why = distrust(*moment);
        if (why.empty()) {
            const Result<bool> caught_up = catch_up(wire);
            if (!caught_up) return tl::unexpected(caught_up.error());
            if (!*caught_up) why = "deletions are not shown, or two accounts share a name";
        }
        const bool all = !why.empty();
        if (all) {
            log::info(fmt::format("ldap: every account of {} is read: {}", controller_.domain, why));
            known_ = {.viewer = moment->viewer,
                      .invocation = controller_.invocation,
                      .full_s = how_.now_s(),
                      .settings = settings_of(asked_),
                      .accounts = {}};
        }
        if (auto read = read_missing(wire); !read) return read;
        // What is changed while we read has a higher number, and comes again the next time.
        const bool moved = known_.usn != moment->highest_usn;
        known_.usn = moment->highest_usn;
        if (all || moved || !touched_.empty()) save(all);
        answer();
        return {};
    }

    // Takes in what changed. False: it cannot be done so.
    Result<bool> catch_up(ReadWire& wire) {
        const Result<Entry> container =
            read_object(wire, "CN=Deleted Objects," + base(), {std::string(guid_attribute)}, true);
        if (!container && container.error().code != Code::not_found) return tl::unexpected(container.error());
        // The container itself is shown to everybody who may list the domain; its attributes, and what is in it, are
        // not.
        if (!container || first_value(*container, guid_attribute).empty()) return false;
        std::vector<std::string> attributes = attributes_of(known_.settings);
        attributes.emplace_back(guid_attribute);
        attributes.emplace_back(deleted_attribute);
        std::vector<AccountChange> changes;
        bool strange = false;
        const Filter since =
            Filter::all_of({Filter::equal("objectClass", "computer"), Filter::at_least("uSNChanged", known_.usn + 1)});
        const auto read = find_accounts(
            wire, {base(), {since}, attributes, true},
            [&](const std::string& name, Result<Account> account) {
                if (!account) strange = true;
                else changes.push_back(change_of(text::fold(name), *account));
            },
            go_on_);
        if (!read) return tl::unexpected(read.error());
        const auto touched = absorb(known_, changes);
        if (strange || !touched) return false;
        touched_ = *touched;
        return true;
    }

    AccountChange change_of(std::string name, const Account& account) const {
        AccountChange out{.guid = text::join(account.of(guid_attribute), ""), .name = std::move(name)};
        const auto deleted = account.of(deleted_attribute);
        out.deleted = !deleted.empty() && text::same_folded(deleted[0], "TRUE");
        if (!out.deleted) out.values = values_of(account);
        return out;
    }

    Result<std::vector<Held>> values_of(const Account& account) const {
        std::vector<Held> out;
        for (const Setting* setting : known_.settings) {
            const Row& row = *find_row(setting);
            Result<Held> held = decode(row, account.of(row.attribute));
            if (!held) return tl::unexpected(held.error());
            out.push_back(std::move(*held));
        }
        return out;
    }

    // The accounts that nothing is remembered of, by name. What cannot be decoded is answered and not remembered.
    Result<void> read_missing(ReadWire& wire) {
        std::vector<std::string> missing;
        for (const auto& [object, addresses] : asked_)
            if (!known_.accounts.contains(text::fold(account_name(object)))) missing.push_back(object);
        if (missing.empty()) return {};
        std::vector<std::string> attributes = attributes_of(known_.settings);
        attributes.emplace_back(guid_attribute);
        const auto take = [&](const std::string& object, const Result<Account>& account) {
            const std::string name = text::fold(account_name(object));
            for (const Address& address : asked_.at(object))
                readings_.insert_or_assign(address, reading(account, address));
            touched_.push_back(name);
            known_.accounts.erase(name);
            if (!account && account.error().code == Code::not_found) known_.accounts[name] = {};
            if (!account) return;
            if (auto values = values_of(*account))
                known_.accounts[name] = {text::join(account->of(guid_attribute), ""), std::move(*values)};
        };
        return read_accounts(wire, base(), missing, attributes, take, go_on_);
    }

    void save(bool all) {
        const Result<void> saved = all || size_ == 0
                                       ? write_private_file(path(), print_recollection(known_))
                                       : append_private_file(path(), size_, print_changes(known_, touched_));
        if (!saved) log::warn(fmt::format("ldap: what was read is not remembered: {}", saved.error().text));
    }

    void answer() {
        std::unordered_map<const Setting*, std::size_t> at;
        for (std::size_t i = 0; i < known_.settings.size(); ++i) at.emplace(known_.settings[i], i);
        for (const auto& [object, addresses] : asked_) {
            const auto it = known_.accounts.find(text::fold(account_name(object)));
            for (const Address& address : addresses) {
                const auto fresh = readings_.find(address);
                Reading& reading = out_.insert_or_assign(address, Held()).first->second;
                if (fresh != readings_.end()) reading = std::move(fresh->second);
                else if (it->second.guid.empty()) reading = about(object, no_account(object, base()));
                else reading = it->second.values[at.at(address.setting)];
            }
        }
    }

    const Controller& controller_;
    Line<ReadWire>& line_;
    const Asked& asked_;
    const Recall& how_;
    Readings& out_;
    const std::function<bool()>& go_on_;
    Recollection loaded_, known_;
    std::size_t size_ = 0;  // of the file, where it may be added to
    Readings readings_;     // of accounts that were read by name
    std::vector<std::string> touched_;
};

}  // namespace

Result<void> recall(Domain<ReadWire>& domain, const Asked& asked, const Recall& how, Readings& out,
                    const std::function<bool()>& go_on) {
    return Recalling(domain, asked, how, out, go_on).read();
}

}  // namespace fairway::ldap
