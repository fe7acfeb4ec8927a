// A directory server in memory, behind the wire's seam: strict modifies as Active Directory does them,
// pages, slices, and faults on request. Knows only the shapes of question that accounts.cpp and
// replicas.cpp ask.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/text.hpp"
#include "providers/ldap/accounts/domains.hpp"
#include "providers/ldap/identity/sid.hpp"
#include "providers/ldap/wire/range.hpp"
#include "providers/ldap/wire/result.hpp"
#include "providers/ldap/wire/wire.hpp"

namespace fairway::ldap {

struct Server {
    using Object = std::map<std::string, std::vector<std::string>>;
    std::map<std::string, Object> objects;  // by distinguished name
    std::size_t page_size = 1000, slice = 1500;
    std::size_t usn = 1, guids = 0;
    std::size_t requests = 0, dials = 0, most_under_way = 0, most_modifies = 0;
    bool unreachable = false;
    std::function<void(const Search&)> before_search;  // somebody else
    std::function<void()> before_modify;               // somebody else, at the worst moment
    std::function<void(Page&)> spoil;                  // a hostile answer
    std::size_t cut_after = SIZE_MAX;                  // the connection dies at this request
    bool cut_takes_effect = false;                     // of a modify: done, but the answer is lost

    std::vector<std::string> groups = {"S1"};  // of the caller
    bool shows_deleted = true,
         shows_their_container = true;  // the latter without an attribute, where not what is in it

    void add(const std::string& dn, Object object) {
        object["uSNChanged"] = {std::to_string(++usn)};
        const std::string guid = std::to_string(1'000'000 + ++guids);
        object.try_emplace("objectGUID", std::vector<std::string>{guid + std::string(16 - guid.size(), 'g')});
        objects[dn] = std::move(object);
    }
    // As the directory does it: the object stays, without most of its attributes.
    void remove(const std::string& dn) {
        Object gone{{"objectGUID", objects.at(dn)["objectGUID"]}, {"isDeleted", {"TRUE"}}};
        gone["sAMAccountName"] = objects.at(dn)["sAMAccountName"];
        objects.erase(dn);
        const std::string grave = dn + "\nDEL:" + gone["objectGUID"][0];
        add(grave, std::move(gone));
    }
    void touch(Object& object) { object["uSNChanged"] = {std::to_string(++usn)}; }
    void add_computer(const std::string& name, Object object = {}) {
        object["sAMAccountName"] = {name + "$"};
        object.try_emplace("userAccountControl", std::vector<std::string>{"4096"});
        const auto rid = static_cast<std::uint32_t>(5000 + objects.size());
        object.try_emplace("objectSid", std::vector<std::string>{sid_bytes(Sid{5, {21, 1, 2, 3, rid}})});
        add("CN=" + name + ",DC=corp,DC=example", std::move(object));
    }
    Object& computer(const std::string& name) { return objects.at("CN=" + name + ",DC=corp,DC=example"); }
};

class ServerWire final : public Wire {
public:
    explicit ServerWire(Server& server) : server_(server) {}

    Result<int> ask(const Search& search, const std::string& cookie) override {
        if (auto alive = begin(); !alive) return tl::unexpected(alive.error());
        if (server_.before_search) server_.before_search(search);
        std::vector<std::string> found = fitting(search);
        const std::size_t start = cookie.empty() ? 0 : std::stoul(cookie);
        const std::size_t size =
            search.page_size ? std::min<std::size_t>(static_cast<std::size_t>(search.page_size), server_.page_size)
                             : found.size();
        Page page;
        page.question = ++asked_;
        for (std::size_t i = start; i < std::min(found.size(), start + size); ++i)
            page.entries.push_back(show(found[i], search.attributes));
        if (!search.page_size && found.size() > server_.page_size) {
            page.entries.resize(server_.page_size);
            page.cut = true;
        }
        if (start + size < found.size()) page.cookie = std::to_string(start + size);
        if (server_.spoil) server_.spoil(page);
        answers_.push_back(std::move(page));
        server_.most_under_way = std::max(server_.most_under_way, answers_.size());
        return asked_;
    }
    // The newest first: nobody may count on the order of questions.
    Result<Page> next() override {
        Page page = std::move(answers_.back());
        answers_.pop_back();
        return page;
    }
    void abandon() override { answers_.clear(); }

    Result<int> send(const std::string& dn, std::span<const Modification> modifications) override {
        modified_.push_back({++asked_, make(dn, modifications)});
        cut_ = cut_ || std::exchange(lost_, false);  // heard of when the answer does not come
        server_.most_modifies = std::max(server_.most_modifies, modified_.size());
        return asked_;
    }
    // The newest first, as above.
    Result<Modified> next_modified() override {
        Modified out = std::move(modified_.back());
        modified_.pop_back();
        if (out.done || !cut_) return out;
        lost_ = true;
        return tl::unexpected(out.done.error());
    }

    bool lost() const override { return lost_; }
    std::size_t requests() const override { return requests_; }

private:
    Result<void> make(const std::string& dn, std::span<const Modification> modifications) {
        if (server_.before_modify) server_.before_modify();
        const bool cut = server_.requests + 1 >= server_.cut_after;
        if (cut && !server_.cut_takes_effect) return begin();
        Server::Object changed = server_.objects.at(dn);
        for (const Modification& m : modifications) {
            auto& values = changed[m.attribute];
            for (const std::string& value : m.values) {
                const bool binary = m.attribute == "msDS-AllowedToActOnBehalfOfOtherIdentity";
                const auto it = std::find_if(values.begin(), values.end(), [&](const std::string& v) {
                    return binary ? v == value : text::same_folded(v, value);
                });
                const bool add = m.kind == Modification::Kind::add;
                if (add == (it != values.end()))
                    return tl::unexpected(explain(Doing::writing, {add ? 20 : 16, "", "dc"}));
                if (add) values.push_back(value);
                else values.erase(it);
            }
        }
        changed["uSNChanged"] = {std::to_string(++server_.usn)};
        server_.objects.at(dn) = changed;
        return begin();
    }

    Result<void> begin() {
        ++requests_;
        if (lost_ || ++server_.requests >= server_.cut_after) {
            lost_ = true;
            server_.cut_after = SIZE_MAX;
            return tl::unexpected(explain(Doing::reading, {-1, "", "dc"}));
        }
        return {};
    }

    // The parts of a filter that begin so, each to its bracket.
    static std::set<std::string> asked_of(const std::string& filter, const std::string& beginning) {
        std::set<std::string> out;
        for (auto at = filter.find(beginning); at != filter.npos; at = filter.find(beginning, at + 1))
            out.insert(filter.substr(at, filter.find(')', at) + 1 - at));
        return out;
    }

    static bool is_asked_for(const Server::Object& object, const std::string& attribute, const std::string& filter) {
        const auto it = object.find(attribute);
        return it != object.end() &&
               filter.find(text::fold(Filter::equal(attribute, it->second[0]).text())) != filter.npos;
    }

    std::vector<std::string> fitting(const Search& search) const {
        std::vector<std::string> found;
        const std::string filter = text::fold(search.filter.text());
        const auto since = filter.find("usnchanged>=");
        const std::set<std::string> names = asked_of(filter, "(samaccountname="),
                                    sids = asked_of(filter, "(objectsid=");
        if (search.scope == Scope::base && search.base.starts_with("CN=Deleted Objects,")) {
            if (search.deleted && server_.shows_their_container) found.push_back(search.base);
            return found;
        }
        if (search.scope == Scope::base && search.base.empty() && !server_.objects.contains("")) return {""};
        for (const auto& [dn, object] : server_.objects) {
            if (search.scope == Scope::base) {
                const bool shown = !object.contains("isDeleted") || (search.deleted && server_.shows_deleted);
                if (dn == search.base && shown) found.push_back(dn);
                continue;
            }
            if (filter.starts_with("(objectclass=")) {
                const auto kind = object.find("objectClass");
                if (kind != object.end() && text::fold(dn).ends_with("," + text::fold(search.base)) &&
                    filter == "(objectclass=" + text::fold(kind->second[0]) + ")")
                    found.push_back(dn);
                continue;
            }
            if (object.contains("isDeleted") && !(search.deleted && server_.shows_deleted)) continue;
            if (is_asked_for(object, "nETBIOSName", filter) || is_asked_for(object, "userPrincipalName", filter)) {
                found.push_back(dn);
                continue;
            }
            const auto name = object.find("sAMAccountName");
            if (name == object.end()) continue;
            const auto sid = object.find("objectSid");
            if (!sids.empty() && sid != object.end() &&
                sids.contains(text::fold(Filter::equal_bytes("objectSid", sid->second[0]).text()))) {
                found.push_back(dn);
                continue;
            }
            const bool fits = since == std::string::npos
                                  ? names.contains("(samaccountname=" + text::fold(name->second[0]) + ")")
                                  : std::stoul(object.at("uSNChanged")[0]) >= std::stoul(filter.substr(since + 12));
            if (fits) found.push_back(dn);
        }
        return found;
    }

    Entry show(const std::string& dn, const std::vector<std::string>& attributes) const {
        Entry entry{dn, {}};
        const Server::Object root = {{"highestCommittedUSN", {std::to_string(server_.usn)}},
                                     {"tokenGroups", server_.groups}};
        if (dn.starts_with("CN=Deleted Objects,")) {
            if (server_.shows_deleted) entry.attributes.push_back({"objectGUID", {"a container's guid"}});
            return entry;
        }
        const auto held = server_.objects.find(dn);
        const Server::Object& object = held == server_.objects.end() ? root : held->second;
        for (const std::string& wanted : attributes) {
            const auto range = parse_range(wanted).value();
            const std::string name = wanted.substr(0, wanted.find(';'));
            const auto it = object.find(name);
            if (it == object.end() || it->second.empty()) continue;
            const auto& all = it->second;
            const std::size_t first = range ? range->first : 0, rest = all.size() - std::min(first, all.size());
            const auto from = all.begin() + static_cast<std::ptrdiff_t>(first);
            if (rest > server_.slice) {
                entry.attributes.push_back({name, {}});
                entry.attributes.push_back(
                    {name + ";range=" + std::to_string(first) + "-" + std::to_string(first + server_.slice - 1),
                     {from, from + static_cast<std::ptrdiff_t>(server_.slice)}});
            } else if (range) {
                entry.attributes.push_back({name + ";range=" + std::to_string(first) + "-*", {from, all.end()}});
            } else {
                entry.attributes.push_back({name, all});
            }
        }
        return entry;
    }

    Server& server_;
    std::vector<Page> answers_;
    std::vector<Modified> modified_;
    bool cut_ = false;
    int asked_ = 0;
    std::size_t requests_ = 0;
    bool lost_ = false;
};

// A domain of which this server is the controller.
template <class W>
Domain<W> domain_at(Server& server, Controller controller = {"corp.example", "dc01.corp.example", {}, "id"}) {
    if (controller.root.default_context.empty()) controller.root.default_context = "DC=corp,DC=example";
    const auto dial = [&server]() -> Result<std::unique_ptr<W>> {
        ++server.dials;
        if (server.unreachable) return fail(Code::unreachable, "down");
        return std::make_unique<ServerWire>(server);
    };
    return {std::make_shared<Controller>(std::move(controller)), std::make_shared<Line<W>>(dial)};
}

}  // namespace fairway::ldap
